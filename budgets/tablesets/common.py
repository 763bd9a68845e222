"""Rows, columns and slices that the table sets of several regions share."""

from budgets.domain.documents import ColumnKind
from budgets.domain.facts import Slice, where
from budgets.domain.families import FISCAL
from budgets.domain.law import BUDGET_LAW_32
from budgets.domain.numerals import numeral
from budgets.domain.tables import Beside, Field, Group, Line, Meet
from budgets.domain.terms import Comparison, Family, Flow, Fund, Origin, Use

# What the form calls 财政拨款收入 in one column, others divide by fund: a set prints one of the two.
BY_FUND = {
    Fund.GENERAL_PUBLIC: Origin.GENERAL_PUBLIC,
    Fund.GOVERNMENT_FUND: Origin.GOVERNMENT_FUND,
    Fund.STATE_CAPITAL: Origin.STATE_CAPITAL,
}
CURRENT_ORIGINS = tuple(
    origin for origin in Origin if origin not in (Origin.BROUGHT_FORWARD, *BY_FUND.values())
)
NON_FISCAL_ORIGINS = tuple(origin for origin in CURRENT_ORIGINS if origin is not Origin.FISCAL_APPROPRIATION)

REVENUE = where(family=Family.REVENUE)
EXPENDITURE = where(family=Family.EXPENDITURE)
BASIC_EXPENDITURE = where(family=Family.BASIC_EXPENDITURE)
THREE_PUBLIC = where(family=Family.THREE_PUBLIC)
FISCAL_REVENUE = where(family=Family.FUND, flow=Flow.REVENUE, fund=FISCAL)
NON_FISCAL_REVENUE = where(family=Family.REVENUE, origin=NON_FISCAL_ORIGINS)
OPENING = where(family=Family.FUND, flow=Flow.OPENING)
CLOSING = where(family=Family.FUND, flow=Flow.CLOSING)


def funded_by(*funds: Fund) -> Slice:
    """Money of these funds."""
    return where(fund=funds)


def coming_from(*origins: Origin) -> Slice:
    """Revenue of these origins."""
    return where(family=Family.REVENUE, origin=origins)


# Money that most forms have no column for: see `no_column_for` of a set.
SELDOM = where(family=Family.EXPENDITURE, use=Use.RESERVE) | coming_from(*BY_FUND.values())


def flowing(flow: Flow, *funds: Fund) -> Slice:
    """One flow of these funds."""
    return where(family=Family.FUND, flow=flow, fund=funds)


LAST, CHANGE, RATE = Comparison
BESIDE = {LAST: "上年预算数", CHANGE: "增减额", RATE: "增减率（%）"}


def beside(of: str, *tells: Comparison, side: int = 0, last: str = BESIDE[LAST]) -> tuple[Beside, ...]:
    """Columns beside the money column `of`: last year's amount, called `last`, the change and its rate, or those that are named."""
    captions = BESIDE | {LAST: last}
    return tuple(Beside(f"{of}_{tell}", captions[tell], of, tell, side=side) for tell in tells or Comparison)


# Of each fiscal fund: what came in and was left from last year is what was spent and is left.
FUND_BALANCES = tuple(
    Meet(
        f"{fund.value.replace('_', '-')}-balances",
        f"{fund.label}的收入与支出",
        (flowing(Flow.REVENUE, fund), flowing(Flow.OPENING, fund)),
        ((EXPENDITURE & funded_by(fund)) | flowing(Flow.CLOSING, fund),),
        BUDGET_LAW_32,
        "本年收入加年初结转应等于本年支出加年末结转，请核对资金收支与支出明细",
    )
    for fund in FISCAL
)

SERIAL = Field("serial", "序号", ColumnKind.SERIAL, 3)
FUNCTION_CODE_AND_NAME = Group(
    "功能分类科目",
    (Field("code", "科目编码", ColumnKind.CODE, 5), Field("name", "科目名称", ColumnKind.CAPTION, 18)),
)
ECONOMIC_CODE_AND_NAME = Group(
    "支出部门经济分类科目",
    (Field("code", "科目编码", ColumnKind.CODE, 5), Field("name", "科目名称", ColumnKind.CAPTION, 18)),
)

# The 类 of 支出功能分类 in the order of the summary tables. 人行科目 stands in the form but is no class of the scheme.
CLASSES = (
    ("201", "一般公共服务支出"),
    ("202", "外交支出"),
    ("203", "国防支出"),
    ("204", "公共安全支出"),
    ("205", "教育支出"),
    ("206", "科学技术支出"),
    ("207", "文化旅游体育与传媒支出"),
    ("208", "社会保障和就业支出"),
    ("209", "社会保险基金支出"),
    ("210", "卫生健康支出"),
    ("211", "节能环保支出"),
    ("212", "城乡社区支出"),
    ("213", "农林水支出"),
    ("214", "交通运输支出"),
    ("215", "资源勘探工业信息等支出"),
    ("216", "商业服务业等支出"),
    ("217", "金融支出"),
    ("219", "援助其他地区支出"),
    ("220", "自然资源海洋气象等支出"),
    ("221", "住房保障支出"),
    ("222", "粮油物资储备支出"),
    ("223", "国有资本经营预算支出"),
    ("224", "灾害防治及应急管理支出"),
    ("227", "预备费"),
    ("229", "其他支出"),
    ("230", "转移性支出"),
    ("231", "债务还本支出"),
    ("232", "债务付息支出"),
    ("233", "债务发行费用支出"),
    ("234", "抗疫特别国债安排的支出"),
    ("people_bank", "人行科目"),
)
CLASS_LINES = tuple(
    Line(code, f"{numeral(n)}、{name}", EXPENDITURE & where(function=code))
    if code.isdigit()
    else Line(code, f"{numeral(n)}、{name}", always_blank=True)
    for n, (code, name) in enumerate(CLASSES, 1)
)
CLASS_KEYS = tuple(line.key for line in CLASS_LINES)
