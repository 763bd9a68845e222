"""The department's own reviewer first, and signatures before anything is handed in: where the region wants it."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from budgets import tablesets
from budgets.domain.snapshots import loads
from budgets.models import Disclosure, LogEntry, Region, SignOff, Status
from budgets.rendering.pdf.print_html import print_html
from budgets.workflow import batches, lifecycle, signing
from budgets.workflow.drafts import draft_of
from budgets.workflow.lifecycle import NotAllowed
from budgets.workflow.signing import Unsigned, missing
from budgets.workflow.stepping import touched
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, submitted

pytestmark = pytest.mark.django_db
SIGNED = {
    "secrecy_by": "赵某", "secrecy_on": date(2023, 1, 18), "secrecy_basis": "逐项审查，没有涉密内容",
    "signed_by": "钱某", "signed_post": "局长", "signed_on": date(2023, 1, 19),
}  # fmt: skip


@pytest.fixture
def disclosure(without_rules):
    return a_sound_disclosure()


@pytest.fixture
def officer():
    return a_person("bureau_officer")


def of(disclosure) -> dict[str, int]:
    """Signed just now."""
    return {"of_version": disclosure.version}


def switch(**values) -> None:
    Region.objects.update(**values)


def test_the_bureau_waits_for_the_departments_reviewer(disclosure, officer):
    switch(reviewer_agrees=True)
    reviewer = a_person("reviewer")
    submitted(disclosure)
    for step in (lifecycle.approve, lambda d, by: lifecycle.return_(d, by=by, reason="退回")):
        with pytest.raises(NotAllowed, match="部门审核人还没有同意"):
            step(disclosure, by=officer)
    chosen = [(disclosure, disclosure.version)]
    assert "还没有同意" in batches.take(batches.May.APPROVE, chosen, by=officer)[0].refusal
    agreed = lifecycle.agree(disclosure, by=reviewer)
    assert (agreed.agreed_by, agreed.agreed_hash) == (reviewer, agreed.submitted_hash)
    assert LogEntry.objects.last().action == "agree"
    with pytest.raises(NotAllowed, match="不需要再同意"):
        lifecycle.agree(disclosure, by=reviewer)
    assert lifecycle.approve(disclosure, by=officer).status == Status.APPROVED


def test_where_the_switch_is_off_nobody_agrees_and_nobody_waits(disclosure, officer):
    submitted(disclosure)
    with pytest.raises(NotAllowed, match="不需要再同意"):
        lifecycle.agree(disclosure, by=a_person("reviewer"))
    assert lifecycle.approve(disclosure, by=officer).status == Status.APPROVED


def test_others_do_not_agree(disclosure, officer):
    switch(reviewer_agrees=True)
    submitted(disclosure)
    beside = a_person("reviewer", department=a_department("301", "邻局"))
    for person in (
        officer,
        a_person("accountant"),
        a_person("auditor"),
        a_person("bureau_administrator"),
        beside,
    ):
        with pytest.raises(NotAllowed, match="不能同意"):
            lifecycle.agree(disclosure, by=person)


def test_agreement_is_void_once_it_goes_back(disclosure, officer):
    switch(reviewer_agrees=True)
    reviewer, accountant = a_person("reviewer"), a_person("accountant")
    for back in (
        lambda: lifecycle.recall(disclosure, by=accountant),
        lambda: lifecycle.return_(disclosure, by=officer, reason="改"),
        lambda: lifecycle.return_(disclosure, by=reviewer, reason="改"),
    ):
        submitted(disclosure, accountant)
        lifecycle.agree(disclosure, by=reviewer)
        back()
        row = Disclosure.objects.get()
        assert (row.agreed_by, row.agreed_at, row.agreed_hash) == (None, None, "")


def test_what_changed_behind_the_submission_is_not_agreed_to(disclosure):
    switch(reviewer_agrees=True)
    submitted(disclosure)
    disclosure.narratives.filter(key="overview").update(text="改过。")
    with pytest.raises(NotAllowed, match="提交以后有了变化"):
        lifecycle.agree(disclosure, by=a_person("reviewer"))


def test_the_database_holds_agreement_to_another_person_and_the_submitted_content(disclosure):
    accountant, reviewer = a_person("accountant"), a_person("reviewer")
    submitted(disclosure, accountant)
    rows = Disclosure.objects.filter(pk=disclosure.pk)
    content = rows.get().submitted_hash
    for by, what in ((accountant, content), (reviewer, "0" * 64), (reviewer, "")):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(agreed_by=by, agreed_hash=what)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(correction_asked="没有公开过")
    assert rows.update(agreed_by=reviewer, agreed_hash=content) == 1


def test_nothing_is_handed_in_without_the_signatures(disclosure):
    switch(sign_offs_required=True)
    with pytest.raises(Unsigned, match="还没有填全：保密审查、负责人审签"):
        submitted(disclosure)
    for name, field in (("保密审查", "secrecy_basis"), ("负责人审签", "signed_post")):
        SignOff.objects.update_or_create(disclosure=disclosure, defaults=SIGNED | {field: ""})
        assert missing(disclosure) == [name]
    SignOff.objects.update_or_create(disclosure=disclosure, defaults=SIGNED | of(disclosure))
    submitted(disclosure)
    said = LogEntry.objects.get(action="submit").reason
    assert said == "保密审查：赵某，2023-01-18，逐项审查，没有涉密内容；负责人审签：钱某（局长），2023-01-19"


@pytest.mark.parametrize("meanwhile", ["typed", "recalled", "returned"])
def test_signatures_vouch_for_what_was_signed(disclosure, officer, meanwhile):
    switch(sign_offs_required=True)
    SignOff.objects.create(disclosure=disclosure, **SIGNED | of(disclosure))
    assert signing.unsigned(disclosure) == ""
    if meanwhile == "typed":
        touched(disclosure, a_person("accountant"), contact="0315-1111111")
    else:
        submitted(disclosure, accountant := a_person("accountant"))
        assert signing.unsigned(disclosure) == "", "what is handed in is not asked for again"
        if meanwhile == "recalled":
            lifecycle.recall(disclosure, by=accountant)
        else:
            lifecycle.return_(disclosure, by=officer, reason="重填")
    disclosure.refresh_from_db()
    assert (signing.unsigned(disclosure), missing(disclosure)) == ("要重新确认", [])
    with pytest.raises(Unsigned, match="重新确认"):
        submitted(disclosure)
    SignOff.objects.update(**of(disclosure))
    submitted(disclosure)


def test_a_document_published_before_needs_date_and_place_of_that_instead(disclosure):
    switch(sign_offs_required=True)
    Disclosure.objects.filter(pk=disclosure.pk).update(given="[]")
    disclosure.refresh_from_db()
    assert missing(disclosure) == ["原公开日期和位置"]
    SignOff.objects.create(disclosure=disclosure, before_on=date(2023, 2, 5), before_at="县政府网站")
    assert missing(disclosure) == []


def test_nothing_is_published_without_them(disclosure, officer, built):
    submitted(disclosure)
    lifecycle.approve(disclosure, by=officer)
    switch(sign_offs_required=True)
    with pytest.raises(Unsigned):
        lifecycle.publish(disclosure, by=officer)
    assert not disclosure.publications.exists()
    switch(sign_offs_required=False)  # the guard is what kept it
    assert lifecycle.publish(disclosure, by=officer).revision == 1


def test_a_correction_is_signed_anew(disclosure, officer, built):
    switch(sign_offs_required=True)
    SignOff.objects.create(disclosure=disclosure, before_at="县政府网站", **SIGNED | of(disclosure))
    submitted(disclosure)
    lifecycle.approve(disclosure, by=officer)
    lifecycle.publish(disclosure, by=officer)
    lifecycle.correct(disclosure, by=officer, reason="更正")
    assert missing(disclosure) == list(signing.SIGNATURES)
    assert SignOff.objects.get().before_at == "县政府网站"
    with pytest.raises(Unsigned):
        submitted(disclosure)


def test_a_correction_is_asked_for_and_opened_or_declined(disclosure, officer, built):
    accountant = a_person("accountant")
    with pytest.raises(NotAllowed, match="目前是“草稿”，不能申请更正"):
        lifecycle.ask_correction(disclosure, by=accountant, reason="数字有误")
    submitted(disclosure, accountant)
    lifecycle.approve(disclosure, by=officer)
    lifecycle.publish(disclosure, by=officer)
    for by, reason in ((officer, "x"), (a_person("reviewer"), "x"), (accountant, " ")):
        with pytest.raises(NotAllowed):
            lifecycle.ask_correction(disclosure, by=by, reason=reason)
    with pytest.raises(NotAllowed, match="没有等待答复的更正申请"):
        lifecycle.decline_correction(disclosure, by=officer, reason="无误")
    assert (
        lifecycle.ask_correction(disclosure, by=accountant, reason="数字有误").correction_asked == "数字有误"
    )
    with pytest.raises(NotAllowed, match="已经申请过更正"):
        lifecycle.ask_correction(disclosure, by=accountant, reason="再来")
    with pytest.raises(NotAllowed):
        lifecycle.decline_correction(disclosure, by=accountant, reason="无误")
    assert lifecycle.decline_correction(disclosure, by=officer, reason="无误").correction_asked == ""
    lifecycle.ask_correction(disclosure, by=accountant, reason="表3 数字有误")
    opened = lifecycle.correct(disclosure, by=officer, reason="表3 数字更正")
    assert (opened.status, opened.correction_asked, opened.correction_reason) == (
        Status.DRAFT,
        "",
        "表3 数字更正",
    )
    asked = [(e.action, e.reason) for e in LogEntry.objects.filter(action__in=("ask", "decline"))]
    assert asked == [("ask", "数字有误"), ("decline", "无误"), ("ask", "表3 数字有误")]


def test_signatures_stand_on_the_cover_where_the_set_prints_them(disclosure, monkeypatch):
    before = draft_of(disclosure).payload
    SignOff.objects.create(disclosure=disclosure, **SIGNED)
    assert draft_of(disclosure).payload == before
    declared = tablesets.get
    monkeypatch.setattr(tablesets, "get", lambda key: replace(declared(key), prints_signatures=True))
    draft = draft_of(disclosure)
    checked, signed = draft.document.signatures
    assert (checked[:7], signed) == ("保密审查：赵某", "负责人审签：钱某（局长），2023-01-19")
    assert loads(draft.payload)[1].signatures == draft.document.signatures
    draft_words = {"address": "https://example.org/", "revision": 1, "published_on": None, "fingerprint": "", "band": "未公开"}  # fmt: skip
    assert f"<p>{signed}</p>" in print_html(draft.document, **draft_words)
    assert signed not in print_html(loads(before)[1], **draft_words)
