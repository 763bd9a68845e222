"""Some rows of the sample (乐亭县行政审批局 2023), as they are filled in: what the help pages show.

政府采购, of which the sample had none, has an invented row.
"""

from decimal import Decimal

from budgets.domain.facts import Fact
from budgets.domain.ledgers import Asset, Goal, Indicator, Ledger, Organization, Procurement, Project
from budgets.domain.terms import (
    AssetItem,
    BasicKind,
    Comparator,
    Family,
    Flow,
    Fund,
    Origin,
    ThreePublicItem,
    Use,
)

YEAR = 2023
UNIT = ("130225", "乐亭县", "483", "乐亭县行政审批局")
BY_FUNCTION = (  # 功能分类, 基本支出, 项目支出, in yuan
    ("2010301", "5968700", "1889400"),
    ("2080505", "736600", ""),
    ("2101101", "333800", ""),
    ("2210201", "552400", ""),
)
BY_ECONOMIC = (  # 经济分类, 人员经费, 公用经费
    ("30101", "2210300", ""),
    ("30108", "736600", ""),
    ("30201", "", "68400"),
    ("30231", "", "104300"),
    ("30302", "52200", ""),
)
PROJECT = "大厅业务经费"
GOALS = (
    "提高大厅审批业务办结率，提高大厅服务质量；",
    "审批程序规范、公开，消除暗箱操作，给社会大众带来方便，激发市场和社会活力。",
)
INDICATORS = (  # 一级, 二级, 三级指标, 指标值 in its three parts, 依据 where it is not the name once more
    ("产出指标", "数量指标", "年度内审批业务量", Comparator.AT_LEAST, "5000", "件", ""),
    ("产出指标", "质量指标", "年度内审批业务办结率", Comparator.AT_LEAST, "98", "百分比", ""),
    ("产出指标", "时效指标", "审批业务办结时限", Comparator.AT_MOST, "30", "天", ""),
    ("产出指标", "成本指标", "经费预算控制数", Comparator.AT_MOST, "30", "万元", "2023年经费预算数"),
    ("满意度指标", "服务对象满意度指标", "服务对象满意度", Comparator.AT_LEAST, "98", "百分比", ""),
)
# The sample bought nothing in 2023; this row is invented, to show how one is filled in.
INVENTED_PURCHASE = Procurement(
    PROJECT,
    project_funds=Decimal("300000"),
    item="台式计算机",
    catalogue_number="A02010105",
    unit_of_measure="台",
    quantity=Decimal(4),
    unit_price=Decimal("5000"),
    general_public=Decimal("20000"),
    sme_share=Decimal("20000"),
)
GENERAL = Fund.GENERAL_PUBLIC


def _facts() -> tuple[Fact, ...]:
    out = []
    for code, basic, project in BY_FUNCTION:
        for use, amount in ((Use.BASIC, basic), (Use.PROJECT, project)):
            if amount:
                out.append(Fact(Family.EXPENDITURE, Decimal(amount), fund=GENERAL, function=code, use=use))
        total = Decimal(basic or 0) + Decimal(project or 0)
        out.append(Fact(Family.REVENUE, total, function=code, origin=Origin.FISCAL_APPROPRIATION))
    for code, personnel, running in BY_ECONOMIC:
        for kind, amount in ((BasicKind.PERSONNEL, personnel), (BasicKind.RUNNING_COSTS, running)):
            if amount:
                out.append(Fact(Family.BASIC_EXPENDITURE, Decimal(amount), economic=code, kind=kind))
    for item, amount in (
        (ThreePublicItem.VEHICLE_RUNNING, "104300"),
        (ThreePublicItem.OFFICIAL_HOSPITALITY, "3000"),
    ):
        out.append(Fact(Family.THREE_PUBLIC, Decimal(amount), fund=GENERAL, item=item))
    revenue = sum(fact.amount for fact in out if fact.family is Family.REVENUE)
    out.append(Fact(Family.FUND, Decimal(revenue), fund=GENERAL, flow=Flow.REVENUE))
    return tuple(out)


def filled_sample(table_set: str) -> Ledger:
    """These rows as a ledger of a table set."""
    region, region_name, unit, unit_name = UNIT
    return Ledger(
        region_code=region,
        region_name=region_name,
        unit_code=unit,
        unit_name=unit_name,
        year=YEAR,
        table_set=table_set,
        facts=_facts(),
        organizations=(Organization("乐亭县行政审批局", "行政", "正科级", "财政拨款"),),
        projects=(Project(PROJECT, Decimal("300000"), ("提高大厅审批业务办结率，提高大厅服务质量。",)),),
        goals=(
            Goal(
                PROJECT,
                GOALS,
                tuple(
                    Indicator(dimension, aspect, name, name, comparator, value, measure, basis or name)
                    for dimension, aspect, name, comparator, value, measure, basis in INDICATORS
                ),
            ),
        ),
        procurements=(INVENTED_PURCHASE,),
        assets=(
            Asset(AssetItem.BUILDINGS, None, Decimal("18078000")),
            Asset(AssetItem.OFFICE_SPACE, Decimal(12147), Decimal("18033700")),
            Asset(AssetItem.VEHICLES, Decimal(1), Decimal("197500")),
            Asset(AssetItem.OTHER, None, Decimal("2313100")),
        ),
    )
