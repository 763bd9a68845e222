"""Columns of last year, change and rate in every kind of table: two lists, codes of both schemes, fixed lines."""

from dataclasses import replace

from budgets.domain.tables import Balance, Group, Table
from budgets.tablesets.common import CHANGE, LAST, beside
from budgets.tablesets.hebei_2023 import HEBEI_2023

NAMED = "{last_year}年预算数"


def balance(usual: Table) -> Table:
    """Both lists with all three columns, classes as they come: one that only last year had money in is printed, too."""
    serial, left, right = usual.columns
    assert isinstance(left, Group) and isinstance(right, Group) and isinstance(usual.rows, Balance)
    lines = tuple(
        replace(line, caption=line.caption.partition("、")[2])
        for line in usual.rows.right
        if not line.always_blank
    )
    foot = tuple(
        tuple(
            line and replace(line, parts=tuple(p for p in line.parts if p != "people_bank")) for line in pair
        )
        for pair in usual.rows.foot
    )
    return replace(
        usual,
        rows=replace(usual.rows, right=lines, foot=foot, sparing=True),
        columns=(
            serial,
            replace(left, columns=(*left.columns, *beside("revenue"))),
            replace(right, columns=(*right.columns, *beside("expenditure", side=1))),
        ),
        wide=True,
    )


def table(usual: Table) -> Table:
    match usual.key:
        case "balance":
            return balance(usual)
        case "expenditure":  # the sum alone, named by its year
            return replace(usual, columns=(*usual.columns, *beside("total", LAST, CHANGE, last=NAMED)))
        case "general_public_expenditure":  # last year's sum is that of its parts
            each = [beside(key) for key in ("total", "basic", "project")]
            called = [
                Group(caption, columns)
                for caption, columns in zip(("合计", "基本", "项目"), each, strict=True)
            ]
            return replace(usual, columns=(*usual.columns, Group("与上年比较", tuple(called))), wide=True)
        case "basic_expenditure" | "three_public":
            return replace(usual, columns=(*usual.columns, *beside("total")), wide=True)
    return usual


YEARS_BESIDE = replace(
    HEBEI_2023,
    key="years_beside",
    label="列上年数和增减的表样",
    tables=tuple(map(table, HEBEI_2023.tables)),
)
