"""Fill declared tables with the facts and records of one disclosure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from budgets.domain import wording as words
from budgets.domain.classification import FUNCTION, Subjects, ancestors
from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.facts import Box, Fact, Slice, total, where
from budgets.domain.ledgers import Ledger
from budgets.domain.money import in_unit, print_amount, print_quantity
from budgets.domain.paragraphs import numeral
from budgets.domain.tables import Amount, Balance, Field, Leaf, Line, Lines, Listing, Table, TableSet, Tree


class Filler:
    """Fills the tables of one set for one ledger; sums are kept, so a slice is added up once."""

    def __init__(self, table_set: TableSet, ledger: Ledger, subjects: Subjects) -> None:
        self.set, self.ledger, self.subjects = table_set, ledger, subjects
        self._by_family: dict[str, list[Fact]] = defaultdict(list)
        for fact in ledger.facts:
            self._by_family[fact.family].append(fact)
        self._sums: dict[Slice, Decimal | None] = {}

    def amount(self, inside: Slice, unit: str = "") -> Decimal | None:
        """The sum of the facts inside, in `unit` or the set's; None when there is no fact."""
        if inside not in self._sums:
            self._sums[inside] = total(self._near(inside.boxes), inside)
        yuan = self._sums[inside]
        return None if yuan is None else in_unit(yuan, unit or self.set.unit)

    def _near(self, boxes: Iterable[Box]) -> list[Fact]:
        families = {family for box in boxes for family in (box.get("family") or self._by_family)}
        return [fact for family in families for fact in self._by_family.get(family, ())]

    def money(self, amount: Decimal | None, inside: Slice | None = None, blank: str = "") -> Cell:
        text = print_amount(amount, zero=self.set.zero or blank, blank=blank, grouped=self.set.grouped)
        return Cell(text, amount, "", inside)

    def phrase(self, text: str, **more: object) -> str:
        """A declared caption with the disclosure's own name, year and unit put in."""
        if "{" not in text:
            return text
        ledger = self.ledger
        as_of = ledger.assets_as_of.isoformat() if ledger.assets_as_of else f"{ledger.year - 1}-12-31"
        own = {
            "unit": self.set.unit,
            "unit_code": ledger.unit_code,
            "unit_name": ledger.unit_name,
            "region": ledger.region_name,
            "year": ledger.year,
            "as_of": as_of,
        }
        return text.format(**{**own, **more})

    def worded(self, key: str, standard: str, **more: object) -> str:
        return words.worded(self.ledger.wording, key, self.phrase(standard, **more))

    def columns(self, table: str, leaves: Sequence[Leaf]) -> tuple[Column, ...]:
        """The leaf columns as printed. A group's caption is worded under its first column's key."""
        first: dict[tuple[str, ...], str] = {}
        columns = []
        captions = [i for i, leaf in enumerate(leaves) if _kind(leaf) is ColumnKind.CAPTION]
        for i, leaf in enumerate(leaves):
            path = []
            for level, caption in enumerate(leaf.path):
                above = leaf.path[: level + 1]
                owner = (
                    leaf.word.key if level == len(leaf.path) - 1 else first.setdefault(above, leaf.word.key)
                )
                path.append(self.worded(words.column_key(table, owner, level), caption))
            caption_at = max((c for c in captions if c <= i), default=captions[0] if captions else 0)
            columns.append(Column(leaf.word.key, tuple(path), _kind(leaf), caption_at, leaf.word.width))
        return tuple(columns)

    def fill(self, table: Table) -> Sheet:
        """The table as printed: every cell the sum of the facts in table ∩ row ∩ column."""
        leaves = table.leaves()
        if isinstance(table.rows, Tree):
            rows = self._tree(table, table.rows, leaves)
        elif isinstance(table.rows, Lines):
            rows = [
                self._row(table, leaves, str(n), (line, line)) for n, line in enumerate(table.rows.lines, 1)
            ]
        else:
            pairs = table.rows.pairs(self._right(table, table.rows, leaves))
            rows = [self._row(table, leaves, str(n), pair) for n, pair in enumerate(pairs, 1)]
        empty = all(row.total and row.blank for row in rows) if isinstance(table.rows, Tree) else False
        notes = [table.empty_note] if table.empty_note and empty else []
        return Sheet(
            key=table.key,
            number=table.number,
            title=self.worded(words.title_key(table.key), table.title),
            meta=self._lines(table.meta, table.key, words.meta_key, unit=table.unit or self.set.unit),
            columns=self.columns(table.key, leaves),
            rows=tuple(rows),
            notes=self._lines(notes, table.key, words.note_key),
            unit=table.unit or self.set.unit,
            numbered=table.numbered,
            wide=table.wide,
        )

    def _right(self, table: Table, balance: Balance, leaves: Sequence[Leaf]) -> list[Line]:
        """The right lines that are printed."""
        if not balance.sparing:
            return list(balance.right)
        columns = [leaf.word for leaf in leaves if isinstance(leaf.word, Amount) and leaf.word.side]
        spent = [
            line
            for line in balance.right
            if any(self.amount(table.where & line.where & column.where) for column in columns)
        ]
        return [replace(line, caption=f"{numeral(n)}、{line.caption}") for n, line in enumerate(spent, 1)]

    def _lines(self, texts: Iterable[str], table: str, key: Any, **more: object) -> tuple[str, ...]:
        return tuple(self.worded(key(table, i), text, **more) for i, text in enumerate(texts))

    def _tree(self, table: Table, tree: Tree, leaves: Sequence[Leaf]) -> list[Row]:
        dimension = "function" if tree.scheme == FUNCTION else "economic"
        codes: set[str] = set()
        for fact in self._near(table.where.boxes):
            code = getattr(fact, dimension)
            if fact.amount and code and fact in table.where:
                codes |= {code, *ancestors(code, tree.scheme)}
        if not codes and not tree.total_always:
            return []
        lines = []
        for code in sorted(codes):
            level = sum(1 for c in codes if code.startswith(c))
            name = self.subjects.name(code, tree.scheme)
            lines.append(Line(code, name, where(**{dimension: code}), level))
        lines.insert(
            len(lines) if tree.total_last else 0, Line("total", tree.total_caption, table.where, 0, True)
        )
        return [self._row(table, leaves, str(n), (line, line)) for n, line in enumerate(lines, 1)]

    def _row(self, table: Table, leaves: Sequence[Leaf], serial: str, sides: tuple[Line, Line]) -> Row:
        cells = []
        split = any(isinstance(leaf.word, Field) and leaf.word.digits for leaf in leaves)
        for leaf in leaves:
            word = leaf.word
            line = sides[word.side]
            if isinstance(word, Amount):
                inside = table.where & line.where & word.where
                amount = self.amount(inside, table.unit) if inside.boxes else None
                cells.append(self.money(amount, inside, table.blank))
                continue
            caption = self.worded(words.row_key(table.key, line.key), line.caption) if line.caption else ""
            if word.kind is ColumnKind.SERIAL:
                cells.append(Cell(serial))
            elif word.kind is ColumnKind.CAPTION:
                # Split codes leave the first column free for the word 合计.
                cells.append(Cell("" if split and line.total else caption, key=line.key))
            elif word.digits is None:
                cells.append(Cell("" if line.total else line.key, key=line.key))
            elif line.total:
                cells.append(Cell(caption if word.digits[0] == 0 else "", key=line.key))
            else:
                cells.append(Cell(line.key[slice(*word.digits)], key=line.key))
        left = sides[0]
        key = serial if isinstance(table.rows, Balance) else left.key
        return Row(key, max(s.level for s in sides) if not left.total else 0, tuple(cells), left.total)

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
        more = {"n": n, "project": getattr(owner, "project", "")}
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
            meta=self._lines(listing.meta, listing.key, words.meta_key),
            columns=self.columns(listing.key, leaves),
            rows=tuple(rows),
            notes=self._lines(notes, listing.key, words.note_key),
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
                if isinstance(leaf.word, Amount) and leaf.word.key != "unit_price"
                else Cell(listing.total_caption if _kind(leaf) is ColumnKind.CAPTION else "", key="total")
                for leaf in leaves
            ]
            rows.insert(0, Row("total", 0, tuple(amounts), total=True))
        return _grouped(rows, leaves)

    def _record_lines(self, listing: Listing, leaves: Sequence[Leaf], records: Sequence[Any]) -> list[Row]:
        rows = []
        for line in listing.lines:
            members = [record for record in records if record.item in line.members]
            cells = []
            for leaf in leaves:
                if _kind(leaf) is ColumnKind.CAPTION:
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
        return Cell("".join(map(str, values)))


def _kind(leaf: Leaf) -> ColumnKind:
    return leaf.word.kind if isinstance(leaf.word, Field) else ColumnKind.AMOUNT


def _grouped(rows: list[Row], leaves: Sequence[Leaf]) -> list[Row]:
    """Blank a GROUP cell that repeats the one above within the same wider group, as printed merged cells read."""
    groups = [i for i, leaf in enumerate(leaves) if _kind(leaf) is ColumnKind.GROUP]
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


def fill(table: Table, table_set: TableSet, ledger: Ledger, subjects: Subjects) -> Sheet:
    """One filled statutory table. See Filler, which fills several without adding up twice."""
    return Filler(table_set, ledger, subjects).fill(table)
