"""The wall of the rehearsal as a workbook: a sheet of the five criteria, then one of the rules of each."""

from collections.abc import Sequence

from budgets.admin.inspection_wall import WallRow, cells, heads
from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.rendering.workbook.xlsx import tables_workbook
from budgets.rules.criteria import MEANINGS, Criterion


def inspection_book(region: str, year: int, rows: Sequence[WallRow]) -> bytes:
    """The workbook's bytes; the same wall gives the same bytes."""
    sheets = [inspection_sheet(rows, criterion, year) for criterion in (None, *Criterion)]
    return tables_workbook(sheets, f"{region}{year}年公开检查预演", region)


def inspection_sheet(rows: Sequence[WallRow], criterion: Criterion | None, year: int) -> Sheet:
    """Departments by criteria, or by the rules of one of them."""
    shown = heads(criterion)
    columns = (
        Column("code", ("编码",), ColumnKind.TEXT, 1, 8),
        Column("name", ("部门",), ColumnKind.CAPTION, 1, 24),
        *(Column(key, (words,), ColumnKind.TEXT, 1, 14) for key, words, _ in shown),
    )
    body = tuple(
        Row(
            row.department.code,
            1,
            (
                Cell(row.department.code),
                Cell(row.department.name),
                *(Cell(cell.words) for _, cell in cells(row, criterion)),
            ),
        )
        for row in rows
    )
    title = f"{year}年公开检查预演" if criterion is None else f"{criterion.label}（{MEANINGS[criterion]}）"
    key = "inspection" if criterion is None else criterion.value
    return Sheet(key, None, title, (), columns, body, (), "", wide=True)
