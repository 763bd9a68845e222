"""The ways that texts call the figures of the tables, as data."""

import re
from dataclasses import dataclass
from functools import lru_cache

from budgets.domain.items import LIST_NUMBER


@dataclass(frozen=True, slots=True)
class Word:
    """A way to call some figures; the first word that fits counts. `figures` are alternatives, likeliest first.

    `told_by` names the rule that speaks of such amounts where no figure equals them.
    """

    pattern: re.Pattern[str]
    figures: tuple[str, ...]
    told_by: str = ""


LONGEST = 120  # characters before an amount: more is no name of a figure
# What may stand around the name of a figure without making it another one; the department's own name is taken off first.
# Every way to read such words is the only one (?+, *+): else a name of many of them would take for ever.
HEAD = (
    r"^(?:其中|\d{4}年度?|上年末?|年末|全年|当年|本年度?|年初|[我本全该](?:部门|单位|局|委|办|中心|院|会|厅|处|所|镇|乡|街道)?+"
    r"|部门|单位|机关|预算|决算|安排|一般公共预算|财政拨款|[的及和“”\"（）()\s])*"
)
TAIL = r"(?:总计|合计|总额|总值|金额|资金|原值|价值|规模|预算|决算|支出|经费|安排|计划|数|额|为|共|计|增加|增长|减少|下降|了|[“”\"\s])*+$"
CAR = r"公(?:务用|务)?车(?:用车)?"
MONEY = r"(?:预算)?(?:财政)?拨款"
# Narrow names stand before wide ones. Keys are figures of the table set, of CELLS or of the annex tables.
WORDS = tuple(
    Word(re.compile(pattern), *meaning)
    for pattern, *meaning in (
        (rf"{CAR}购置(?:及|和|费及|费和)(?:公务用车)?运", ("vehicles",)),
        (rf"{CAR}(?:辆)?运", ("vehicle_running", "vehicles")),
        (rf"{CAR}购置", ("vehicle_purchase",)),
        (rf"{HEAD}公务接待费?{TAIL}", ("official_hospitality",)),
        (r"因公出国|出国（境）", ("overseas_visits",)),
        (rf"{HEAD}三公(?:[”\"]?经费)?(?:财政拨款)?{TAIL}", ("three_public",)),
        # With 事业单位 the two differ legally, so the second is left to a softer rule.
        (r"机关运行(?:经)?费", ("agency_running_costs",), "agency-costs-are-running-costs"),
        (r"拟(?:购置|采购|购买)", (), "planned-purchases-procured"),
        (r"采购(?:货物|工程|服务)|(?:货物|工程|服务)类?(?:采购|预算|支出)", (), "procurement-parts-add-up"),
        (r"(?:绩效目标.*|涉及项目?.*)(?:资金|金额|预算)", (), "goals-cover-projects"),
        (rf"^(?!.*(?:中小|小微|预留|面向|授予)).*政府采购{TAIL}", ("procurement",)),
        (rf"^(?!.*(?:其他|新增|处置|报废|净值)).*(?:固定资产|资产总额){TAIL}", ("fixed_assets",)),
        (rf"{HEAD}人员(?:经费|支出){TAIL}", ("personnel",)),
        (rf"{HEAD}(?:日常)?公用(?:经费|支出|预算)?{TAIL}", ("running_costs",)),
        (rf"{HEAD}项目(?:支出|经费){TAIL}", ("project",)),
        (rf"{HEAD}基本支出{TAIL}", ("basic",)),
        # The wide words count only as the whole name: 政府性基金拨款支出 is no 本年支出.
        (rf"{HEAD}财政拨款收入支出(?:决算)?总计{TAIL}", ("fiscal_total",)),
        (rf"{HEAD}收入支出(?:决算)?总计{TAIL}", ("total_resources",)),
        (rf"{HEAD}财政拨款收入{TAIL}", ("fiscal_appropriation",)),
        (rf"{HEAD}财政拨款(?:预算)?支出{TAIL}", ("fiscal_expenditure",)),
        (rf"{HEAD}一般公共{MONEY}支出{TAIL}", ("general_public_spent",)),
        (rf"{HEAD}政府性?基金{MONEY}支出{TAIL}", ("government_fund_spent",)),
        (rf"{HEAD}国有资本经营{MONEY}支出{TAIL}", ("state_capital_spent",)),
        (rf"{HEAD}一般公共{MONEY}(?:收入)?{TAIL}", ("general_public_received", "general_public_spent")),
        (rf"{HEAD}政府性?基金{MONEY}(?:收入)?{TAIL}", ("government_fund_received", "government_fund_spent")),
        (rf"{HEAD}国有资本经营{MONEY}(?:收入)?{TAIL}", ("state_capital_received", "state_capital_spent")),
        (rf"{HEAD}(?:财政)?专户(?:管理)?(?:资金)?(?:收入)?{TAIL}", ("special_account",)),
        (rf"{HEAD}事业收入{TAIL}", ("service",)),
        (rf"{HEAD}(?:事业)?(?:单位)?经营收入{TAIL}", ("business",)),
        (rf"{HEAD}上级补助收入{TAIL}", ("superior_subsidy",)),
        (rf"{HEAD}附属单位上缴收入{TAIL}", ("affiliate_remittance",)),
        (rf"{HEAD}其他收入{TAIL}", ("other",)),
        (rf"^上年结转(?:和?结余)?{TAIL}", ("brought_forward",)),
        (rf"{HEAD}(?:年末|年终|结转下年)(?:结转(?:和?结余)?)?{TAIL}", ("carried_forward",)),
        (rf"{HEAD}总?收入{TAIL}", ("current_revenue", "total_resources")),
        (rf"{HEAD}总?支出{TAIL}", ("current_expenditure", "total_resources")),
    )
)


@lru_cache(maxsize=10_000)
def word_for(called: str) -> Word | None:
    """The word for an amount that is called so; None for unknown ones. Its number in a list does not count."""
    name = LIST_NUMBER.sub("", called)
    if len(name) > LONGEST:
        return None
    return next((word for word in WORDS if word.pattern.search(name)), None)
