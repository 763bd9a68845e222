"""From draft to public through the admin's own pages: who may take which step, and what it says."""

import pytest
from django.urls import reverse

from budgets.models import Disclosure, Job, LogEntry, Narrative, Status
from tests.makers.disclosures import a_department, a_sound_disclosure, approved, published, submitted

from .forms import enter, fields, of

pytestmark = pytest.mark.django_db


def take(client, disclosure, step: str, **data):
    """Open a step's page and confirm it."""
    url = of(disclosure, "step", step)
    page = client.get(url)
    return client.post(url, fields(page) | data) if page.status_code == 200 else page


def state(disclosure) -> str:
    return Disclosure.objects.get(pk=disclosure.pk).status


def test_an_error_keeps_the_step_from_being_taken(client):
    disclosure = a_sound_disclosure()
    Narrative.objects.filter(key="overview").update(text="")
    enter(client, "accountant")
    refused = take(client, disclosure, "submit")
    assert refused.status_code == 409 and "还有 1 处错误" in refused.text and "一章还没有内容" in refused.text
    assert state(disclosure) == Status.DRAFT


def test_submitted_recalled_returned_and_submitted_again(client):
    disclosure = a_sound_disclosure()
    accountant = enter(client, "accountant")
    assert take(client, disclosure, "submit").status_code == 302
    assert take(client, disclosure, "recall").status_code == 302
    take(client, disclosure, "submit")
    enter(client, "reviewer")
    refused = take(client, disclosure, "return", reason="  ")
    assert refused.status_code == 200 and "这个字段是必填项" in refused.text
    assert take(client, disclosure, "return", reason="公用经费偏高").status_code == 302
    assert state(disclosure) == Status.RETURNED
    client.force_login(accountant)
    assert "公用经费偏高" in client.get(of(disclosure, "change")).text
    assert "公用经费偏高" in client.get(reverse("admin:index")).text
    assert take(client, disclosure, "submit").status_code == 302
    assert [entry.action for entry in LogEntry.objects.filter(disclosure=disclosure)] == [
        "submit", "recall", "submit", "return", "submit",
    ]  # fmt: skip


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("accountant", {"recall"}),
        ("reviewer", {"return"}),
        ("bureau_officer", {"return", "approve"}),
        ("bureau_administrator", set()),
        ("auditor", set()),
    ],
)
def test_each_role_sees_its_own_steps(client, role, steps):
    disclosure = submitted(a_sound_disclosure())
    enter(client, role)
    page = client.get(of(disclosure, "change"))
    assert {str(step.key) for step in page.context["steps"]} == steps
    for step in {"submit", "recall", "return", "approve", "publish", "correct", "withdraw"} - steps:
        answer = client.post(of(disclosure, "step", step), {"version": disclosure.version, "reason": "试"})
        assert answer.status_code in (403, 409), step
    assert state(disclosure) == Status.SUBMITTED


def test_what_changed_meanwhile_is_not_approved(client):
    disclosure = submitted(a_sound_disclosure())
    enter(client, "bureau_officer")
    page = fields(client.get(of(disclosure, "step", "approve")))
    Disclosure.objects.filter(pk=disclosure.pk).update(version=disclosure.version + 2)
    refused = client.post(of(disclosure, "step", "approve"), page)
    assert refused.status_code == 409 and "又改动过" in refused.text
    assert state(disclosure) == Status.SUBMITTED


def test_approved_published_corrected_and_withdrawn(client, no_pdf):
    disclosure = submitted(a_sound_disclosure())
    enter(client, "bureau_officer")
    queue = client.get(reverse("admin:index"))
    assert [item.disclosure for item in queue.context["submitted"]] == [disclosure]
    assert take(client, disclosure, "approve").status_code == 302
    assert [item.disclosure for item in client.get(reverse("admin:index")).context["approved"]] == [
        disclosure
    ]
    assert take(client, disclosure, "publish").status_code == 302
    assert state(disclosure) == Status.PUBLISHED
    address = "/130225/483/2023/budget/"
    assert client.get(address).status_code == 200
    assert f'href="{address}">看公开页' in client.get(of(disclosure, "change")).text
    version = disclosure.publications.get()
    proof = client.get(reverse("admin:budgets_publication_verify", args=[version.pk]))
    assert proof.context["sound"] is True
    assert take(client, disclosure, "correct", reason="数字更正").status_code == 302
    assert client.get(address).status_code == 200
    assert "更正中" in client.get(of(disclosure, "change")).text
    again = published(a_sound_disclosure(a_department("301", "教育局"))).disclosure
    assert take(client, again, "withdraw", reason="发布有误").status_code == 302
    assert client.get("/130225/301/2023/budget/").status_code == 410
    assert "看公开页" not in client.get(of(again, "change")).text


@pytest.mark.slow
def test_a_pdf_that_was_left_out_is_asked_for_later(client, no_pdf):
    version = published()
    enter(client, "bureau_officer")
    assert "补生成 PDF" in client.get(of(version.disclosure, "change")).text
    client.post(of(version.disclosure, "pending_pdf"))
    assert Job.objects.get(kind="pdf").finished
    enter(client, "accountant")
    assert client.post(of(version.disclosure, "pending_pdf")).status_code == 403
    assert of(version.disclosure, "pending_pdf") not in client.get(of(version.disclosure, "change")).text


def test_a_failed_publication_says_so(client, monkeypatch):
    from budgets.workflow import background, lifecycle

    disclosure = approved(a_sound_disclosure())

    def refuse(*args, **options):
        raise lifecycle.NotAllowed("磁盘已满，没有公开。")

    monkeypatch.setattr(background.lifecycle, "publish", refuse)
    enter(client, "bureau_officer")
    take(client, disclosure, "publish")
    assert "磁盘已满，没有公开。" in client.get(of(disclosure, "change")).text
    assert state(disclosure) == Status.APPROVED
