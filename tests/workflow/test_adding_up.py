"""Rows planted in the database, past every form: what does not add up is told at the desk and stops every step."""

from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.domain.terms import Fund
from budgets.models import (
    BasicExpenditureLine,
    Disclosure,
    ExpenditureLine,
    FundLine,
    Publication,
    RevenueLine,
)
from budgets.workflow import lifecycle
from budgets.workflow.drafts import draft_of
from budgets.workflow.lifecycle import EditedMeanwhile, NotPublishable
from tests.makers.disclosures import a_person, a_sound_disclosure, approved, explain, submitted
from tests.makers.facts import yuan

pytestmark = pytest.mark.django_db
FIVE = yuan("5.00")
GENERAL = Fund.GENERAL_PUBLIC


def balanced(disclosure, function: str = "2010302") -> None:
    """Five more on the other side, so that no total misses by what is planted."""
    ExpenditureLine.objects.create(disclosure=disclosure, function=function, fund=GENERAL, project=FIVE)
    fund = FundLine.objects.get(disclosure=disclosure, fund=GENERAL)
    fund.current_year += FIVE
    fund.save()


def revenue_without_code(disclosure) -> None:
    RevenueLine.objects.create(disclosure=disclosure, function="", fiscal_appropriation=FIVE)
    balanced(disclosure)


def expenditure_without_code(disclosure) -> None:
    RevenueLine.objects.create(disclosure=disclosure, function="2010302", fiscal_appropriation=FIVE)
    balanced(disclosure, "")


def basic_without_code(disclosure) -> None:
    BasicExpenditureLine.objects.filter(disclosure=disclosure, economic="30201").update(economic="")


PLANTED = [revenue_without_code, expenditure_without_code, basic_without_code]


@pytest.fixture(autouse=True)
def nothing_built(no_pdf, few_pages):
    """No PDF is made where a step is expected to be refused."""


def told(disclosure: Disclosure) -> list[str]:
    return [finding.rule for finding in draft_of(disclosure).errors]


@pytest.mark.parametrize("plant", PLANTED)
def test_an_amount_without_a_code_is_one_error_at_the_desk(plant):
    disclosure = a_sound_disclosure()
    assert told(disclosure) == []
    plant(disclosure)
    assert told(disclosure) == ["amount-names-its-row"]


@pytest.mark.parametrize("plant", PLANTED)
def test_it_is_not_submitted(plant):
    disclosure = a_sound_disclosure()
    plant(disclosure)
    explain(disclosure)
    with pytest.raises(NotPublishable) as refused:
        lifecycle.submit(disclosure, by=a_person("accountant"))
    assert "amount-names-its-row" in [finding.rule for finding in refused.value.findings]


@pytest.mark.parametrize("plant", PLANTED)
def test_planted_after_submission_it_is_not_approved(plant):
    disclosure = submitted(a_sound_disclosure())
    plant(disclosure)
    explain(disclosure)
    with pytest.raises((NotPublishable, EditedMeanwhile)):
        lifecycle.approve(disclosure, by=a_person("bureau_officer"))
    disclosure.refresh_from_db()
    assert disclosure.status == "submitted"


@pytest.mark.parametrize("plant", PLANTED)
def test_planted_after_approval_it_is_not_published(plant):
    disclosure = approved(a_sound_disclosure())
    plant(disclosure)
    explain(disclosure)
    with pytest.raises((NotPublishable, EditedMeanwhile)):
        lifecycle.publish(disclosure, by=a_person("bureau_officer"))
    assert not Publication.objects.exists()


def test_published_totals_are_those_of_their_rows():
    """In every table by code that is published, the total is the sum of its classes."""
    disclosure = approved(a_sound_disclosure())
    lifecycle.publish(disclosure, by=a_person("bureau_officer"))
    document = draft_of(disclosure).document
    trees = [s for s in document.tables if s.rows and any(r.key == "total" for r in s.rows)]
    assert len(trees) >= 4
    for sheet in trees:
        total = next(row for row in sheet.rows if row.key == "total")
        if not all(row.total or row.key.isdigit() for row in sheet.rows):
            continue
        classes = [row for row in sheet.rows if len(row.key) == 3]
        for c, cell in enumerate(total.cells):
            if cell.amount is not None:
                assert cell.amount == sum((row.cells[c].amount or Decimal(0)) for row in classes), sheet.title


def test_without_the_rules_it_would_be_published(monkeypatch):
    """Negative control: the planted row balances everywhere, only its missing code tells it."""
    from budgets.rules import REGISTRY

    for rule in ("amount-names-its-row", "printed-tables-tie"):
        monkeypatch.delitem(REGISTRY.rules, rule)
    disclosure = a_sound_disclosure()
    revenue_without_code(disclosure)
    explain(disclosure)
    assert lifecycle.submit(disclosure, by=a_person("accountant"))


def test_if_nothing_named_the_cause_the_sums_would(monkeypatch):
    """The identities hold on what is printed whatever the cause: with the naming rule gone, the broken sums are errors."""
    from budgets.rules import printed_tables

    monkeypatch.setattr(printed_tables, "unnamed", lambda case: [])
    disclosure = a_sound_disclosure()
    revenue_without_code(disclosure)
    findings = [f for f in draft_of(disclosure).errors if f.rule == "printed-tables-tie"]
    assert findings
    assert all(finding.cells and "相差 5.00" in finding.message for finding in findings)


def test_no_money_is_an_error_until_the_department_says_so():
    disclosure = a_sound_disclosure()
    for model in (RevenueLine, ExpenditureLine, FundLine, BasicExpenditureLine):
        model.objects.filter(disclosure=disclosure).delete()
    assert "money-budgeted" in told(disclosure)
    payload = draft_of(disclosure).payload
    assert b"states_no_money" not in payload
    Disclosure.objects.filter(pk=disclosure.pk).update(states_no_money=True)
    disclosure.refresh_from_db()
    assert "money-budgeted" not in told(disclosure)
    assert b'"states_no_money":true' in draft_of(disclosure).payload


def test_who_says_there_is_no_money_has_none():
    disclosure = a_sound_disclosure()
    Disclosure.objects.filter(pk=disclosure.pk).update(states_no_money=True)
    disclosure.refresh_from_db()
    assert told(disclosure) == ["money-budgeted"]


@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_codes_of_two_funds_in_one_row_are_one_error(table_set):
    disclosure = a_sound_disclosure()
    Disclosure.objects.filter(pk=disclosure.pk).update(table_set=table_set)
    disclosure.refresh_from_db()
    ExpenditureLine.objects.create(
        disclosure=disclosure, function="20103", fund=Fund.GOVERNMENT_FUND, project=FIVE
    )
    assert "one-level-of-codes" in told(disclosure)
    assert "printed-tables-tie" not in told(disclosure)
