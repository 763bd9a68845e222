"""Each rule fires on a budget with its fault and falls silent on the mended one."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import rules
from budgets.domain.findings import Severity
from budgets.domain.ledgers import Goal
from budgets.domain.places import parsed, serialised
from budgets.domain.terms import Fund, Origin, ThreePublicItem
from budgets.rules import REGISTRY
from tests.makers.clean_account import clean_account
from tests.makers.clean_budget import (
    SUBJECTS,
    a_year_before,
    clean,
    found,
    glyphs,
    goals,
    indicators,
    plus,
    swapped,
    telling,
    transcribed,
)
from tests.makers.facts import basic, funded, personnel, project, revenue, three_public

from . import account_faults, faults, word_faults

FAULTS = faults.FAULTS | word_faults.FAULTS | account_faults.FAULTS
MENDED = (
    {rule: lambda budget: budget for rule in FAULTS}
    | faults.MENDED
    | word_faults.MENDED
    | account_faults.MENDED
)
HOSPITALITY = ThreePublicItem.OFFICIAL_HOSPITALITY


def expected(rule: str, ledger) -> Severity:
    """The rule's own severity; of a document printed as published no more than WARNING."""
    own = REGISTRY.rules[rule].severity
    return Severity.WARNING if ledger.given and own is Severity.ERROR else own


def test_a_clean_budget_has_no_finding():
    assert found(clean()) == {}


def test_clean_accounts_have_no_finding():
    assert found(clean_account()) == {}


def test_every_rule_has_a_fault_that_it_finds():
    assert FAULTS.keys() == REGISTRY.rules.keys()


@pytest.mark.sweep(12)
@pytest.mark.parametrize("rule", FAULTS)
def test_rule_fires_with_place_and_remedy_and_a_stable_key(rule):
    faulty = FAULTS[rule](clean())
    finding = found(faulty)[rule][0]
    assert finding.severity is expected(rule, faulty)
    assert parsed(serialised(finding.at)) == finding.at
    assert "请" in finding.message or finding.severity is Severity.ADVICE
    assert re.fullmatch(rf"{rule}:[0-9a-f]{{16}}", finding.key)
    assert [f.key for f in found(faulty)[rule]] == [f.key for f in found(faulty)[rule]]


@pytest.mark.sweep(11)
@pytest.mark.parametrize("rule", MENDED)
def test_rule_is_silent_on_the_mended_budget(rule):
    assert rule not in found(MENDED[rule](clean()))


def test_a_transcribed_document_names_its_wrong_cell_once_and_never_blocks():
    findings = rules.check(transcribed(clean(), "5.00"), SUBJECTS, glyphs)
    assert [f.severity for f in findings if f.rule.startswith("given")] == [Severity.WARNING]
    assert "“一般行政管理事务”行“合计”列的 305.00 可能有误" in findings[0].message
    assert found(transcribed(clean())) == {}


@pytest.mark.sweep(8)
@pytest.mark.parametrize("rule", [r for r in REGISTRY.rules if REGISTRY.rules[r].severity is Severity.ERROR])
def test_a_published_document_is_never_blocked_but_by_what_cannot_be_printed(rule):
    faulty = FAULTS[rule](clean())
    published = faulty if faulty.given else replace(faulty, given=transcribed(clean()).given)
    weights = {f.severity for f in found(published).get(rule, ())}
    if rule == "unit-of-amounts":  # its tables print their own words, in the unit of their amounts
        assert weights == set()
    elif rule == "characters-printable":
        assert weights == {Severity.ERROR}
    else:
        assert weights <= {Severity.WARNING}
    every = rules.check(published, SUBJECTS, glyphs)
    assert every == sorted(every, key=lambda f: list(Severity).index(f.severity))


def test_a_wrong_amount_of_a_published_document_becomes_a_warning():
    text = FAULTS["text-amount-agrees"](clean())
    assert found(text)["text-amount-agrees"][0].severity is Severity.ERROR
    published = replace(text, given=transcribed(clean()).given)
    assert found(published)["text-amount-agrees"][0].severity is Severity.WARNING


def test_unchanged_is_verified_against_last_year():
    this = telling(clean(), "公务接待费安排1.00万元，与上年持平。", "three_public")
    assert "unchanged-verified" not in {
        f.rule for f in rules.check(this, SUBJECTS, previous=a_year_before(clean()))
    }
    other = swapped(clean(), three_public(HOSPITALITY, "1.00"), three_public(HOSPITALITY, "1.50"))
    claims = [
        f
        for f in rules.check(this, SUBJECTS, previous=a_year_before(other))
        if f.rule == "unchanged-verified"
    ]
    assert ["上年为 1.50万元" in f.message for f in claims] == [True]


def test_a_change_is_held_against_last_years_disclosure():
    more = plus(
        clean(),
        funded("7.00", fund=Fund.GENERAL_PUBLIC),
        revenue("2010302", "7.00"),
        project("2010302", "7.00"),
    )
    for amount, wanted in (("7.00", set()), ("7.01", {"text-change-adds-up"})):
        this = telling(more, f"财政拨款收入1207.00万元，比2022年预算增加{amount}万元。")
        told = {f.rule for f in rules.check(this, SUBJECTS, previous=a_year_before(clean()))}
        assert told & {"text-change-adds-up", "unchanged-verified"} == wanted
        assert "unchanged-verified" in {f.rule for f in rules.check(this, SUBJECTS)}


@pytest.mark.slow
def test_one_gap_between_families_is_said_once():
    def told(budget) -> list[str]:
        return [f.message.partition("不符")[0] for f in found(budget).get("families-meet", ())]

    more = plus(clean(), funded("7.00", fund=Fund.GENERAL_PUBLIC), revenue("2010302", "7.00"))
    assert told(more) == ["一般公共预算的收入与支出"], "the whole does not repeat what the fund says"
    other = plus(clean(), revenue("2010302", "7.00", Origin.SERVICE))
    assert told(other) == ["收入总计与支出总计"]


def test_amounts_of_last_year_are_those_of_its_disclosure():
    for quoted, wanted in (("2022年预算", 0), ("2022年决算", None)):
        for amount, wrong in (("1200.00", False), ("1200.01", True)):
            this = telling(clean(), f"{quoted}收入{amount}万元。")
            told = [
                f.message
                for f in rules.check(this, SUBJECTS, previous=a_year_before(clean()))
                if "与上年公开的" in f.message
            ]
            assert len(told) == (1 if wrong and wanted is not None else 0)
            assert all("相差 0.01万元" in message for message in told)


def test_keys_are_unique_within_a_check():
    faulty = clean()
    apart = {"families-meet", "three-public-covers-economic", "function-pays-economic", "text-amount-rounded"}
    apart |= {"projects-have-goals", *account_faults.FAULTS}
    for name, fault in FAULTS.items():
        if name not in apart and not fault(clean()).given:
            faulty = fault(faulty)
    keys = [f.key for f in rules.check(faulty, SUBJECTS, glyphs)]
    assert len(keys) == len(set(keys)) > 20


def test_an_amount_said_twice_has_two_keys():
    twice = telling(clean(), "人员经费801.00万元。人员经费802.00万元。")
    keys = [f.key for f in found(twice)["text-amount-agrees"]]
    assert len(keys) == len(set(keys)) == 2


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


def test_near_codes_are_offered_for_a_mistyped_one():
    assert "2010302 一般行政管理事务" in found(FAULTS["code-known"](clean()))["code-known"][0].message


def test_cost_caps_without_yuan_are_read_as_meant():
    cap = replace(indicators("300")[0], unit="万")
    assert "goals-cover-projects" not in found(goals(clean(), Goal("x", (), (cap, *indicators("300")[1:]))))
    assert Decimal("300") == Decimal(cap.value)


class TestLegalExceptions:
    """What real documents do for good reasons is explained or silent, never an ERROR (domain rules 4.4)."""

    def test_non_fiscal_money_may_be_spent_on_any_use(self):
        ledger = plus(
            clean(), revenue("2010301", "7.00", Origin.SERVICE), basic("2010302", "7.00", Fund.NON_FISCAL)
        )
        assert found(ledger) == {}
        assert found(transcribed(ledger)) == {}

    def test_with_institutions_agency_costs_are_less_and_only_pointed_out(self):
        less = faults.with_institutions(FAULTS["agency-costs-are-running-costs"](clean()))
        weights = [f.severity for f in found(less)["agency-costs-are-running-costs"]]
        assert weights == [Severity.ADVICE]

    def test_personnel_may_hold_a_part_of_goods_and_services_if_explained(self):
        moved = swapped(
            clean(), personnel("30101", "720.00"), personnel("30101", "719.00"), personnel("30201", "1.00")
        )
        assert {f.severity for fs in found(moved).values() for f in fs} == {Severity.WARNING}

    def test_three_public_may_be_more_than_basic_expenditure_says(self):
        more = swapped(clean(), three_public(HOSPITALITY, "1.00"), three_public(HOSPITALITY, "3.00"))
        assert found(more) == {}

    def test_vehicles_bought_from_other_money_are_to_be_explained(self):
        planned = telling(clean(), "安排购置车辆1辆。", "state_assets")
        assert [f.severity for f in found(planned)["planned-vehicles-budgeted"]] == [Severity.WARNING]

    def test_an_area_without_the_buildings_own_is_advice(self):
        ledger = faults.offices(clean(), "90")
        lacking = replace(ledger, assets=(replace(ledger.assets[0], quantity=None), *ledger.assets[1:]))
        assert [f.severity for f in found(lacking)["office-space-within-buildings"]] == [Severity.ADVICE]

    def test_a_rounded_unit_price_is_a_tail(self):
        rows = faults.procuring(
            clean(), quantity=Decimal(3), unit_price=Decimal(3300), general_public=Decimal(10000)
        )
        finding = found(replace(rows, procurements=(replace(rows.procurements[0], project_funds=None),)))
        assert [f.severity for f in finding["procurement-multiplies"]] == [Severity.WARNING]
        assert "尾差" in finding["procurement-multiplies"][0].message


def percents(text: str, **more) -> list[str]:
    findings = rules.check(telling(clean(), text), SUBJECTS, **more)
    return [f.message for f in findings if f.rule == "text-percent-agrees"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("本年支出1200.00万元，其中：基本支出900.00万元，占75%。", 0),
        ("本年支出1200.00万元，其中：基本支出900.00万元，占比57.00%。", 1),
        ("项目支出300.00万元，占总支出的25.0％。", 0),
        ("项目支出300.00万元，占总支出的19.62%。", 1),
        ("项目支出300.00万元，比2022年减少100.00万元，下降25%。", 0),
        ("项目支出300.00万元，比2022年减少100.00万元，下降33.33%。", 1),
        ("群众满意度达到95%，占地面积增加2%。", 0),
    ],
)
def test_shares_and_growths_follow_from_their_amounts(text, wrong):
    assert len(percents(text)) == wrong


def test_a_growth_without_amount_is_held_against_last_year():
    other = swapped(clean(), project("2010302", "300.00"), project("2010302", "250.00"))
    assert percents("项目支出300.00万元，比2022年增长20%。", previous=a_year_before(other)) == []
    (message,) = percents("项目支出300.00万元，比2022年增长25%。", previous=a_year_before(other))
    assert "50.00万元 ÷ 250.00万元＝20%" in message
    untied = found(telling(clean(), "项目支出300.00万元，比2022年增长20%。"))["text-amount-untied"]
    assert "“增长20%”" in untied[0].message


@pytest.mark.parametrize(
    "text",
    [
        "某局预算支出1200.00万元，其中：某中心支出150.00万元，信息化项目支出20.00万元。",
        "行政运行（项）820.00万元，其中人员经费700.00万元，公用经费100.00万元。",
        "一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）1120.00万元，其中：基本支出820.00万元，项目支出300.00万元。",
        "2010302一般行政管理事务300.00万元，主要用于大厅业务经费300.00万元。",
        "离退休人员经费5.00万元，国内公务接待费0.50万元，面向中小企业预留政府采购项目预算9.00万元。",
        "上年结转0万元，事业收入0万元，财政专户管理资金收入0万元。",
        "2022年执行数为1100.00万元，单价100万元（含）以上设备0台。",
        "截至2022年12月31日，其他固定资产7.00万元，新增固定资产2.00万元。",
        "基本支出9,000,000元，占总支出的75%；项目支出0.03亿元。",
    ],
)
def test_what_real_texts_say_is_no_fault(text):
    faults_ = [
        f.message
        for fs in found(telling(clean(), text)).values()
        for f in fs
        if f.severity is not Severity.ADVICE
    ]
    assert faults_ == []


def test_a_file_that_says_no_year_has_no_finding_of_years():
    unknown = replace(faults.offices(clean(), "90"), year=0, narrative_title="2022年部门预算")
    assert found(unknown).keys() & {"year-in-titles", "assets-counted-at-year-end"} == set()
