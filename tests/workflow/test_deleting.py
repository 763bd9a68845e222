"""A draft that nobody submitted is deleted, brought back as it was, and emptied after its days; nothing else is."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry as Saving
from django.core.management import call_command
from django.db.models import CASCADE
from django.urls import reverse
from django.utils import timezone

from budgets import access, ledger
from budgets.access import DELETED_KEPT, May
from budgets.domain.snapshots import ledger_dumps
from budgets.models import Action, Disclosure, Intake, LogEntry
from budgets.workflow import lifecycle
from budgets.workflow.deleting import delete, forget_deleted, held, restore
from budgets.workflow.drafts import draft_of
from budgets.workflow.starting import start
from budgets.workflow.stepping import NotAllowed, Refused
from tests.makers.disclosures import (
    a_department,
    a_person,
    a_sound_disclosure,
    an_open_year,
    published,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    disclosure = a_sound_disclosure()
    Intake.objects.create(
        disclosure=disclosure, name="上年.xlsx", sha256="0" * 64, confirmed_at=timezone.now()
    )
    return disclosure


def later(days: float, disclosure: Disclosure) -> None:
    """As if it had been deleted so many days ago."""
    ago = timezone.now() - timedelta(days=days)
    Disclosure.with_deleted.filter(pk=disclosure.pk).update(deleted_at=ago)


def everything(disclosure) -> list[object]:
    """What a draft holds, its words on findings and its files with it."""
    disclosure = Disclosure.with_deleted.get(pk=disclosure.pk)
    explained = list(disclosure.explanations.order_by("pk").values())
    return [ledger_dumps(ledger.read(disclosure)), explained, list(disclosure.intakes.values())]


def test_a_deleted_draft_is_found_nowhere_and_comes_back_as_it_was(draft, client):
    before, hashed = everything(draft), draft_of(draft).hash
    accountant = a_person("accountant")
    assert any("上年.xlsx" in line for line in held(draft))
    client.force_login(accountant)
    page = client.get(reverse("admin:budgets_disclosure_step", args=[draft.pk, "delete"]))
    assert "里面有" in page.text and "上年.xlsx" in page.text and "情况说明" in page.text
    client.post(page.request["PATH_INFO"], {"version": draft.version})
    assert not Disclosure.objects.exists() and not access.disclosures_for(accountant).exists()
    for name in ("change", "preview", "basics", "history"):
        assert client.get(reverse(f"admin:budgets_disclosure_{name}", args=[draft.pk])).status_code == 404
    assert draft.title in client.get(reverse("admin:budgets_disclosure_deleted")).text
    url = reverse("admin:budgets_disclosure_restore", args=[draft.pk])
    assert "上年.xlsx" in client.get(url).text
    assert client.post(url).status_code == 302 and client.get(url).status_code == 404
    assert everything(draft) == before and draft_of(Disclosure.objects.get()).hash == hashed
    told = list(LogEntry.objects.order_by("id").values_list("action", "person"))
    assert told[-2:] == [(Action.DELETE, accountant.pk), (Action.RESTORE, accountant.pk)]


@pytest.mark.parametrize("reached", ["submitted", "recalled", "returned", "published", "corrected"])
def test_what_was_handed_in_once_is_never_deleted(reached, no_pdf):
    accountant, officer = a_person("accountant"), a_person("bureau_officer")
    disclosure = a_sound_disclosure()
    if reached in ("published", "corrected"):
        published(disclosure)
        disclosure.refresh_from_db()
        if reached == "corrected":
            disclosure = lifecycle.correct(disclosure, by=officer, reason="有一处写错")
    else:
        disclosure = submitted(disclosure)
        if reached == "recalled":
            disclosure = lifecycle.recall(disclosure, by=accountant)
        if reached == "returned":
            disclosure = lifecycle.return_(disclosure, by=officer, reason="再核对")
    assert not access.may(accountant, May.DELETE, disclosure)
    with pytest.raises(Refused):
        delete(disclosure, by=accountant)
    assert Disclosure.objects.filter(pk=disclosure.pk).exists()


@pytest.mark.parametrize("role", ["reviewer", "bureau_officer", "bureau_administrator", "auditor"])
def test_only_the_departments_accountant_deletes(draft, role):
    with pytest.raises(NotAllowed):
        delete(draft, by=a_person(role))
    with pytest.raises(NotAllowed):
        delete(draft, by=a_person("accountant", department=a_department("301", "邻局")))


def test_who_brings_it_back(draft):
    delete(draft, by=a_person("accountant"))
    for person in (
        *(a_person(role) for role in ("reviewer", "bureau_officer", "auditor")),
        a_person("accountant", department=a_department("301", "邻局")),
    ):
        with pytest.raises(NotAllowed):
            restore(draft, by=person)
    assert restore(draft, by=a_person("bureau_administrator")).deleted_at is None


def test_the_year_can_be_started_again_and_then_stands_in_the_way(draft):
    accountant = a_person("accountant")
    delete(draft, by=accountant)
    an_open_year(draft.fiscal_year)
    again = start(draft.department, draft.fiscal_year, by=accountant)
    with pytest.raises(NotAllowed, match="请先删除现有的草稿"):
        restore(draft, by=accountant)
    delete(again, by=accountant)
    assert restore(draft, by=accountant).pk == draft.pk


def test_after_its_days_it_is_empty_and_its_log_stays(draft):
    Saving.objects.all().delete()
    accountant = a_person("accountant")
    delete(draft, by=accountant)
    later(DELETED_KEPT - 0.1, draft)
    assert forget_deleted().number == 0 and access.deleted_for(accountant).exists()
    later(DELETED_KEPT + 0.1, draft)
    with pytest.raises(NotAllowed, match="已满 30 天"):
        restore(draft, by=accountant)
    out = StringIO()
    call_command("settle", stdout=out)
    assert "1 个过期的已删草稿" in out.getvalue() and forget_deleted().number == 0
    for relation in Disclosure._meta.related_objects:
        left = relation.related_model._base_manager.filter(disclosure=draft.pk)
        assert left.exists() == (relation.on_delete is not CASCADE and relation.related_model is LogEntry)
    kept = Disclosure.with_deleted.get(pk=draft.pk)
    assert (kept.contact, kept.lead, kept.approved_on) == ("", "", None)
    assert LogEntry.objects.filter(disclosure=draft.pk, action=Action.DELETE).exists()


def test_what_was_brought_back_is_not_emptied(draft):
    accountant = a_person("accountant")
    delete(draft, by=accountant)
    restore(draft, by=accountant)
    before = everything(draft)
    assert forget_deleted().number == 0 and everything(draft) == before
