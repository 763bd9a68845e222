"""The sample files, parsed once, and copies of them with one cell changed."""

import json
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from budgets.data.subject_lists import subjects_of
from budgets.importing.pipeline import take_in
from budgets.importing.reading.grids import Grid, GridCell, Source
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken

SAMPLE = Path(__file__).resolve().parent.parent / "sample"
WORKBOOK = SAMPLE / "laoting-483-2023-tables.xlsx"
WORD = SAMPLE / "laoting-483-2023-disclosure.docx"
TABLES = (
    "balance",
    "revenue",
    "expenditure",
    "fiscal_balance",
    "general_public_expenditure",
    "basic_expenditure",
    "government_fund_expenditure",
    "state_capital_expenditure",
    "three_public",
)


@cache
def expected() -> dict:
    """The sample cell by cell."""
    return json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))


@cache
def workbook() -> Source:
    """The blocks of the sample workbook; never change them."""
    return read(WORKBOOK)


@cache
def word() -> Source:
    """The blocks of the sample Word file; never change them."""
    return read(WORD)


def taken(source: Source | Path) -> Taken:
    """The sample's department and year, as a person would choose them."""
    return take_in(source, region="130225", unit="483", year=2023, subjects=subjects_of(2023))


def with_cells(source: Source, table: int, *cells: GridCell) -> Source:
    """A copy of the source with cells put into its grid number `table` (0-based)."""
    grids = source.grids
    changed = deepcopy(grids[table])
    for cell in cells:
        changed.put(cell)
    return replace(
        source, blocks=tuple(changed if block is grids[table] else block for block in source.blocks)
    )


def amount(row: int, column: int, value: str) -> GridCell:
    """A number cell, as a workbook holds it."""
    return GridCell(row, column, value, Decimal(value))


def amount_places(grid: Grid) -> list[tuple[int, int]]:
    """The places of the money cells below the 栏次 row, blank ones included, by the words of the sample's headers."""
    top = next(cell.row for cell in grid.cells.values() if cell.text == "栏次")
    last = max(
        (row for row, _ in grid.cells if row > top and not grid.text(row, 1).startswith("注")), default=0
    )
    named = {"序号", "科目编码", "科目名称", "项目"}
    shown = grid.shown()
    columns = [c for c in range(1, grid.width + 1) if shown.get((top - 1, c), "") not in named]
    return [(row, column) for row in range(top + 1, last + 1) for column in columns]
