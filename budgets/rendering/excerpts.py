"""Parts of a sheet: the rows that say something, the rows that one cell names, the two lists of a balance table."""

from collections.abc import Sequence

from budgets.domain.documents import ColumnKind, Row, Sheet

RIGHT = frozenset({ColumnKind.AMOUNT, ColumnKind.NUMBER})
NAMING = frozenset({ColumnKind.SERIAL, ColumnKind.CODE, ColumnKind.CAPTION, ColumnKind.GROUP})


def is_idle(sheet: Sheet, row: int, caption: int) -> bool:
    """True for a caption that has amount columns of its own but no amount in this row: it prints greyed."""
    own = [
        sheet.rows[row].cells[index]
        for index, column in enumerate(sheet.columns)
        if column.kind in RIGHT and column.caption == caption
    ]
    return bool(own) and not any(cell.amount or cell.text for cell in own)


def is_empty(sheet: Sheet, row: Row) -> bool:
    """True when the row says nothing beyond its own name: no number, and no text where the table holds text."""
    rest = [cell for cell, column in zip(row.cells, sheet.columns, strict=True) if column.kind not in NAMING]
    return bool(rest) and not any(cell.amount or (cell.text and cell.amount is None) for cell in rest)


def filled_rows(sheet: Sheet) -> list[int]:
    """The rows that are not empty, in order."""
    return [index for index, row in enumerate(sheet.rows) if not is_empty(sheet, row)]


def halves(sheet: Sheet) -> list[tuple[str, list[int]]]:
    """The lists that stand side by side in a balance table, as (name, column indexes); [] for any other table.

    The name is the header that the list's columns share: 收入, 支出.
    """
    captions = [i for i, column in enumerate(sheet.columns) if column.kind == ColumnKind.CAPTION]
    if len(captions) < 2:
        return []
    lists = []
    for caption in captions:
        indexes = [
            i
            for i, column in enumerate(sheet.columns)
            if i == caption or (column.caption == caption and column.kind in RIGHT)
        ]
        lists.append((sheet.columns[caption].path[0], indexes))
    return lists


def half_rows(sheet: Sheet, caption: int, rows: Sequence[int], *, nonempty: bool) -> list[int]:
    """The rows in which that list names something (and, when `nonempty`, has a number for it)."""
    return [
        row
        for row in rows
        if sheet.rows[row].cells[caption].text and not (nonempty and is_idle(sheet, row, caption))
    ]


def is_group(sheet: Sheet, column: int) -> bool:
    """True for a column whose cells name several rows."""
    return sheet.columns[column].kind == ColumnKind.GROUP


def group_spans(sheet: Sheet, rows: Sequence[int], column: int) -> dict[int, int]:
    """How many rows each group cell reaches down; 0 for a cell that is covered by the one above."""
    outer = [left for left in range(column) if is_group(sheet, left)]
    spans: dict[int, int] = {}
    start: int | None = None
    for row in rows:
        cells = sheet.rows[row].cells
        if start is None or cells[column].text or any(cells[left].text for left in outer):
            start = row if cells[column].text else None
            spans[row] = 1
        else:
            spans[start] += 1
            spans[row] = 0
    return spans
