"""What an entry page needs to add up while somebody types: which typed cells lie in which derived ones.

The page adds typed cells up by these lists alone, so its sums are the declared tables' own: every list is found by asking
the declared slices about one amount of each meaning (a probe), never by a second description of the tables.
"""

from collections.abc import Iterator
from typing import Any

from budgets.admin.grid_layout import Layout
from budgets.admin.last_year_grids import parts_of
from budgets.domain.facts import CODED, ZERO, Box, Fact, Slice, typed, widest
from budgets.domain.families import FAMILIES
from budgets.domain.money import print_amount
from budgets.domain.tables import Amount, Beside, Listing
from budgets.domain.terms import Family
from budgets.models import LastYearLine
from budgets.models.fields import OptionalAmountField
from budgets.models.lines import Line

type Sums = dict[str, Any]


def live_sums(layout: Layout) -> Sums:
    """The sums of a page, ready for JSON.

    `code` is the field that holds a row's code, blank for a page without codes, `lengths` the digits of codes that nest,
    `given` whether the rows are, `money` the fields that hold amounts of `unit`; `columns` the typed fields that each
    column adds up; `rows` the given rows that each row adds up (None: all), for a page of given rows; `ties` the sums
    that hold the tables together, each with its label, its sides as they are saved, and the typed cells in them.
    """
    declared = layout.declaration
    grid = layout.grid
    fields = [t.field for t in layout.typed.values()]
    sums: Sums = {
        "unit": layout.table_set.unit,
        "code": grid.row if grid.scheme else "",
        "lengths": list(grid.lengths),
        "given": grid.fixed_rows,
        "money": [field.name for field in fields if isinstance(field, OptionalAmountField)],
        "columns": {},
        "rows": {},
        "ties": [],
    }
    if isinstance(declared, Listing):
        sums["columns"] = {
            leaf.word.key: list(getattr(leaf.word, "parts", ()) or (leaf.word.key,))
            for leaf in declared.leaves()
            if isinstance(leaf.word, Amount) and leaf.word.adds_up
        }
        sums["rows"] = {line.key: list(line.members) for line in declared.lines}
        return sums
    probes = list(_probes(layout))
    for leaf in declared.leaves():
        if isinstance(leaf.word, Beside) and layout.grid.model is LastYearLine:
            sums["columns"][leaf.word.key] = [layout.grid.field(leaf.word.key)]
        elif isinstance(leaf.word, Amount):
            inside = _open(declared.where & leaf.word.where)
            within = [name for _, name, probe in probes if probe in inside]
            sums["columns"][leaf.word.key] = list(dict.fromkeys(within))
    if layout.grid.model is LastYearLine:
        sums["rows"] = {line.key: parts_of(line.key, declared) for line in declared.lines()}
        return sums
    for line in declared.lines():
        inside = declared.where & line.where
        sums["rows"][line.key] = list(dict.fromkeys(row for row, _, probe in probes if probe in inside))
    sums["ties"] = [tie for tie in _ties(layout, probes) if tie["terms"]]
    return sums


def _probes(layout: Layout) -> Iterator[tuple[str, str, Fact]]:
    """(row, field, an amount typed there) for every cell of given rows; for a page of codes one row stands for all."""
    model = layout.grid.model
    if not issubclass(model, Line):
        return
    family = Family(model.FAMILY)
    shape = FAMILIES[family]
    fixed = {name: typed(name, value) for name, value in layout.grid.fixed}
    rows = [key for key, _ in layout.lines()] or [""]
    for row in rows:
        named = {layout.grid.row: typed(layout.grid.row, row)} if row else {}
        for field in (t.field for t in layout.typed.values()):
            closed = any(
                key == row and layout.grid.field(column) == field.name for key, column in layout.grid.closed
            )
            if isinstance(field, OptionalAmountField) and field.name in shape.amounts and not closed:
                across: dict[str, Any] = {shape.across: typed(shape.across, field.name)}
                yield row, field.name, Fact(family, layout.table_set.quantum, **fixed | named | across)


def _open(inside: Slice) -> Slice:
    """The same slice for amounts of any code: which codes a row adds up is said by the row."""
    for scheme in CODED:
        inside = inside.without(scheme)
    return inside


def _ties(layout: Layout, probes: list[tuple[str, str, Fact]]) -> Iterator[Sums]:
    """The sums that hold tables together and in which a cell of this page lies.

    A term is [1 or -1, row or "", starts of codes or None, fields]: typed cells that add to the left side or the right.
    """
    for meet in layout.table_set.meets:
        terms: list[list[Any]] = []
        for sign, slices in ((1, meet.left), (-1, meet.right)):
            for box in (box for inside in slices for box in inside.boxes):
                terms += [[sign, *term] for term in _terms(layout, box, probes)]
        left, right = (
            sum((layout.filler.amount(inside) or ZERO for inside in side), ZERO)
            for side in (meet.left, meet.right)
        )
        yield {
            "key": meet.key,
            "label": meet.label,
            "left": print_amount(left, zero="0.00"),
            "right": print_amount(right, zero="0.00"),
            "terms": terms,
        }


def _terms(layout: Layout, box: Box, probes: list[tuple[str, str, Fact]]) -> Iterator[list[Any]]:
    scheme = layout.grid.scheme
    codes = widest(box.get(scheme)) if scheme else []
    anywhere = _open(Slice(frozenset({box})))
    by_row: dict[str, list[str]] = {}
    for row, field, probe in probes:
        if probe in anywhere:
            by_row.setdefault(row, []).append(field)
    for row, fields in by_row.items():
        yield [row, codes or None, fields]
