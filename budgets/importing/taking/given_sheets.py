"""Given sheets: the tables of a document that was published before, with its own cells, to be printed as they were."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.identities import SIDES
from budgets.domain.money import CENT, YUAN_IN, names_another_unit, print_amount
from budgets.domain.tables import Amount, Balance, Beside, Field, Table, TableSet, Tree
from budgets.importing.reading.grids import column_letter
from budgets.importing.recognising.matches import Match, Recognition
from budgets.importing.taking.lost_amounts import lost_amounts, not_read
from budgets.importing.taking.table_bodies import Body, Given


def transcribe(
    table_set: TableSet, matches: Iterable[Match], bodies: Mapping[str, Body], sheets: Mapping[str, Sheet]
) -> tuple[Sheet, ...]:
    """The statutory tables of a file as given, in the order of the set.

    `sheets` are the same tables in the file's own wording, filled from its leaf rows: they give the heads. Amounts are
    in the unit of the table, and so are heads and notes; a money cell prints as it stands in the file when that is text
    in that unit.
    """
    found = {match.key: match for match in matches if isinstance(match.word, Table)}
    return tuple(
        _sheet(table_set, table, found[table.key], bodies[table.key], sheets[table.key])
        for table in table_set.tables
        if table.key in found
    )


def left_out(found: Recognition, bodies: Mapping[str, Body], table_set: TableSet) -> Iterator[str]:
    """What of a document is not taken over, a phrase each: tables that it lacks, and amounts that were not read."""
    present = {match.key for match in found.statutory()}
    for table in table_set.tables:
        if table.key not in present:
            yield f"文件中没有找到“{table.title.removeprefix('{year}年')}”，该表由其他表的明细推出"
    for _, entries in lost_amounts(bodies):
        yield f"“{entries[0].sheet}”{not_read(entries)}"


def _sheet(table_set: TableSet, table: Table, match: Match, body: Body, sheet: Sheet) -> Sheet:
    rows = _Rows(table_set, table, match, body, sheet)
    notes = tuple(note for note in match.notes if not names_another_unit(note, sheet.unit))
    return replace(sheet, rows=tuple(rows.read()), notes=notes)


class _Rows:
    """Reads the body rows of one table as they stand."""

    def __init__(self, table_set: TableSet, table: Table, match: Match, body: Body, sheet: Sheet) -> None:
        self.set, self.table, self.match, self.sheet = table_set, table, match, sheet
        self.words = {leaf.word.key: leaf.word for leaf in table.leaves()}
        self.given = {given.address: given for given in body.cells.values()}
        self.codes = {ref.row for ref in body.cells} - {"total"}
        unit = table.unit or table_set.unit
        self.as_written = match.unit in ("", unit)
        self.place = CENT * min(Decimal(1), YUAN_IN[match.unit or unit] / YUAN_IN[unit])
        derived = [(row, column) for row in sheet.rows for column in sheet.columns]
        self.levels = {row.named(column): row.level for row, column in derived}
        self.totals = {row.named(column) for row, column in derived if row.total}
        if isinstance(table.rows, Tree):
            self.totals.add("total")
        self.total = {
            column.key: cell
            for row in sheet.rows
            if row.key == "total"
            for column, cell in zip(sheet.columns, row.cells, strict=True)
        }

    def read(self) -> Iterator[Row]:
        for n, (number, _) in enumerate(self.match.body(), 1):
            cells = {
                key: self.given[address]
                for key, column in self.match.heading.columns.items()
                if (address := f"{column_letter(column)}{number}") in self.given
            }
            keys = {self.words[key].side: given.ref.row for key, given in cells.items()}
            if keys:
                yield self._row(n, number, cells, keys)

    def _row(self, n: int, number: int, cells: Mapping[str, Given], keys: Mapping[int, str]) -> Row:
        balance = isinstance(self.table.rows, Balance)
        total = all(key in self.totals for key in keys.values())
        row = tuple(self._cell(number, column, cells, keys) for column in self.sheet.columns)
        return Row(str(n) if balance else keys[0], 0 if total else self._level(keys.values()), row, total)

    def _level(self, keys: Iterable[str]) -> int:
        if isinstance(self.table.rows, Tree):
            return max(sum(key.startswith(code) for code in self.codes) for key in keys)
        return max(self.levels.get(key, 1) for key in keys)

    def _cell(self, number: int, column: Column, cells: Mapping[str, Given], keys: Mapping[int, str]) -> Cell:
        word = self.words[column.key]
        cell = self.match.cell(number, column.key)
        text = cell.text if cell else ""
        if isinstance(word, Amount | Beside):
            given = cells.get(column.key)
            as_text = cell is not None and cell.number is None and self.as_written
            return Cell(
                text if as_text or given is None else self._printed(given), given.amount if given else None
            )
        if isinstance(self.table.rows, Tree) and (named := self._named(word, keys[0])):
            return named
        return Cell(text, key="" if word.kind is ColumnKind.SERIAL else keys.get(word.side, ""))

    def _named(self, word: Field, key: str) -> Cell | None:
        """A code in the columns and digits of the set, a total where the set names it; None to print the file's cell."""
        if key == "total":
            return self.total.get(word.key)
        if word.kind is not ColumnKind.CODE:
            return None
        return Cell(key[slice(*word.digits)] if word.digits else key, key=key)

    def _printed(self, given: Given) -> str:
        """A number of a spreadsheet has no form of its own: it prints as the set prints it.

        One of a finer unit has two places there, and so more of them here.
        """
        padding = given.ref.row.partition(".")[0] in SIDES
        blank = "" if padding else self.table.blank
        zero = self.set.zero or blank
        amount = given.amount and given.amount.quantize(self.place, ROUND_HALF_UP)
        return print_amount(amount, zero=zero, blank=blank, grouped=self.set.grouped)
