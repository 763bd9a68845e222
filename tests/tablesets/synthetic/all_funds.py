"""Tables beyond the nine that several regions print: 财政拨款支出 of all funds by item and fund, 机关运行经费 as a table of its own."""

from dataclasses import replace

from budgets.domain.classification import FUNCTION
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import where
from budgets.domain.families import FISCAL
from budgets.domain.tables import Amount, Field, FigureWord, Group, Line, Lines, Table, Tree
from budgets.domain.terms import Family, Use
from budgets.tablesets.common import EXPENDITURE, FUNCTION_CODE_AND_NAME, SERIAL, funded_by
from budgets.tablesets.hebei_2023 import HEBEI_2023

USES = ((Use.BASIC, "基本支出"), (Use.PROJECT, "项目支出"))


def of_fund(n: int) -> Group:
    """小计, 基本支出 and 项目支出 of one fund."""
    fund = FISCAL[n]
    each = tuple(
        Amount(f"fund_{n}_{use}", caption, funded_by(fund) & where(use=use)) for use, caption in USES
    )
    whole = Amount(f"fund_{n}", "小计", funded_by(fund), tuple(amount.key for amount in each))
    return Group(fund.label, (whole, *each))


FISCAL_EXPENDITURE = Table(
    number=5,
    key="fiscal_expenditure",
    title="部门预算财政拨款支出表",
    rows=Tree(FUNCTION),
    where=EXPENDITURE & funded_by(*FISCAL),
    columns=(
        SERIAL,
        FUNCTION_CODE_AND_NAME,
        Amount("total", "合计", parts=("fund_0", "fund_1", "fund_2")),
        *map(of_fund, range(3)),
    ),
    empty_note="注：无财政拨款支出预算，空表列示。",
    wide=True,
)
AGENCY_TABLE = Table(
    number=9,
    key="agency_running_costs",
    title="部门预算机关运行经费表",
    rows=Lines((Line("total", "机关运行经费", where(family=Family.AGENCY)),)),
    where=where(family=Family.AGENCY),
    columns=(SERIAL, Field("item", "项目", ColumnKind.CAPTION), Amount("total", "预算数")),
)
BEHIND = {"fiscal_balance": FISCAL_EXPENDITURE, "three_public": AGENCY_TABLE}
TABLES = [each for usual in HEBEI_2023.tables for each in (usual, BEHIND.get(usual.key)) if each]

ALL_FUNDS_SET = replace(
    HEBEI_2023,
    key="all_funds",
    label="财政拨款支出分资金的表样",
    tables=tuple(replace(table, number=n) for n, table in enumerate(TABLES, 1)),
    figures=(
        *HEBEI_2023.figures,
        FigureWord("agency_running_costs", "机关运行经费", "agency_running_costs", "total", "total"),
    ),
)
