"""Amounts in 元 typed into a column of 万元 (and the like) are named once; clean budgets of any shape are not."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.classification import Subjects
from budgets.domain.findings import Severity
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.domain.terms import Family
from budgets.rules.registry import Case
from budgets.rules.typed_units import mistyped
from budgets.synthetic.draws import random_facts
from tests.makers.published_ledgers import laoting, putuo

RULE = "typed-in-its-unit"
DOCUMENTS = {"hebei_2023": laoting, "shanghai_2023": putuo}
BUDGETS, PARTS = 500, 4  # of each set
ADDED = 10_000


def plain(facts, table_set: str = "hebei_2023") -> Ledger:
    return Ledger(table_set, "130225", "乐亭县", "483", "某局", 2023, facts=tuple(facts))


def slips(ledger: Ledger, previous: Ledger | None = None) -> list:
    """What the rule's own look at the facts finds; nothing is printed for it."""
    case = Case(Filler(tablesets.get(ledger.table_set), ledger, Subjects()), None, previous=previous)  # type: ignore[arg-type]
    return list(mistyped(case))


def varied(ledger: Ledger, seed: int) -> Ledger:
    """Another year's amounts, each up to two fifths less or three fifths more."""
    chance, quantum = random.Random(seed), tablesets.get(ledger.table_set).quantum
    facts = (
        replace(
            f, amount=(f.amount * Decimal(chance.uniform(0.6, 1.6)) / quantum).quantize(Decimal(1)) * quantum
        )
        for f in ledger.facts
    )
    return replace(ledger, facts=tuple(facts))


def scaled(ledger: Ledger, factor: Decimal, which) -> Ledger:
    """What was typed, rounded to what the table takes."""
    cent = Decimal("0.01")
    facts = tuple(
        replace(f, amount=(f.amount * factor).quantize(cent)) if which(f) else f for f in ledger.facts
    )
    return replace(ledger, facts=facts)


@pytest.mark.slow
@pytest.mark.parametrize("table_set", DOCUMENTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_thousand_clean_budgets_raise_no_alarm(table_set, part):
    for seed in range(part, BUDGETS, PARTS):
        ledger = plain(random_facts(seed, table_set), table_set)
        assert slips(ledger, varied(ledger, seed)) == [], seed


def new(ledger: Ledger, spoilt: Ledger) -> list:
    subjects = subjects_of(ledger.year)
    known = {f.key for f in rules.check(ledger, subjects)}
    return [
        f for f in rules.check(spoilt, subjects) if f.key not in known and f.severity is not Severity.ADVICE
    ]


@pytest.mark.slow
def test_any_amount_of_the_sample_typed_in_yuan_is_the_one_finding():
    ledger = laoting()
    for fact in ledger.facts:
        (finding,) = new(ledger, scaled(ledger, Decimal(ADDED), lambda f, fact=fact: f == fact))
        assert finding.rule == RULE, fact
        assert "可能以元填写" in finding.message
        assert f"{fact.amount:.2f}万元" in finding.message, "as it was typed"
        assert f"{fact.amount / ADDED:.2f}万元" in finding.message, "as it is likely"


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    "family", [Family.REVENUE, Family.EXPENDITURE, Family.BASIC_EXPENDITURE, Family.FUND]
)
@pytest.mark.parametrize("table_set", DOCUMENTS)
def test_a_whole_table_in_another_unit_is_one_finding(table_set, family):
    ledger = DOCUMENTS[table_set]()
    for factor in (Decimal(ADDED), Decimal(100)):
        (finding,) = new(ledger, scaled(ledger, factor, lambda f: f.family is family))
        assert (finding.rule, finding.severity) == (RULE, Severity.ERROR)


def test_ten_thousand_yuan_typed_into_a_column_of_yuan():
    ledger = putuo()
    (finding,) = new(
        ledger, scaled(ledger, 1 / Decimal(ADDED), lambda f: f.family is Family.BASIC_EXPENDITURE)
    )
    assert "可能以万元填写" in finding.message


@pytest.mark.parametrize(("years", "said"), [(1, "上年"), (2, ""), (4, "")])
@pytest.mark.parametrize("table_set", DOCUMENTS)
def test_a_whole_budget_in_another_unit_is_told_by_the_latest_year_known(table_set, years, said):
    ledger = DOCUMENTS[table_set]()
    spoilt = scaled(ledger, Decimal(ADDED), lambda f: True)
    assert slips(spoilt) == [], "it ties: nothing of this year tells it"
    year = ledger.year - years
    found = slips(spoilt, varied(replace(ledger, year=year), 1))
    assert {each.against for each in found} == {f"{said or f'{year}年'}相同各项合计"}
    families = {fact.family for each in found for fact in each.facts if len(each.facts) > 1}
    assert families >= {Family.REVENUE, Family.EXPENDITURE, Family.BASIC_EXPENDITURE}
    assert len(found) == 1, "one cause, one message"


def test_a_forgotten_amount_is_no_unit():
    """Negative control: an amount that is missing on the other side is a gap of its own size."""
    ledger = laoting()
    for fact in ledger.facts:
        less = replace(ledger, facts=tuple(f for f in ledger.facts if f != fact))
        assert slips(less) == [], fact


def test_without_the_ties_a_slip_of_a_leaf_goes_unnoticed(monkeypatch):
    from budgets.rules import typed_units

    monkeypatch.setattr(typed_units, "_untied", lambda case: [])
    ledger = laoting()
    fact = next(f for f in ledger.facts if f.economic == "30113")
    assert slips(scaled(ledger, Decimal(ADDED), lambda f: f == fact)) == []
