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

    The codes before a list's names are its own. The name is the header that the list's columns share: 收入, 支出; where the
    lists share it, what their totals are of: 人员经费, 公用经费.
    """
    captions = [i for i, column in enumerate(sheet.columns) if column.kind == ColumnKind.CAPTION]
    if len(captions) < 2:
        return []
    lists = [
        [
            i
            for i, column in enumerate(sheet.columns)
            if i == caption
            or (column.caption == caption and column.kind in RIGHT)
            or (before < i < caption and column.kind == ColumnKind.CODE)
        ]
        for before, caption in zip((-1, *captions), captions, strict=False)
    ]
    names = [sheet.columns[caption].path[0] for caption in captions]
    if len(set(names)) < len(names):
        names = [total_of(sheet, columns) or name for columns, name in zip(lists, names, strict=True)]
    return list(zip(names, lists, strict=True))


def total_of(sheet: Sheet, columns: Sequence[int]) -> str:
    """What the total of these columns is of, as its words say: 人员经费 of 人员经费合计. Blank without one."""
    totals = (row for row in sheet.rows if row.total)
    words = (row.cells[i].text for row in totals for i in columns if sheet.columns[i].kind in NAMING)
    return next((text.removesuffix("合计") for text in words if text), "")


def half_rows(sheet: Sheet, columns: Sequence[int], rows: Sequence[int], *, nonempty: bool) -> list[int]:
    """The rows in which the list of these columns names something (and, when `nonempty`, has a number for it)."""
    naming = [i for i in columns if sheet.columns[i].kind in NAMING]
    caption = next(i for i in naming if sheet.columns[i].kind == ColumnKind.CAPTION)
    return [
        row
        for row in rows
        if any(sheet.rows[row].cells[i].text for i in naming)
        and not (nonempty and is_idle(sheet, row, caption))
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
