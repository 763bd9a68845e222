"""For each rule on tables, records and forms: a budget with its fault, and where the clean one is too plain a mended one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from budgets.domain.facts import Fact
from budgets.domain.ledgers import Asset, Goal, Organization, Procurement, Project, Service
from budgets.domain.terms import AssetItem, Family, Fund, ThreePublicItem
from budgets.synthetic.ledgers_drawn import unit_rows_of
from tests.makers.clean_budget import (
    column_in_another_unit,
    goals,
    indicators,
    plus,
    printed_from,
    swapped,
    telling,
    transcribed,
    with_indicator,
    without_note,
)
from tests.makers.facts import basic, events, personnel, project, revenue, running_costs, three_public, yuan

VEHICLE, HOSPITALITY = ThreePublicItem.VEHICLE_RUNNING, ThreePublicItem.OFFICIAL_HOSPITALITY
D = Decimal


def procuring(ledger, **changes):
    row = Procurement(
        "大厅业务经费",
        yuan("3.00"),
        "电脑",
        quantity=D(2),
        unit_price=yuan("1.50"),
        general_public=yuan("3.00"),
    )
    return replace(ledger, procurements=(replace(row, **changes),))


def offices(ledger, area: str, value: str = "5.00"):
    own = (
        Asset(AssetItem.BUILDINGS, D(100), yuan("9.00")),
        Asset(AssetItem.OFFICE_SPACE, D(area), yuan(value)),
        Asset(AssetItem.VEHICLES, D(1)),
    )
    return replace(ledger, assets=own)


def services(ledger, amount: str):
    bought = Service("窗口运行", "物业管理", general_public=yuan("0.40"), own_funds=yuan(amount))
    return replace(ledger, projects=(Project("窗口运行", yuan("1.00")),), services=(bought,))


def unit_rows(ledger, more: str):
    own, center = unit_rows_of(("483", "某局"), ledger.facts, yuan("0.01"))
    return replace(ledger, unit_rows=(replace(own, basic=own.basic + yuan(more)), center))


FAULTS = {
    "unit-rows-add-up": lambda b: unit_rows(b, "0.01"),
    "services-within-project": lambda b: services(b, "0.61"),
    "given-cells-tie": lambda b: transcribed(b, "5.00"),
    "given-cells-rounded": lambda b: transcribed(b, "0.01"),
    "funds-within-expenditure": lambda b: printed_from(
        b,
        "general_public_expenditure",
        swapped(b, project("2010302", "300.00"), project("2010302", "290.00"), project("2010301", "10.00")),
    ),
    "empty-table-told": lambda b: without_note(b, "state_capital_expenditure"),
    "empty-note-names-its-fund": lambda b: replace(
        b, wording={"state_capital_expenditure/note/0": "注：无政府性基金预算财政拨款预算，空表列示。"}
    ),
    "families-meet": lambda b: swapped(b, revenue("2080505", "80.00"), revenue("2080505", "80.01")),
    "amount-names-its-row": lambda b: plus(b, revenue("", "5.00")),
    "printed-tables-tie": lambda b: column_in_another_unit(transcribed(b)),
    "money-budgeted": lambda b: replace(b, facts=()),
    "taken-over-whole": lambda b: replace(transcribed(b), left_out=("没有找到“收入总表”",)),
    "typed-in-its-unit": lambda b: plus(b, three_public(ThreePublicItem.OVERSEAS_OTHER, "10000.00")),
    "amount-not-negative": lambda b: plus(b, running_costs("30201", "-1.00"), basic("2010301", "-1.00")),
    "amount-fits-unit": lambda b: replace(b, facts=(replace(b.facts[0], amount=b.facts[0].amount + 1), *b.facts[1:])),
    "amount-printed": lambda b: plus(b, Fact(Family.AGENCY, Decimal(100))),
    "one-level-of-codes": lambda b: plus(b, basic("20103", "1.00")),
    "code-known": lambda b: plus(b, basic("2010309", "1.00")),
    "code-confirmed": lambda b: plus(b, basic("2010399", "1.00")),
    "code-detailed": lambda b: plus(b, basic("20803", "1.00")),
    "class-printed": lambda b: plus(b, basic("2990101", "1.00")),
    "kind-of-basic-expenditure": lambda b: plus(b, running_costs("30101", "1.00")),
    "three-public-covers-economic": lambda b: swapped(b, three_public(VEHICLE, "2.00"), three_public(VEHICLE, "1.99")),
    "events-cover-economic": lambda b: plus(b, events("30215", "1.00"), running_costs("30215", "1.01")),
    "three-public-within-fund": lambda b: plus(b, three_public(HOSPITALITY, "0.01", Fund.STATE_CAPITAL)),
    "function-pays-economic": lambda b: swapped(b, personnel("30108", "80.00"), personnel("30101", "80.00")),
    "no-project-under-administration": lambda b: plus(b, project("2010301", "1.00")),
    "goals-cover-projects": lambda b: goals(b, Goal("大厅业务经费", (), indicators("299.16"))),
    "goals-complete": lambda b: goals(b, Goal("大厅业务经费", (), (indicators("300")[0], indicators("300")[2]))),
    "projects-have-goals": lambda b: goals(b),
    "project-money-alike": lambda b: replace(b, projects=(Project("大厅业务经费", yuan("299.99")),)),
    "project-names-agree": lambda b: telling(b, "二、分项绩效目标\n1、大厅经费\n目标1：办结。", "performance"),
    "indicator-money-unit": lambda b: with_indicator(b, aspect="数量指标", value="11", unit="万"),
    "indicator-percent-sign": lambda b: with_indicator(b, aspect="数量指标", value="98", unit="百分比"),
    "time-indicator-measures-time": lambda b: with_indicator(b, aspect="时效指标", name="办理时限", value="98", unit="%"),
    "sections-not-empty": lambda b: telling(b, "第一部分 整体\n第二部分 专项\n无。"),
    "procurement-multiplies": lambda b: procuring(b, general_public=yuan("3.10"), project_funds=yuan("3.10")),
    "procurement-reserve-within": lambda b: procuring(b, sme_share=yuan("3.01")),
    "procurement-within-project": lambda b: procuring(b, project_funds=yuan("2.99")),
    "services-are-procured": lambda b: goals(b, replace(b.goals[0], project="大厅物业服务")),
    "office-space-within-buildings": lambda b: offices(b, "100.5"),
    "vehicle-cost-plausible": lambda b: replace(b, assets=(Asset(AssetItem.BUILDINGS, Decimal(1)),)),
    "assets-counted-at-year-end": lambda b: replace(offices(b, "90"), assets_as_of=date(2022, 7, 31)),
    "chapters-written": lambda b: replace(b, narratives=b.narratives[1:]),
    "wording-standard": lambda b: replace(b, wording={"balance/meta/2": "部门：万元"}),
    "unit-of-amounts": lambda b: replace(b, wording={"balance/column/revenue/1": "预算数（千元）"}),
    "year-in-titles": lambda b: replace(b, narrative_title="某局2022年部门预算信息公开情况说明"),
    "characters-printable": lambda b: replace(b, contact="𠮷"),
    "approval-dated": lambda b: replace(b, approved_on=None),
    "published-in-time": lambda b: replace(b, approved_on=date(2023, 1, 30)),
    "contact-given": lambda b: replace(b, contact=""),
}  # fmt: skip

MENDED = {
    "unit-rows-add-up": lambda b: unit_rows(b, "0.00"),
    "services-within-project": lambda b: services(b, "0.60"),
    "given-cells-tie": lambda b: transcribed(b, "0.00"),
    "given-cells-rounded": lambda b: transcribed(b, "0.00"),
    "funds-within-expenditure": lambda b: printed_from(b, "general_public_expenditure", b),
    "printed-tables-tie": lambda b: transcribed(b),
    "money-budgeted": lambda b: replace(b, facts=(), states_no_money=True),
    "taken-over-whole": lambda b: transcribed(b),
    "typed-in-its-unit": lambda b: plus(b, three_public(ThreePublicItem.OVERSEAS_OTHER, "1.00")),
    "empty-table-told": lambda b: transcribed(b),
    "empty-note-names-its-fund": lambda b: replace(
        b, wording={"state_capital_expenditure/note/0": "注：无国有资本经营预算财政拨款，空表列示。"}
    ),
    "three-public-covers-economic": lambda b: swapped(b, three_public(VEHICLE, "2.00"), three_public(VEHICLE, "2.01")),
    "events-cover-economic": lambda b: plus(b, events("30215", "1.01"), running_costs("30215", "1.01")),
    "project-money-alike": lambda b: replace(b, projects=(Project("大厅业务经费", yuan("300.00")),)),
    "project-names-agree": lambda b: telling(b, "二、分项绩效目标\n1、大厅业务经费\n目标1：办结。", "performance"),
    "indicator-money-unit": lambda b: with_indicator(b, aspect="数量指标", value="11", unit="万元"),
    "time-indicator-measures-time": lambda b: with_indicator(b, aspect="时效指标", name="办结率", value="98", unit="%"),
    "sections-not-empty": lambda b: telling(b, "第一部分 整体\n无。\n第二部分 专项\n无。"),
    "procurement-multiplies": lambda b: procuring(b),
    "procurement-reserve-within": lambda b: procuring(b, sme_share=yuan("3.00")),
    "procurement-within-project": lambda b: procuring(b, project_funds=None),
    "services-are-procured": lambda b: replace(
        goals(b, replace(b.goals[0], project="大厅物业服务")), procurements=(Procurement("大厅物业服务"),)
    ),
    "office-space-within-buildings": lambda b: offices(b, "100", "9.00"),
    "vehicle-cost-plausible": lambda b: replace(b, assets=(Asset(AssetItem.VEHICLES, Decimal(1)),)),
    "assets-counted-at-year-end": lambda b: replace(offices(b, "90"), assets_as_of=date(2022, 12, 31)),
    "wording-standard": lambda b: replace(b, wording={"balance/meta/2": "单位:万元"}),
    "year-in-titles": lambda b: replace(b, narrative_title="关于2022年文件要求的2023年部门预算情况说明"),
    "published-in-time": lambda b: replace(b, approved_on=date(2023, 1, 31)),
}  # fmt: skip


def with_institutions(ledger):
    """The budget of a department that has a 事业单位, where 机关运行经费 is legally less than 公用经费."""
    return replace(ledger, organizations=(Organization("某局", "行政"), Organization("某中心", "全额事业")))
