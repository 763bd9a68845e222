"""From draft to approval: who may take which step, what stands against it, and what it leaves behind."""

import pytest
from django.db import DatabaseError, transaction

from budgets import ledger
from budgets.models import Disclosure, Explanation, LogEntry, Status, Subject
from budgets.workflow import lifecycle
from budgets.workflow.lifecycle import NotAllowed, NotPublishable
from tests.makers.disclosures import a_person, a_sound_disclosure, approved, submitted
from tests.makers.facts import revenue

pytestmark = pytest.mark.django_db


@pytest.fixture
def disclosure():
    return a_sound_disclosure()


@pytest.fixture
def accountant():
    return a_person("accountant")


@pytest.fixture
def officer():
    return a_person("bureau_officer")


def test_an_error_keeps_a_draft_from_being_submitted(disclosure, accountant):
    disclosure.narratives.first().delete()
    with pytest.raises(NotPublishable) as refused:
        lifecycle.submit(disclosure, by=accountant)
    assert [finding.rule for finding in refused.value.findings] == ["chapters-written"]
    disclosure.refresh_from_db()
    assert disclosure.status == Status.DRAFT
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_a_warning_needs_its_explanation(disclosure, accountant, text):
    if text is None:
        Explanation.objects.all().delete()
    else:
        Explanation.objects.update(text=text)
    with pytest.raises(NotPublishable, match="1 处警告要说明") as refused:
        lifecycle.submit(disclosure, by=accountant)
    assert [finding.rule for finding in refused.value.findings] == ["no-project-under-administration"]


def test_what_is_submitted_cannot_be_written(disclosure, accountant):
    before = ledger.read(disclosure)
    lifecycle.submit(disclosure, by=accountant)
    with pytest.raises(ledger.CannotWrite):
        ledger.write(disclosure, before)


def test_recalled_and_returned_ones_are_edited_again(disclosure, accountant, officer):
    lifecycle.submit(disclosure, by=accountant)
    lifecycle.recall(disclosure, by=accountant)
    ledger.write(disclosure, ledger.read(disclosure))
    lifecycle.submit(disclosure, by=accountant)
    returned = lifecycle.return_(disclosure, by=officer, reason="  人员经费有误\r\n请核对 ")
    assert (returned.status, returned.returned_reason) == (Status.RETURNED, "人员经费有误\n请核对")
    ledger.write(disclosure, ledger.read(disclosure))
    assert lifecycle.submit(disclosure, by=accountant).returned_reason == ""


def test_approval_is_bound_to_what_was_submitted(disclosure, accountant, officer):
    lifecycle.submit(disclosure, by=accountant)
    Subject.objects.filter(code="2010301").update(name="行政运行（改）")
    with pytest.raises(NotAllowed, match="提交以后有了变化"):
        lifecycle.approve(disclosure, by=officer)


def test_every_row_changed_behind_an_approval_stops_publication(disclosure, officer, no_pdf):
    approved(disclosure, officer)
    disclosure.three_public_lines.update(general_public=0)
    with pytest.raises(lifecycle.Refused):
        lifecycle.publish(disclosure, by=officer)
    assert not disclosure.publications.exists()


def test_nobody_approves_what_they_submitted(disclosure, officer):
    submitted(disclosure)
    Disclosure.objects.filter(pk=disclosure.pk).update(submitted_by=officer)
    with pytest.raises(NotAllowed, match="提交人不能批准"):
        lifecycle.approve(disclosure, by=officer)
    with pytest.raises(DatabaseError), transaction.atomic():  # nor past the code
        Disclosure.objects.filter(pk=disclosure.pk).update(approved_by=officer)


def test_figures_finer_than_the_table_cannot_slip_past_the_forms(disclosure, accountant):
    line = disclosure.revenue_lines.first()
    type(line).objects.filter(pk=line.pk).update(other=revenue("201", "0.0001").amount)
    with pytest.raises(lifecycle.Refused):
        lifecycle.submit(disclosure, by=accountant)
