"""Equalities (勾稽关系) that follow from the declarations, and the cells that break them.

An identity is linear: its terms, each a cell with +1 or -1, add up to nothing. Five kinds follow from a declaration:
a column is the sum of its parts; a line is the sum of its parts; a code is the sum of the codes below it; a slice is the
same number wherever it is printed; and a cell that no fact can reach is blank. `meets` add the ties between families.
They are tested on any cells, derived or given.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from budgets.domain.captioned_sums import captioned_sums
from budgets.domain.documents import ColumnKind, Sheet
from budgets.domain.facts import CODES, Coded, Slice, starting, widest
from budgets.domain.places import CellRef
from budgets.domain.tables import Amount, Balance, Line, Meet, Table, TableSet, Tree
from budgets.domain.terms import Comparison, Term

ZERO = Decimal(0)
SIDES = ("left", "right")  # of a balance; padding lines are keyed left.12


class Kind(Term):
    """Why an identity holds."""

    COLUMNS = "columns", "合计列应等于各分列之和"
    LINES = "lines", "合计行应等于各分行之和"
    CHILDREN = "children", "上级科目应等于下级科目之和"
    SAME = "same", "同一数字在各表应一致"
    BLANK = "blank", "此处不应有金额"
    MEETS = "meets", "两类明细应相符"
    CHANGE = "change", "增减额应等于本年数减上年数"


@dataclass(frozen=True, slots=True)
class Identity:
    """`left` equals the sum of `right`; as one row of coefficients in `terms`."""

    kind: Kind
    left: tuple[CellRef, ...]
    right: tuple[CellRef, ...]
    label: str = ""
    source: str = ""
    remedy: str = ""

    def terms(self) -> Iterator[tuple[CellRef, int]]:
        yield from ((cell, 1) for cell in self.left)
        yield from ((cell, -1) for cell in self.right)

    def gap(self, cells: Mapping[CellRef, Decimal]) -> Decimal:
        """left minus right; a cell that is not there counts as zero."""
        return sum((sign * cells.get(cell, ZERO) for cell, sign in self.terms()), ZERO)


def amounts(sheets: Iterable[Sheet]) -> dict[CellRef, Decimal]:
    """The money cells of filled sheets by meaning, blanks as zero."""
    return {
        CellRef(sheet.key, row.named(column), column.key): row.cells[c].amount or ZERO
        for sheet in sheets
        for row in sheet.rows
        for c, column in enumerate(sheet.columns)
        if column.kind is ColumnKind.AMOUNT
    }


class Deriver:
    """Generates the identities of a set for the rows that a document prints."""

    def __init__(self, table_set: TableSet, cells: Iterable[CellRef]) -> None:
        self.set = table_set
        self.rows: dict[str, dict[str, None]] = defaultdict(dict)
        for cell in cells:
            self.rows[cell.table].setdefault(cell.row)
        self.meanings: dict[CellRef, Coded] = {}
        for table in table_set.tables:
            self.meanings.update(
                self._tree(table, table.rows) if isinstance(table.rows, Tree) else self._fixed(table)
            )
        self.by_meaning: dict[Coded, list[CellRef]] = defaultdict(list)
        for cell, meaning in self.meanings.items():
            self.by_meaning[meaning].append(cell)
        self._by_rest: dict[str, dict[Coded, list[tuple[int, str, list[CellRef]]]]] = {}
        self.units = {table.key: table.unit or table_set.unit for table in table_set.tables}

    def _fixed(self, table: Table) -> Iterator[tuple[CellRef, Coded]]:
        of_column = {column.key: table.where & column.where for column in _money(table)}
        for line, column in self._cells(table):
            inside = of_column[column.key] & line.where
            yield CellRef(table.key, line.key, column.key), inside.by_code()

    def _tree(self, table: Table, tree: Tree) -> Iterator[tuple[CellRef, Coded]]:
        """Each row of a tree means what its column does, under its code; no slice is made for each."""
        columns = {column.key: (table.where & column.where).by_code() for column in _money(table)}
        place = CODES.index(tree.scheme)
        for row in self.rows[table.key]:
            for column, (rest, codes) in columns.items():
                if row != "total":
                    codes = (*codes[:place], row, *codes[place + 1 :])
                yield CellRef(table.key, row, column), (rest, codes)

    def _sides(self, table: Table) -> list[tuple[tuple[Line, ...], list[Amount]]]:
        """The lines of each list of a table with the columns that belong to it."""
        columns = _money(table)
        if isinstance(table.rows, Balance):
            # Padding has no declared line; whatever stands there is blank.
            padding = [
                [Line(key, "") for key in self.rows[table.key] if key.startswith(f"{side}.")]
                for side in SIDES
            ]
            return [
                ((*table.rows.lines(side), *padding[side]), [c for c in columns if c.side == side])
                for side in (0, 1)
            ]
        if isinstance(table.rows, Tree):
            return [(tuple(Line(key, key) for key in self.rows[table.key]), columns)]
        return [(table.lines(), columns)]

    def _cells(self, table: Table) -> Iterator[tuple[Line, Amount]]:
        present = self.rows[table.key]
        for lines, columns in self._sides(table):
            yield from ((line, column) for line in lines if line.key in present for column in columns)

    def identities(self) -> list[Identity]:
        """Every identity of the set for the printed rows, in table order."""
        found: list[Identity] = []
        for table in self.set.tables:
            found += self._columns(table)
            found += self._children(table) if isinstance(table.rows, Tree) else self._lines(table)
        found += self._blanks()
        found += self._same()
        found += self._years(found)
        for meet in self.set.meets:
            found += self._by_code(meet) if meet.by else filter(None, [self._meet(meet)])
        return found

    def _columns(self, table: Table) -> Iterator[Identity]:
        for line, column in self._cells(table):
            if column.parts:
                yield Identity(
                    Kind.COLUMNS,
                    (CellRef(table.key, line.key, column.key),),
                    tuple(CellRef(table.key, line.key, part) for part in column.parts),
                )

    def _lines(self, table: Table) -> Iterator[Identity]:
        for line, column in self._cells(table):
            if line.parts:
                yield Identity(
                    Kind.LINES,
                    (CellRef(table.key, line.key, column.key),),
                    tuple(CellRef(table.key, part, column.key) for part in line.parts),
                )

    def _children(self, table: Table) -> Iterator[Identity]:
        children = _children(self._printed(table))
        for line, column in self._cells(table):
            below = children[None if line.key == "total" else line.key]
            if below or line.key == "total":
                yield Identity(
                    Kind.CHILDREN,
                    (CellRef(table.key, line.key, column.key),),
                    tuple(CellRef(table.key, code, column.key) for code in below),
                )

    def _blanks(self) -> Iterator[Identity]:
        for cell, (inside, _) in self.meanings.items():
            if not inside.boxes:
                yield Identity(Kind.BLANK, (cell,), ())

    def _same(self) -> Iterator[Identity]:
        for (inside, _), cells in self.by_meaning.items():
            firsts: dict[str, CellRef] = {}  # by unit: in another one the same number is rounded
            for cell in cells if inside.boxes else ():
                first = firsts.setdefault(self.units[cell.table], cell)
                if cell.table != first.table:
                    yield Identity(Kind.SAME, (first,), (cell,))
        for table in self.set.tables:
            if isinstance(table.rows, Tree):
                yield from self._covered(table, table.rows)

    def _years(self, found: Sequence[Identity]) -> Iterator[Identity]:
        """What holds within a table of this year holds of last year's columns beside it, too; and what the change is."""
        last = {
            (t.key, of): word.key for t in self.set.tables for of, word in t.beside(Comparison.LAST).items()
        }
        if not last:
            return

        def then(cells: Iterable[CellRef]) -> tuple[CellRef, ...]:
            return tuple(cell._replace(column=last[cell.table, cell.column]) for cell in cells)

        for identity in found:
            cells = (*identity.left, *identity.right)
            within = {cell.table for cell in cells} == {cells[0].table}
            if within and all((cell.table, cell.column) in last for cell in cells):
                yield replace(identity, left=then(identity.left), right=then(identity.right))
        change = {
            (t.key, of): word.key for t in self.set.tables for of, word in t.beside(Comparison.CHANGE).items()
        }
        for cell in self.meanings:
            if key := change.get((cell.table, cell.column)):
                yield Identity(Kind.CHANGE, (cell,), (*then([cell]), cell._replace(column=key)))

    def _covered(self, table: Table, tree: Tree) -> Iterator[Identity]:
        """A slice printed elsewhere that this table spells out by code, though it has no row for just that code."""
        columns = {(table.where & column.where).by_code(): column.key for column in _money(table)}
        codes, by_rest = self._printed(table), self._alike(tree.scheme)
        found = [(entry, key) for inside, key in columns.items() for entry in by_rest.get(inside, ())]
        for (_, code, cells), column_key in sorted(found, key=lambda pair: pair[0][0]):
            alike = [cell for cell in cells if self.units[cell.table] == self.units[table.key]]
            if not alike or any(cell.table == table.key for cell in cells):
                continue
            below = widest(starting(codes, code))
            spelled = tuple(CellRef(table.key, code, column_key) for code in below)
            yield Identity(Kind.SAME, (alike[0],), spelled)

    def _alike(self, scheme: str) -> dict[Coded, list[tuple[int, str, list[CellRef]]]]:
        """What is printed by its meaning but for the code of a scheme: its place in order, that code, its cells."""
        if scheme not in self._by_rest:
            by_rest, place = self._by_rest.setdefault(scheme, defaultdict(list)), CODES.index(scheme)
            for n, ((inside, codes), cells) in enumerate(self.by_meaning.items()):
                rest = inside, (*codes[:place], "", *codes[place + 1 :])
                by_rest[rest].append((n, codes[place], cells))
        return self._by_rest[scheme]

    def _printed(self, table: Table) -> list[str]:
        """The codes of the rows that a table prints, sorted."""
        return sorted(key for key in self.rows[table.key] if key != "total")

    def _meet(self, meet: Meet) -> Identity | None:
        left = [self._express(inside) for inside in meet.left]
        right = [self._express(inside) for inside in meet.right]
        if any(side is None for side in (*left, *right)):
            return None
        flat = [tuple(cell for part in side if part for cell in part) for side in (left, right)]
        return Identity(Kind.MEETS, flat[0], flat[1], meet.label, meet.source, meet.remedy)

    def _by_code(self, meet: Meet) -> Iterator[Identity]:
        """A meet under each code that is printed; none where a side prints no code."""
        alike = self._alike(meet.by)
        printed = [
            [
                {code: cells[0] for _, code, cells in alike.get(inside.by_code(), ()) if code}
                for inside in side
            ]
            for side in (meet.left, meet.right)
        ]
        if not all(each for side in printed for each in side):
            return
        left, right = (sorted(set().union(*side)) for side in printed)
        codes = _leaves(left)
        codes += [code for code in _leaves(right) if not code.startswith(tuple(codes))]
        for code in sorted(codes):
            cells = [
                tuple(each[one] for each in side for one in widest(starting(sorted(each), code)))
                for side in printed
            ]
            yield Identity(Kind.MEETS, cells[0], cells[1], meet.label, meet.source, meet.remedy)

    def _express(self, inside: Slice) -> tuple[CellRef, ...] | None:
        """The printed cells that add up to a slice: the one cell of it, or a tree table's widest rows."""
        if cells := self.by_meaning.get(inside.by_code()):
            return (cells[0],)
        for table in self.set.tables:
            if not isinstance(table.rows, Tree):
                continue
            for column in _money(table):
                if table.where & column.where == inside:
                    codes = widest(self._printed(table))
                    return tuple(CellRef(table.key, code, column.key) for code in codes)
        return None


def _money(table: Table) -> list[Amount]:
    """The columns of money from left to right."""
    return [leaf.word for leaf in table.leaves() if isinstance(leaf.word, Amount)]


def _leaves(codes: Sequence[str]) -> list[str]:
    """Those of sorted codes that no other one lies in."""
    return [code for code in codes if len(starting(codes, code)) == 1]


def _children(codes: Iterable[str]) -> dict[str | None, list[str]]:
    """The codes right below each of them, sorted; under None those that lie in no other."""
    known = set(codes)
    children: dict[str | None, list[str]] = defaultdict(list)
    for code in sorted(known):
        above = (code[:length] for length in range(len(code) - 1, -1, -1))
        children[next((one for one in above if one in known), None)].append(code)
    return children


def identities(table_set: TableSet, cells: Iterable[CellRef]) -> list[Identity]:
    """The identities that hold between the printed cells of a document of this set.

    `cells` names every money cell that is printed, blank ones included; rows that a document does not print count as
    zero. Source: the catalogue's table set as declared, and the meets of the set.
    """
    return list(_derived(table_set, tuple(cells)))


@lru_cache(
    maxsize=16
)  # by the rows that are printed, not by amounts: the pages of one draft ask again and again
def _derived(table_set: TableSet, cells: tuple[CellRef, ...]) -> tuple[Identity, ...]:
    return tuple(Deriver(table_set, cells).identities())


def of_printed(
    table_set: TableSet, sheets: Iterable[Sheet], given: Collection[str]
) -> tuple[list[Identity], dict[CellRef, Decimal]]:
    """The identities of printed statutory tables and their cells, derived or given.

    `given` are the keys of the tables that a transcribed document brought, none for a budget whose tables are derived:
    what stands for the others says nothing.
    """
    printed = [sheet for sheet in sheets if not given or sheet.key in given]
    cells = amounts(printed)
    declared = tuple(table for table in table_set.tables if not given or table.key in given)
    among = identities(replace(table_set, tables=declared), cells)
    for sheet in printed:
        if sheet.undeclared:
            among += [Identity(_KINDS[way], (whole,), parts) for way, whole, parts in captioned_sums(sheet)]
    return among, cells


_KINDS = {"columns": Kind.COLUMNS, "lines": Kind.LINES, "children": Kind.CHILDREN, "same": Kind.SAME}


def broken(among: Iterable[Identity], cells: Mapping[CellRef, Decimal]) -> list[Identity]:
    """Those that do not hold; tolerance is zero."""
    return [identity for identity in among if identity.gap(cells)]
