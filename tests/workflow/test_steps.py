"""From draft to approval: who may take which step, what stands against it, and what it leaves behind."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from budgets import ledger
from budgets.access import May, may
from budgets.models import Disclosure, Explanation, LogEntry, Role, Status, Subject
from budgets.workflow import lifecycle
from budgets.workflow.lifecycle import EditedMeanwhile, NotAllowed, NotPublishable
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_person,
    a_region,
    a_sound_disclosure,
    approved,
    submitted,
)
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


def test_submitting_keeps_who_when_and_what(disclosure, accountant):
    lifecycle.submit(disclosure, by=accountant)
    disclosure.refresh_from_db()
    assert disclosure.status == Status.SUBMITTED
    assert disclosure.submitted_by == accountant
    assert len(disclosure.submitted_hash) == 64
    entry = LogEntry.objects.get()
    assert (entry.action, entry.person, entry.role) == ("submit", accountant, "accountant")
    assert entry.content_hash == disclosure.submitted_hash


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


@pytest.mark.parametrize("step", [lifecycle.return_, lifecycle.correct, lifecycle.withdraw])
def test_what_sends_back_needs_a_reason(disclosure, officer, step):
    approved(disclosure, officer)
    with pytest.raises(NotAllowed, match="要写明原因"):
        step(disclosure, by=officer, reason=" \n ")


def test_a_return_voids_the_approval(disclosure, officer):
    approved(disclosure, officer)
    returned = lifecycle.return_(disclosure, by=officer, reason="重填")
    assert (returned.approved_by, returned.approved_hash, returned.submitted_by) == (None, "", None)


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


def test_an_older_look_is_refused(disclosure, accountant, officer):
    seen = disclosure.version
    ledger.write(disclosure, replace(ledger.read(disclosure), contact="另一个电话"))
    with pytest.raises(EditedMeanwhile):
        lifecycle.submit(disclosure, by=accountant, version=seen)
    lifecycle.submit(disclosure, by=accountant, version=seen + 1)
    with pytest.raises(EditedMeanwhile):
        lifecycle.approve(disclosure, by=officer, version=seen + 1)


STEPS = {
    May.SUBMIT: {"accountant"},
    May.RECALL: {"accountant"},
    May.RETURN: {"reviewer", "bureau_officer"},
    May.APPROVE: {"bureau_officer"},
    May.PUBLISH: {"bureau_officer"},
    May.EDIT: {"accountant"},
    May.VIEW: set(Role) - {Role.CENTRAL_ADMINISTRATOR},
    May.EXPORT: set(Role) - {Role.CENTRAL_ADMINISTRATOR},
}
FROM = {
    May.SUBMIT: {Status.DRAFT, Status.RETURNED},
    May.EDIT: {Status.DRAFT, Status.RETURNED},
    May.RECALL: {Status.SUBMITTED},
    May.RETURN: {Status.SUBMITTED, Status.APPROVED},
    May.APPROVE: {Status.SUBMITTED},
    May.PUBLISH: {Status.APPROVED},
    May.VIEW: set(Status),
    May.EXPORT: set(Status),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", Role)
def test_who_may_do_what_when(role, status):
    mine, other = a_disclosure(facts=()), a_disclosure(a_department("484", "甲局"), facts=())
    far = a_disclosure(a_department("001", "乙局", a_region("130229", "玉田县")), facts=())
    person = a_person(role)
    other_person = a_person("bureau_officer")
    Disclosure.objects.update(
        status=status,
        submitted_by=a_person("accountant"),
        submitted_hash="a" * 64,
        approved_by=other_person,
        approved_hash="a" * 64,
    )
    for disclosure, inside in (
        (mine, True),
        (other, role not in ("accountant", "reviewer")),
        (far, False),
    ):
        disclosure.refresh_from_db()
        for action, roles in STEPS.items():
            expected = inside and role in roles and status in FROM[action]
            if action == May.RETURN and role == "reviewer" and status == Status.APPROVED:
                expected = False
            assert may(person, action, disclosure) == expected, (action, str(disclosure))


def test_nobody_without_a_role_does_anything(disclosure):
    from django.contrib.auth.models import AnonymousUser

    retired = a_person("accountant")
    retired.is_active = False
    for person in (None, AnonymousUser(), retired):
        assert not any(may(person, action, disclosure) for action in May)


def test_a_person_sees_what_concerns_them(disclosure):
    from budgets import access

    other = a_disclosure(a_department("484", "甲局"), facts=())
    accountant, auditor = a_person("accountant"), a_person("auditor")
    stranger = a_person("bureau_officer", region=a_region("130229", "玉田县"))
    assert list(access.disclosures_for(accountant)) == [disclosure]
    assert set(access.disclosures_for(auditor)) == {disclosure, other}
    assert list(access.disclosures_for(stranger)) == []
    assert list(access.departments_for(accountant)) == [disclosure.department]
    assert list(access.regions_for(stranger)) == [stranger.region]
    assert not access.people_for(auditor).exists()


def test_an_administrator_manages_the_people_of_the_region_but_not_themselves():
    from budgets import access
    from budgets.models import Person

    administrator, accountant = a_person("bureau_administrator"), a_person("accountant")
    stranger = a_person("auditor", region=a_region("130229", "玉田县"))
    Person.objects.create_superuser("root", password="x", name="系统")
    assert set(access.people_for(administrator)) == {administrator, accountant}
    assert access.may_manage(administrator, accountant)
    assert not access.may_manage(administrator, administrator)
    assert not access.may_manage(administrator, stranger)
    assert not access.may_manage(accountant, administrator)
    assert Role.BUREAU_ADMINISTRATOR not in access.roles_to_give(administrator)
    assert access.roles_to_give(accountant) == []


def test_figures_finer_than_the_table_cannot_slip_past_the_forms(disclosure, accountant):
    line = disclosure.revenue_lines.first()
    type(line).objects.filter(pk=line.pk).update(other=revenue("201", "0.0001").amount)
    with pytest.raises(lifecycle.Refused):
        lifecycle.submit(disclosure, by=accountant)
