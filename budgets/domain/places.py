"""Cells in words: 表2 部门预算收入总表“合计”行“财政拨款收入”列."""

from decimal import Decimal

from .documents import Document
from .findings import CellRef
from .money import in_unit


def place(document: Document, cell: CellRef) -> str:
    """A cell as people call it; a row that is not printed is named by its code."""
    sheet = next(sheet for sheet in document.sheets() if sheet.key == cell.table)
    head = f"表{sheet.number} " if sheet.number else ""
    column = next((c for c in sheet.columns if c.key == cell.column), None)
    row = cell.row
    if column is not None:
        texts = [r.cells[column.caption].text for r in sheet.rows if r.named(column) == cell.row]
        row = texts[0] if texts and texts[0] else f"第{_serial(document, cell)}行"
    path = "·".join(column.path) if column else cell.column
    return f"{head}{sheet.title}“{row}”行“{path}”列"


def _serial(document: Document, cell: CellRef) -> str:
    """The 序号 of a row without a caption (`left.12`), or the code itself."""
    return cell.row.rpartition(".")[2]


def money(yuan: Decimal, unit: str) -> str:
    """An amount in words of the set's unit: 188.94万元, 1,889,400.00元."""
    return f"{in_unit(yuan, unit):{',' if unit == '元' else ''}.2f}{unit}"
