"""The names of cells: every cell of every table, and what the records add up to, found by the words that people have for it."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise

from budgets.domain.callings import word_for
from budgets.domain.classification import ECONOMIC, FUNCTION
from budgets.domain.documents import Column, ColumnKind, Document, Row, Sheet
from budgets.domain.facts import ZERO
from budgets.domain.figures import ITEM_TABLES, Figures, Known
from budgets.domain.items import LIST_NUMBER
from budgets.domain.money import YUAN_IN
from budgets.domain.places import CellRef
from budgets.domain.sheets import Filler
from budgets.sentences.record_figures import GOAL_MONEY, PROJECT, RECORDS, record_figures

CODED_TABLES = {FUNCTION: (*ITEM_TABLES, "revenue"), ECONOMIC: ("basic_expenditure",)}
CODED = {table for tables in CODED_TABLES.values() for table in tables}
CODE = re.compile(r"(?P<code>[23]\d{2}(?:\d{2}){0,2})(?!\d)\s*")
NUMBERED = re.compile(r"表(\d+)")
MOST_NEAR = 5
MOST_SOUGHT = 50  # names that mean nothing whose neighbours are looked for
NTH = re.compile(r"(?P<name>.+)\(第(?P<nth>\d+)处\)")  # of lines with one caption
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A name that means no one cell, with why and the names that are near."""

    why: str
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.why}{'，可写' if self.near else ''}{'、'.join(f'[[{name}]]' for name in self.near)}"


def plain(name: str) -> str:
    """A name without its number, quotes, blanks and 其中, one width for every character."""
    name = name.strip()
    text = "".join(
        unicodedata.normalize("NFKC", name if CODE.match(name) else LIST_NUMBER.sub("", name)).split()
    )
    return re.sub(r"^其中:?|[“”\"'‘’《》{}]|\d{4}年度?", "", text)


class CellNames:
    """Finds the cell that a name means in one document. Nothing is guessed: a name of two cells is told with both."""

    def __init__(self, filler: Filler, document: Document, absent: Collection[str] = ()) -> None:
        self.filler, self.document = filler, document
        self.figures = Figures(document, absent)
        self.sheets = self.figures.sheets
        self._told = 0  # names that mean nothing
        self._found: dict[tuple[str, ...], Known | Unnamed] = {}

    @cached_property
    def labels(self) -> dict[str, Known]:
        """The figures by their plain labels; those of the records are among them."""
        found: dict[str, Known] = {}
        for figure in (
            *self.figures.known.values(),
            *record_figures(self.filler.ledger, self.filler.set.unit),
        ):
            found.setdefault(plain(figure.label), figure)
        for word in self.filler.set.figures:  # of a row that is not printed: nothing was entered yet
            sheet = self.sheets.get(word.table)
            if sheet is not None:
                cell = CellRef(word.table, word.row, word.column)
                found.setdefault(plain(word.label), Known(word.key, word.label, ZERO, cell, sheet.unit))
        return found

    @cached_property
    def _codes(self) -> dict[str, list[str]]:
        """The codes that a printed subject's name heads."""
        found: dict[str, list[str]] = defaultdict(list)
        for scheme, tables in CODED_TABLES.items():
            for sheet in (self.sheets[key] for key in tables if key in self.sheets):
                for row in sheet.rows:
                    code = row.key if _is_code(row.key) else ""
                    captions = [
                        cell.text
                        for cell in row.cells
                        if cell.key == code and cell.text and cell.text != code
                    ]
                    for called in (
                        {plain(self.filler.subjects.name(code, scheme)), *map(plain, captions)}
                        if code
                        else ()
                    ):
                        if code not in found[called]:
                            found[called].append(code)
        return found

    @cached_property
    def _lines(self) -> dict[str, list[CellRef]]:
        """The cells that a printed caption of a line heads, where the line has no code."""
        found: dict[str, list[CellRef]] = defaultdict(list)
        for sheet in self.sheets.values():
            for row in sheet.rows:
                for c, column in enumerate(sheet.columns):
                    line = row.named(column)
                    if column.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER) and not _is_code(line):
                        name = plain(row.cells[column.caption].text)
                        if name and row.cells[c] is not None:
                            found[name].append(CellRef(sheet.key, line, column.key))
        return found

    def find(self, path: tuple[str, ...]) -> Known | Unnamed:
        """The one cell that a name or an address means, blank cells as zero; else why there is none."""
        if path not in self._found:
            self._found[path] = self._find(path)
        return self._found[path]

    def _find(self, path: tuple[str, ...]) -> Known | Unnamed:
        names = [plain(step) for step in path]
        if len(names) == 1:
            return self._named(names[0], path[0])
        if len(names) == 2 and names[0] == PROJECT:
            found = self.labels.get(plain(f"{PROJECT}/{names[1]}"))
            return found or self._unknown(path)
        tables = self._tables(names[0], path[0])
        if len(names) == 3:
            return self._cell(tables, names[1], names[2]) or self._unknown(path)
        if len(names) == 2:
            return self._cell(tables, names[1], "") or self._crossing(*names) or self._unknown(path)
        return Unnamed("地址写成 表/行/列")

    def _named(self, name: str, typed: str) -> Known | Unnamed:
        if name in self.labels:
            return self.labels[name]
        if name == GOAL_MONEY:
            return Unnamed("有绩效目标的项目还有没填金额的，请在“项目”页填写，名称与绩效目标表一致")
        code = CODE.match(name)
        if code and (known := self._coded(code["code"], "")):
            return known
        codes = self._codes.get(name, [])
        if len(codes) == 1 and (known := self._coded(codes[0], "")):
            return known
        if len(codes) > 1:
            told = "、".join(f"{code} {name}" for code in codes)
            return Unnamed(f"“{typed}”有几个科目：{told}，请写编码", tuple(codes))
        word = word_for(name)
        if word and (keys := [key for key in word.figures if key in self.figures.known]):
            return self.figures.known[keys[0]]
        cells = {(cell.table, cell.row) for cell in self._lines.get(name, ())}
        if len(cells) == 1 and (known := self._cell([next(iter(cells))[0]], name, "")):
            return known
        if cells:
            addresses = [f"{self._table_name(table)}/{typed}" for table, _ in sorted(cells)]
            return Unnamed(f"“{typed}”不止一格，请写全表、行、列", tuple(addresses[:MOST_NEAR]))
        return self._unknown((typed,))

    def _unknown(self, path: tuple[str, ...]) -> Unnamed:
        typed = "/".join(path)
        self._told += 1
        if self._told > MOST_SOUGHT:
            return Unnamed(f"没有名为“{typed}”的数字")
        pool = {**{plain(name): name for name in self.names()}, **{name: name for name in self._codes}}
        near = get_close_matches(plain(typed), pool, n=MOST_NEAR, cutoff=0.4)
        return Unnamed(f"没有名为“{typed}”的数字", tuple(dict.fromkeys(pool[name] for name in near)))

    def names(self) -> Iterator[str]:
        """The names that stand for one figure."""
        yield from (figure.label for figure in self.labels.values())

    def _coded(self, code: str, column: str) -> Known | None:
        """The amount of a subject, in the likeliest table that prints it; zero where it is known and no table does."""
        scheme = ECONOMIC if code.startswith("3") else FUNCTION
        tables = [key for key in CODED_TABLES[scheme] if key in self.sheets]
        fitting = [key for key in tables if self._column(self.sheets[key], column, code)]
        for table in fitting:
            if any(code == row.key for row in self.sheets[table].rows):
                return self._cell([table], code, column)
        subject = self.filler.subjects.get(code, scheme)
        if subject is None or not fitting:
            return None
        sheet = self.sheets[fitting[0]]
        cell = CellRef(sheet.key, code, self._column(sheet, column, code) or TOTAL)
        return Known("", f"{code} {subject.name}", ZERO, cell, sheet.unit)

    def _crossing(self, row: str, column: str) -> Known | None:
        """A row and a column that only one table has together, or the likeliest table of a subject."""
        match = CODE.match(row)
        codes = [match["code"]] if match else self._codes.get(row, [])
        if codes:
            return self._coded(codes[0], column) if len(codes) == 1 else None
        tables = dict.fromkeys(cell.table for cell in self._lines.get(row, ()))
        found = [known for table in tables if (known := self._cell([table], row, column))]
        return found[0] if len(found) == 1 else None

    def _tables(self, name: str, typed: str) -> list[str]:
        number = NUMBERED.fullmatch(name)
        if number:
            return [sheet.key for sheet in self.document.tables if str(sheet.number) == number[1]]
        titles = {key: plain(sheet.title) for key, sheet in self.sheets.items()}
        exact = [key for key, title in titles.items() if name == title or typed == key]
        return exact or [key for key, title in titles.items() if len(name) > 3 and name in title][:1]

    def _table_name(self, key: str) -> str:
        sheet = self.sheets[key]
        return f"表{sheet.number}" if sheet.number else sheet.title

    def _column(self, sheet: Sheet, column: str, row: str = "") -> str | None:
        """The key of a column by its caption or key; without one the total, or the only one with money."""
        money = [c for c in sheet.columns if c.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER)]
        if not column:
            amounts = [c.key for c in money if c.kind is ColumnKind.AMOUNT and self._line(sheet, row, c.key)]
            return (
                TOTAL
                if TOTAL in amounts
                else amounts[0]
                if len(amounts) == 1 or _is_code(row) and amounts
                else None
            )
        exact = [c.key for c in money if column in (c.key, plain(c.path[-1]), plain("".join(c.path)))]
        return (
            exact[0] if len(exact) == 1 else next((key for key in exact if self._line(sheet, row, key)), None)
        )

    def _line(self, sheet: Sheet, name: str, column: str) -> str | None:
        """The key of the line of that key or caption below a column; a table of one row has no other."""
        at = next(c for c in sheet.columns if c.key == column)
        if _is_code(name) and sheet.key in CODED:
            return name
        match = NTH.fullmatch(name)
        name, nth = (match["name"], int(match["nth"])) if match else (name, 0)
        lines = [row.named(at) for row in sheet.rows if name and name in (row.named(at), _called(row, at))]
        if len(lines) > 1 and not nth:
            return None  # two lines of one caption
        return lines[max(nth, 1) - 1] if len(lines) >= max(nth, 1) else None

    def _cell(self, tables: list[str], row: str, column: str) -> Known | None:
        for key in tables:
            sheet = self.sheets[key]
            match = CODE.match(row)
            names = [match["code"]] if match else [row, *self._codes.get(row, ())]
            for name in names:
                head = self._column(sheet, column, name)
                line = self._line(sheet, name, head) if head else None
                if head and line and (known := self.at(CellRef(key, line, head))):
                    return known
            if not column and len(sheet.rows) == 1 and (head := self._column(sheet, row, sheet.rows[0].key)):
                only = sheet.rows[0].named(next(c for c in sheet.columns if c.key == head))
                return self.at(CellRef(key, only, head))
        return None

    def at(self, cell: CellRef) -> Known | None:
        """What stands in a cell, a row that is not printed as zero; None when the document has no such table or column."""
        sheet = self.sheets.get(cell.table)
        c = (
            next((i for i, head in enumerate(sheet.columns) if head.key == cell.column), None)
            if sheet
            else None
        )
        if sheet is None or c is None:
            return None
        column = sheet.columns[c]
        row = next((row for row in sheet.rows if row.named(column) == cell.row), None)
        amount = row.cells[c].amount if row else None
        label = _caption(sheet, cell.row) or cell.row
        if column.kind is ColumnKind.NUMBER:
            try:
                return Known("", label, Decimal(row.cells[c].text or 0) if row else ZERO, cell, "")
            except InvalidOperation:
                return None
        return Known("", label, (amount or ZERO) * YUAN_IN[sheet.unit], cell, sheet.unit)

    def parts_of(self, figure: Known) -> list[Known]:
        """The items of the last level that a column of codes adds up with money, the largest first; none elsewhere."""
        sheet = self.sheets.get(figure.cell.table)
        if sheet is None or sheet.key not in CODED:
            return []
        c = next(n for n, head in enumerate(sheet.columns) if head.key == figure.cell.column)
        rows = sorted((row for row in sheet.rows if _is_code(row.key)), key=lambda row: row.key)
        leaves = [
            row
            for row, below in pairwise([*rows, None])
            if not (below and row and below.key.startswith(row.key))
        ]
        parts = []
        for row in filter(None, leaves):
            yuan = (row.cells[c].amount or ZERO) * YUAN_IN[sheet.unit]
            if yuan and (figure.cell.row == TOTAL or row.key.startswith(figure.cell.row)):
                cell = CellRef(sheet.key, row.key, figure.cell.column)
                parts.append(Known("", row.cells[sheet.columns[c].caption].text, yuan, cell, sheet.unit))
        return sorted(parts, key=lambda part: (-part.yuan, part.cell.row))

    def same_in(self, figure: Known) -> Known | None:
        """The figure of another year's document in this one: by its cell, by its name where no table prints it."""
        if figure.cell.table == RECORDS:
            return self.labels.get(plain(figure.label)) or replace(figure, yuan=ZERO)
        if figure.key in self.figures.known:
            return self.figures.known[figure.key]
        return self.at(figure.cell)

    def name_of(self, figure: Known) -> str:
        """The shortest name that means this very cell."""
        code = figure.cell.row if _is_code(figure.cell.row) else ""
        for name in (figure.label, code):
            found = self.find(tuple(name.split("/"))) if name else None
            if isinstance(found, Known) and found.cell == figure.cell:
                return name
        sheet = self.sheets[figure.cell.table]
        head = next(c for c in sheet.columns if c.key == figure.cell.column)
        row = code
        if not row:
            called = [(r.named(head), _called(r, head)) for r in sheet.rows]
            row = dict(called)[figure.cell.row]
            alike = [key for key, name in called if name == row]
            row += f"（第{alike.index(figure.cell.row) + 1}处）" if len(alike) > 1 else ""
        return f"{self._table_name(sheet.key)}/{row}/{plain(head.path[-1])}"


def _called(row: Row, column: Column) -> str:
    """The plain caption of a row below a column; that of a total where print leaves it blank."""
    return plain(row.cells[column.caption].text) or ("合计" if row.total else "")


def _is_code(key: str) -> bool:
    return bool(CODE.fullmatch(key))


def _caption(sheet: Sheet, line: str) -> str:
    for row in sheet.rows:
        for column, cell in zip(sheet.columns, row.cells, strict=True):
            if column.kind is ColumnKind.CAPTION and cell.key == line:
                return cell.text
    return ""
