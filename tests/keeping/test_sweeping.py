"""What is old goes, by kind, as it was told before; what is young, or anybody needs, stays."""

import io
import os
import re
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.keeping import sweeping
from budgets.models import (
    AuditEntry,
    Batch,
    BatchFile,
    Disclosure,
    Export,
    ExportKind,
    Intake,
    Job,
    JobKind,
    JobState,
    LogEntry,
    Publication,
    Question,
    RosterImport,
    SignIn,
    SubjectImport,
    UploadCount,
)
from budgets.publishing import folders, verification
from budgets.workflow import background, lifecycle, making_exports, trail
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, approved
from tests.makers.questions import a_question

pytestmark = pytest.mark.django_db
LONG = timedelta(days=1000)
KEPT_FOR_EVER = (Disclosure, Publication, LogEntry, AuditEntry)


def aged(row, age: timedelta, *fields: str):
    """The row as if that had been so long ago."""
    type(row)._base_manager.filter(pk=row.pk).update(**dict.fromkeys(fields, timezone.now() - age))
    return row


def old_file(path: Path, age: timedelta) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"12345")
    at = time.time() - age.total_seconds()
    os.utime(path, (at, at))
    return path


def stored(row, age: timedelta):
    """The row with a file of that age."""
    row.file.save("x", ContentFile(b"12345"), save=False)
    old_file(Path(row.file.path), age)
    row.save()
    return row


def one_of_each(age: timedelta, settings) -> None:
    """Of every kind one thing of that age, next to a draft and a publication with the files that they were made of."""
    number = Disclosure.objects.count()
    department = a_department(f"{301 + number}", f"某局{number}")
    officer, accountant = a_person("bureau_officer"), a_person("accountant", department=department)
    disclosure = a_sound_disclosure(department)
    row = {"disclosure": disclosure, "name": "x", "sha256": "0" * 64, "size": 5, "person": accountant}
    aged(stored(Intake(**row), age), age, "at")
    aged(stored(Intake(**row), age), age, "at", "confirmed_at")
    aged(stored(Intake(**row), age), age, "at", "confirmed_at", "undone_at")
    batch = aged(Batch.objects.create(region=department.region, person=officer), age, "at")
    stored(BatchFile(batch=batch, position=1, name="x", sha256="0" * 64, size=5), age)
    old_file(Path(settings.UPLOAD_ROOT) / f"intake/2020/01/nobody-{number}", age)
    aged(
        RosterImport.objects.create(region=department.region, name="x", sha256="", roster={}, person=officer),
        age,
        "at",
    )
    aged(
        SubjectImport.objects.create(fiscal_year=2023, name="x", sha256="", roster={}, person=officer),
        age,
        "at",
    )
    deleted = Disclosure.with_deleted.create(
        department=department,
        fiscal_year=2020,
        table_set="hebei_2023",
        deleted_by=officer,
        deleted_at=timezone.now() - age,
    )
    stored(Intake(**row | {"disclosure": deleted}, confirmed_at=timezone.now()), age)
    job = Job.objects.create(
        kind=JobKind.PREVIEW, disclosure=disclosure, person=accountant, version=1, state=JobState.DONE
    )
    aged(job, age, "queued_at", "finished_at")
    old_file(background.preview_file(job), age)
    export = Export.objects.create(
        kind=ExportKind.BOOK, region=department.region, fiscal_year=2023, person=officer, state=JobState.DONE
    )
    old_file(making_exports.file_of(export), age)
    aged(export, age, "queued_at")
    left = folders.releases() / f"{number:064d}"
    old_file(left / "index.html", age)
    os.utime(left, (time.time() - age.total_seconds(),) * 2)
    Session.objects.create(session_key=f"k{number}", session_data="", expire_date=timezone.now() - age)
    SignIn.objects.create(
        person=officer, began=timezone.now() - age, seen=timezone.now() - age, address="", browser=""
    )
    aged(AccessAttempt.objects.create(username="x", failures_since_start=1), age, "attempt_time")
    aged(
        DBTaskResult.objects.create(
            status="SUCCESSFUL",
            args_kwargs={},
            task_path="x",
            queue_name="default",
            priority=0,
            backend_name="default",
            run_after=timezone.now(),
            exception_class_path="",
            traceback="",
        ),
        age,
        "finished_at",
    )
    UploadCount.objects.create(day=timezone.localdate() - age, person=accountant, files=1)
    aged(a_question(department, email="a@example.cn", source="a" * 64), age, "asked_at")
    lifecycle.publish(approved(disclosure, officer), by=officer)
    trail.link()


def said(*arguments: str) -> dict[str, int]:
    """How much of each kind the command tells."""
    out = io.StringIO()
    call_command("sweep", *arguments, stdout=out)
    found = re.findall(r"^(.+?)：保留 \d+ 天（.+）；过期 (\d+) 个，([\d.]+) MB$", out.getvalue(), re.M)
    return {name: int(number) for name, number, _ in found}


def everything() -> list[list[dict]]:
    return [list(model._base_manager.order_by("pk").values()) for model in KEPT_FOR_EVER]


def files(settings) -> set[Path]:
    return {path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()}


def test_what_is_old_goes_as_it_was_told_and_what_is_young_stays(
    no_pdf, few_pages, settings, django_capture_on_commit_callbacks
):
    one_of_each(timedelta(0), settings)
    young = files(settings)
    assert set(said().values()) == {0}
    one_of_each(LONG, settings)
    before, there = everything(), files(settings)
    told = said("--dry-run")
    assert told == said() and files(settings) == there  # nothing went yet
    doubled = {"没有导入的名单和科目表": 2, "结束了的登录": 2}
    assert told == {kind.name: doubled.get(kind.name, 1) for kind in sweeping.KINDS}
    with django_capture_on_commit_callbacks(execute=True):
        assert said("--remove") == told
    assert set(said().values()) == {0}
    gone = there - files(settings)
    # Waiting, undone, of a batch, of nobody, of a deleted draft, preview, export, replaced release: one file each.
    assert len(gone) == 8 and not gone & young
    assert Intake.objects.filter(undone_at__isnull=False).count() == 2  # the row of what was undone stays
    shutil.rmtree(folders.releases() / f"{0:064d}")  # the young one, which `verify` names
    assert everything()[1:] == before[1:] and verification.verify().mismatches == []
    kept = Intake.objects.exclude(confirmed_at=None).filter(undone_at=None)
    assert all(each.file.storage.exists(each.file.name) for each in kept if each.file)
    assert Question.objects.filter(email="").count() == 1


def test_each_kind_waits_its_days():
    for kind in sweeping.KINDS:
        assert kind.kept >= timedelta(days=1) and kind.why, kind.name
    logs = [kind for kind in sweeping.KINDS if "日志留存" in kind.why]
    assert len(logs) == 2 and all(kind.kept >= timedelta(days=400) for kind in logs)
