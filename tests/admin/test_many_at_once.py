"""Many departments of a year at once: approved, published, their files and the list of their figures taken along."""

import io
import re
import zipfile
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from budgets import tablesets
from budgets.admin import many_at_once
from budgets.admin.overview import SHOWN
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.key_figures import MONEY, key_figures
from budgets.domain.snapshots import loads
from budgets.models import Disclosure, Job, LogEntry, Narrative, Publication, Status
from budgets.publishing.bundles import LEFT_OUT, Kind, bundle
from budgets.publishing.revision_files import PDF
from budgets.publishing.year_figures import DESK, TEXTS, Listed, year_list
from budgets.workflow import lifecycle
from tests.makers.disclosures import (
    a_department,
    a_person,
    a_region,
    a_sound_disclosure,
    an_open_year,
    published,
    submitted,
)
from tests.makers.large_budgets import large_ledger

from .forms import enter

pytestmark = pytest.mark.django_db
URL = "/admin/overview/2023/"


@pytest.fixture
def county(no_pdf, few_pages):
    """Four departments: one public, two submitted (one of them not sound any more), one draft."""
    made = {
        code: a_sound_disclosure(a_department(code, f"{name}局"))
        for code, name in (("101", "甲"), ("102", "乙"), ("103", "丙"), ("104", "丁"))
    }
    published(made["101"])
    for code in ("102", "103"):
        submitted(made[code])
    Narrative.objects.filter(disclosure=made["103"], key="overview").update(text="")
    return {code: Disclosure.objects.get(pk=d.pk) for code, d in made.items()}


def do(client, what: str, *chosen: Disclosure, **more):
    ticked = [f"{d.pk}:{d.version}" for d in chosen]
    return client.post(URL, {"do": what, "chosen": ticked, **more}, follow=True)


def state(disclosure) -> str:
    return Disclosure.objects.get(pk=disclosure.pk).status


def test_what_can_be_approved_is_and_the_rest_is_told_with_its_reason(client, county):
    enter(client, "bureau_officer")
    page = do(client, "approve", *county.values())
    assert "已批准 1 个部门" in page.text and "有 3 个部门没有办成" in page.text
    assert "一章还没有内容" in page.text and "丙局" in page.text
    assert {code: state(d) for code, d in county.items()} == {
        "101": Status.PUBLISHED, "102": Status.APPROVED, "103": Status.SUBMITTED, "104": Status.DRAFT,
    }  # fmt: skip
    assert LogEntry.objects.filter(action="approve", disclosure=county["102"]).count() == 1


def test_many_go_on_request_by_request(client, county, monkeypatch):
    """One each time; what the last page tells is what became of all of them."""
    enter(client, "bureau_officer")
    monkeypatch.setattr(many_at_once, "TOGETHER", 1)
    page, asked = do(client, "approve", *county.values()), 1
    while "data-goes-on" in page.text:
        assert f"已办理 {asked}／4 个部门" in page.text
        chosen = re.findall(r'name="chosen" value="([\d:]+)"', page.text)
        assert len(chosen) == 4 - asked
        page = client.post(URL, {"do": "approve", "going_on": "1", "chosen": chosen}, follow=True)
        asked += 1
    assert asked == 4 and "已批准 1 个部门" in page.text and "有 3 个部门没有办成" in page.text
    assert "一章还没有内容" in page.text and state(county["102"]) == Status.APPROVED


def test_what_is_approved_is_published_together(client, county):
    enter(client, "bureau_officer")
    do(client, "approve", county["102"])
    chosen = Disclosure.objects.get(pk=county["102"].pk)
    page = do(client, "publish", chosen)  # where nobody could take it back it is asked first
    assert "马上公开 1 个部门" in page.text and "data-goes-on" not in page.text and not Job.objects.exists()
    (sent,) = re.findall(r'name="chosen" value="([\d:]+)"', page.text)
    assert sent == f"{chosen.pk}:{chosen.version}" and 'name="going_on" value="1"' in page.text
    page = do(client, "publish", chosen, going_on="1")
    assert "已公开 1 个部门" in page.text and "没有办成" not in page.text
    assert Job.objects.filter(disclosure=county["102"]).count() == 1


def test_what_changed_since_it_was_seen_is_not_approved(client, county):
    enter(client, "bureau_officer")
    old = county["102"]
    officer = a_person("bureau_officer", region=old.department.region)
    lifecycle.return_(old, by=officer, reason="改")
    submitted(Disclosure.objects.get(pk=old.pk))
    page = do(client, "approve", old)  # the version that was seen before
    assert "又改动过这份内容" in page.text and state(old) == Status.SUBMITTED


def test_whatever_stands_for_the_version_is_refused_in_words(client, county):
    enter(client, "bureau_officer")
    one = county["102"]
    for version in ("", "x", "9" * 10_000, "-1", "１", "\x00"):
        chosen = [f"{one.pk}:{version}", f"{version}:1", version]
        answer = client.post(URL, {"do": "approve", "chosen": chosen})
        assert answer.status_code == 200 and "又改动过这份内容" in answer.text, version
        assert state(one) == Status.SUBMITTED, version


def test_nothing_chosen_does_nothing(client, county):
    enter(client, "bureau_officer")
    assert "没有选中部门" in do(client, "approve").text
    assert [state(d) for d in county.values()].count(Status.APPROVED) == 0


@pytest.mark.parametrize("role", ["auditor", "bureau_administrator"])
def test_who_may_not_approve_takes_files_alone(client, county, role):
    enter(client, role)
    assert client.post(URL, {"do": "approve", "chosen": [f"{county['102'].pk}:1"]}).status_code == 403
    assert client.post(URL, {"do": "delete"}).status_code == 403
    page = client.get(URL)
    assert 'value="approve"' not in page.text and "下载 Excel" in page.text
    assert do(client, "list").status_code == 200


def test_what_is_not_of_the_region_is_not_there(client, county):
    other = a_sound_disclosure(a_department("201", "外县局", a_region("130999", "外县")))
    submitted(other)
    enter(client, "bureau_officer")
    page = do(client, "approve", Disclosure.objects.get(pk=other.pk))
    assert state(other) == Status.SUBMITTED and "外县局" not in page.text
    enter(client, "accountant")
    assert client.get(URL).status_code == client.post(URL, {"do": "list"}).status_code == 404


def test_files_of_all_that_is_public_as_they_lie_there(client, county):
    enter(client, "auditor")
    answer = client.post(URL, {"do": Kind.XLSX.value})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.namelist() == ["101-甲局-2023年部门预算.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(archive.read(archive.namelist()[0])))
    assert len(book.worksheets) >= 9
    assert "没有可以下载的文件" in do(client, Kind.XLSX.value, county["104"]).text


def test_a_pdf_that_is_still_to_be_made_is_told(client, county):
    enter(client, "auditor")
    assert "还没有生成" in do(client, PDF).text
    publication = Publication.objects.get()
    archive, missing = bundle([publication], Kind.PDF)
    assert missing == [str(publication)]
    assert zipfile.ZipFile(archive).read(LEFT_OUT).decode() == str(publication)


def test_the_list_holds_every_department_and_adds_up_what_is_public(client, county):
    enter(client, "auditor")
    answer = client.post(URL, {"do": "list"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert [code for code in rows if code and str(code).startswith("10")] == ["101", "102", "103", "104"]
    _, document = loads(Publication.objects.get().content)
    heads = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "编码")
    first = len(TEXTS) + len(DESK)
    assert rows["101"][first] == float(document.figures[0].amount * 10_000) and rows["104"][first] is None
    assert heads[len(TEXTS) : first] == ("公开期限", "期限情况", "版次")
    assert rows["101"][first - 1] == "第 1 版" and not rows["102"][first - 1]
    assert rows["102"][first - 3] == "2023-02-05" and "逾期" in rows["102"][first - 2]


@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_sums_of_the_list_are_those_of_the_documents(table_set):
    """Two departments of each set, in yuan whatever unit their tables are in; one that is not public counts nothing."""
    listed, wanted = [], Decimal(0)
    for n in range(3):
        figures = {}
        if n:
            ledger = large_ledger(12, table_set, n)
            figures = key_figures(compose(tablesets.get(table_set), ledger, subjects_of(2023)))
            if (
                tablesets.get(table_set).stage == "final"
            ):  # what was left of the years before is no revenue by item
                wanted += figures["total_resources"].amount
            else:
                wanted += sum(f.amount for f in ledger.facts if f.family == "revenue")
        listed.append(Listed(f"30{n}", f"第{n}局", "已公开" if n else "草稿", figures=figures))
    sheet = year_list(2023, listed)
    columns = [column.key for column in sheet.columns]
    total = sheet.rows[-1].cells[columns.index("total_resources")].amount
    assert total == wanted > 0
    for n in range(7, 7 + len(MONEY)):
        first, *amounts = [row.cells[n].amount for row in sheet.rows[:-1]]
        there = [amount for amount in amounts if amount is not None]
        assert first is None and sheet.rows[-1].cells[n].amount == (sum(there) if there else None)
    assert sheet.rows[-1].cells[1].text == "合计（已公开 2 / 3）"


def test_each_filter_shows_its_own_and_counts_it(client, county):
    Disclosure.objects.filter(pk=county["104"].pk).update(approved_on=None)
    a_department("105", "戊局")
    enter(client, "auditor")
    names = {"甲": "101", "乙": "102", "丙": "103", "丁": "104", "戊": "105"}
    wanted = {
        "": "甲乙丙丁戊", "unstarted": "戊", "draft": "丁", "returned": "", "submitted": "乙丙", "approved": "",
        "published": "甲", "undated": "丁戊", "late": "乙丙", "scheduled": "", "differs": "", "agreeing": "", "asked": "", "withdrawn": "",
    }  # fmt: skip
    assert set(wanted) == set(SHOWN)
    for only, shown in wanted.items():
        page = client.get(URL, {"only": only, "sort": "code"})
        assert {name for name in names if f"{name}局</" in page.text} == set(shown), only
        assert all(f"only={only}&amp;sort=" in page.text for only in ([only] if only else []))
    assert client.get(URL, {"only": "x"}).status_code == 200
    Disclosure.objects.filter(pk=county["102"].pk).update(
        status="approved", approved_by=a_person("bureau_officer"), approved_hash="0" * 64
    )
    assert counted(client)["approved"] == 1
    due = timezone.now() + timedelta(days=1)
    Disclosure.objects.filter(pk=county["102"].pk).update(
        publish_at=due, publish_asked_by=a_person("bureau_officer")
    )
    assert {"approved": 0, "scheduled": 1}.items() <= counted(client).items(), "what is timed is counted once"


def counted(client) -> dict[str, int]:
    return {key: number for key, _, number in client.get(URL).context["shown"]}


def test_enter_in_a_field_decides_nothing(client):
    """A browser presses the first button of a form then; none of those that act is it."""
    enter(client, "bureau_officer")
    page = client.get(URL).text
    first = re.search(r'<button[^>]*name="do"[^>]*>', page).group()
    assert 'value="nothing"' in first
    answer = client.post(URL, {"do": "nothing", "chosen": "1:1"}, follow=True)
    assert "什么也没有办理" in answer.text


def test_the_first_page_leads_to_the_year_that_waits(client):
    """Not to the latest that is open, where nothing waits."""
    an_open_year(2024, opened_by=a_person("bureau_officer"))
    for code in ("101", "102"):
        submitted(a_sound_disclosure(a_department(code, f"{code}局")))
    enter(client, "bureau_officer")
    page = client.get("/admin/")
    assert page.context["year"] == 2024
    links = re.findall(r'href="([^"]*\?only=[^"]*)">在', page.text)
    assert links == [f"{URL}?only=submitted"]
    assert len(client.get(links[0]).context["table"].data) == 2
