"""Cells of worksheets as grid cells, whatever format they were saved in."""

import re
import string
from datetime import date, datetime, time
from decimal import Decimal

from budgets.importing.reading.grids import Grid, GridCell
from budgets.importing.reading.opening import Unreadable

MAX_SHEETS = 500  # each project has a sheet for its goals
MAX_ROWS = 5000
MAX_COLUMNS = 60
NEVER_CALCULATED = "公式从未计算过，没有保存结果；请用 Excel 或 WPS 打开文件，保存后再试"
ERROR_VALUE = "公式出错，请在文件中改正后再试"
A_DATE = "单元格是日期格式，请改为数字"
A_TRUTH = "单元格是逻辑值，请改为数字或文字"
TRUNCATED = f"超出可读范围（{MAX_ROWS} 行 × {MAX_COLUMNS} 列），请把内容移到表格中"
DOTS = f"….{string.whitespace}\u3000"
ERROR_TEXT = re.compile(r"#[A-Z/0]+[!?]?")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def as_cell(row: int, column: int, value: object) -> GridCell | None:
    """A grid cell of a value; None for text of blanks or dots only (…), which stands for rows to come."""
    if isinstance(value, bool):
        return GridCell(row, column, str(value).upper(), problem=A_TRUTH)
    if isinstance(value, int | float):
        # Fifteen digits are all that a spreadsheet keeps: 801.6800000000001 is what it shows as 801.68.
        number = Decimal(f"{value:.15g}")
        return GridCell(row, column, f"{number.normalize():f}", number)
    if isinstance(value, datetime | date | time):
        shown = value.date() if isinstance(value, datetime) and value.time() == time() else value
        return GridCell(row, column, shown.isoformat(), problem=A_DATE)
    text = plain(str(value))
    if not text.strip(DOTS):
        return None
    return GridCell(row, column, text, problem=ERROR_VALUE if ERROR_TEXT.fullmatch(text.strip()) else "")


def plain(text: str) -> str:
    """The text without the escapes that some programs leave in it: _x000D_ is a line end."""
    unescaped = ESCAPED.sub(
        lambda m: chr(int(m[1], 16)) if m[1].upper() in ("000D", "000A", "0009") else m[0], text
    )
    return unescaped.replace("\r\n", "\n").replace("\r", "\n")


def put(name: str, grid: Grid, row: int, column: int, value: object) -> None:
    """Put a value into a grid. Raises Unreadable for one beyond what is read."""
    if (cell := as_cell(row, column, value)) is None:
        return
    if row > MAX_ROWS or column > MAX_COLUMNS:
        raise Unreadable(f"文件“{name}”的工作表“{grid.name}”单元格 {cell.address} {TRUNCATED}。")
    grid.put(cell)
