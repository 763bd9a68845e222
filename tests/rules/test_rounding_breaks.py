"""What rounding would break is known beforehand: just what the rounded draft would be told, and nothing it had before."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.ledgers import Procurement
from budgets.domain.terms import Family
from budgets.rules.rounding_breaks import MEETING, broken_by_rounding
from budgets.tablesets.rounding import off_quantum, to_quantum
from tests.makers.published_ledgers import laoting, putuo

LEDGERS = {"hebei_2023": laoting, "shanghai_2023": putuo}


def finer(ledger, factor: str):
    """Each amount a little more than what prints, so that every tie still holds exactly."""
    return replace(ledger, facts=tuple(replace(f, amount=f.amount * Decimal(factor)) for f in ledger.facts))


def gaps(ledger) -> dict[str, str]:
    """The ties between tables that are told of a ledger, in words by their key."""
    found = rules.check(ledger, subjects_of(ledger.year))
    return {each.key: each.message for each in found if each.rule == MEETING}


@pytest.mark.sweep(1)
@pytest.mark.parametrize("factor", ["0.99129", "1.0013713", "1.3337"])
@pytest.mark.parametrize("table_set", LEDGERS)
def test_it_is_told_what_the_rounded_draft_will_be_told(table_set, factor):
    ledger = finer(LEDGERS[table_set](), factor)
    assert off_quantum(ledger) and gaps(ledger) == {}
    told = broken_by_rounding(ledger, subjects_of(ledger.year))
    assert {each.key: each.message for each in told} == gaps(to_quantum(ledger)) != {}
    assert all("相差" in each.message for each in told)


@pytest.mark.slow
@pytest.mark.parametrize("table_set", LEDGERS)
def test_what_rounding_does_not_break_is_not_told(table_set):
    """Negative control: amounts that print; and a tie that was open before by just as much."""
    ledger = LEDGERS[table_set]()
    assert broken_by_rounding(ledger, subjects_of(ledger.year)) == []
    quantum = tablesets.get(table_set).quantum
    first, *others = sorted(ledger.facts, key=lambda fact: fact.family is not Family.REVENUE)
    open_before = replace(ledger, facts=(replace(first, amount=first.amount + 9 * quantum), *others))
    assert gaps(open_before) != {}
    assert broken_by_rounding(open_before, subjects_of(ledger.year)) == []


@pytest.mark.parametrize("table_set", LEDGERS)
def test_a_purchase_whose_price_is_rounded_is_told(table_set):
    quantum = tablesets.get(table_set).quantum
    row = Procurement(
        "甲",
        item="椅",
        quantity=Decimal(10),
        unit_price=quantum * Decimal("3.4"),
        general_public=34 * quantum,
    )
    told = broken_by_rounding(replace(LEDGERS[table_set](), procurements=(row,)), subjects_of(2023))
    assert [each.rule for each in told] == ["procurement-multiplies"]
