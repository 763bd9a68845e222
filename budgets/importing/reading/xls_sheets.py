"""Worksheets of an .xls file (Excel 97–2003, and .et of WPS) as grids."""

import io
from collections.abc import Iterator
from typing import Any

import xlrd

from budgets.importing.reading.grids import Grid, GridCell, Merge
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.plain_cells import A_DATE, A_TRUTH, ERROR_VALUE, MAX_SHEETS, put

DAMAGED = "打不开，可能已损坏；请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"
SKIPPED = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


def read_xls(name: str, content: bytes) -> Iterator[Grid]:
    """One grid for each worksheet that is not blank, hidden ones included and marked. Raises Unreadable.

    The format keeps the last result of every formula, so that none is without.
    """
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
        sheets = book.sheets()
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # xlrd raises whatever it met: all of it means the same to the user
        if "encrypted" in str(error):
            raise Unreadable(f"文件“{name}”设有打开密码，请去掉密码后再试。") from error
        raise Unreadable(f"文件“{name}”{DAMAGED}") from error
    if len(sheets) > MAX_SHEETS:
        raise Unreadable(f"文件“{name}”有 {len(sheets)} 张工作表，最多可读 {MAX_SHEETS} 张。")
    for sheet in sheets:
        grid = _grid(name, book, sheet)
        if grid.cells:
            yield grid


def _grid(name: str, book: Any, sheet: Any) -> Grid:
    grid = Grid(sheet.name, hidden=bool(sheet.visibility))
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            if cell.ctype not in SKIPPED:
                _put(name, book, grid, row + 1, column + 1, cell)
    # Ranges end one behind their last row and column.
    grid.merges = [Merge(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    return grid


def _put(name: str, book: Any, grid: Grid, row: int, column: int, cell: Any) -> None:
    problem = ""
    value = cell.value
    if cell.ctype == xlrd.XL_CELL_ERROR:
        value, problem = xlrd.error_text_from_code.get(value, "#ERROR"), ERROR_VALUE
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        value, problem = str(bool(value)).upper(), A_TRUTH
    elif cell.ctype == xlrd.XL_CELL_DATE:
        try:
            value = xlrd.xldate_as_datetime(value, book.datemode).date().isoformat()
        except (ValueError, OverflowError):
            value = str(value)
        problem = A_DATE
    put(name, grid, row, column, value)
    if problem and (row, column) in grid.cells:
        grid.put(GridCell(row, column, value, problem=problem))
