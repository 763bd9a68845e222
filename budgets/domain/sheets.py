"""Fill declared tables with the facts and records of one disclosure."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

from budgets.domain import wording as words
from budgets.domain.classification import Subjects, ancestors
from budgets.domain.documents import Cell, ColumnKind, Row, Sheet
from budgets.domain.facts import NOTHING, Filed, Slice
from budgets.domain.ledgers import Ledger
from budgets.domain.money import in_unit, print_amount, print_quantity
from budgets.domain.numerals import numeral
from budgets.domain.printed_words import PrintedWords, kind_of
from budgets.domain.tables import Amount, Balance, Beside, Field, Leaf, Line, Listing, Table, TableSet, Tree
from budgets.domain.terms import Comparison
from budgets.domain.year_columns import Then, added, compared

type Sides = tuple[Line, Line]


class Filler(PrintedWords):
    """Fills the tables of one set for one ledger."""

    def __init__(self, table_set: TableSet, ledger: Ledger, subjects: Subjects) -> None:
        super().__init__(table_set, ledger)
        self.subjects = subjects
        self.filed = Filed(ledger.facts)
        self._then: dict[str, Then] = {}

    def saying(self, ledger: Ledger) -> "Filler":
        """The filler of a ledger with the same facts and other words: what was added up is not added up again."""
        other = copy(self)
        PrintedWords.__init__(other, self.set, ledger)
        return other

    def amount(self, inside: Slice, unit: str = "", *under: str) -> Decimal | None:
        """The sum of the facts inside, and `under` a code of a scheme, in `unit` or the set's; None without facts."""
        yuan = self.filed.total(inside, *under)
        return None if yuan is None else in_unit(yuan, unit or self.set.unit)

    def then(self, table: Table) -> Then:
        """Last year's amounts beside a table's, by row and column, in yuan; none where nothing is known of last year."""
        if table.key not in self._then:
            self._then[table.key] = added(table, self.ledger.last_year) if self.ledger.last_year else {}
        return self._then[table.key]

    def money(self, amount: Decimal | None, blank: str = "") -> Cell:
        text = print_amount(amount, zero=self.set.zero or blank, blank=blank, grouped=self.set.grouped)
        return Cell(text, amount)

    def fill(self, table: Table) -> Sheet:
        """The table as printed: every cell the sum of the facts in table ∩ row ∩ column."""
        leaves = table.leaves()
        inside = [
            table.where & leaf.word.where if isinstance(leaf.word, Amount) else NOTHING for leaf in leaves
        ]
        rows = [
            self._row(table, leaves, inside, str(n), sides) for n, sides in enumerate(self.printed(table), 1)
        ]
        empty = isinstance(table.rows, Tree) and all(row.total and row.blank for row in rows)
        notes = [*table.notes, *([table.empty_note] if table.empty_note and empty else [])]
        return Sheet(
            key=table.key,
            number=table.number,
            title=self.worded(words.title_key(table.key), table.title),
            meta=self.lines(table.meta, table.key, words.meta_key, unit=table.unit or self.set.unit),
            columns=self.columns(table.key, leaves),
            rows=tuple(rows),
            notes=self.lines(notes, table.key, words.note_key),
            unit=table.unit or self.set.unit,
            numbered=table.numbered,
            wide=table.wide,
        )

    def printed(self, table: Table) -> list[Sides]:
        """The lines of each row that is printed, of the left and the right list."""
        if isinstance(table.rows, Balance):
            return table.rows.pairs(self._right(table, table.rows))
        lines = self._codes(table, table.rows) if isinstance(table.rows, Tree) else table.lines()
        return [(line, line) for line in lines]

    def _right(self, table: Table, balance: Balance) -> list[Line]:
        """The right lines that are printed."""
        if not balance.sparing:
            return list(balance.right)
        columns = [word for leaf in table.leaves() if isinstance(word := leaf.word, Amount) and word.side]
        spent = [
            line
            for line in balance.right
            if any(self.amount(table.where & line.where & column.where) for column in columns)
            or any(self.then(table).get((line.key, column.key)) for column in columns)
        ]
        return self.counted_off(spent) if balance.counted else spent

    @staticmethod
    def counted_off(lines: Sequence[Line]) -> list[Line]:
        """The lines numbered 一、二、 as they come."""
        return [replace(line, caption=f"{numeral(n)}、{line.caption}") for n, line in enumerate(lines, 1)]

    def _codes(self, table: Table, tree: Tree) -> list[Line]:
        """A line for each code with money and for those above it, and the total; their keys say what they add up."""
        codes = self.money_codes(table, tree)
        if not codes and not tree.total_always:
            return []
        lines = []
        for code in sorted(codes):
            level = sum(code[:length] in codes for length in range(1, len(code) + 1))
            lines.append(Line(code, self.called(code, tree.scheme), level=level))
        total = Line("total", tree.total_caption, level=0, total=True)
        return [*lines, total] if tree.total_last else [total, *lines]

    def money_codes(self, table: Table, tree: Tree) -> set[str]:
        """The codes with money, and those above them."""
        codes: set[str] = set()
        for fact in self.filed.within(table.where):
            if fact.amount and (code := getattr(fact, tree.scheme)):
                codes |= {code, *ancestors(code, tree.scheme)}
        return codes | {row for (row, _), amount in self.then(table).items() if amount and row != "total"}

    def called(self, code: str, scheme: str) -> str:
        """The name of a code."""
        return self.subjects.name(code, scheme)

    def _row(
        self, table: Table, leaves: Sequence[Leaf], inside: Sequence[Slice], serial: str, sides: Sides
    ) -> Row:
        cells = []
        split = any(isinstance(leaf.word, Field) and leaf.word.digits for leaf in leaves)
        for leaf, column in zip(leaves, inside, strict=True):
            word = leaf.word
            line = sides[word.side]
            if isinstance(word, Amount):
                if isinstance(table.rows, Tree):
                    under = () if line.total else (table.rows.scheme, line.key)
                    amount = self.amount(column, table.unit, *under)
                else:
                    amount = self.amount(column & line.where, table.unit)
                cells.append(self.money(amount, _blank(table, line)))
                continue
            if isinstance(word, Beside):  # change and rate follow from the others of the row
                then = self.then(table).get((line.key, word.of)) if word.tells is Comparison.LAST else None
                unit = table.unit or self.set.unit
                amount = None if then is None else in_unit(then, unit)
                cells.append(self.money(amount, _blank(table, line)))
                continue
            caption = self.worded(words.row_key(table.key, line.key), line.caption) if line.caption else ""
            named = caption or isinstance(table.rows, Tree)  # the rest of the shorter list has no code either
            if word.kind is ColumnKind.SERIAL:
                cells.append(Cell(serial))
            elif word.kind is ColumnKind.CAPTION:
                # Split codes leave the first column free for the word 合计.
                cells.append(Cell("" if split and line.total else caption, key=line.key))
            elif word.digits is None:
                cells.append(Cell(line.key if named and not line.total else "", key=line.key))
            elif line.total:
                cells.append(Cell(caption if word.digits[0] == 0 else "", key=line.key))
            else:
                cells.append(Cell(line.key[slice(*word.digits)], key=line.key))
        left = sides[0]
        key = serial if isinstance(table.rows, Balance) else left.key
        words_of_row = [leaf.word for leaf in leaves]
        return Row(
            key,
            max(s.level for s in sides) if not left.total else 0,
            compared(words_of_row, cells, self.money),
            left.total,
        )

    def annex(self, listing: Listing) -> tuple[Sheet, ...]:
        """The annex tables of a listing: one, or one for each record when the listing prints them so."""
        records = getattr(self.ledger, listing.source)
        if listing.each:
            return tuple(
                self._sheet(listing, getattr(r, listing.each), n, r) for n, r in enumerate(records, 1)
            )
        return (self._sheet(listing, records),)

    def _sheet(self, listing: Listing, records: Sequence[Any], n: int = 0, owner: Any = None) -> Sheet:
        leaves = listing.leaves()
        key = f"{listing.key}_{n}" if owner is not None else listing.key
        more = {"n": n, listing.called: getattr(owner, listing.called)} if owner is not None else {}
        rows = (
            self._record_lines(listing, leaves, records)
            if listing.lines
            else self._records(listing, leaves, records)
        )
        # Fixed lines print even when nothing was entered; a table of records without any is empty.
        notes = [*listing.notes, *([listing.empty_note] if listing.empty_note and not rows else [])]
        return Sheet(
            key=key,
            number=None,
            title=self.worded(words.title_key(key), listing.title, **more),
            meta=self.lines(listing.meta, listing.key, words.meta_key),
            columns=self.columns(listing.key, leaves),
            rows=tuple(rows),
            notes=self.lines(notes, listing.key, words.note_key),
            unit=self.set.unit if any(isinstance(leaf.word, Amount) for leaf in leaves) else "",
            wide=listing.wide,
            preface=((listing.preface, tuple(getattr(owner, listing.preface_from))),)
            if listing.preface
            else (),
        )

    def _records(self, listing: Listing, leaves: Sequence[Leaf], records: Sequence[Any]) -> list[Row]:
        rows = [
            Row(str(n), 1, tuple(self._record_cell(leaf, (record,)) for leaf in leaves))
            for n, record in enumerate(records, 1)
        ]
        if listing.total_caption and rows:
            amounts = [
                self._record_cell(leaf, records)
                if isinstance(leaf.word, Amount) and leaf.word.adds_up
                else Cell(listing.total_caption if kind_of(leaf) is ColumnKind.CAPTION else "", key="total")
                for leaf in leaves
            ]
            rows.insert(0, Row("total", 0, tuple(amounts), total=True))
        return _grouped(rows, leaves)

    def _record_lines(self, listing: Listing, leaves: Sequence[Leaf], records: Sequence[Any]) -> list[Row]:
        rows = []
        for line in listing.lines:
            members = [record for record in records if getattr(record, listing.lined_by) in line.members]
            cells = []
            for leaf in leaves:
                if kind_of(leaf) is ColumnKind.CAPTION:
                    caption = self.worded(words.row_key(listing.key, line.key), line.caption)
                    cells.append(Cell(caption, key=line.key))
                elif isinstance(leaf.word, Amount) or len(line.members) == 1:
                    cells.append(self._record_cell(leaf, members))
                else:  # pieces of different things are not added up
                    cells.append(Cell())
            rows.append(Row(line.key, line.level, tuple(cells), line.total))
        return rows

    def _record_cell(self, leaf: Leaf, records: Sequence[Any]) -> Cell:
        """What the records say in a column: their sum in a money or number column, else the one record's text."""
        word = leaf.word
        keys = word.parts if isinstance(word, Amount) and word.parts else (word.key,)
        values = [value for r in records for key in keys if (value := getattr(r, key)) is not None]
        if isinstance(word, Amount):
            return self.money(in_unit(sum(values, Decimal(0)), self.set.unit) if values else None)
        if word.kind is ColumnKind.NUMBER:
            return Cell(print_quantity(sum(values, Decimal(0)) if values else None))
        return Cell("".join("\n".join(v) if isinstance(v, tuple) else str(v) for v in values))


def _blank(table: Table, line: Line) -> str:
    """How a blank amount prints: as the table says, and not at all in what only pads the shorter list."""
    return table.blank if isinstance(table.rows, Tree) or line.where.boxes else ""


def _grouped(rows: list[Row], leaves: Sequence[Leaf]) -> list[Row]:
    """Blank a GROUP cell that repeats the one above within the same wider group, as printed merged cells read."""
    groups = [i for i, leaf in enumerate(leaves) if kind_of(leaf) is ColumnKind.GROUP]
    above: tuple[str, ...] = ()
    out = []
    for row in rows:
        names = tuple(row.cells[i].text for i in groups)
        cells = list(row.cells)
        for depth, i in enumerate(groups):
            if above[: depth + 1] == names[: depth + 1]:
                cells[i] = Cell(key=names[depth])
        out.append(Row(row.key, row.level, tuple(cells), row.total))
        above = names
    return out
