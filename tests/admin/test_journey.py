"""From draft to public through the admin's own pages: findings, explanations, steps, previews, who may what."""

import pytest
from django.urls import reverse

from budgets.models import Disclosure, Explanation, Job, JobState, LogEntry, Narrative, Status, Wording

from ..builders import (
    a_department,
    a_disclosure,
    a_person,
    a_sound_disclosure,
    approved,
    published,
    some_subjects,
    submitted,
)
from .forms import fields

pytestmark = pytest.mark.django_db


def of(disclosure, name: str, *more) -> str:
    return reverse(f"admin:budgets_disclosure_{name}", args=[disclosure.pk, *more])


def enter(client, role: str, **place):
    """The person who is now at the browser."""
    person = a_person(role, **place)
    client.force_login(person)
    return person


def take(client, disclosure, step: str, **data):
    """Open a step's page and confirm it."""
    url = of(disclosure, "step", step)
    page = client.get(url)
    return client.post(url, fields(page) | data) if page.status_code == 200 else page


def state(disclosure) -> str:
    return Disclosure.objects.get(pk=disclosure.pk).status


def test_the_hub_lists_parts_findings_and_where_to_mend_them(client):
    some_subjects()
    disclosure = a_disclosure()
    enter(client, "accountant")
    page = client.get(of(disclosure, "change"))
    desk = page.context["desk"]
    assert [name for name, _ in desk.groups] == ["报表", "附表", "情况说明", "其他"]
    parts = {task.key: task for _, tasks in desk.groups for task in tasks}
    assert parts["revenue"].filled == "2 行" and parts["procurement"].filled == ""
    assert parts["chapter-overview"].state == ("1 处错误", "bad")
    assert f'href="{of(disclosure, "chapter", "overview")}"' in page.text
    assert "（部门预算" not in page.text


def test_a_finding_leads_to_its_cell(client):
    some_subjects()
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    url = of(disclosure, "enter", "expenditure-general_public")
    data = fields(client.get(url))
    client.post(url, data | {"rows-0-basic": "821.00"})
    notes = client.get(of(disclosure, "change")).context["desk"].notes
    links = {place.url for note in notes for place in note.places}
    assert any(link.startswith(of(disclosure, "enter", "basic_expenditure")) for link in links)
    assert any("#c-" in link for link in links)


def test_a_warning_is_explained_and_then_stands_no_more_in_the_way(client):
    disclosure = a_sound_disclosure()
    Explanation.objects.all().delete()
    enter(client, "accountant")
    hub = client.get(of(disclosure, "change"))
    waiting = [note for note in hub.context["desk"].notes if note.explainable]
    assert hub.context["desk"].blocking == len(waiting) > 0
    data = fields(hub) | {f"text-{note.field}": "情况属实。" for note in waiting}
    data |= {f"public-{waiting[0].field}": "on", "text-0123456789abcdef": "没有这一条"}
    assert client.post(of(disclosure, "explain"), data).status_code == 302
    assert client.get(of(disclosure, "change")).context["desk"].blocking == 0
    assert Explanation.objects.filter(public=True).count() == 1
    assert Explanation.objects.count() == len(waiting)
    kept = fields(client.get(of(disclosure, "change")))
    client.post(of(disclosure, "explain"), kept | {f"text-{waiting[0].field}": " "})
    assert Explanation.objects.count() == len(waiting) - 1


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
    version = disclosure.publications.get()
    proof = client.get(reverse("admin:budgets_publication_verify", args=[version.pk]))
    assert proof.context["sound"] is True
    assert take(client, disclosure, "correct", reason="数字更正").status_code == 302
    assert client.get(address).status_code == 200
    assert "更正中" in client.get(of(disclosure, "change")).text
    again = published(a_sound_disclosure(a_department("301", "教育局"))).disclosure
    assert take(client, again, "withdraw", reason="发布有误").status_code == 302
    assert client.get("/130225/301/2023/budget/").status_code == 410


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
    from budgets import tasks, workflow

    disclosure = approved(a_sound_disclosure())

    def refuse(*args, **options):
        raise workflow.NotAllowed("磁盘已满，没有公开。")

    monkeypatch.setattr(tasks.workflow, "publish", refuse)
    enter(client, "bureau_officer")
    take(client, disclosure, "publish")
    assert "磁盘已满，没有公开。" in client.get(of(disclosure, "change")).text
    assert state(disclosure) == Status.APPROVED


def test_the_preview_is_the_public_page_with_a_band(client, no_pdf):
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    for name, more in (("preview", ()), ("preview_table", ("balance",)), ("preview_nonempty", ("balance",))):
        page = client.get(of(disclosure, name, *more))
        assert page.status_code == 200 and "未公开" in page.text and "noindex" in page.text
    assert client.get(of(disclosure, "preview_table", "nothing")).status_code == 404
    enter(client, "auditor")
    assert client.get(of(disclosure, "preview")).status_code == 200


def test_the_preview_pdf_is_made_by_a_worker(client, monkeypatch):
    from budgets import tasks

    made = []

    def render(html, **options):
        made.append(html)
        return b"%PDF-1.7 preview"

    monkeypatch.setattr(tasks, "render_pdf", render)
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    url = of(disclosure, "preview_pdf")
    assert client.get(url).status_code == 200
    assert Job.objects.count() == 0
    client.post(url)
    job = Job.objects.get()
    assert job.state == JobState.DONE and len(made) == 1
    client.post(url)
    assert Job.objects.count() == 1
    file = client.get(of(disclosure, "preview_file", job.pk))
    assert (file["Content-Type"], b"".join(file.streaming_content)) == (
        "application/pdf",
        b"%PDF-1.7 preview",
    )
    assert client.get(of(disclosure, "job", job.pk)).json()["state"] == "done"


def test_a_new_year_takes_over_the_structure(client):
    old = a_sound_disclosure(contact="0315")
    enter(client, "accountant")
    page = client.get(reverse("admin:budgets_disclosure_add"))
    assert fields(page)["year"] == "2024"
    response = client.post(
        reverse("admin:budgets_disclosure_add"), {"year": 2024, "like": old.pk, "table_set": "shanghai_2023"}
    )
    new = Disclosure.objects.get(fiscal_year=2024)
    assert response.url == of(new, "change")
    assert new.table_set == "hebei_2023" and new.contact == "0315" and new.approved_on is None
    assert set(new.expenditure_lines.values_list("function", "basic")) == {("2010301", 0), ("2080505", 0)}
    grid = client.get(of(new, "enter", "expenditure-general_public")).context["page"]
    assert [row.key for row in grid.rows if row.form and row.key] == ["2010301", "2080505"]
    again = client.post(reverse("admin:budgets_disclosure_add"), {"year": 2024, "table_set": "hebei_2023"})
    assert "已有2024年" in again.text
    enter(client, "bureau_officer")
    assert client.get(reverse("admin:budgets_disclosure_add")).status_code == 403


def test_captions_go_back_to_the_standard(client):
    disclosure = a_sound_disclosure()
    for place, caption in (("balance/title", "收支表"), ("balance/meta/2", "部门：万元")):
        Wording.objects.create(disclosure=disclosure, place=place, caption=caption)
    enter(client, "accountant")
    page = client.get(of(disclosure, "wording"))
    assert [row.standard for row in page.context["rows"]] == ["单位：万元", "部门预算收支总表"]
    client.post(of(disclosure, "wording"), fields(page) | {"standard-0": "on"})
    assert [row.caption for row in disclosure.wordings.all()] == ["收支表"]


def test_the_overview_puts_the_late_first(client, time_is):
    late, soon = a_department("301", "迟局"), a_department("302", "快局")
    a_department("303", "未局")
    a_disclosure(late, approved_on=time_is(2023, 1, 1))
    a_disclosure(soon, approved_on=time_is(2023, 1, 20))
    enter(client, "bureau_officer")
    page = client.get(reverse("admin:overview_year", args=[2023]))
    assert [row.deadline.words for row in page.context["rows"]] == ["逾期 4 天", "还有 15 天", "尚未开始"]
    assert [row.department.name for row in client.get(reverse("admin:index")).context["late"]] == [
        "迟局",
        "未局",
    ]
    enter(client, "accountant", department=late)
    assert client.get(reverse("admin:overview")).status_code == 404


@pytest.fixture
def time_is(monkeypatch):
    """Today is 2023-01-25; makes dates."""
    from datetime import date

    from django.utils import timezone

    def today(*args):
        return date(2023, 1, 25)

    monkeypatch.setattr(timezone, "localdate", today)
    return date
