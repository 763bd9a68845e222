"""No two findings share a key: every rule, every fault, random budgets, and what stands twice in a text."""

from collections import Counter
from dataclasses import replace

import pytest

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.ledgers import Goal, Procurement
from budgets.domain.passages import span
from budgets.domain.places import Passage
from budgets.domain.sheets import Filler
from budgets.rules.registry import REGISTRY, Case
from budgets.synthetic.draws import random_facts
from tests.makers.clean_account import other_stage
from tests.makers.clean_budget import PUBLISHED_ON, SUBJECTS, clean, found, glyphs, indicators, plus, telling
from tests.makers.facts import basic, project, revenue, yuan

from .test_rules import FAULTS

COMPARED = "2022年决算支出数1000.00万元。与2022年相比，变化不大。"
TWICE = {
    "compared-with-budget": lambda b: telling(b, f"{COMPARED}\n与2022年相比，2022年决算数为1.00万元。"),
    "figures-known": lambda b: replace(
        b, narratives=tuple(replace(n, text="[[没有]]，[[也没有]]") if i < 2 else n for i, n in enumerate(b.narratives))
    ),
    "text-percent-agrees": lambda b: telling(b, "项目支出300.00万元，占本年支出的26%。\n项目支出300.00万元，占本年支出的26%。"),
    "text-amount-agrees": lambda b: telling(b, "人员经费801.00万元。人员经费802.00万元。"),
    "text-unit": lambda b: telling(b, "人员经费800.00元。人员经费800.00元。"),
    "item-named-as-printed": lambda b: telling(b, "“一般公共服务支出（类）政务（款）管理事物（项）”3.00万元。" * 2),
    "planned-vehicles-budgeted": lambda b: telling(b, "安排购置车辆1辆。另安排购置车辆1辆。", "state_assets"),
    "assets-counted-at-year-end": lambda b: telling(b, "截至2022年8月31日，车辆1台。截至2022年8月31日，设备2台。"),
    "sections-not-empty": lambda b: telling(b, "第一部分 整体\n第一部分 整体\n第二部分 专项"),
    "indicator-money-unit": lambda b: replace(
        b, goals=tuple(Goal("同名", (), (replace(indicators("11")[0], unit="万"),) * 2) for _ in range(2))
    ),
    "procurement-multiplies": lambda b: replace(
        b, procurements=(Procurement("同名", item="电脑", quantity=yuan("1"), unit_price=yuan("1")),) * 2
    ),
    "goals-complete": lambda b: replace(b, goals=(Goal("甲"), Goal("乙"))),
    "one-level-of-codes": lambda b: plus(b, basic("20103", "1.00"), revenue("20103", "1.00"), project("201", "1.00")),
    "no-template-residue": lambda b: replace(telling(b, "XX局"), lead="XX局", narrative_title="XX局"),
}  # fmt: skip


def told(ledger, subjects=SUBJECTS) -> list:
    """What the rules say, before the registry tells equal keys apart."""
    table_set = tablesets.get(ledger.table_set)
    document = compose(table_set, ledger, subjects)
    case = Case(
        Filler(table_set, ledger, subjects),
        document,
        glyphs,
        published_on=PUBLISHED_ON,
        find_other=lambda: other_stage(ledger),
    )
    return [finding for rule in REGISTRY.rules.values() for finding in rule.find(case)]


def shared(findings) -> list[str]:
    return [key for key, times in Counter(f.key for f in findings).items() if times > 1]


@pytest.mark.sweep(16)
@pytest.mark.parametrize("rule", FAULTS)
def test_of_every_fault_no_two_findings_share_a_key(rule):
    assert shared(told(FAULTS[rule](clean()))) == []


@pytest.mark.parametrize("rule", TWICE)
def test_two_of_a_kind_have_two_keys_and_two_places(rule):
    findings = found(TWICE[rule](clean()))[rule]
    assert len(findings) >= 2
    assert shared(findings) == []


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_of_random_budgets_no_two_findings_share_a_key(table_set):
    for seed in range(60):
        facts = random_facts(seed, table_set)
        wrong = tuple(
            replace(fact, amount=-fact.amount if n % 3 == 0 else fact.amount + n)
            for n, fact in enumerate(facts)
            if n % 5
        )
        ledger = replace(clean(), table_set=table_set, facts=wrong)
        findings = told(ledger, subjects_of(2023))
        assert len(findings) > 10
        assert shared(findings) == []


def test_what_a_rule_says_twice_of_one_place_is_told_apart_all_the_same():
    fact = basic("2010301", "-1.00")
    ledger = plus(clean(), fact, fact)
    rule = "amount-not-negative"
    assert len(shared(f for f in told(ledger) if f.rule == rule)) == 1, "the control"
    keys = [f.key for f in rules.check(ledger, SUBJECTS) if f.rule == rule]
    assert len(keys) == len(set(keys)) == 2


@pytest.mark.sweep(16)
@pytest.mark.parametrize("rule", FAULTS | TWICE)
def test_a_place_in_a_chapter_is_found_in_its_text(rule):
    ledger = (TWICE if rule in TWICE else FAULTS)[rule](clean())
    texts = {narrative.key: narrative.text for narrative in ledger.narratives}
    for finding in told(ledger):
        if isinstance(finding.at, Passage) and finding.at.quote:
            assert span(texts[finding.at.chapter], finding.at) is not None


def test_a_key_stays_when_amounts_are_mended_and_words_come_before():
    def keys(text: str) -> list[str]:
        return [f.key for f in found(telling(clean(), text))["text-amount-agrees"]]

    first = keys("本年收入1201.00万元。")
    assert keys("总的来说，情况如下。\n本年收入1207.77万元。") == first
    assert keys("本年支出1201.00万元。") != first
