"""Every way to hand in a file: refused in one sentence before anything is written, and whole or not at all on a full disk."""

import errno
import importlib
import io
import logging
import os
import pkgutil
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django import forms
from django.core.files import uploadedfile
from django.core.files.storage import filesystem
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from budgets import admin
from budgets.admin import batch_pages, export_pages, intakes, roster_pages, subject_list_pages
from budgets.importing.exports.export_layouts import ExportLayout, ExportSheet
from budgets.importing.exports.export_surveys import ExportSurvey
from budgets.models import (
    Batch,
    BatchFile,
    Disclosure,
    ExportMapping,
    Intake,
    Job,
    Person,
    RosterImport,
    SubjectImport,
    UploadCount,
)
from budgets.workflow import batch_files, export_mapping, quotas, roster_taking, subject_taking
from tests.makers.disclosures import a_department, a_disclosure, a_person
from tests.makers.full_disk import rows_need_room

from .forms import of

pytestmark = pytest.mark.django_db
CONTENT = b"something that is handed in" * 9
# Not among them how often somebody tried.
KEPT = (Intake, Batch, BatchFile, Job, ExportMapping, RosterImport, SubjectImport)


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, CONTENT)
    return out.getvalue()


@dataclass(frozen=True)
class Way:
    """One form: who hands in, where, which fields, and how many files that makes."""

    form: type[forms.Form]
    role: str
    address: str
    files: dict[str, list[tuple[str, bytes]]]
    more: dict[str, str]
    number: int = 1


WAYS = {
    "workbook": Way(intakes.FileForm, "accountant", "intake", {"file": [("表.xlsx", CONTENT)]}, {}),
    "chapters": Way(intakes.FileForm, "accountant", "intake", {"file": [("情况说明.docx", CONTENT)]}, {}),
    "files": Way(batch_pages.FilesForm, "bureau_officer", "/admin/batches/", {"upload": [("甲.xlsx", CONTENT), ("乙.xlsx", CONTENT)]}, {}, 2),
    "archive": Way(batch_pages.FilesForm, "bureau_officer", "/admin/batches/", {"upload": [("全部.zip", zipped("甲.xlsx", "乙.xlsx", "丙.xlsx"))]}, {}, 3),
    "roster": Way(roster_pages.RosterForm, "bureau_administrator", "/admin/roster/", {"file": [("名单.xlsx", CONTENT)]}, {}),
    "subjects": Way(subject_list_pages.SubjectListForm, "central_administrator", "/admin/subject-lists/", {"file": [("科目.xlsx", CONTENT)]}, {"year": "2026"}),
    "sample": Way(export_pages.SampleForm, "bureau_administrator", "/admin/exports/2023/", {"file": [("导出.xlsx", CONTENT)]}, {}),
}  # fmt: skip


@pytest.fixture(params=WAYS)
def way(request) -> Way:
    return WAYS[request.param]


@pytest.fixture(autouse=True)
def nothing_is_read(monkeypatch, settings):
    """What is handed in waits to be read, and lists say nothing: here only the keeping counts."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    survey = ExportSurvey(ExportLayout((ExportSheet("表", ()),)), {}, (), (), ())
    monkeypatch.setattr(export_mapping, "survey_apart", lambda *args, **more: survey)
    monkeypatch.setattr(roster_taking, "roster_apart", lambda *args, **more: {})
    monkeypatch.setattr(subject_taking, "roster_apart", lambda *args, **more: {})
    monkeypatch.setattr(
        batch_files,
        "unpack_apart",
        lambda name, content: [(each, CONTENT) for each in zipfile.ZipFile(io.BytesIO(content)).namelist()],
    )


@pytest.fixture
def hand_in(way, client):
    """A signed-in browser that hands the files in, as often as it is called."""
    disclosure = a_disclosure()
    person = a_person(way.role)
    client.force_login(person)
    client.get("/admin/")  # the session is on its list
    client.raise_request_exception = False
    address = of(disclosure, "intake") if way.address == "intake" else way.address

    def post():
        files = {
            field: [SimpleUploadedFile(name, content) for name, content in given]
            for field, given in way.files.items()
        }
        return client.post(address, {**files, **way.more})

    return post


def left(settings) -> tuple[list[int], list[Path]]:
    """Rows of everything that handing in makes, and files."""
    files = [each for each in Path(settings.UPLOAD_ROOT).rglob("*") if each.is_file()]
    return [model.objects.count() for model in KEPT], files


NOTHING: tuple[list[int], list[Path]] = ([0] * len(KEPT), [])


def test_every_form_with_a_file_is_here():
    for module in pkgutil.iter_modules(admin.__path__):
        importlib.import_module(f"budgets.admin.{module.name}")

    def below(form):
        for each in form.__subclasses__():
            yield each
            yield from below(each)

    takes_files = {
        form
        for form in below(forms.BaseForm)
        if form.__module__.startswith("budgets.")
        and any(isinstance(field, forms.FileField) for field in form.base_fields.values())
    }
    assert takes_files == {way.form for way in WAYS.values()}


def test_too_many_files_of_a_day(hand_in, way, settings, monkeypatch):
    settings.UPLOAD_QUOTAS = {"person": (way.number, 100), "department": (1000, 100)}
    assert hand_in().status_code == 302
    before = left(settings)
    refused = hand_in()
    words = f"您今天已上传 {way.number} 个文件，每天最多 {way.number} 个，这次的 {way.number} 个没有保存：请明天再传"
    assert words in refused.text and left(settings) == before
    UploadCount.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert hand_in().status_code == 302  # it is tomorrow


def test_too_much_is_kept(hand_in, way, settings):
    assert hand_in().status_code == 302
    settings.UPLOAD_QUOTAS = {"person": (100, 0), "department": (100, 100)}
    before = left(settings)
    refused = hand_in()
    assert "保存着的文件已有 0.0 MB，最多 0 MB" in refused.text and "系统管理员" in refused.text
    assert left(settings) == before


def test_a_department_counts_all_its_people_and_no_other(settings):
    settings.UPLOAD_QUOTAS = {"person": (100, 100), "department": (2, 100)}
    here, beside = a_department(), a_department("301", "邻局")
    for _ in range(2):
        quotas.claim(a_person(department=here), 1, 1, here)
    with pytest.raises(quotas.OverQuota, match="“乐亭县行政审批局”今天已上传 2 个文件，每天最多 2 个"):
        quotas.claim(a_person(department=here), 1, 1, here)
    quotas.claim(a_person(department=beside), 1, 1, beside)
    settings.UPLOAD_QUOTAS = {"person": (100, 100), "department": (100, 1)}
    Intake.objects.create(disclosure=a_disclosure(here), file="a", name="a", sha256="", size=quotas.MB - 9)
    assert quotas.kept_of(here) == quotas.MB - 9 and quotas.kept_of(beside) == 0
    with pytest.raises(quotas.OverQuota, match="已有 1.0 MB，最多 1 MB"):
        quotas.claim(a_person(department=here), 1, 10, here)
    quotas.claim(a_person(department=here), 1, 9, here)


def test_uploads_leave_room_for_the_rest(hand_in, settings, monkeypatch, caplog):
    monkeypatch.setattr(quotas, "free", lambda folder: quotas.LEFT_FREE)
    refused = hand_in()
    assert refused.status_code == 503 and "磁盘已满" in refused.text
    assert left(settings) == NOTHING and told_the_operator(caplog)


def told_the_operator(caplog) -> bool:
    return any(
        record.name == "budgets.alarm" and record.levelno == logging.CRITICAL and "no room" in record.message
        for record in caplog.records
    )


@contextmanager
def full_at(number: int, monkeypatch):
    """The disk is full from the given write on: of a kept file, of what the browser sends, of a row."""
    writes = iter(range(10_000))
    full = OSError(errno.ENOSPC, "No space left on device")

    def write():
        if next(writes) >= number:
            raise full

    class Half:
        """A file that takes half of what is written to it, then nothing more."""

        def __init__(self, file):
            self.file = file

        def write(self, content):
            try:
                write()
            except OSError:
                self.file.write(content[: len(content) // 2])
                self.file.flush()
                raise
            return self.file.write(content)

        def __getattr__(self, name):
            return getattr(self.file, name)

    real, sent = os.fdopen, uploadedfile.TemporaryUploadedFile.__init__

    def temporary(self, *args):
        sent(self, *args)
        self.file = Half(self.file)

    with monkeypatch.context() as patch, connection.execute_wrapper(rows_need_room(write)):
        patch.setattr(filesystem.os, "fdopen", lambda *args, **more: Half(real(*args, **more)))
        patch.setattr(uploadedfile.TemporaryUploadedFile, "__init__", temporary)
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.sweep(2)
@pytest.mark.parametrize("name", WAYS)
def test_a_disk_that_is_full_at_any_write(name, client, settings, monkeypatch, caplog):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # what the browser sends is written, too
    send = hand_in.__wrapped__(WAYS[name], client)
    people = Person.objects.count(), Disclosure.objects.count()
    for number in range(100):
        caplog.clear()
        with full_at(number, monkeypatch):
            answer = send()
        if answer.status_code == 302:
            break
        assert answer.status_code == 503 and "磁盘已满，这一步没有完成" in answer.text, number
        assert answer["Retry-After"] and told_the_operator(caplog)
        assert left(settings) == NOTHING and (Person.objects.count(), Disclosure.objects.count()) == people
    assert number > 2 * WAYS[name].number and left(settings) != NOTHING
    print(f"{name}: full at each of {number} writes, nothing half-written")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)")
def test_many_at_once_overrun_no_limit(settings):
    settings.UPLOAD_QUOTAS = {"person": (100, 100), "department": (5, 100)}
    department = a_department()
    people = [a_person(department=department) for _ in range(8)]
    ready, outcomes = threading.Barrier(8), list[str]()

    def claim(person) -> None:
        try:
            ready.wait(10)
            quotas.claim(person, 1, 1, department)
            outcomes.append("kept")
        except Exception as refusal:  # counted below, in the test's own thread
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["OverQuota"] * 3 + ["kept"] * 5
    assert UploadCount.objects.get(department=department).files == 5
