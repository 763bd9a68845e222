"""What the page about one cell says: its name, a citation, and the sums that it takes part in, each part a link."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.addresses import Addressed, Found
from budgets.domain.cell_sums import CellSums, Sum
from budgets.domain.documents import ColumnKind, Document
from budgets.domain.identities import Kind
from budgets.domain.money import percentage, separated
from budgets.domain.places import CellRef

BLANK = "空白"
WHY = {
    Kind.COLUMNS: "各栏相加",
    Kind.LINES: "各行相加",
    Kind.CHILDREN: "下级科目相加",
    Kind.SAME: "分科目相加",
    Kind.CHANGE: "上年数加增减额",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """A cell by its name, its number as printed and its address; a row that is not printed has no address."""

    label: str
    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Adding:
    """A sum as it is read: why, its parts, how many more are blank, and what it falls short of the whole."""

    why: str
    whole: Linked
    parts: tuple[Linked, ...]
    blank: int
    gap: str


@dataclass(frozen=True, slots=True)
class Going:
    """A whole that the cell goes into: beside how many others with what amount, and its share in percent."""

    whole: Linked
    others: int
    rest: str
    share: Decimal | None
    gap: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two sides that must be the same."""

    why: str
    left: tuple[Linked, ...]
    right: tuple[Linked, ...]


def row_words(found: Found) -> str:
    """The row as people call it: 2010301 行政运行, 第2行 where nothing names it."""
    sheet, row = found.sheet, found.sheet.rows[found.row]
    caption = sheet.columns[found.column].caption
    codes = [
        cell.key or cell.text
        for cell, column in zip(row.cells, sheet.columns, strict=True)
        if column.kind is ColumnKind.CODE and cell.key.isdecimal()
    ]
    name = row.cells[caption].text if sheet.columns[caption].kind is ColumnKind.CAPTION else ""
    name = name or next((c.text for c in row.cells[:caption] if c.text and not c.text.isdecimal()), "")
    only = "" if len(sheet.rows) == 1 and not name else name or f"第{found.row + 1}行"
    return " ".join([*codes[:1], only]).strip()


def column_words(found: Found) -> str:
    """The column by its heads: 基本支出·人员经费."""
    return "·".join(found.sheet.columns[found.column].path)


def table_words(found: Found) -> str:
    """The table with its number: 表3 部门预算支出总表."""
    return f"{f'表{found.sheet.number} ' if found.sheet.number else ''}{found.sheet.title}"


def text_of(found: Found) -> str:
    """What the cell prints, a number with separators; 空白 for nothing."""
    cell = found.sheet.rows[found.row].cells[found.column]
    return (cell.text if cell.amount is None else separated(cell.text)) or BLANK


class Words:
    """Says what sums a cell of one document takes part in."""

    def __init__(self, document: Document, cells: Addressed, own: Found) -> None:
        self.document, self.cells, self.own = document, cells, own

    def linked(self, cell: CellRef) -> Linked:
        """Another cell, named by what it has not in common with the own one."""
        address = self.cells.of(cell)
        found = self.cells.find(address)
        if found is None:
            return Linked(cell.row, BLANK)
        if found.sheet is not self.own.sheet:
            label = f"{table_words(found)} {row_words(found)} {column_words(found)}"
        elif found.row == self.own.row:
            label = column_words(found)
        elif found.column == self.own.column:
            label = row_words(found)
        else:
            label = f"{row_words(found)} {column_words(found)}"
        return Linked(label, text_of(found), address)

    def all_linked(self, cells: Iterable[CellRef]) -> tuple[Linked, ...]:
        return tuple(map(self.linked, cells))

    def made_of(self, sums: CellSums) -> list[Adding]:
        """The sums that the cell is."""
        return [
            Adding(
                WHY[one.kind], self.linked(one.whole), self.all_linked(one.parts), one.blank, _gap(one.gap)
            )
            for one in sums.made_of
        ]

    def part_of(self, sums: CellSums) -> list[Going]:
        """The sums that the cell goes into."""
        return [self._going(one) for one in sums.part_of]

    def meets(self, sums: CellSums) -> list[Meeting]:
        """The equalities that it takes part in."""
        return [
            Meeting(one.label, self.all_linked(one.left), self.all_linked(one.right)) for one in sums.meets
        ]

    def _going(self, one: Sum) -> Going:
        amount = self.own.sheet.rows[self.own.row].cells[self.own.column].amount
        whole = (amount or Decimal(0)) + one.rest + one.gap
        share = percentage(amount, whole) if amount and whole > 0 and 0 <= amount <= whole else None
        return Going(self.linked(one.whole), one.others, f"{one.rest:,.2f}", share, _gap(one.gap))


def _gap(gap: Decimal) -> str:
    return f"{gap:,.2f}" if gap else ""
