"""Taking in a file through the admin: nothing changes before it is confirmed, and it can be undone."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from budgets import ledger
from budgets.models import Intake

from ..builders import a_department, a_disclosure, a_person, submitted
from .forms import fields

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent.parent / "sample"


@pytest.fixture
def accountant(client):
    client.force_login(a_person("accountant"))
    return client


def of(disclosure, name: str, *more) -> str:
    return reverse(f"admin:budgets_disclosure_{name}", args=[disclosure.pk, *more])


def choose(client, disclosure, name="laoting-483-2023-tables.xlsx", content: bytes | None = None):
    file = SimpleUploadedFile(name, content if content is not None else (SAMPLE / name).read_bytes())
    return client.post(of(disclosure, "intake"), {"file": file}, follow=True)


def test_nothing_is_saved_before_it_is_confirmed(accountant):
    disclosure = a_disclosure()
    before = ledger.read(disclosure)
    report = choose(accountant, disclosure)
    assert report.request["PATH_INFO"] == of(disclosure, "intake_check")
    assert len(report.context["report"]["tables"]) == 9 and report.context["report"]["differences"] == []
    assert "收入金额 2 个" in report.text
    assert ledger.read(disclosure) == before and not Intake.objects.exists()
    accountant.post(of(disclosure, "intake_check"), {"cancel": "1"})
    assert ledger.read(disclosure) == before
    assert default_storage.listdir("waiting")[1] == []


def test_it_is_taken_in_and_undone(accountant):
    disclosure = a_disclosure()
    before = ledger.read(disclosure)
    report = choose(accountant, disclosure)
    assert accountant.post(of(disclosure, "intake_check"), fields(report)).status_code == 302
    intake = Intake.objects.get()
    assert sum(f.amount for f in ledger.read(disclosure).facts if f.family == "expenditure") == 9906200
    assert (intake.name, default_storage.listdir("waiting")[1]) == ("laoting-483-2023-tables.xlsx", [])
    page = accountant.get(of(disclosure, "intake_report", intake.pk))
    assert "撤销这次导入" in page.text
    assert accountant.post(of(disclosure, "intake_report", intake.pk)).status_code == 302
    assert ledger.read(disclosure).facts == before.facts
    again = accountant.post(of(disclosure, "intake_report", intake.pk))
    assert again.status_code == 409 and "已经撤销过" in again.text


def test_a_wrong_cell_is_shown_as_the_suspect_and_has_to_be_accepted(accountant, tmp_path):
    from openpyxl import load_workbook

    book = load_workbook(SAMPLE / "laoting-483-2023-tables.xlsx")
    sheet = book.worksheets[0]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value in (990.62, "990.62"))
    cell.value = 991.62
    book.save(tmp_path / "wrong.xlsx")
    disclosure = a_disclosure()
    report = choose(accountant, disclosure, "wrong.xlsx", (tmp_path / "wrong.xlsx").read_bytes())
    suspects = [d for d in report.context["report"]["differences"] if d["suspect"]]
    assert [d["cell"] for d in suspects] == [cell.coordinate]
    refused = accountant.post(of(disclosure, "intake_check"), fields(report))
    assert refused.status_code == 409 and not Intake.objects.exists()
    data = fields(refused) | {"accept": "on"}
    assert accountant.post(of(disclosure, "intake_check"), data).status_code == 302
    assert Intake.objects.get().accepted


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"no workbook"), ("b.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("c.docx", b"")],
)
def test_what_cannot_be_read_is_refused_with_a_reason(accountant, name, content):
    disclosure = a_disclosure()
    response = choose(accountant, disclosure, name, content)
    assert response.status_code == 200 and 'role="alert"' in response.text
    assert "choose" not in response.text and not Intake.objects.exists()
    assert "Traceback" not in response.text


def test_a_file_of_another_department_is_not_taken(accountant):
    other = a_department("301", "教育局")
    accountant.force_login(a_person("accountant", department=other))
    disclosure = a_disclosure(other)
    before = ledger.read(disclosure)
    report = choose(accountant, disclosure)
    assert "请确认选对了文件" in report.text and "确认导入" not in report.text
    refused = accountant.post(of(disclosure, "intake_check"), fields(report) | {"accept": "on"})
    assert refused.status_code == 409
    assert ledger.read(disclosure) == before


def test_what_was_edited_meanwhile_is_not_overwritten(accountant):
    disclosure = a_disclosure()
    report = choose(accountant, disclosure)
    type(disclosure).objects.filter(pk=disclosure.pk).update(version=disclosure.version + 1)
    refused = accountant.post(of(disclosure, "intake_check"), fields(report))
    assert refused.status_code == 409 and not Intake.objects.exists()


def test_a_person_sees_only_the_own_waiting_file(accountant, client):
    disclosure = a_disclosure()
    choose(accountant, disclosure)
    client.force_login(a_person("accountant"))
    assert client.get(of(disclosure, "intake_check")).url == of(disclosure, "intake")


def test_who_may_not_edit_takes_nothing_in(client):
    from ..builders import a_sound_disclosure

    disclosure = submitted(a_sound_disclosure())
    for role in ("accountant", "reviewer", "bureau_officer", "auditor"):
        client.force_login(a_person(role))
        assert client.get(of(disclosure, "intake")).status_code == 403
        assert client.get(of(disclosure, "intake_check")).status_code == 403
