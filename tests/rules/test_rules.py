"""Each rule fires on a budget with its fault and falls silent on the mended one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from budgets import rules, tablesets
from budgets.domain.classification import Confidence, Subject, Subjects
from budgets.domain.composing import compose
from budgets.domain.facts import Fact
from budgets.domain.findings import REGISTRY, Severity
from budgets.domain.ledgers import Asset, Goal, Indicator, Ledger, Narrative, Procurement
from budgets.domain.terms import AssetItem, Comparator, Family, Fund, Origin, ThreePublicItem
from tests.builders import (
    basic,
    funded,
    personnel,
    project,
    revenue,
    running_costs,
    small_budget,
    three_public,
)

SET = tablesets.get("hebei_2023")
KNOWN = (
    ("2010301", "行政运行"), ("2010302", "一般行政管理事务"), ("2080505", "机关事业单位基本养老保险缴费支出"),
)  # fmt: skip
ECONOMIC = (
    ("30101", "基本工资"),
    ("30108", "养老保险"),
    ("30201", "办公费"),
    ("30217", "公务接待费"),
    ("30231", "公务用车运行维护费"),
)
SUBJECTS = Subjects(
    [Subject(code, name, 3) for code, name in KNOWN]
    + [Subject(code, name, 2, "economic") for code, name in ECONOMIC]
    + [Subject("2010399", "其他", 3, confidence=Confidence.LOW)]
)


def indicators(cap: str) -> tuple[Indicator, ...]:
    return (
        Indicator("产出指标", "成本指标", "控制数", "控制数", Comparator.AT_MOST, cap, "万元"),
        Indicator("效益指标", "社会效益指标", "效益", "效益"),
        Indicator("满意度指标", "服务对象满意度指标", "满意度", "满意度"),
    )


def clean() -> Ledger:
    """A budget without any finding."""
    moved = tuple(
        project("2010302", "300.00") if fact == project("2010301", "300.00") else fact
        for fact in small_budget()
    )
    return Ledger(
        "hebei_2023", "130225", "乐亭县", "483", "某局", 2023,
        facts=moved,
        goals=(Goal("大厅业务经费", ("目标1：办结。",), indicators("300")),),
        narratives=tuple(Narrative(c.key, c.title, "无。") for c in SET.chapters),
        approved_on=date(2023, 2, 1),
        contact="0315-0000000",
    )  # fmt: skip


def swapped(ledger: Ledger, old, *new) -> Ledger:
    assert old in ledger.facts
    return replace(ledger, facts=(*(f for f in ledger.facts if f != old), *new))


def plus(ledger: Ledger, *facts) -> Ledger:
    return replace(ledger, facts=(*ledger.facts, *facts))


def goals(ledger: Ledger, *new: Goal) -> Ledger:
    return replace(ledger, goals=new)


def telling(ledger: Ledger, text: str, chapter: str = "overview") -> Ledger:
    return replace(
        ledger, narratives=tuple(replace(n, text=text) if n.key == chapter else n for n in ledger.narratives)
    )


def with_indicator(ledger: Ledger, **changes: object) -> Ledger:
    goal = ledger.goals[0]
    return goals(ledger, replace(goal, indicators=(*goal.indicators, replace(goal.indicators[0], **changes))))


LAST_YEAR = "2022年预算支出1000.00万元，其中：人员经费700.00万元，公用经费100.00万元，项目支出200.00万元。"
RISE = LAST_YEAR + "与2022年相比，2023年支出增加200.00万元，主要是{}。"


def transcribed(ledger: Ledger, by: str) -> Ledger:
    """The same budget with its tables as given, one printed cell of them raised."""
    sheets = compose(SET, ledger, SUBJECTS).tables
    sheet = next(s for s in sheets if s.key == "expenditure")
    row = sheet.row("2010302")
    cell = replace(row.cells[3], amount=row.cells[3].amount + Decimal(by), text="x")
    wrong = replace(row, cells=(*row.cells[:3], cell, *row.cells[4:]))
    rows = tuple(wrong if r is row else r for r in sheet.rows)
    return replace(ledger, given=tuple(replace(s, rows=rows) if s is sheet else s for s in sheets))


FAULTS = {
    "given-cells-tie": lambda b: transcribed(b, "5.00"),
    "given-cells-rounded": lambda b: transcribed(b, "0.01"),
    "families-meet": lambda b: swapped(b, revenue("2080505", "80.00"), revenue("2080505", "80.01")),
    "amount-not-negative": lambda b: plus(b, running_costs("30201", "-1.00"), basic("2010301", "-1.00")),
    "amount-fits-unit": lambda b: replace(b, facts=(replace(b.facts[0], amount=b.facts[0].amount + 1), *b.facts[1:])),
    "amount-printed": lambda b: plus(b, Fact(Family.AGENCY, Decimal(100))),
    "one-level-of-codes": lambda b: plus(b, basic("20103", "1.00")),
    "code-known": lambda b: plus(b, basic("2010309", "1.00")),
    "code-confirmed": lambda b: plus(b, basic("2010399", "1.00")),
    "code-detailed": lambda b: plus(b, basic("20803", "1.00")),
    "class-printed": lambda b: plus(b, basic("2990101", "1.00")),
    "kind-of-basic-expenditure": lambda b: plus(b, running_costs("30101", "1.00")),
    "three-public-covers-economic": lambda b: swapped(
        b, three_public(ThreePublicItem.VEHICLE_RUNNING, "2.00"), three_public(ThreePublicItem.VEHICLE_RUNNING, "1.99")
    ),
    "function-pays-economic": lambda b: swapped(b, personnel("30108", "80.00"), personnel("30101", "80.00")),
    "no-project-under-administration": lambda b: plus(b, project("2010301", "1.00")),
    "goals-cover-projects": lambda b: goals(b, Goal("大厅业务经费", (), indicators("299.16"))),
    "goals-complete": lambda b: goals(b, Goal("大厅业务经费", (), (indicators("300")[0], indicators("300")[2]))),
    "projects-have-goals": lambda b: goals(b),
    "chapters-written": lambda b: replace(b, narratives=b.narratives[1:]),
    "figures-known": lambda b: replace(b, narratives=(replace(b.narratives[0], text="[[没有]]"), *b.narratives[1:])),
    "wording-standard": lambda b: replace(b, wording={"balance/meta/2": "部门：万元"}),
    "characters-printable": lambda b: replace(b, contact="𠮷"),
    "text-amount-agrees": lambda b: telling(b, "本年收入1200.01万元。"),
    "text-unit": lambda b: telling(b, "人员经费预算800.00元。"),
    "text-amount-rounded": lambda b: telling(plus(b, funded("0.04"), revenue("2010301", "0.04"), project("2010302", "0.04")), "本年收入1200.0万元。"),
    "text-amount-untied": lambda b: telling(b, "培训安排5.00万元。"),
    "text-change-adds-up": lambda b: telling(b, RISE.format("项目增加").replace("200.00万元，主要", "199.00万元，主要")),
    "reason-fits-change": lambda b: telling(b, RISE.format("公用经费增加")),
    "compared-with-budget": lambda b: telling(b, "2022年决算支出数1000.00万元。与2022年相比，变化不大。"),
    "unchanged-verified": lambda b: telling(b, "公务接待费安排1.00万元，与上年持平。", "three_public"),
    "running-costs-told": lambda b: telling(b, "机关运行经费100.00万元，主要用于接待。", "agency_running_costs"),
    "project-names-agree": lambda b: telling(b, "二、分项绩效目标\n1、大厅经费\n目标1：办结。", "performance"),
    "indicator-money-unit": lambda b: with_indicator(b, aspect="数量指标", value="11", unit="万"),
    "indicator-percent-sign": lambda b: with_indicator(b, aspect="数量指标", value="98", unit="百分比"),
    "time-indicator-measures-time": lambda b: with_indicator(b, aspect="时效指标", name="办理时限", value="98", unit="%"),
    "sections-not-empty": lambda b: telling(b, "第一部分 整体\n第二部分 专项\n无。"),
    "vehicle-cost-plausible": lambda b: replace(b, assets=(Asset(AssetItem.BUILDINGS, Decimal(1)),)),
    "services-are-procured": lambda b: goals(b, replace(b.goals[0], project="大厅物业服务")),
    "approval-dated": lambda b: replace(b, approved_on=None),
    "contact-given": lambda b: replace(b, contact=""),
}  # fmt: skip


def glyphs(text: str) -> set[str]:
    return set(text) & {"𠮷"}


def found(ledger: Ledger) -> dict[str, list]:
    out: dict[str, list] = {}
    for finding in rules.check(ledger, SUBJECTS, glyphs):
        out.setdefault(finding.rule, []).append(finding)
    return out


def test_a_clean_budget_has_no_finding():
    assert found(clean()) == {}


def test_every_rule_has_a_fault_that_it_finds():
    assert FAULTS.keys() == REGISTRY.rules.keys()


@pytest.mark.parametrize("rule", FAULTS)
def test_rule_fires_with_place_and_remedy_and_a_stable_key(rule):
    faulty = FAULTS[rule](clean())
    finding = found(faulty)[rule][0]
    assert finding.severity is REGISTRY.rules[rule].severity
    assert finding.at or finding.cells
    assert "请" in finding.message or finding.severity is Severity.ADVICE
    assert finding.key.startswith(f"{rule}:")
    assert [f.key for f in found(faulty)[rule]] == [f.key for f in found(faulty)[rule]]


def test_a_transcribed_document_names_its_wrong_cell_once_and_never_blocks():
    findings = rules.check(transcribed(clean(), "5.00"), SUBJECTS, glyphs)
    assert [f.severity for f in findings if f.rule.startswith("given")] == [Severity.WARNING]
    assert "“一般行政管理事务”行“合计”列的 305.00 可能有误" in findings[0].message
    assert found(transcribed(clean(), "0.00")) == {}


MENDED = {
    "given-cells-tie": lambda b: transcribed(b, "0.00"),
    "given-cells-rounded": lambda b: transcribed(b, "0.00"),
    "text-amount-agrees": lambda b: telling(b, "本年收入1,200.00万元，财政拨款收入壹仟贰佰万元，人员经费８００万元。"),
    "text-unit": lambda b: telling(b, "人员经费预算8000000元。"),
    "text-amount-rounded": lambda b: telling(b, "本年收入1200.0万元。"),
    "text-change-adds-up": lambda b: telling(b, RISE.format("项目增加")),
    "reason-fits-change": lambda b: telling(b, RISE.format("人员增加，项目增加")),
    "compared-with-budget": lambda b: telling(b, LAST_YEAR),
    "running-costs-told": lambda b: telling(b, "机关运行经费100.00万元，主要用于办公、接待。", "agency_running_costs"),
    "project-names-agree": lambda b: telling(b, "二、分项绩效目标\n1、大厅业务经费\n目标1：办结。", "performance"),
    "indicator-money-unit": lambda b: with_indicator(b, aspect="数量指标", value="11", unit="万元"),
    "time-indicator-measures-time": lambda b: with_indicator(b, aspect="时效指标", name="办结率", value="98", unit="%"),
    "sections-not-empty": lambda b: telling(b, "第一部分 整体\n无。\n第二部分 专项\n无。"),
    "vehicle-cost-plausible": lambda b: replace(b, assets=(Asset(AssetItem.VEHICLES, Decimal(1)),)),
    "services-are-procured": lambda b: replace(
        goals(b, replace(b.goals[0], project="大厅物业服务")), procurements=(Procurement("大厅物业服务"),)
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", MENDED)
def test_rule_is_silent_on_the_mended_text(rule):
    assert rule not in found(MENDED[rule](clean()))


def test_unchanged_is_verified_against_last_year():
    this = telling(clean(), "公务接待费安排1.00万元，与上年持平。", "three_public")
    assert "unchanged-verified" not in {f.rule for f in rules.check(this, SUBJECTS, previous=clean())}
    other = swapped(
        clean(),
        three_public(ThreePublicItem.OFFICIAL_HOSPITALITY, "1.00"),
        three_public(ThreePublicItem.OFFICIAL_HOSPITALITY, "1.50"),
    )
    claims = [f for f in rules.check(this, SUBJECTS, previous=other) if f.rule == "unchanged-verified"]
    assert ["上年为 1.50万元" in f.message for f in claims] == [True]


def test_keys_are_unique_within_a_check():
    faulty = clean()
    swaps = {"families-meet", "three-public-covers-economic", "function-pays-economic", "text-amount-rounded"}
    for name, fault in FAULTS.items():
        if name in swaps or name.startswith("given"):
            continue
        if fault is not FAULTS["projects-have-goals"]:
            faulty = fault(faulty)
    keys = [f.key for f in rules.check(faulty, SUBJECTS, glyphs)]
    assert len(keys) == len(set(keys)) > 10


def test_meeting_families_name_both_figures_and_the_difference():
    finding = found(FAULTS["families-meet"](clean()))["families-meet"][0]
    assert "1200.01万元" in finding.message
    assert "1200.00万元" in finding.message
    assert "相差 0.01万元" in finding.message
    assert "表2" in finding.message


def test_each_fund_balances_on_its_own():
    ledger = plus(clean(), funded("5.00", fund=Fund.GOVERNMENT_FUND), revenue("2010301", "5.00"))
    messages = "".join(f.message for f in found(ledger)["families-meet"])
    assert "政府性基金预算的收入与支出" in messages
    assert "国有资本经营预算的收入与支出" not in messages


def test_non_fiscal_money_may_be_spent_on_any_use():
    ledger = plus(
        clean(), revenue("2010301", "7.00", Origin.SERVICE), basic("2010302", "7.00", Fund.NON_FISCAL)
    )
    assert found(ledger) == {}


def test_near_codes_are_offered_for_a_mistyped_one():
    assert "2010302 一般行政管理事务" in found(FAULTS["code-known"](clean()))["code-known"][0].message


def test_cost_caps_without_yuan_are_read_as_meant():
    cap = replace(indicators("300")[0], unit="万")
    assert "goals-cover-projects" not in found(goals(clean(), Goal("x", (), (cap, *indicators("300")[1:]))))
    assert Decimal("300") == Decimal(cap.value)
