"""Formulas of a form's cells that follow from others: what each adds up, written over the cells that are typed.

A formula is given only where the typed cells say all that its cell adds up; whatever they do not say stays blank and is
derived when the form comes back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter, quote_sheetname

from budgets.domain.documents import Column, ColumnKind, Row, Sheet
from budgets.domain.facts import CODES, NOTHING, ZERO, Slice, where
from budgets.domain.families import FISCAL
from budgets.domain.leaf_cells import leaves
from budgets.domain.money import YUAN_IN, in_unit
from budgets.domain.places import CellRef
from budgets.domain.sheets import Filler
from budgets.domain.tables import Amount, Line, Table, TableSet, Tree
from budgets.domain.terms import Fund
from budgets.forms.entries import ANY_CODE, Entry
from budgets.forms.table_forms import BLANK

FISCAL_MONEY, OTHER_MONEY = where(fund=FISCAL), where(fund=Fund.NON_FISCAL)


@dataclass(frozen=True, slots=True)
class Placed:
    """A statutory table on its worksheet: the name of the sheet, and the row in which its body begins."""

    name: str
    table: Table
    sheet: Sheet
    body: int

    def column(self, key: str) -> str:
        return get_column_letter([column.key for column in self.sheet.columns].index(key) + 1)

    def coded(self) -> tuple[int, int]:
        """The first and the last row in which codes are typed."""
        rows = [self.body + n for n, row in enumerate(self.sheet.rows) if not row.total]
        return rows[0], rows[-1]

    def total(self) -> int:
        """The row of the total."""
        return self.body + next(n for n, row in enumerate(self.sheet.rows) if row.total)


@dataclass(frozen=True, slots=True)
class Source:
    """A typed cell, or a column of them below each other: what it says, with its code left open."""

    ref: CellRef
    entry: Entry
    inside: Slice


class Formulas:
    """The formulas of one form."""

    def __init__(self, filler: Filler, typed: Mapping[CellRef, Entry], placed: Iterable[Placed]) -> None:
        self.filler, self.typed = filler, typed
        self.placed = {each.table.key: each for each in placed}
        self.sources = [source for source in _sources(filler.set, typed) if self._printed(source)]

    def _printed(self, source: Source) -> bool:
        """False for a line that is left out as long as it has no money."""
        there = self.placed[source.ref.table]
        head = self._head(there, source)
        coded = isinstance(there.table.rows, Tree)
        return coded or any(row.named(head) == source.ref.row for row in there.sheet.rows)

    def of(self, at: Placed, n: int, column: Column) -> str:
        """The formula of the cell in the `n`th row of a table's body; blank for a cell that is typed or left blank."""
        row, table = at.sheet.rows[n], at.table
        words = {leaf.word.key: leaf.word for leaf in table.leaves()}
        word = words[column.key]
        if not isinstance(word, Amount) or row.key.startswith(BLANK):
            return ""
        tree = isinstance(table.rows, Tree)
        entry = self.typed.get(CellRef(table.key, ANY_CODE if tree else row.named(column), column.key))
        if entry is Entry.FACT and not row.total:
            return ""
        line = self._line(table, row, column)
        inside = table.where & word.where & line.where
        if entry is Entry.ALL_MONEY and not row.total:
            return self._all_money(at, row, inside)
        if word.parts and all(key in words for key in word.parts):
            return _rounded(_added(f"{at.column(key)}{at.body + n}" for key in word.parts))
        rows = {each.named(column): at.body + i for i, each in enumerate(at.sheet.rows)}
        if line.parts and all(key in rows for key in line.parts):
            return _rounded(_added(f"{at.column(column.key)}{rows[key]}" for key in line.parts))
        if tree and row.total and entry is Entry.FACT:
            return _rounded(f"SUM({self._range(at, column.key, at)})")
        return self._elsewhere(at, inside, own=entry is Entry.ALL_MONEY)

    def beside(self, at: Placed, row: Row, column: Column) -> bool:
        """True for a cell of all money in which there is money beside that of the fiscal tables."""
        tree = isinstance(at.table.rows, Tree)
        entry = self.typed.get(CellRef(at.table.key, ANY_CODE if tree else row.named(column), column.key))
        word = next(leaf.word for leaf in at.table.leaves() if leaf.word.key == column.key)
        if entry is not Entry.ALL_MONEY or not isinstance(word, Amount):
            return False
        inside = at.table.where & word.where & self._line(at.table, row, column).where
        return bool(self.filler.filed.total(inside & OTHER_MONEY))

    def _line(self, table: Table, row: Row, column: Column) -> Line:
        """The declared line of a row, as seen from a column; a row of a code is the money under it."""
        if isinstance(table.rows, Tree):
            inside = table.where if row.total else where(**{table.rows.scheme: row.key})
            return Line(row.key, "", inside)
        key = row.named(column)
        return next((line for line in table.lines() if line.key == key), Line(key, "", NOTHING))

    def _all_money(self, at: Placed, row: Row, inside: Slice) -> str:
        """What the fiscal tables say and, as a number, the money beside it; blank where no fiscal table says any."""
        terms = [self._term(at, s, self._codes(inside)) for s in self._within(inside & FISCAL_MONEY) or ()]
        other = in_unit(self.filler.filed.total(inside & OTHER_MONEY) or ZERO, at.sheet.unit)
        return _rounded("+".join([*([f"{other:f}"] if other else []), *terms])) if terms else ""

    def _elsewhere(self, at: Placed, inside: Slice, *, own: bool) -> str:
        """The typed cells of other tables that say together what lies inside; blank when they do not say it all.

        In a table of all money itself (`own`) its rows are added up. A code of a fiscal table that it lacks counts too.
        """
        found = self._within(inside)
        if not found:
            return ""
        codes = self._codes(inside)
        terms = []
        for source in found:
            there = self.placed[source.ref.table]
            whole = source.entry is Entry.ALL_MONEY and isinstance(there.table.rows, Tree)
            if whole and not codes and not own:
                cell = f"{self._name(there, at)}${there.column(source.ref.column)}${there.total()}"
                terms.append(self._in_unit(at, there, cell))
                continue
            if whole and not codes:
                terms.append(f"SUM({self._range(there, source.ref.column, at)})")
            else:
                terms.append(self._term(at, source, codes))
            if whole:
                lacked = self._within(source.inside & FISCAL_MONEY) or ()
                terms += [self._term(at, each, codes, lacking=there) for each in lacked]
        return _rounded("+".join(terms))

    def _within(self, inside: Slice) -> list[Source] | None:
        """The typed cells that say, each money once, what lies inside but for its codes; None when they say more or less."""
        limits = {tuple(box.get(scheme) for scheme in CODES) for box in inside.boxes}
        if len(limits) != 1:
            return None
        for scheme in CODES:
            inside = inside.without(scheme)
        found: list[Source] = []
        for source in sorted(self.sources, key=lambda source: source.entry is Entry.FACT):
            both = source.inside & inside
            if not both.boxes or any((other.inside & source.inside).boxes for other in found):
                continue
            if both == source.inside:
                found.append(source)
            elif source.entry is Entry.FACT or (source.inside & inside & OTHER_MONEY).boxes:
                return None
        said = sum((self.filler.filed.total(each.inside) or ZERO for each in found), ZERO)
        return found if said == (self.filler.filed.total(inside) or ZERO) else None

    def _codes(self, inside: Slice) -> list[str]:
        """The starts of the codes that a slice is limited to; none when it is open."""
        return sorted(code for scheme in CODES for code in inside.codes(scheme))

    def _term(self, at: Placed, source: Source, codes: Sequence[str], lacking: Placed | None = None) -> str:
        """The money of a source under these codes; with `lacking` that of the codes which this other table has not."""
        there = self.placed[source.ref.table]
        if not isinstance(there.table.rows, Tree):
            row = next(
                there.body + n
                for n, row in enumerate(there.sheet.rows)
                if row.named(self._head(there, source)) == source.ref.row
            )
            return self._in_unit(at, there, f"{self._name(there, at)}{there.column(source.ref.column)}{row}")
        if not codes and lacking is None:
            cell = f"{self._name(there, at)}${there.column(source.ref.column)}${there.total()}"
            return self._in_unit(at, there, cell)
        keys = self._keys(there, at)
        tests = ["+".join(f'(LEFT({keys},{len(code)})="{code}")' for code in codes)] if codes else []
        if lacking is not None:
            tests.append(f"ISNA(MATCH({keys},{self._keys(lacking, at)},0))")
        amounts = self._range(there, source.ref.column, at)
        conditions = ",".join(f"1*({test})" for test in tests)
        return self._in_unit(at, there, f"SUMPRODUCT({conditions},{amounts})")

    def _head(self, there: Placed, source: Source) -> Column:
        return next(column for column in there.sheet.columns if column.key == source.ref.column)

    def _in_unit(self, at: Placed, there: Placed, term: str) -> str:
        """A term of another table in the unit of this one."""
        own, other = YUAN_IN[at.sheet.unit], YUAN_IN[there.sheet.unit]
        if own == other:
            return term
        return f"{term}*{other / own:f}" if other > own else f"{term}/{own / other:f}"

    def _keys(self, there: Placed, at: Placed) -> str:
        """The codes of a table, a text a row, put together where they stand in several columns."""
        columns = [column.key for column in there.sheet.columns if column.kind is ColumnKind.CODE]
        return "&".join([*(self._range(there, key, at) for key in columns), *(['""'] * (len(columns) < 2))])

    def _range(self, there: Placed, key: str, at: Placed) -> str:
        letter, (first, last) = there.column(key), there.coded()
        return f"{self._name(there, at)}${letter}${first}:${letter}${last}"

    def _name(self, there: Placed, at: Placed) -> str:
        return "" if there is at else f"{quote_sheetname(there.name)}!"


def _sources(table_set: TableSet, typed: Mapping[CellRef, Entry]) -> Iterator[Source]:
    for table in table_set.tables:
        for leaf in leaves(table, [ANY_CODE] if isinstance(table.rows, Tree) else []):
            if leaf.ref in typed:
                inside = leaf.inside
                for scheme in CODES if isinstance(table.rows, Tree) else ():
                    inside = inside.without(scheme)
                yield Source(leaf.ref, typed[leaf.ref], inside)


def _added(cells: Iterable[str]) -> str:
    return f"SUM({','.join(cells)})"


def _rounded(sum_of: str) -> str:
    """A formula with the two places that print: what computers add up has more."""
    return f"=ROUND({sum_of},2)"
