"""`make_county`: budgets that no rule refuses, published in full or as rows, the same ones for the same seed."""

from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.findings import Severity
from budgets.domain.snapshots import loads
from budgets.domain.terms import Family
from budgets.models import Publication, PublicationState
from budgets.synthetic.ledgers_drawn import random_ledger

SETS = [key for key, _ in tablesets.choices()]
USUAL = [key for key, _ in tablesets.usual()]  # of budgets: accounts are drawn beside them


def make(*arguments: str) -> str:
    out = StringIO()
    call_command("make_county", *arguments, stdout=out)
    return out.getvalue().splitlines()[-1]


@pytest.mark.sweep(1)
@pytest.mark.parametrize("key", SETS)
@pytest.mark.parametrize("items", [5, 60])
def test_no_rule_finds_an_error_in_what_is_drawn(key, items):
    codes = [s.code for s in subjects_of(2023).all() if s.level == 3 and s.budget == "一般公共"]
    for seed in range(3):
        drawn = random_ledger(seed, tablesets.get(key), functions=codes, items=items)
        errors = [f for f in rules.check(drawn, subjects_of(2023)) if f.severity == Severity.ERROR]
        assert errors == []


@pytest.mark.sweep(4, 12)
@pytest.mark.parametrize("key", SETS)
@pytest.mark.parametrize("seed", range(40))
def test_years_that_go_on_change_a_little_and_tie(key, seed):
    table_set = tablesets.get(key)
    first, later = (random_ledger(seed, table_set, years_on=passed) for passed in (0, 2))
    errors = [f for f in rules.check(later, subjects_of(2023)) if f.severity == Severity.ERROR]
    assert errors == [] and first.facts != later.facts
    assert [replace(f, amount=Decimal(1)) for f in first.facts] == [
        replace(f, amount=Decimal(1)) for f in later.facts
    ]
    whole, then = (
        sum(f.amount for f in one.facts if f.family is Family.EXPENDITURE) for one in (later, first)
    )
    assert Decimal("0.88") < whole / then < Decimal("1.26")


@pytest.mark.parametrize("key", SETS)
def test_the_same_seed_draws_the_same_and_another_one_something_else(key):
    first, again, other = (random_ledger(seed, tablesets.get(key)) for seed in (7, 7, 8))
    assert first == again
    assert first.facts != other.facts


@pytest.mark.slow
@pytest.mark.django_db
def test_a_county_is_published_in_full_and_only_what_is_missing_is_added(few_pages):
    assert make("2", "--without-pdf", "--table-set", *USUAL) == "完成：新公开 2 份。"
    assert make("3", "--without-pdf", "--table-set", *USUAL) == "完成：新公开 1 份。"
    assert make("3", "--without-pdf") == "完成：新公开 0 份。"
    assert {loads(p.content)[1].table_set for p in Publication.objects.all()} == set(USUAL)
    assert PublicationState.objects.filter(pdf_pending=True).count() == 3


@pytest.mark.slow
@pytest.mark.django_db
def test_rows_alone_hold_payloads_chains_and_search_text_of_their_own():
    assert (
        make("61", "--rows-only", "--years", "2022", "2023", "--table-set", *USUAL) == "完成：新公开 122 份。"
    )
    for row in Publication.objects.select_related("department__region", "state"):
        document = loads(row.content)[1]
        assert (document.unit_code, document.unit_name) == (row.department.code, row.department.name)
        assert row.department.name in row.state.text
    later = Publication.objects.filter(fiscal_year=2023)
    entries = dict(Publication.objects.filter(fiscal_year=2022).values_list("department_id", "chain_entry"))
    assert {p.department_id: p.chain_previous for p in later} == entries
    assert {d.region.code for d in {p.department for p in later}} == {"990001", "990002"}
