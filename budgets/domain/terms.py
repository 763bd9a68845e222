"""Closed vocabularies of departmental budgets, each value with its Chinese label."""

from enum import StrEnum


class Term(StrEnum):
    """A closed vocabulary: the value is stored, `label` is what people read."""

    label: str

    # The default is for type checkers alone, which take Term(value), the look-up, for this.
    def __new__(cls, value: str, label: str = "") -> "Term":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """The (value, label) pairs in declared order, as form and model fields take them."""
        return [(member.value, member.label) for member in cls]


class Family(Term):
    """Which base table a fact belongs to; facts of two families are never the same money."""

    REVENUE = "revenue", "收入"
    EXPENDITURE = "expenditure", "支出"
    BASIC_EXPENDITURE = "basic_expenditure", "一般公共预算基本支出"
    BASIC_BY_CLASS = "basic_by_class", "分类的基本支出"
    THREE_PUBLIC = "three_public", "“三公”经费"
    FUND = "fund", "资金收支与结转"
    AGENCY = "agency", "机关运行经费"
    BUDGETED = "budgeted", "支出预算数"
    THREE_PUBLIC_BUDGETED = "three_public_budgeted", "“三公”经费预算数"
    FUND_ITEM = "fund_item", "分科目的资金收支与结转"
    EVENTS = "events", "会议费和培训费"
    BY_ECONOMIC = "by_economic", "分经济分类的支出"


class Fund(Term):
    """资金性质: the three fiscal funds, and all other money."""

    GENERAL_PUBLIC = "general_public", "一般公共预算"
    GOVERNMENT_FUND = "government_fund", "政府性基金预算"
    STATE_CAPITAL = "state_capital", "国有资本经营预算"
    NON_FISCAL = "non_fiscal", "非财政拨款资金"


class Flow(Term):
    """What a fund row counts: this year's fiscal revenue, opening and closing balance; of accounts non-fiscal surplus, too."""

    REVENUE = "current_year", "本年财政拨款收入"
    OPENING = "brought_forward", "年初结转结余"
    CLOSING = "carried_forward", "年末结转结余"
    SURPLUS_USED = "surplus_used", "使用非财政拨款结余"
    DISTRIBUTED = "distributed", "结余分配"


class Measure(Term):
    """Which plan of the year an amount beside the accounts belongs to."""

    INITIAL = "initial", "年初预算数"
    ADJUSTED = "adjusted", "调整预算数"


class Comparison(Term):
    """What a column tells beside one of this year's: last year's amount there, the change since, the change in percent of it."""

    LAST = "last", "上年数"
    CHANGE = "change", "增减额"
    RATE = "rate", "增减率"


class Origin(Term):
    """Where revenue comes from (收入总表 columns)."""

    FISCAL_APPROPRIATION = "fiscal_appropriation", "财政拨款收入"
    SPECIAL_ACCOUNT = "special_account", "财政专户管理资金收入"
    SERVICE = "service", "事业收入"
    BUSINESS = "business", "事业单位经营收入"
    SUPERIOR_SUBSIDY = "superior_subsidy", "上级补助收入"
    AFFILIATE_REMITTANCE = "affiliate_remittance", "附属单位上缴收入"
    OTHER = "other", "其他收入"
    BROUGHT_FORWARD = "brought_forward", "上年结转"
    # Fiscal appropriation where a form divides it by fund, in the place of the one above.
    GENERAL_PUBLIC = "general_public", "一般公共预算拨款收入"
    GOVERNMENT_FUND = "government_fund", "政府性基金预算拨款收入"
    STATE_CAPITAL = "state_capital", "国有资本经营预算拨款收入"


class Use(Term):
    """支出类别 (支出总表 columns)."""

    BASIC = "basic", "基本支出"
    PROJECT = "project", "项目支出"
    BUSINESS = "business", "经营支出"
    TO_SUPERIOR = "to_superior", "上缴上级支出"
    TO_AFFILIATES = "to_affiliates", "对附属单位补助支出"
    RESERVE = "reserve", "单位预留机动经费"


class BasicKind(Term):
    """The two halves of basic expenditure."""

    PERSONNEL = "personnel", "人员经费"
    RUNNING_COSTS = "running_costs", "公用经费"


class ThreePublicItem(Term):
    """The entered items of “三公”经费; their sums are derived."""

    OVERSEAS_RESEARCH = "overseas_research", "教学科研人员因公出国（境）费"
    OVERSEAS_OTHER = "overseas_other", "其他因公出国（境）费"
    VEHICLE_PURCHASE = "vehicle_purchase", "公务用车购置费"
    VEHICLE_RUNNING = "vehicle_running", "公务用车运行维护费"
    OFFICIAL_HOSPITALITY = "official_hospitality", "公务接待费"


class Stage(Term):
    """Which account of the year a disclosure is."""

    BUDGET = "budget", "部门预算"
    FINAL = "final", "部门决算"


class AssetItem(Term):
    """The entered rows of 固定资产占用情况表; 资产总额 is derived."""

    BUILDINGS = "buildings", "房屋（平方米）"
    OFFICE_SPACE = "office_space", "办公用房（平方米）"
    VEHICLES = "vehicles", "车辆（台、辆）"
    MAJOR_EQUIPMENT = "major_equipment", "单价在20万元以上的设备"
    OTHER = "other", "其他固定资产"


class Comparator(Term):
    """The usual 指标值 comparators, signs first; any other words may stand there. NONE prints nothing before the value."""

    AT_LEAST = "≥", "≥"
    AT_MOST = "≤", "≤"
    ABOVE = "＞", "＞"
    BELOW = "＜", "＜"
    EQUAL = "=", "="
    NOT_LESS = "不低于", "不低于"
    NOT_FEWER = "不少于", "不少于"
    NOT_OVER = "不超过", "不超过"
    NOT_HIGHER = "不高于", "不高于"
    NONE = "", "（无）"
