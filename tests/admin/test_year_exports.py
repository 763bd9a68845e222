"""我的导出 and 汇总表: asked for, followed and fetched by those who work on the whole region, and nobody else."""

import io
import zipfile

import openpyxl
import pytest

from budgets.admin import many_at_once
from budgets.models import Export, ExportKind, JobState, Publication
from budgets.public import site_folder
from budgets.publishing.folders import make_folder, replace, revisions
from budgets.publishing.revision_files import XLSX
from budgets.workflow import making_exports as exports
from tests.makers.disclosures import published
from tests.makers.public_years import a_public_year

from .forms import enter

pytestmark = pytest.mark.django_db
LIST, SUMS, OVERVIEW = "/admin/downloads/", "/admin/overview/2023/sums/", "/admin/overview/2023/"
BUREAU = ["bureau_officer", "bureau_administrator", "auditor"]


@pytest.fixture
def county():
    return a_public_year("甲乙", "丙", "")


def test_a_book_that_was_asked_for_is_followed_on_its_page(client, county, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    person = enter(client, "bureau_officer")
    page = client.post(OVERVIEW, {"do": "book"}, follow=True)
    export = Export.objects.get()
    assert page.redirect_chain[-1][0] == LIST
    assert (
        f"/admin/downloads/{export.pk}/" in page.text and "排队中" in page.text and person.name in page.text
    )
    assert client.get(f"{LIST}{export.pk}/").json() == {"state": "waiting", "message": ""}
    Export.objects.update(state=JobState.RUNNING, done=3, of=9)
    assert client.get(f"{LIST}{export.pk}/").json() == {"state": "waiting", "message": "3／9"}
    assert client.get(f"{LIST}{export.pk}/file/").status_code == 404
    Export.objects.update(state=JobState.DONE, message="共 9 页。")
    make_folder(exports.file_of(export).parent)
    replace(exports.file_of(export), b"%PDF")
    assert f"/admin/downloads/{export.pk}/file/" in client.get(LIST).text
    answer = client.get(f"{LIST}{export.pk}/file/")
    assert b"".join(answer.streaming_content) == b"%PDF"
    exports.file_of(export).unlink()
    assert client.get(f"{LIST}{export.pk}/file/").status_code == 404
    assert client.post(f"{LIST}{export.pk}/file/").status_code == 405


@pytest.mark.parametrize("role", ["accountant", "reviewer", "central_administrator"])
def test_who_does_not_work_on_a_region_finds_nothing(client, county, role):
    enter(client, role)
    assert {client.get(url).status_code for url in (LIST, SUMS)} == {404}
    assert client.post(SUMS).status_code == client.post(OVERVIEW, {"do": "book"}).status_code == 404
    assert not Export.objects.exists()


@pytest.mark.parametrize("role", BUREAU)
def test_the_tables_say_what_they_hold(client, county, role):
    enter(client, role)
    page = client.get(SUMS)
    assert "已公开 2／3，未包含：丙局。" in page.text and "收支总表" in page.text
    marked = client.get(SUMS, {"approved": "1"})
    assert "另含已批准未公开 1 个：丙局" in marked.text
    assert client.get(SUMS, {"table": "nothing"}).status_code == 200
    assert "还没有可以汇总" in client.get("/admin/overview/2031/sums/").text
    assert client.get("/admin/overview/2031/sums/", {"xlsx": "1"}).status_code == 404


def test_the_workbook_holds_every_table_with_the_sums(client, county):
    enter(client, "auditor")
    answer = client.get(SUMS, {"xlsx": "1"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(book.worksheets) >= 10  # nine tables, “三公”经费 by department
    rows = [
        [cell for cell in row if cell is not None] for row in book.worksheets[-1].iter_rows(values_only=True)
    ]
    last = next(row for row in rows if row and row[0] == "合计")
    assert last[1] == sum(row[2] for row in rows if row and row[0] in ("101", "102")) > 0


def test_tables_as_pdf_are_made_by_a_worker(client, county, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    enter(client, "bureau_officer")
    assert client.post(f"{SUMS}?approved=1").url == LIST
    export = Export.objects.get()
    assert (export.kind, export.wanted) == (ExportKind.TABLES, {"approved": True})
    assert "含已批准未公开" in client.get(LIST).text


def test_what_takes_long_to_pack_goes_to_a_worker(client, county, monkeypatch):
    enter(client, "auditor")
    for publication in Publication.objects.all():
        make_folder(revisions() / publication.chain_entry)
        replace(revisions() / publication.chain_entry / XLSX, b"PK a workbook")
    assert client.post(OVERVIEW, {"do": XLSX}).streaming
    monkeypatch.setattr(many_at_once, "AT_ONCE", 1)
    assert client.post(OVERVIEW, {"do": XLSX}).url == LIST
    export = Export.objects.get()
    assert (export.state, export.message) == (JobState.DONE, "共 2 个文件。")
    assert next(client.get(f"{LIST}{export.pk}/file/").streaming_content)[:2] == b"PK"


def test_the_site_is_packed_by_a_worker_and_says_how_far_it_is(client, no_pdf, few_pages, monkeypatch):
    published()
    enter(client, "bureau_officer")
    said, told = [], exports.timezone.now
    monkeypatch.setattr(exports, "SITE_STEP", 2)
    monkeypatch.setattr(exports.timezone, "now", lambda: said.append(Export.objects.values_list("message", flat=True).last()) or told())  # fmt: skip
    assert client.post(OVERVIEW, {"do": "site"}).url == LIST
    export = Export.objects.get()
    assert (export.kind, export.state) == (ExportKind.SITE, JobState.DONE), export.message
    assert export.message.startswith("共 ") and any(str(each).endswith("个文件") for each in said)
    page = client.get(LIST).text
    assert "乐亭县部门预算公开网站.zip" in page
    packed = b"".join(client.get(f"{LIST}{export.pk}/file/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
    assert {"index.html", "search.html", "130225/483/2023/budget/index.html"} <= set(names)
    assert f"共 {len(names)} 个文件" in export.message and len(packed) == export.size


def test_a_site_that_cannot_be_packed_leaves_no_file(client, no_pdf, few_pages, monkeypatch):
    published()
    monkeypatch.setattr(
        site_folder, "static", lambda address: (_ for _ in ()).throw(site_folder.DeadLink(address))
    )
    enter(client, "bureau_officer")
    client.post(OVERVIEW, {"do": "site"})
    export = Export.objects.get()
    assert export.state == JobState.FAILED and not exports.file_of(export).exists()
