"""Leaf rows out of matched tables: each cell that means just one fact gives that fact."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from budgets.domain.classification import FUNCTION
from budgets.domain.facts import CODED, ZERO, Fact, Slice, order_of, total, where
from budgets.domain.findings import CellRef
from budgets.domain.money import CENT, to_yuan
from budgets.domain.tables import Amount, Balance, Line, Lines, Table, TableSet, Tree
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, ThreePublicItem, Use

from .bodies import Body

# The dimensions that a fact of each family has, apart from its code.
DIMENSIONS: dict[str, dict[str, Any]] = {
    Family.REVENUE: {"origin": Origin},
    Family.EXPENDITURE: {"fund": Fund, "use": Use},
    Family.BASIC_EXPENDITURE: {"kind": BasicKind},
    Family.THREE_PUBLIC: {"item": ThreePublicItem, "fund": Fund},
    Family.FUND: {"fund": Fund, "flow": Flow},
    Family.AGENCY: {},
}
CODES = {Family.REVENUE: "function", Family.EXPENDITURE: "function", Family.BASIC_EXPENDITURE: "economic"}
# Families whose tables of all money hold non-fiscal money besides what the fiscal tables print.
WITH_NON_FISCAL = (Family.EXPENDITURE, Family.FUND)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A money cell that is no sum of others in its table, and the slice that it stands for."""

    ref: CellRef
    inside: Slice


def leaves(table: Table, rows: Iterable[str]) -> Iterator[Leaf]:
    """The leaf cells of a table that prints these rows (codes, or line keys, which the declaration knows)."""
    columns = [leaf.word for leaf in table.leaves() if isinstance(leaf.word, Amount) and not leaf.word.parts]
    for line, side in _leaf_lines(table, list(rows)):
        for column in columns:
            if column.side == side or not isinstance(table.rows, Balance):
                inside = table.where & line.where & column.where
                if inside.boxes:
                    entered = inside & table.entered_as
                    yield Leaf(CellRef(table.key, line.key, column.key), entered if entered.boxes else inside)


def _leaf_lines(table: Table, rows: list[str]) -> Iterator[tuple[Line, int]]:
    if isinstance(table.rows, Tree):
        dimension = "function" if table.rows.scheme == FUNCTION else "economic"
        for code in rows:
            if code != "total" and not any(other != code and other.startswith(code) for other in rows):
                yield Line(code, code, where(**{dimension: code})), 0
    elif isinstance(table.rows, Lines):
        yield from ((line, 0) for line in table.rows.lines if not line.parts)
    else:
        for pair in table.rows.pairs():
            yield from ((line, side) for side, line in enumerate(pair) if not line.parts)


def told(inside: Slice) -> dict[str, str]:
    """The one value of each dimension that the slice is limited to, with its family; empty for a union."""
    if len(inside.boxes) != 1:
        return {}
    (box,) = inside.boxes
    return {name: next(iter(values)) for name, values in box.conditions if len(values) == 1}


def as_fact(inside: Slice, amount: Decimal, *, coded: bool) -> Fact | None:
    """The fact that a slice of one box pins down; None while a dimension of its family is open."""
    values = told(inside)
    family = values.pop("family", "")
    if family not in DIMENSIONS:
        return None
    code = CODES.get(Family(family), "")
    if set(values) != {*DIMENSIONS[family], *([code] if code else [])} or (code and not coded):
        return None
    typed: dict[str, Any] = {
        name: DIMENSIONS[family][name](value) for name, value in values.items() if name not in CODED
    }
    typed |= {name: values[name] for name in CODED & set(values)}
    return Fact(Family(family), amount, **typed)


def take_facts(table_set: TableSet, bodies: Mapping[str, Body]) -> dict[Fact, CellRef]:
    """The facts of the matched tables, in yuan, each taken once, with the cell that it was read in.

    Where two tables print the same fact, the one that prints more of its family is taken. What the tables of all money
    hold beyond the fiscal tables is non-fiscal; a negative rest is no fact and shows as a difference. Zeros are no
    facts: blank and zero are the same amount.
    """
    taken: dict[Slice, tuple[Fact, CellRef]] = {}
    tables = [table for table in table_set.tables if table.key in bodies]
    pinned: list[tuple[str, Leaf, Fact]] = []
    open_leaves: list[tuple[Leaf, Decimal]] = []
    for table in tables:
        body = bodies[table.key]
        coded = isinstance(table.rows, Tree)
        for leaf in leaves(table, dict.fromkeys(ref.row for ref in body.cells)):
            given = body.cells.get(leaf.ref)
            if given is None:
                continue
            amount = to_yuan(given.amount or ZERO, table.unit or table_set.unit).quantize(CENT, ROUND_HALF_UP)
            if fact := as_fact(leaf.inside, amount, coded=coded):
                pinned.append((table.key, leaf, fact))
            else:
                open_leaves.append((leaf, amount))
    printed = [(key, fact.family) for key, _, fact in pinned]
    for _, leaf, fact in sorted(pinned, key=lambda entry: -printed.count((entry[0], entry[2].family))):
        taken.setdefault(leaf.inside, (fact, leaf.ref))
    facts = [(fact, ref) for fact, ref in taken.values() if fact.amount]
    facts += _rest(table_set, tables, open_leaves, [fact for fact, _ in facts])
    return dict(sorted(facts, key=lambda entry: order_of(entry[0])))


def _rest(
    table_set: TableSet, tables: list[Table], leaves: list[tuple[Leaf, Decimal]], facts: list[Fact]
) -> Iterator[tuple[Fact, CellRef]]:
    """Non-fiscal facts with their cells: what a leaf of all money holds beyond the fiscal facts in it.

    Only where the tables at hand tell the fiscal part wholly: else a rest may well be fiscal money.
    """
    trees = {table.key for table in tables if isinstance(table.rows, Tree)}
    wholly = {f for f in WITH_NON_FISCAL if _funds(table_set.tables, f) <= _funds(tables, f)}
    for leaf, amount in leaves:
        values = told(leaf.inside)
        family = values.get("family", "")
        if family not in wholly or "fund" in values:
            continue
        inside = leaf.inside & where(fund=Fund.NON_FISCAL)
        rest = amount - (total(facts, leaf.inside) or ZERO)
        fact = as_fact(inside, rest, coded=leaf.ref.table in trees) if rest > 0 else None
        if fact:
            yield fact, leaf.ref


def families_told(tables: Iterable[Table]) -> frozenset[Family]:
    """The families of facts whose leaf rows these tables print."""
    return frozenset(fact.family for table in tables for fact in _printable(table))


def _funds(tables: Iterable[Table], family: str) -> set[str]:
    """The funds for which tables print leaf rows of a family."""
    facts = (fact for table in tables for fact in _printable(table))
    return {str(fact.fund) for fact in facts if fact.family == family and fact.fund}


def _printable(table: Table) -> Iterator[Fact]:
    """One fact for each kind of leaf cell that a table can print; a code row of any code stands for all."""
    coded = isinstance(table.rows, Tree)
    for leaf in leaves(table, ["0"] if coded else []):
        if fact := as_fact(leaf.inside, ZERO, coded=coded):
            yield fact
