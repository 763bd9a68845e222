"""One table on a worksheet: title, lines above, merged head, body as printed, notes, and how it is set on paper."""

import math
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from budgets.domain.documents import Cell, Column, ColumnKind, Sheet, header_grid
from budgets.rendering.cell_numbers import number_format, number_in
from budgets.rendering.excerpts import group_spans, is_group

THIN = Side(style="thin", color="808080")
RULED = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
TITLE = Font(name="黑体", size=16)
HEAD = Font(name="宋体", size=10, bold=True)
BODY = Font(name="宋体", size=10)
HINT = Font(name="宋体", size=9, color="595959")
TOTAL = Font(name="宋体", size=10, bold=True)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="center", indent=1)
MIDDLE = Alignment(horizontal="center", vertical="center")
WRAPPED = Alignment(vertical="center", wrap_text=True)
LINE_HEIGHT, ROW_HEIGHT, TITLE_HEIGHT = 14, 18, 32
MOST_ROWS = 60  # of a table that is set on one page
EXACT_DIGITS = 14  # that every program shows; a longer number stays text, digit for digit


def legal(text: str) -> str:
    """The text without control characters, which no workbook can hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where the parts of a drawn table stand: rows, 1-based."""

    preface: range
    head: int
    body: int


def draw(target: Worksheet, sheet: Sheet, owner: str, *, hint: str = "", joined: int | None = None) -> Drawn:
    """Draw the table from the first row on; `hint` is a line below its title, `owner` stands at the foot of the page.

    `joined` says in how many rows a cell may reach down over others; in all unless given.
    """
    width = len(sheet.columns)
    row = _across(target, 1, 1, width, sheet.title, TITLE, CENTRED)
    target.row_dimensions[1].height = TITLE_HEIGHT
    if hint:
        row = _across(target, row, 1, width, hint, HINT, CENTRED)
        _high(target, row - 1, [(hint, room(sheet, 0, width))])
    row = _meta(target, sheet, row)
    preface = row
    for label, lines in sheet.preface:
        for n, text in enumerate(lines):
            put_text(target, row, 1, label if n == 0 else "", HEAD)
            row = _prose(target, sheet, row, 2, text)
    head = row
    body = row = _head(target, sheet, row)
    target.freeze_panes = f"A{row}"
    looks: dict[tuple[object, ...], Any] = {}
    for line in sheet.rows:
        for position, (cell, column) in enumerate(zip(line.cells, sheet.columns, strict=True), 1):
            _body(target, row, position, cell, column, line.level, line.total, looks)
        _high(target, row, [(cell.text, room(sheet, c)) for c, cell in enumerate(line.cells)])
        row += 1
    _join_groups(target, sheet, body, len(sheet.rows) if joined is None else joined)
    for note in sheet.notes:
        row = _prose(target, sheet, row, 1, note)
    _page(target, sheet, owner, head, head + len(header_grid(sheet.columns)) - 1)
    return Drawn(range(preface, head), head, body)


def put_text(target: Worksheet, row: int, column: int, text: str, font: Font = BODY) -> Any:
    """Put text into a cell, never a formula; nothing for a blank."""
    cell = target.cell(row, column)
    cell.font = font
    _say(cell, text)
    return cell


def _say(cell: Any, text: str) -> None:
    if text:
        cell.value = legal(text)
        cell.data_type = "s"
        # Excel then shows the text as it is when the cell is edited, too.
        cell.quotePrefix = text[0] in "=+-@"


def _across(target: Worksheet, row: int, left: int, right: int, text: str, font: Font, how: Alignment) -> int:
    """Put text over merged columns; the number of the next row comes back."""
    put_text(target, row, left, text, font).alignment = how
    _merge(target, row, left, 1, right - left + 1)
    return row + 1


def _merge(target: Worksheet, row: int, column: int, rows: int, columns: int) -> None:
    """Let a cell reach over so many rows and columns; one alone is no range, and Excel repairs a file that says so."""
    if rows > 1 or columns > 1:
        target.merge_cells(
            start_row=row, end_row=row + rows - 1, start_column=column, end_column=column + columns - 1
        )


def room(sheet: Sheet, column: int, end: int = 0) -> float:
    """How many full-width characters a line holds in a column, or in the columns up to `end`."""
    return sum(wide(c) / 2 - 0.5 for c in sheet.columns[column : end or column + 1])


def wide(column: Column) -> float:
    """A column's width in half-width characters."""
    return column.width * 1.6 + 2.5 if column.kind == ColumnKind.AMOUNT else column.width * 2 + 2.0


def length(text: str) -> float:
    """A text's length in full-width characters."""
    return sum(1 if ord(character) > 0x2000 else 0.5 for character in text)


def _high(target: Worksheet, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as its longest text needs: merged cells, and other programs, do not see to it."""
    lines = max((math.ceil(length(text) / space) for text, space in texts), default=1)
    target.row_dimensions[row].height = max(ROW_HEIGHT, LINE_HEIGHT * lines + 4)


def _prose(target: Worksheet, sheet: Sheet, row: int, left: int, text: str) -> int:
    """Wrapped text over merged columns, as high as it needs: merged cells do not grow by themselves."""
    _high(target, row, [(text, room(sheet, left - 1, len(sheet.columns)))])
    return _across(target, row, left, len(sheet.columns), text, BODY, WRAPPED)


def _meta(target: Worksheet, sheet: Sheet, row: int) -> int:
    """The lines above the table, spread over its width: first left, last right."""
    if not sheet.meta:
        return row
    last = max(len(sheet.meta), len(sheet.columns))
    for n, text in enumerate(sheet.meta):
        at = 1 + round(n * (last - 1) / max(len(sheet.meta) - 1, 1))
        side = "left" if n == 0 else "right" if n == len(sheet.meta) - 1 else "center"
        put_text(target, row, at, text).alignment = Alignment(horizontal=side, vertical="center")
    return row + 1


def _head(target: Worksheet, sheet: Sheet, row: int) -> int:
    grid = header_grid(sheet.columns)
    for line in grid:
        for head in line:
            put_text(target, row + head.row, head.column + 1, head.text, HEAD)
            _merge(target, row + head.row, head.column + 1, head.rowspan, head.colspan)
        ends = [head for above in grid for head in above if head.row + head.rowspan - 1 == line[0].row]
        needed = [
            (head.text, room(sheet, head.column, head.column + head.colspan) * head.rowspan) for head in ends
        ]
        _high(target, row + line[0].row, needed)
    rows = list(range(row, row + len(grid)))
    if sheet.numbered:
        rows.append(rows[-1] + 1)
        for position in range(len(sheet.columns)):
            cell = put_text(target, rows[-1], position + 1, "栏次" if position == 0 else "", BODY)
            if position:
                cell.value = position
    looks: dict[int, Any] = {}  # by font
    for at in rows:
        for position in range(1, len(sheet.columns) + 1):
            out: Any = target.cell(at, position)  # its look has no public name
            if look := looks.get(font := out._style.fontId):
                out._style = copy(look)
            else:
                out.border, out.alignment = RULED, CENTRED
                looks[font] = copy(out._style)
    return rows[-1] + 1


def _body(
    target: Worksheet,
    row: int,
    position: int,
    cell: Cell,
    column: Column,
    level: int,
    total: bool,
    looks: dict[tuple[object, ...], Any],
) -> None:
    """One cell: a number that looks as printed where the column holds numbers, text elsewhere, blank where blank.

    `looks` holds how each kind of cell of this sheet looks: openpyxl takes long to find a font or a border again.
    """
    out: Any = target.cell(row, position)  # its look has no public name
    indent = max(level - 1, 0) if column.kind == ColumnKind.CAPTION else 0
    look = looks.get((column.kind, indent, total))
    if look is None:
        out.font = TOTAL if total else BODY
        out.border = RULED
        if column.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER):
            out.alignment = RIGHT
        elif column.kind == ColumnKind.SERIAL:
            out.alignment = MIDDLE
        else:
            out.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=indent)
        looks[column.kind, indent, total] = copy(out._style)
    else:
        out._style = copy(look)
    number = number_in(column, cell)
    if number is not None and len(number.normalize().as_tuple().digits) <= EXACT_DIGITS:
        out.value = number
        out.number_format = number_format(number, cell.text)
    else:
        _say(out, cell.text)


def _join_groups(target: Worksheet, sheet: Sheet, body: int, rows: int) -> None:
    """Let a cell that names several rows (一级指标) reach down over them."""
    for column in (c for c in range(len(sheet.columns)) if is_group(sheet, c)):
        for first, span in group_spans(sheet, range(rows), column).items():
            _merge(target, body + first, column + 1, span, 1)


def _page(target: Worksheet, sheet: Sheet, owner: str, first_head: int, last_head: int) -> None:
    """Column widths and print setup: one page wide, heads repeated, wide tables landscape."""
    for position, column in enumerate(sheet.columns, 1):
        target.column_dimensions[get_column_letter(position)].width = wide(column)
    target.print_title_rows = f"{first_head}:{last_head + (1 if sheet.numbered else 0)}"
    setup = target.page_setup
    setup.orientation = "landscape" if sheet.wide else "portrait"
    setup.paperSize = target.PAPERSIZE_A4
    setup.fitToWidth, setup.fitToHeight = 1, 1 if len(sheet.rows) <= MOST_ROWS else 0
    target.page_setup.fitToPage = True
    target.print_options.horizontalCentered = True
    foot = target.oddFooter
    assert foot is not None  # openpyxl gives every sheet one
    foot.center.text = "第 &P 页 共 &N 页"
    foot.left.text = legal(owner).replace("&", "&&")
