"""Worksheets of an .xlsx file as grids."""

import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.worksheet.cell_range import CellRange

from budgets.domain.year_beside import MARK
from budgets.importing.reading.grids import Grid, GridCell, Merge, column_letter
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.plain_cells import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    NEVER_CALCULATED,
    TRUNCATED,
    put,
)
from budgets.importing.reading.plain_styles import with_plain_styles

# What openpyxl leaves out (validation lists, odd styles) is not read here, and is no news to whoever takes in a file.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")

HOW: dict[str, Any] = {"read_only": True, "data_only": True, "keep_links": False}
MAX_MERGES = 10_000
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_workbook(name: str, content: bytes) -> Iterator[Grid]:
    """One grid for each worksheet that is not blank, hidden ones included and marked.

    The content must have passed `opening.kind_of`. Raises Unreadable, naming sheet and cell where there is one.
    """
    book, content = _opened(name, content)
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


def _opened(name: str, content: bytes) -> tuple[Any, bytes]:
    """The opened workbook and its bytes; where its styles are what cannot be read, without them. Raises Unreadable."""
    refusal = f"文件“{name}”打不开，可能已损坏；请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"
    # openpyxl raises whatever its parser met: all of it means the same to the user
    try:
        book = load_workbook(BytesIO(content), **HOW)
        if book.properties.keywords == MARK:
            raise Unreadable(
                f"文件“{name}”是{MARK}，只供查看，每栏都有两年的数。请用任务清单上“下载成 Excel 填”的表填好再导入。"
            )
        return book, content
    except Unreadable:
        raise
    except Exception:
        try:
            plain = with_plain_styles(content)
            return load_workbook(BytesIO(plain), **HOW), plain
        except Exception as error:
            raise Unreadable(refusal) from error


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
            if cell.value is not None:
                put(name, grid, cell.row, cell.column, cell.value)
    for row, column in marks.uncalculated:
        grid.put(GridCell(row, column, "（公式）", problem=NEVER_CALCULATED))
    grid.merges, grid.formulas = marks.merges, marks.formulas
    return grid


class Marks:
    """What openpyxl's read-only mode leaves out of a worksheet: merged ranges, and formulas without a result."""

    def __init__(self, name: str, title: str) -> None:
        self.where = f"文件“{name}”的工作表“{title}”"
        self.merges: list[Merge] = []
        self.merged = 0
        self.uncalculated: list[tuple[int, int]] = []
        self.formulas: set[tuple[int, int]] = set()
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
                left, top, right, bottom = CellRange(element.get("ref", "")).bounds
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
            raise Unreadable(f"{self.where}单元格 {column_letter(column)}{row} {TRUNCATED}。")
        self.last_row = max(self.last_row, row)
        if formula is not None:
            self.formulas.add((row, column))
        # A formula that gave an empty text has t="str"; one that was never calculated has no type and no value.
        if formula is not None and not filled and element.get("t") != "str":
            self.uncalculated.append((row, column))
