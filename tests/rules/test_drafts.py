"""A draft is checked against last year's disclosure and the region's limits."""

from decimal import Decimal

import pytest

from budgets.domain import ledgers
from budgets.domain.terms import ThreePublicItem
from budgets.workflow.drafts import draft_of
from tests.makers.disclosures import a_department, a_disclosure, a_region, a_sound_disclosure, published
from tests.makers.facts import basic, small_budget, three_public

pytestmark = pytest.mark.django_db
HOSPITALITY = ThreePublicItem.OFFICIAL_HOSPITALITY
CLAIM = (ledgers.Narrative("three_public", "“三公”经费", "公务接待费安排1.00万元，与上年持平。"),)


def findings(disclosure, rule: str) -> list:
    return [finding for finding in draft_of(disclosure).findings if finding.rule == rule]


def last_year(amount: str, **where) -> None:
    old, new = three_public(HOSPITALITY, "1.00"), three_public(HOSPITALITY, amount)
    a_disclosure(year=2022, facts=[new if fact == old else fact for fact in small_budget()], **where)


def test_without_last_year_a_claim_cannot_be_verified():
    (finding,) = findings(a_disclosure(narratives=CLAIM), "unchanged-verified")
    assert "无法核对" in finding.message


def test_with_last_years_disclosure_it_is_verified():
    last_year("1.00")
    assert findings(a_disclosure(narratives=CLAIM), "unchanged-verified") == []


def test_a_false_claim_names_both_years():
    last_year("1.50")
    (finding,) = findings(a_disclosure(narratives=CLAIM), "unchanged-verified")
    assert "上年为 1.50万元，本年为 1.00万元，相差 -0.50万元" in finding.message


@pytest.mark.parametrize("other", ["stage", "department"])
def test_another_stage_or_department_is_no_last_year(other):
    where = (
        {"stage": "final"} if other == "stage" else {"department": a_department("484", "某局", a_region())}
    )
    last_year("1.00", **where)
    (finding,) = findings(a_disclosure(narratives=CLAIM), "unchanged-verified")
    assert "无法核对" in finding.message


def test_the_limit_of_a_vehicle_is_a_setting(settings):
    owned = (ledgers.Asset(ledgers.AssetItem.VEHICLES, Decimal(1)),)
    disclosure = a_disclosure(assets=owned)  # one vehicle of 2.00万元
    assert findings(disclosure, "vehicle-cost-plausible") == []
    settings.PER_VEHICLE_LIMIT = Decimal(19_999)
    (finding,) = findings(disclosure, "vehicle-cost-plausible")
    assert "超过 2.00万元" in finding.message


def test_late_publication_is_told_and_blocks_no_correction(no_pdf, few_pages):
    publication = published(a_sound_disclosure())  # approved in 2023, published today
    draft = draft_of(publication.disclosure)
    assert [f.severity for f in draft.findings if f.rule == "published-in-time"] == ["advice"]
    assert draft.blockers == []


def test_an_explanation_counts_for_its_own_warning_alone():
    disclosure = a_disclosure(facts=(*small_budget(), basic("2010301", "1.00")))
    first, second, *rest = draft_of(disclosure).unexplained
    assert first.key != second.key
    disclosure.explanations.create(
        finding_key=second.key, rule=second.rule, message=second.message, text="情况属实。"
    )
    draft = draft_of(disclosure)
    assert draft.unexplained == [first, *rest]
    assert draft.explanations.keys() == {second.key}
