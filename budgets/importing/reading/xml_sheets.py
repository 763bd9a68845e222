"""Worksheets of a workbook saved as one XML file (SpreadsheetML 2003, often named .xls) as grids."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from budgets.importing.reading.grids import Grid, GridCell, Merge
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.plain_cells import (
    A_DATE,
    A_TRUTH,
    ERROR_VALUE,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    NEVER_CALCULATED,
    put,
)

SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
PROBLEMS = {"DateTime": A_DATE, "Boolean": A_TRUTH, "Error": ERROR_VALUE}


def read_xml(name: str, content: bytes) -> Iterator[Grid]:
    """One grid for each worksheet that is not blank, hidden ones included and marked. Raises Unreadable."""
    try:
        grids = list(_Sheets(name).read(content))
    except DefusedXmlException as error:
        raise Unreadable(f"文件“{name}”含有不允许的实体定义，可能是恶意文件，已拒绝读取。") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable(
            f"文件“{name}”打不开，可能已损坏；请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"
        ) from error
    yield from (grid for grid in grids if grid.cells)


class _Sheets:
    """Follows the rows and cells of the file; an Index jumps, a merged cell spans."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.grid = Grid("")
        self.row = self.column = self.sheets = 0

    def read(self, content: bytes) -> Iterator[Grid]:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            tag = element.tag.removeprefix(SS)
            if event == "start":
                if tag == "Worksheet":
                    self.sheets += 1
                    self.grid = Grid(element.get(f"{SS}Name", ""))
                    self.row = 0
                    if self.sheets > MAX_SHEETS:
                        raise Unreadable(f"文件“{self.name}”的工作表过多，最多可读 {MAX_SHEETS} 张。")
                elif tag == "Row":
                    self.row = int(element.get(f"{SS}Index", self.row + 1))
                    self.column = 0
            elif tag == "Cell":
                self.cell(element)
                element.clear()
            elif tag == "Row":
                self.row += int(element.get(f"{SS}Span", 0))
                element.clear()
            elif tag.endswith("}Visible"):
                self.grid.hidden = element.text != "SheetVisible"
            elif tag == "Worksheet":
                yield self.grid
                element.clear()

    def cell(self, element: Any) -> None:
        self.column = int(element.get(f"{SS}Index", self.column + 1))
        data = element.find(f"{SS}Data")
        kind = "" if data is None else data.get(f"{SS}Type", "String")
        text = "" if data is None else "".join(data.itertext())
        row, column = self.row, self.column
        if data is None and element.get(f"{SS}Formula"):
            self.problem("（公式）", NEVER_CALCULATED)
        elif kind in PROBLEMS and text.strip():
            self.problem(text, PROBLEMS[kind])
        elif text.strip():
            put(self.name, self.grid, row, column, float(text) if kind == "Number" else text)
        across, down = (int(element.get(f"{SS}Merge{way}", 0)) for way in ("Across", "Down"))
        if across or down:
            merge = Merge(row, column, min(row + down, MAX_ROWS), min(column + across, MAX_COLUMNS))
            self.grid.merges += [merge] if merge.area > 1 else []
            self.column += across

    def problem(self, text: str, why: str) -> None:
        put(self.name, self.grid, self.row, self.column, "?")  # within what is read, or refused
        self.grid.put(GridCell(self.row, self.column, text, problem=why))
