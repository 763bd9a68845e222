"""The page of a disclosure: parts and findings with their places, explanations, previews, a new year, the overview."""

import pytest
from django.urls import reverse

from budgets.models import Disclosure, Explanation, Job, JobState, Wording
from budgets.workflow import background
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_sound_disclosure,
    an_open_year,
    some_subjects,
)

from .forms import enter, fields, of

pytestmark = pytest.mark.django_db


def test_the_hub_lists_parts_findings_and_where_to_mend_them(client):
    some_subjects()
    disclosure = a_disclosure()
    enter(client, "accountant")
    page = client.get(of(disclosure, "change"))
    desk = page.context["desk"]
    assert [name for name, _ in desk.groups] == ["基本信息", "报表", "附表", "情况说明"]
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
    links = {link.url for note in notes for link in note.links}
    basic = of(disclosure, "enter", "basic_expenditure")
    assert f"{basic}?mark=total%2Ftotal#r-total" in links
    assert f"{url}?mark=total%2Fbasic#r-total" in links


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


def test_the_preview_is_the_public_page_with_a_band(client, no_pdf):
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    for name, more in (("preview", ()), ("preview_table", ("balance",)), ("preview_nonempty", ("balance",))):
        page = client.get(of(disclosure, name, *more))
        assert page.status_code == 200 and "未公开" in page.text and "noindex" in page.text
        assert f'<a href="{of(disclosure, "change")}">回到草稿</a>' in page.text
        assert 'role="search"' not in page.text
    assert (
        '<a href="../../">2023年部门预算</a>' in client.get(of(disclosure, "preview_table", "balance")).text
    )
    assert client.get(of(disclosure, "preview_table", "nothing")).status_code == 404
    enter(client, "auditor")
    assert client.get(of(disclosure, "preview")).status_code == 200


def test_the_preview_pdf_is_made_by_a_worker(client, monkeypatch):

    made = []

    def render(html, **options):
        made.append(html)
        return b"%PDF-1.7 preview"

    monkeypatch.setattr(background, "render_pdf", render)
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


def test_a_new_year_takes_over_the_structure(client, time_is):
    old = a_sound_disclosure(contact="0315")
    for year in (2023, 2024):
        an_open_year(year)
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


def test_a_place_of_wording_is_named_as_printed(client):
    disclosure = a_disclosure(year=2025, table_set="shanghai_2023", facts=())
    Wording.objects.create(disclosure=disclosure, place="balance/title", caption="收支表")
    enter(client, "accountant")
    page = client.get(of(disclosure, "wording"))
    assert [row.where for row in page.context["rows"]] == ["表1 2025年部门财务收支预算总表，标题"]


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


def test_the_first_page_names_the_ten_that_are_most_urgent(client, time_is):
    """The overview, which is turned page by page, has them all."""
    for n in range(12):
        a_disclosure(a_department(f"3{n:02}", f"第{n}局"), approved_on=time_is(2022, 12, 31 - n), facts=())
    enter(client, "bureau_officer")
    page = client.get(reverse("admin:index"))
    named = [row.department.name for row in page.context["late"]]
    assert [name in page.text for name in named] == [True] * 10 + [False] * (len(named) - 10)
    assert f"{len(named)} 个部门" in page.text and len(named) >= 12
