"""Tables of a Word file as grids: merged cells, parts on following pages joined again, repeated headers once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from budgets.importing.reading.grids import Grid, GridCell, Merge
from budgets.importing.reading.opening import Unreadable

MAX_ROWS = 5000
MAX_COLUMNS = 64
# Text that is not in the document any more, and the old-format copy of a text box.
GONE = {
    qn("w:moveFrom"),
    qn("w:del"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
TOP = 8  # rows in which a header ends
LEAD = 3  # rows above a header: title and lines
WIDTHS_DIFFER = 0.1  # of a column's width, at most, between the parts of one table
FIGURE = re.compile(r"\d[.．]\d")

type CellText = Callable[[Any], str]


@dataclass(slots=True)
class Cell:
    """One cell of a row: its grid columns, its part in a vertical merge ("restart", "continue" or blank), its text."""

    left: int
    right: int
    vertical: str
    text: str


@dataclass(slots=True)
class Table:
    """The rows of one table, and the widths of its grid columns where the file says them."""

    rows: list[list[Cell]] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max((cell.right for row in self.rows for cell in row), default=0)

    def wording(self) -> list[tuple[tuple[int, str], ...]]:
        """What each row says and where; nothing for a blank row."""
        return [
            tuple((cell.left, "".join(cell.text.split())) for cell in row if cell.text.strip())
            for row in self.rows
        ]

    def titles(self) -> list[str]:
        """What stands alone in one of the first rows, as a title does."""
        rows = ([cell.text.strip() for cell in row if cell.text.strip()] for row in self.rows[:LEAD])
        return [row[0] for row in rows if len(row) == 1]


def read_table(name: str, number: int, table: Any, text_of: CellText) -> Table:
    """The rows of a w:tbl. Raises Unreadable when there are more than a table has."""
    columns = table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")
    widths = [str(column.get(qn("w:w"), "")) for column in columns]
    found = Table(widths=[int(width) for width in widths if width.isdecimal()])
    for element in rows_of(table):
        if len(found.rows) >= MAX_ROWS:
            raise Unreadable(f"文件“{name}”的第 {number} 张表超过 {MAX_ROWS} 行。")
        row: list[Cell] = []
        before = element.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
        column = 1 + (int(before.get(qn("w:val"), 0)) if before is not None else 0)
        for cell in inner(element, qn("w:tc")):
            width, vertical, continues = extent(cell)
            text = text_of(cell)
            if continues and row:  # w:hMerge, as older programs write it: the cell belongs to the one before
                row[-1].right += width
                row[-1].text = "\n".join(part for part in (row[-1].text, text) if part)
            else:
                row.append(Cell(column, column + width - 1, vertical, text))
            column += width
            if column - 1 > MAX_COLUMNS:
                raise Unreadable(f"文件“{name}”的第 {number} 张表超过 {MAX_COLUMNS} 列。")
        found.rows.append(row)
    return found


def rows_of(table: Any) -> Iterator[Any]:
    """The rows of a table, without those that were deleted."""
    for row in inner(table, qn("w:tr")):
        if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
            yield row


def inner(element: Any, tag: str) -> Iterator[Any]:
    """The elements of a kind, those inside content controls included, none that stand in another of them."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in GONE and child.tag not in {qn("w:tbl"), qn("w:tc"), qn("w:p")}:
            yield from inner(child, tag)


def extent(cell: Any) -> tuple[int, str, bool]:
    """How many grid columns a cell spans, its part in a vertical merge, and whether it continues the cell before."""
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        return 1, "", False
    span = properties.find(qn("w:gridSpan"))
    width = int(span.get(qn("w:val"), 1)) if span is not None else 1
    vertical, across = (
        "" if merge is None else str(merge.get(qn("w:val"), "continue"))
        for merge in (properties.find(qn("w:vMerge")), properties.find(qn("w:hMerge")))
    )
    return max(width, 1), vertical, across == "continue"


def as_grid(table: Table) -> Grid:
    """The grid of a table; its cells are addressed by grid column and row, as in a worksheet.

    A header that stands once more between the rows of the body is left out.
    """
    grid = Grid("")
    open_merges: dict[int, Merge] = {}  # by left column: ranges that the row below may continue
    again = set(repeated(table.wording()))
    for number, row in enumerate(table.rows, 1):
        if number - 1 in again:
            continue
        going: dict[int, Merge] = {}
        for cell in row:
            above = open_merges.get(cell.left)
            if cell.vertical == "continue" and above and above.right == cell.right:
                going[cell.left] = Merge(above.top, cell.left, number, cell.right)
            elif cell.vertical or cell.right > cell.left:
                merge = Merge(number, cell.left, number, cell.right)
                if cell.vertical:
                    going[cell.left] = merge
                else:
                    grid.merges.append(merge)
            # A continued cell shows nothing, but text that stands in it all the same must not be lost.
            if cell.text:
                grid.put(GridCell(number, cell.left, cell.text))
        grid.merges += [m for left, m in open_merges.items() if left not in going or going[left].top != m.top]
        open_merges = going
    grid.merges += open_merges.values()
    return grid


def goes_on(table: Table, part: Table) -> bool:
    """True when a table right below another is its next part: the same header again, or the same columns without any."""
    if table.width != part.width:
        return False
    top, below = table.wording()[:TOP], part.wording()
    if _run(top, below, 0):
        return True
    first = next((row for row in below if row), ())
    begins = {row[0][1] for row in top if row and not row[0][1].isdigit()}
    if (
        len(first) < 2 or first[0][1] in begins
    ):  # a title of its own, or the same caption with something else beside it
        return False
    pairs = list(zip(table.widths, part.widths, strict=False))
    same_count = len(table.widths) == len(part.widths) > 0
    return same_count and all(abs(a - b) <= WIDTHS_DIFFER * max(a, b) for a, b in pairs)


def repeated(rows: list[tuple[tuple[int, str], ...]]) -> Iterator[int]:
    """The rows below the top that say a table's header once more."""
    at = 1
    while at < len(rows):
        # A title not far above it begins another table; a serial number is no title.
        near = [row for row in rows[max(at - LEAD, 1) : at] if row]
        titled = any(len(row) == 1 and not row[0][1].isdigit() for row in near)
        length = 0 if titled else _run(rows[: min(TOP, at)], rows, at)
        yield from range(at, at + length)
        at += max(length, 1)


def _run(top: list[tuple[tuple[int, str], ...]], rows: list[tuple[tuple[int, str], ...]], at: int) -> int:
    """How many rows from `at` on repeat rows of a header that begins near the top; 0 for none.

    Rows with figures are no header; one row alone must name three columns and hold no digit.
    """
    best = 0
    for start in range(min(LEAD + 1, len(top))):
        length = 0
        while (
            start + length < min(TOP, len(top))
            and at + length < len(rows)
            and rows[at + length] == top[start + length]
            and not any(FIGURE.search(text) for _, text in rows[at + length])
        ):
            length += 1
        said = rows[at : at + length]
        header = any(len(row) >= 3 and not any(map(str.isdigit, "".join(t for _, t in row))) for row in said)
        if header:
            best = max(best, length)
    return best


def joined(parts: list[Table]) -> Table:
    """One table of its parts on following pages."""
    rows = [row for part in parts for row in part.rows]
    return Table(rows, parts[0].widths)
