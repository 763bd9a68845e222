"""A draft is checked against last year's disclosure and the region's limits."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from budgets import ledger
from budgets.domain import ledgers
from budgets.domain.composing import compose
from budgets.domain.documents import Explanation
from budgets.domain.findings import Finding, Limits, Severity
from budgets.domain.places import Whole
from budgets.domain.snapshots import digest, dumps, loads
from budgets.domain.terms import ThreePublicItem
from budgets.fonts.glyphs import missing_glyphs
from budgets.tablesets import SETS, get
from budgets.workflow.drafts import Draft, draft_of, drafts_of, earlier_year
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_public_row,
    a_region,
    a_sound_disclosure,
    published,
)
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


@pytest.mark.parametrize("table_set", SETS)
def test_a_budget_in_another_unit_is_told_by_a_year_further_back_of_which_no_text_speaks(table_set):
    a_disclosure(year=2021, table_set=table_set)
    a_disclosure(year=2022, table_set=table_set, facts=())  # begun and left empty
    large = [replace(fact, amount=fact.amount * 10_000) for fact in small_budget()]
    disclosure = a_disclosure(table_set=table_set, facts=large, narratives=CLAIM)
    (finding,) = findings(disclosure, "typed-in-its-unit")
    assert "：2021年相同各项合计为" in finding.message and "上年" not in finding.message
    (claim,) = findings(disclosure, "unchanged-verified")
    assert "无法核对" in claim.message


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


def test_what_a_draft_asks_the_rules(without_rules, settings):
    """The year before at the same stage, the portal's limits, the fonts, and the day on which it first was public."""
    settings.PER_VEHICLE_LIMIT = Decimal(1234)
    disclosure, before = a_disclosure(), a_disclosure(year=2022, contact="0315-2222222")
    first = date(2023, 2, 1)
    for revision, on in ((2, date(2023, 3, 1)), (1, first)):
        a_public_row(disclosure, revision=revision, on=on)
    draft_of(disclosure)
    asked = without_rules.pop()
    assert asked["previous"] == ledger.read(before)
    assert asked["limits"] == Limits(per_vehicle=Decimal(1234))
    assert asked["published_on"] == first
    assert asked["glyphs"] is missing_glyphs
    draft_of(before)
    asked = without_rules.pop()
    assert (asked["previous"], asked["published_on"]) == (None, None)


def test_several_drafts_are_those_of_each_with_its_own_earlier_year(without_rules):
    """Two departments, of which one has its year before among the others; a stage and a year that do not count."""
    mine, before = a_disclosure(contact="1"), a_disclosure(year=2022, contact="2")
    beside = a_disclosure(a_department("484", "乐亭县水务局"), contact="3")
    a_disclosure(beside.department, year=2022, stage="final")
    a_disclosure(beside.department, year=2021, facts=())
    older = a_disclosure(beside.department, year=2020)
    a_disclosure(beside.department, year=2019)
    found = drafts_of([mine, before, beside])
    assert {pk: draft.ledger.contact for pk, draft in found.items()} == {
        mine.pk: "1",
        before.pk: "2",
        beside.pk: "3",
    }
    asked = {each["ledger"].contact: each["previous"] for each in without_rules}
    assert asked == {"1": ledger.read(before), "2": None, "3": ledger.read(older)}
    assert drafts_of([]) == {}
    assert (earlier_year(mine), earlier_year(beside)) == (ledger.read(before), ledger.read(older))


def test_the_day_of_the_first_publication_may_come_with_the_disclosure(without_rules):
    disclosure = a_disclosure()
    a_public_row(disclosure)
    for known in (date(2023, 2, 3), None):
        disclosure.first_published_on = known
        draft_of(disclosure)
        assert without_rules.pop()["published_on"] == known


def test_a_transcribed_document_is_not_asked_when_it_was_published(without_rules):
    disclosure = a_disclosure()
    a_public_row(disclosure)
    given = draft_of(disclosure).document.tables[:1]
    ledger.write(disclosure, replace(ledger.read(disclosure), given=given))
    without_rules.clear()
    assert draft_of(disclosure).ledger.given == given
    assert without_rules.pop()["published_on"] is None


def test_a_draft_is_what_was_read_with_its_subjects_and_the_hash_of_what_would_be_frozen():
    disclosure = a_sound_disclosure()
    draft = draft_of(disclosure)
    assert draft.ledger == ledger.read(disclosure)
    assert draft.document == compose(get("hebei_2023"), draft.ledger, ledger.subjects_for(2023))
    assert draft.payload == dumps(draft.ledger, draft.document)
    assert draft.hash == digest(draft.payload)
    assert loads(draft.payload)[1] == draft.document


def test_public_explanations_are_printed_and_those_without_words_count_for_nothing():
    disclosure = a_disclosure(facts=(*small_budget(), basic("2010301", "1.00")))
    first, second, third = draft_of(disclosure).unexplained[:3]
    for warning, text, public in (
        (first, "公开说明。", True),
        (second, "内部说明。", False),
        (third, " \n", True),
    ):
        disclosure.explanations.create(
            finding_key=warning.key, rule=warning.rule, message=warning.message, text=text, public=public
        )
    gone = "rule:0000000000000000"
    disclosure.explanations.create(finding_key=gone, rule="rule", message="已没有", text="旧。", public=True)
    draft = draft_of(disclosure)
    assert draft.document.explanations == (Explanation(first.rule, first.message, "公开说明。"),)
    assert {key: row.text for key, row in draft.explanations.items()} == {
        first.key: "公开说明。", second.key: "内部说明。",
    }  # fmt: skip
    assert third in draft.unexplained and not {first, second} & set(draft.unexplained)


def test_errors_come_before_warnings_that_lack_an_explanation_and_advice_blocks_nothing():
    finding = dict.fromkeys(("error", "warning", "advice"))
    for name in finding:
        finding[name] = Finding(name, Severity(name), "话", Whole(), key=name)
    explained = Finding("explained", Severity.WARNING, "话", Whole(), key="explained")
    found = (finding["advice"], finding["warning"], explained, finding["error"])
    draft = Draft(None, None, None, found, {explained.key: None})
    assert (draft.errors, draft.unexplained) == ([finding["error"]], [finding["warning"]])
    assert draft.blockers == [finding["error"], finding["warning"]]
