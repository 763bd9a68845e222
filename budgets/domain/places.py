"""Cells in words: 表2 部门预算收入总表“合计”行“财政拨款收入”列."""

from decimal import Decimal

from budgets.domain.documents import Column, ColumnKind, Document, Row, Sheet
from budgets.domain.findings import CellRef
from budgets.domain.money import in_unit


def place(document: Document, cell: CellRef) -> str:
    """A cell as people call it; a row that is not printed is named by its code."""
    sheet = next(sheet for sheet in document.sheets() if sheet.key == cell.table)
    head = f"表{sheet.number} " if sheet.number else ""
    column = next((c for c in sheet.columns if c.key == cell.column), None)
    path = "·".join(column.path) if column else cell.column
    row = next((r for r in sheet.rows if column and r.named(column) == cell.row), None)
    name = _row_name(sheet, column, row, cell) if column else cell.row
    return f"{head}{sheet.title}{name and f'“{name}”行'}“{path}”列"


def _row_name(sheet: Sheet, column: Column, row: Row | None, cell: CellRef) -> str:
    """The caption of a row, or 合计 from among its codes; 第12行 for one without any, nothing in a table of one row."""
    if row is None:
        return cell.row
    naming = [c for c, word in enumerate(sheet.columns) if word.kind in (ColumnKind.CAPTION, ColumnKind.CODE)]
    texts = [row.cells[c].text for c in (column.caption, *naming) if c in naming]
    if not naming and len(sheet.rows) == 1:
        return ""
    return next(filter(None, texts), f"第{cell.row.rpartition('.')[2]}行")


def money(yuan: Decimal, unit: str) -> str:
    """An amount in words of the set's unit: 188.94万元, 1,889,400.00元."""
    return f"{in_unit(yuan, unit):{',' if unit == '元' else ''}.2f}{unit}"
