"""A table with last year's amounts beside this year's, and the change from one to the other."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.facts import ZERO

type Money = Callable[[Decimal | None], Cell]  # how an amount prints
type Amounts = dict[tuple[str, str], Decimal | None]  # by the key of what names the row, and of the column

CHANGE = "增减"
UNLIKE = "不可比"  # codes changed so that there is no change to tell
MARK = "与上年对比的报表"  # by which a workbook of such tables is known when it is handed in


def beside(
    sheet: Sheet,
    before: Sheet,
    rows: tuple[Row, ...],
    year: int,
    money: Money,
    unlike: Callable[[str], bool] = lambda named: False,
) -> Sheet:
    """The table with three columns for each of money: this year's amount, last year's, and the change.

    `rows` are those of both years. An amount that neither year has stays blank, one that only one has is a change
    from or to nothing. Both tables are in the unit of `sheet`. Where the years are `unlike` in what names a row, the
    change says so.
    """
    now, then = amounts(sheet), amounts(before)
    spans = [3 if column.kind is ColumnKind.AMOUNT else 1 for column in sheet.columns]
    starts = [sum(spans[:n]) for n in range(len(spans))]
    columns: list[Column] = []
    for column in sheet.columns:
        if column.kind is not ColumnKind.AMOUNT:
            columns.append(replace(column, caption=starts[column.caption]))
            continue
        for key, head in (("", f"{year}年"), (".before", f"{year - 1}年"), (".change", CHANGE)):
            columns.append(
                replace(
                    column,
                    key=f"{column.key}{key}",
                    path=(*column.path, head),
                    caption=starts[column.caption],
                )
            )
    out = []
    for row in rows:
        cells: list[Cell] = []
        for column, cell in zip(sheet.columns, row.cells, strict=True):
            if column.kind is not ColumnKind.AMOUNT:
                cells.append(cell)
                continue
            at = (row.named(column), column.key)
            one, other = now.get(at), then.get(at)
            known = not (one is None and other is None)
            change = money((one or ZERO) - (other or ZERO) if known else None)
            cells += [money(one), money(other), Cell(UNLIKE) if known and unlike(at[0]) else change]
        out.append(replace(row, cells=tuple(cells)))
    title = f"{sheet.title}（与上年对比）"
    return replace(sheet, title=title, columns=tuple(columns), rows=tuple(out), numbered=False, wide=True)


def amounts(sheet: Sheet) -> Amounts:
    """The amounts of a table by their meaning; None for a blank one."""
    return {
        (row.named(column), column.key): cell.amount
        for row in sheet.rows
        for column, cell in zip(sheet.columns, row.cells, strict=True)
        if column.kind is ColumnKind.AMOUNT
    }
