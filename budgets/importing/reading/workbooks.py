"""Worksheets of an .xlsx file as grids."""

import re
import string
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

from budgets.importing.reading.grids import Grid, GridCell, Merge
from budgets.importing.reading.opening import Unreadable

# What openpyxl leaves out (validation lists, odd styles) is not read here, and is no news to whoever takes in a file.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")

MAX_SHEETS = 60
MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_MERGES = 10_000
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NEVER_CALCULATED = "公式从未计算过，没有保存结果；请用 Excel 或 WPS 打开文件，保存后再试"
ERROR_VALUE = "公式出错，请在文件中改正后再试"
A_DATE = "单元格是日期格式，请改为数字"
TRUNCATED = f"超出可读范围（{MAX_ROWS} 行 × {MAX_COLUMNS} 列），请把内容移到表格中"
DOTS = f"….{string.whitespace}\u3000"
ERROR_TEXT = re.compile(r"#[A-Z/0]+[!?]?")


def read_workbook(name: str, content: bytes) -> Iterator[Grid]:
    """One grid for each worksheet that is not blank, hidden ones included and marked.

    The content must have passed `opening.kind_of`. Raises Unreadable, naming sheet and cell where there is one.
    """
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except (
        Exception
    ) as error:  # openpyxl raises whatever its parser met: all of it means the same to the user
        raise Unreadable(
            f"文件“{name}”打不开，可能已损坏；请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"
        ) from error
    if len(book.worksheets) > MAX_SHEETS:
        raise Unreadable(f"文件“{name}”有 {len(book.worksheets)} 张工作表，最多可读 {MAX_SHEETS} 张。")
    if not book.worksheets:
        raise Unreadable(f"文件“{name}”中没有工作表，可能已损坏；请用 Excel 或 WPS 打开后另存为 .xlsx 再试。")
    with zipfile.ZipFile(BytesIO(content)) as package:
        for sheet in book.worksheets:
            try:
                grid = read_sheet(name, sheet, package)
            except Unreadable:
                raise
            except Exception as error:
                raise Unreadable(f"文件“{name}”的工作表“{sheet.title}”已损坏，请重新保存后再试。") from error
            if grid.cells:
                yield grid


def read_sheet(name: str, sheet: Any, package: zipfile.ZipFile) -> Grid:
    """The grid of one worksheet. openpyxl reads values; merges and formulas without result come from the XML."""
    grid = Grid(sheet.title, hidden=sheet.sheet_state != "visible")
    # The declared dimension may be a lie of a million rows: what is read is bounded by what really holds a value.
    sheet.reset_dimensions()
    marks = Marks(name, sheet.title)
    with package.open(sheet._worksheet_path.lstrip("/")) as stream:
        marks.read(stream)
    for values in sheet.iter_rows(max_row=marks.last_row, max_col=MAX_COLUMNS) if marks.last_row else ():
        for cell in values:
            if cell.value is not None and (made := as_cell(cell.row, cell.column, cell.value)):
                grid.put(made)
    for row, column in marks.uncalculated:
        grid.put(GridCell(row, column, "（公式）", problem=NEVER_CALCULATED))
    grid.merges = marks.merges
    return grid


class Marks:
    """What openpyxl's read-only mode leaves out of a worksheet: merged ranges, and formulas without a result."""

    def __init__(self, name: str, title: str) -> None:
        self.where = f"文件“{name}”的工作表“{title}”"
        self.merges: list[Merge] = []
        self.merged = 0
        self.uncalculated: list[tuple[int, int]] = []
        self.last_row = 0

    def read(self, stream: Any) -> None:
        row = column = 0
        data = None
        for event, element in iterparse(stream, events=("start", "end")):
            if event == "start":
                if element.tag == f"{SHEET}row":
                    row, column = int(element.get("r", row + 1)), 0
                elif element.tag == f"{SHEET}sheetData":
                    data = element
                continue
            if element.tag == f"{SHEET}c":
                if reference := element.get("r"):
                    letters, row = coordinate_from_string(reference)
                    column = column_index_from_string(letters)
                else:
                    column += 1
                self.see(row, column, element)
                element.clear()
            elif element.tag == f"{SHEET}row" and data is not None:
                data.clear()  # a million empty rows must not pile up
            elif element.tag == f"{SHEET}mergeCell":
                left, top, right, bottom = range_boundaries(element.get("ref", ""))
                merge = Merge(top, left, min(bottom, MAX_ROWS), min(right, MAX_COLUMNS))
                self.merges.append(merge)
                self.merged += merge.area
                # Ranges that do not overlap cannot cover more than the sheet; those of a hostile file do.
                if len(self.merges) > MAX_MERGES or self.merged > MAX_ROWS * MAX_COLUMNS:
                    raise Unreadable(f"{self.where}有过多的合并单元格，请取消合并后再试。")

    def see(self, row: int, column: int, element: Any) -> None:
        """Note the cell when it holds something; refuse it when it lies beyond what is read."""
        formula = element.find(f"{SHEET}f")
        value = element.find(f"{SHEET}v")
        filled = (value is not None and bool(value.text)) or element.find(f"{SHEET}is") is not None
        if not filled and formula is None:
            return
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise Unreadable(f"{self.where}单元格 {element.get('r')} {TRUNCATED}。")
        self.last_row = max(self.last_row, row)
        # A formula that gave an empty text has t="str"; one that was never calculated has no type and no value.
        if formula is not None and not filled and element.get("t") != "str":
            self.uncalculated.append((row, column))


def as_cell(row: int, column: int, value: object) -> GridCell | None:
    """A grid cell of an openpyxl value; None for text of blanks or dots only (…), which stands for rows to come."""
    if isinstance(value, bool):
        return GridCell(row, column, str(value).upper(), problem="单元格是逻辑值，请改为数字或文字")
    if isinstance(value, int | float):
        # Fifteen digits are all that a spreadsheet keeps: 801.6800000000001 is what it shows as 801.68.
        number = Decimal(f"{value:.15g}")
        return GridCell(row, column, f"{number.normalize():f}", number)
    if isinstance(value, datetime | date | time):
        shown = value.date() if isinstance(value, datetime) and value.time() == time() else value
        return GridCell(row, column, shown.isoformat(), problem=A_DATE)
    text = str(value)
    if not text.strip(DOTS):
        return None
    return GridCell(row, column, text, problem=ERROR_VALUE if ERROR_TEXT.fullmatch(text.strip()) else "")
