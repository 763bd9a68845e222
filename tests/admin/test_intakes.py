"""Taking in a file through the admin: nothing changes before it is confirmed, and it can be undone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from budgets import ledger
from budgets.domain.terms import Family
from budgets.importing.taken import dumps, loads
from budgets.models import Disclosure, Intake
from budgets.workflow import background
from budgets.workflow.drafts import draft_of
from budgets.workflow.intake_saving import NotTaken, save
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_sound_disclosure, submitted

from .forms import fields, of

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent.parent / "sample"
WORKBOOK = "laoting-483-2023-tables.xlsx"


def choose(client, disclosure, name=WORKBOOK, content: bytes | None = None, **more):
    file = SimpleUploadedFile(name, content if content is not None else (SAMPLE / name).read_bytes())
    return client.post(of(disclosure, "intake"), {"file": file, **more}, follow=True)


def test_nothing_is_saved_before_it_is_confirmed(accountant):
    disclosure = a_disclosure()
    before = ledger.read(disclosure)
    report = choose(accountant, disclosure)
    waiting = Intake.objects.get()
    assert report.request["PATH_INFO"] == of(disclosure, "intake_file", waiting.pk)
    assert len(report.context["report"]["tables"]) == 9 and report.context["report"]["differences"] == []
    assert "收入金额 2 个" in report.text
    assert ledger.read(disclosure) == before and waiting.confirmed_at is None
    accountant.post(of(disclosure, "intake_file", waiting.pk), {"cancel": "1"})
    assert ledger.read(disclosure) == before
    assert not Intake.objects.exists() and not default_storage.exists(waiting.file.name)


def confirm(client, report, **more):
    """Confirm what a page of a waiting file shows."""
    return client.post(report.request["PATH_INFO"], fields(report) | more)


def taken_in() -> bool:
    return Intake.objects.exclude(confirmed_at=None).exists()


def test_it_is_taken_in_and_undone(accountant):
    disclosure = a_disclosure()
    before = ledger.read(disclosure)
    assert confirm(accountant, choose(accountant, disclosure)).status_code == 302
    intake = Intake.objects.get()
    assert sum(f.amount for f in ledger.read(disclosure).facts if f.family == "expenditure") == 9906200
    assert (intake.name, intake.taken) == ("laoting-483-2023-tables.xlsx", "")
    own = of(disclosure, "intake_file", intake.pk)
    assert "撤销这次导入" in accountant.get(own).text
    assert accountant.post(own, {"undo": "1"}).status_code == 302
    assert ledger.read(disclosure).facts == before.facts
    again = accountant.post(own, {"undo": "1"})
    assert again.status_code == 409 and "已经撤销过" in again.text


def test_confirmed_twice_it_is_taken_in_once(accountant):
    disclosure = a_disclosure()
    report = choose(accountant, disclosure)
    waiting = Intake.objects.get()
    assert confirm(accountant, report).status_code == 302
    kept = ledger.read(disclosure)
    for button in ({}, {"cancel": "1"}):  # the page of before, in another tab or sent again
        again = accountant.post(report.request["PATH_INFO"], fields(report) | button, follow=True)
        assert "已经导入过了" in again.text
        assert ledger.read(disclosure) == kept and Intake.objects.get().undone_at is None
    with pytest.raises(NotTaken, match="已经导入过"):
        save(loads(waiting.taken), disclosure, None, waiting=waiting)


def test_a_file_that_is_gone_is_not_taken(accountant):
    disclosure = a_disclosure()
    report = choose(accountant, disclosure)
    waiting = Intake.objects.get()
    default_storage.delete(waiting.file.name)
    refused = confirm(accountant, report)
    assert refused.status_code == 409 and "请重新选择文件" in refused.text and not taken_in()
    Intake.objects.all().delete()  # as by another file that is handed in at the same moment
    with pytest.raises(NotTaken, match="请重新选择文件"):
        save(loads(waiting.taken), disclosure, None, waiting=waiting)


def test_what_an_earlier_release_read_is_read_again(accountant):
    disclosure = a_disclosure()
    own = choose(accountant, disclosure).request["PATH_INFO"]
    Intake.objects.update(taken="{}")
    assert len(accountant.get(own, follow=True).context["report"]["tables"]) == 9
    assert disclosure.jobs.count() == 2


def test_a_waiting_file_is_found_again_by_its_person(accountant, client):
    disclosure = a_disclosure()
    report = choose(accountant, disclosure)
    own = report.request["PATH_INFO"]
    hub = reverse("admin:budgets_disclosure_change", args=[disclosure.pk])
    assert own in accountant.get(hub).text
    client.force_login(a_person("accountant"))
    assert own not in client.get(hub).text


def wrong_workbook(path) -> tuple[bytes, str]:
    """The sample with one total raised, and the cell."""
    book = load_workbook(SAMPLE / WORKBOOK)
    sheet = book.worksheets[0]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value in (990.62, "990.62"))
    cell.value = 991.62
    book.save(path)
    return path.read_bytes(), cell.coordinate


def test_a_wrong_cell_is_shown_as_the_suspect_and_has_to_be_accepted(accountant, tmp_path):
    content, cell = wrong_workbook(tmp_path / "wrong.xlsx")
    disclosure = a_disclosure()
    report = choose(accountant, disclosure, "wrong.xlsx", content)
    assert [s["cell"] for s in report.context["report"]["suspects"]] == [cell]
    refused = confirm(accountant, report)
    assert refused.status_code == 409 and not taken_in()
    assert confirm(accountant, refused, accept="on").status_code == 302
    assert Intake.objects.get().accepted


@pytest.mark.slow
def test_what_was_published_before_prints_as_it_was(accountant, tmp_path):
    content, _ = wrong_workbook(tmp_path / "wrong.xlsx")
    disclosure = a_disclosure()
    report = choose(accountant, disclosure, "wrong.xlsx", content, transcribed="on")
    assert "照原件印出" in report.text and "接受这些差异" not in report.text
    assert confirm(accountant, report).status_code == 302
    document = draft_of(Disclosure.objects.get()).document
    printed = [cell.text for sheet in document.tables[:1] for row in sheet.rows for cell in row.cells]
    assert "991.62" in printed
    rules = {f.rule: f.severity for f in draft_of(Disclosure.objects.get()).findings}
    assert "given-cells-tie" in rules and "error" not in rules.values()
    # The next file that is not taken over as it stands derives the tables again.
    assert confirm(accountant, choose(accountant, disclosure)).status_code == 302
    assert ledger.read(Disclosure.objects.get()).given == ()


def test_finer_amounts_are_rounded_when_asked(accountant, tmp_path):
    book = load_workbook(SAMPLE / WORKBOOK)
    for row in book.worksheets[8].iter_rows():
        for cell in row:
            if cell.value == 0.3:
                cell.value = 0.305
    book.save(tmp_path / "fine.xlsx")
    disclosure = a_disclosure()
    report = choose(accountant, disclosure, "fine.xlsx", (tmp_path / "fine.xlsx").read_bytes())
    assert [fact.amount for fact in report.context["fine"]] == [3050]
    assert "四舍五入以后，各表之间仍然相符。" in report.text
    refused = confirm(accountant, report, accept="on")
    assert refused.status_code == 409 and "请先取整" in refused.text
    assert confirm(accountant, refused, accept="on", rounded="on").status_code == 302
    amounts = [fact.amount for fact in ledger.read(Disclosure.objects.get()).facts]
    assert 3100 in amounts and 3050 not in amounts


def test_ties_that_rounding_breaks_are_told_before_it_is_confirmed(accountant):
    disclosure = a_disclosure()
    report = choose(accountant, disclosure)
    waiting = Intake.objects.get()
    taken = loads(waiting.taken)
    finer = [replace(fact, amount=fact.amount * Decimal("1.0013713")) for fact in taken.ledger.facts]
    waiting.taken = dumps(replace(taken, ledger=replace(taken.ledger, facts=tuple(finer))))
    waiting.save()
    report = accountant.get(of(disclosure, "intake_file", waiting.pk))
    told = [each.message for each in report.context["breaks"]]
    assert told and f"有 {len(told)} 处会因取整对不上" in report.text
    assert all(message in unescape(report.text) and "相差" in message for message in told)
    assert confirm(accountant, report, accept="on", rounded="on").status_code == 302
    found = [each.message for each in draft_of(Disclosure.objects.get()).findings]
    assert [message for message in told if message not in found] == []


@pytest.mark.slow
def test_a_pdf_is_read_with_its_pages_counted(accountant):
    disclosure = a_disclosure(a_department("101", "上海市普陀区财政局"), year=2025, table_set="shanghai_2023")
    accountant.force_login(a_person("accountant", department=disclosure.department))
    report = choose(accountant, disclosure, "shanghai-putuo-finance-bureau-2025.pdf", transcribed="on")
    waiting = Intake.objects.get()
    assert "2025年部门收入预算总表（第10—11页） 第" in report.text and "行第5列" in report.text
    assert (waiting.pages_read, waiting.pages) == (24, 24)
    assert confirm(accountant, report).status_code == 302
    kept = ledger.read(Disclosure.objects.get(pk=disclosure.pk))
    assert [fact.amount for fact in kept.facts if fact.family is Family.AGENCY] == [2294300]
    assert len(kept.given) == 9


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"no workbook"), ("b.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("c.docx", b"PK"), ("d.pdf", b"%PDF-")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_reason(accountant, name, content):
    disclosure = a_disclosure()
    response = choose(accountant, disclosure, name, content)
    assert response.status_code == 200 and 'role="alert"' in response.text
    assert f"文件“{name}”" in response.text and "读取并核对" in response.text
    assert not taken_in() and "Traceback" not in response.text
    choose(accountant, disclosure)  # another file takes its place
    assert Intake.objects.get().name == WORKBOOK


def test_an_empty_file_is_refused(accountant):
    response = choose(accountant, a_disclosure(), "c.docx", b"")
    assert "文件是空的" in response.text and not Intake.objects.exists()


def test_a_file_of_another_department_is_not_taken(accountant):
    other = a_department("301", "教育局")
    accountant.force_login(a_person("accountant", department=other))
    disclosure = a_disclosure(other)
    before = ledger.read(disclosure)
    report = choose(accountant, disclosure)
    assert "请确认选对了文件" in report.text and "确认导入" not in report.text
    assert confirm(accountant, report, accept="on").status_code == 409
    assert ledger.read(disclosure) == before


def test_what_was_edited_meanwhile_is_not_overwritten(accountant):
    disclosure = a_disclosure()
    report = choose(accountant, disclosure)
    type(disclosure).objects.filter(pk=disclosure.pk).update(version=disclosure.version + 1)
    assert confirm(accountant, report).status_code == 409 and not taken_in()


def test_a_person_sees_only_the_own_waiting_file(accountant, client):
    disclosure = a_disclosure()
    choose(accountant, disclosure)
    first = Intake.objects.get().pk
    choose(accountant, disclosure, "next.xlsx", (SAMPLE / WORKBOOK).read_bytes())
    replaced = accountant.get(of(disclosure, "intake_file", first))
    assert replaced.status_code == 404 and "请重新选择文件" in replaced.text
    client.force_login(a_person("accountant"))
    strange = client.get(of(disclosure, "intake_file", Intake.objects.get().pk))
    assert strange.status_code == 404 and "next.xlsx" not in strange.text
    assert client.get(of(disclosure, "job", disclosure.jobs.first().pk)).status_code == 404


def test_who_may_not_edit_takes_nothing_in(client):
    disclosure = submitted(a_sound_disclosure())
    for role in ("accountant", "reviewer", "bureau_officer", "auditor"):
        person = a_person(role)
        client.force_login(person)
        waiting = Intake.objects.create(disclosure=disclosure, name="a.xlsx", sha256="0", person=person)
        assert client.get(of(disclosure, "intake")).status_code == 403
        assert client.get(of(disclosure, "intake_file", waiting.pk)).status_code == 403


def test_files_that_nobody_confirms_are_dropped_after_a_day(accountant):
    disclosure = a_disclosure()
    choose(accountant, disclosure)
    assert background.forget_waiting().number == 0
    assert background.forget_waiting(timedelta(0)).number == 1
    assert not Intake.objects.exists()
    confirm(accountant, choose(accountant, disclosure))
    assert background.forget_waiting(timedelta(0)).number == 0


def test_while_it_is_read_the_page_says_how_far(accountant, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    disclosure = a_disclosure()
    page = choose(accountant, disclosure)
    assert "正在读取" in page.text and "data-poll" in page.text
    job = disclosure.jobs.get()
    asked = of(disclosure, "job", job.pk)
    assert accountant.get(asked).json() == {"state": "waiting", "message": ""}
    disclosure.jobs.update(queued_at=timezone.now() - timedelta(minutes=1))
    assert "还在排队" in accountant.get(asked).json()["message"]
    Intake.objects.update(pages_read=3, pages=35)
    assert accountant.get(asked).json() == {"state": "waiting", "message": "，已读 3／35 页"}
    background.run.call(job.pk)
    assert "认出的表" in accountant.get(page.request["PATH_INFO"]).text


def test_the_report_names_the_places_of_what_it_found(accountant, tmp_path):
    book = load_workbook(SAMPLE / WORKBOOK)
    book["一般公共预算财政拨款支出表"]["E9"] = "约" * 500
    book.save(tmp_path / "a.xlsx")
    report = choose(accountant, a_disclosure(), "a.xlsx", (tmp_path / "a.xlsx").read_bytes())
    lost = next(f for f in report.context["report"]["findings"] if "没有读取" in f["message"])
    assert lost["places"] == ["一般公共预算财政拨款支出表 E9"]
    assert "约" * 301 not in Intake.objects.get().taken
    assert lost["message"].startswith(
        f"“一般公共预算财政拨款支出表”单元格 E9 没有读取：“{'约' * 30}”不是金额"
    )


def test_sums_that_agree_are_not_praised_over_errors(accountant, tmp_path):
    disclosure = a_disclosure()
    template = accountant.get(of(disclosure, "intake_template"))
    book = load_workbook(BytesIO(b"".join(template.streaming_content)))
    book["部门预算收入总表"]["B8"], book["部门预算收入总表"]["F8"] = "2010301", 12
    book.save(tmp_path / "a.xlsx")
    report = choose(accountant, disclosure, "a.xlsx", (tmp_path / "a.xlsx").read_bytes())
    assert report.context["taken"].complete and report.context["taken"].errors
    assert "处错误，见下面的检查结果" in report.text and "推算的全部一致。" not in report.text
