"""Two hundred names that a file may be handed in by: each is kept inside the store under a name of the store's, and headers parse."""

from email.message import Message
from itertools import product
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation

from budgets.models import Department, Intake
from budgets.workflow.kept_files import keeping

from .policies import address

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WAYS = (
    "../",
    "..\\",
    "/etc/",
    "C:\\",
    "\\\\host\\share\\",
    "....//",
    "%2e%2e%2f",
    "..%c0%af",
    "~/",
    "./.",
    "..;/",
    "file:///",
    "＼..＼",
    "．．／",
    "\u2025/",
    "..\u2215",
)
NAMES = ("a.xlsx", "passwd\0.xlsx", "CON.xlsx", 'x".xlsx', "a\r\nSet-Cookie: a=b.xlsx", ".htaccess.xlsx", "x;y=z.xlsx", "\u202exslx.exe.xlsx",
         "a" * 300 + ".xlsx", "😀{{7*7}}.xlsx", "'$(id)`id`.xlsx", " .xlsx", "预算 \u2028.xlsx")  # fmt: skip
PAYLOADS = [way + name for way, name in product(WAYS, NAMES)]


def test_every_file_stays_in_the_store(here, settings, tmp_path):
    """Even by its own name, which the product does not use: a file is named by its hash."""
    store, before, refused = Path(settings.UPLOAD_ROOT).resolve(), set(tmp_path.rglob("*")), []
    for name in PAYLOADS:
        intake = Intake(disclosure=here.disclosure, person=here.people["accountant"], sha256="0" * 64)
        try:
            with keeping(intake.file, name, b"x"):
                assert Path(intake.file.path).resolve().is_relative_to(store)
        except (SuspiciousFileOperation, OSError, ValueError) as refusal:
            refused.append(str(refusal))
    made = [path for path in set(tmp_path.rglob("*")) - before if path.is_file()]
    assert len(PAYLOADS) >= 200 and len(made) + len(refused) == len(PAYLOADS)
    assert len(made) > 40, "the control: files were kept"
    assert [path for path in made if store not in path.resolve().parents] == []


@pytest.mark.parametrize(
    "name", ['局"; filename="evil.exe', "局\r\nSet-Cookie: a=b", "局\u202exe.xslx", "../../局"]
)
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
