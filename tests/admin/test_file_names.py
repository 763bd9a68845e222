"""Two hundred names that a file may be handed in by: each is kept inside the store under a name of the store's, and headers parse."""

from email.message import Message
from itertools import product
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from budgets.models import Department, Intake

from .policies import address

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WAYS = ("../", "..\\", "/etc/", "C:\\", "\\\\host\\share\\", "....//", "%2e%2e%2f", "..%c0%af", "~/", "./.", "..;/", "file:///", "＼..＼", "．．／", "\u2025/", "..\u2215")
NAMES = ("a.xlsx", "passwd\0.xlsx", "CON.xlsx", 'x".xlsx', "a\r\nSet-Cookie: a=b.xlsx", ".htaccess.xlsx", "x;y=z.xlsx", "\u202exslx.exe.xlsx",
         "a" * 300 + ".xlsx", "😀{{7*7}}.xlsx", "'$(id)`id`.xlsx", " .xlsx", "预算 \u2028.xlsx")  # fmt: skip
PAYLOADS = [way + name for way, name in product(WAYS, NAMES)]


@pytest.fixture(autouse=True)
def queued(settings):
    """What is handed in waits to be read."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    settings.UPLOAD_QUOTAS = dict.fromkeys(("person", "department"), (10_000, 10_000))


def test_every_file_stays_in_the_store(here, settings, tmp_path):
    client, url = here.client(), address("budgets_disclosure_intake", here)
    client.raise_request_exception = False
    before, answers = set(tmp_path.rglob("*")), set()
    for name in PAYLOADS:
        file = SimpleUploadedFile("x.xlsx", b"PK no workbook")
        file._name = name  # past the client's own cleaning
        answers.add(client.post(url, {"file": file}).status_code)
        here.disclosure.jobs.all().delete()
    assert len(PAYLOADS) >= 200 and answers <= {200, 302, 400, 409}
    store = Path(settings.UPLOAD_ROOT).resolve()
    made = [path for path in set(tmp_path.rglob("*")) - before if path.is_file()]
    assert len(made) > 100, "the control: they were kept"
    assert [path for path in made if store not in path.resolve().parents] == []
    for intake in Intake.objects.exclude(file=""):
        assert Path(intake.file.path).resolve().is_relative_to(store)
        assert not set(intake.name) & set("/\\\r\n\0")


@pytest.mark.parametrize("name", ['局"; filename="evil.exe', "局\r\nSet-Cookie: a=b", "局\u202exe.xslx", "../../局"])
def test_the_name_of_what_is_downloaded_is_one_header(here, name):
    Department.objects.filter(pk=here.department.pk).update(name=name)
    answer = here.client().get(address("budgets_disclosure_draft_words", here))
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    told = Message()
    told["Content-Disposition"] = answer["Content-Disposition"]
    assert told.get_content_disposition() == "attachment"
    assert str(told.get_filename()).endswith(".docx")
    assert not set(answer["Content-Disposition"]) & set("\r\n\0")
    assert not set(str(told.get_filename())) & set("/\\")
