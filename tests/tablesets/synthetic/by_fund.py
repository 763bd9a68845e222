"""Revenue by item and fund, 单位预留机动经费 as a third use, 项目支出表: after forms that provinces print."""

from dataclasses import replace

from budgets.domain.classification import FUNCTION
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import where
from budgets.domain.law import CATALOGUE
from budgets.domain.tables import Amount, Field, Group, Listing, Meet, Table, Tree
from budgets.domain.terms import Flow, Origin, Use
from budgets.tablesets.common import (
    BY_FUND,
    FUNCTION_CODE_AND_NAME,
    NON_FISCAL_ORIGINS,
    REVENUE,
    SERIAL,
    coming_from,
    flowing,
)
from budgets.tablesets.hebei_2023 import HEBEI_2023

TREE = Tree(FUNCTION, total_always=True)
FUND_COLUMNS = tuple(Amount(fund.value, fund.label, coming_from(origin)) for fund, origin in BY_FUND.items())
OTHER_COLUMNS = tuple(
    Amount(origin.value, origin.label, coming_from(origin)) for origin in NON_FISCAL_ORIGINS
)


def keys(*columns: Amount) -> tuple[str, ...]:
    return tuple(column.key for column in columns)


REVENUE_TABLE = Table(
    number=2,
    key="revenue",
    title="收入预算总表（分资金）",
    rows=TREE,
    where=REVENUE,
    columns=(
        SERIAL,
        FUNCTION_CODE_AND_NAME,
        Amount("total", "合计", parts=("current_year", "brought_forward")),
        Group(
            "本年收入",
            (
                Amount(
                    "current_year",
                    "小计",
                    coming_from(*BY_FUND.values(), *NON_FISCAL_ORIGINS),
                    keys(*FUND_COLUMNS, *OTHER_COLUMNS),
                ),
                *FUND_COLUMNS,
                *OTHER_COLUMNS,
            ),
        ),
        Amount("brought_forward", "上年结转", coming_from(Origin.BROUGHT_FORWARD)),
    ),
    wide=True,
)
USES = (Use.BASIC, Use.PROJECT, Use.RESERVE)


def by_use(uses: tuple[Use, ...]) -> tuple[Field | Group | Amount, ...]:
    columns = tuple(Amount(use.value, use.label, where(use=use)) for use in uses)
    return (SERIAL, FUNCTION_CODE_AND_NAME, Amount("total", "合计", parts=keys(*columns)), *columns)


def table(usual: Table) -> Table:
    """The usual table, those of expenditure with a third use."""
    if usual.key == "revenue":
        return REVENUE_TABLE
    if usual.key == "expenditure":
        return replace(usual, rows=TREE, columns=by_use(tuple(Use)))
    if usual.key.endswith("_expenditure") and usual.key != "basic_expenditure":
        return replace(usual, columns=by_use(USES))
    return usual


PROJECTS = Listing(
    key="project_expenditure",
    title="项目支出表",
    source="projects",
    columns=(
        Field("name", "项目名称", ColumnKind.CAPTION, 24),
        Amount("amount", "预算金额", width=8),
    ),
    total_caption="合计",
    empty_note="注：无项目支出预算，空表列示。",
)

BY_FUND_SET = replace(
    HEBEI_2023,
    key="by_fund",
    label="收入分资金的表样",
    tables=tuple(map(table, HEBEI_2023.tables)),
    annexes=(*HEBEI_2023.annexes, PROJECTS),
    chapters=tuple(
        replace(chapter, annexes=(*chapter.annexes, PROJECTS.key)) if chapter.key == "overview" else chapter
        for chapter in HEBEI_2023.chapters
    ),
    meets=(
        *(meet for meet in HEBEI_2023.meets if meet.key != "fiscal-revenue-by-fund"),
        *(
            Meet(
                f"revenue-of-{fund.value}",
                f"按科目填报的{origin.label}与资金收支中{fund.label}的本年财政拨款收入",
                (coming_from(origin),),
                (flowing(Flow.REVENUE, fund),),
                CATALOGUE,
                "请核对收入明细与资金收支",
            )
            for fund, origin in BY_FUND.items()
        ),
    ),
    no_column_for=coming_from(Origin.FISCAL_APPROPRIATION),
)
