"""What the bureau asked for, while processes die at random moments, kill -9: the worker over the county's book, the web
process over the press of a button for a batch. Nothing is half there, and everything comes to its end. Needs PostgreSQL."""

import multiprocessing
import os
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.models import Disclosure, Export, ExportKind, Job, JobState, Publication, Region
from budgets.publishing.folders import make_folder, replace, revisions
from budgets.publishing.revision_files import PDF
from budgets.rendering.book.front import pieces
from budgets.rendering.pdf.renderer import render_pdf
from budgets.workflow import background, lifecycle, queueing
from budgets.workflow import making_exports as exports
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, submitted
from tests.makers.public_years import a_public_year

from .test_due_races import all_is_public_once, in_a_process, started

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)"),
]
MOST_MOMENTS = 40  # only where the machine is so busy that neither was seen before
TABLES, BOOK_STEPS = (
    3,
    9,
)  # of a book: each table is set and bound, two departments are bound, the file is written
DEPARTMENTS = 3  # of a batch
CREATED = datetime(2023, 2, 1, tzinfo=UTC)
OVERVIEW = "/admin/overview/2023/"


@pytest.fixture(autouse=True)
def queued(settings, monkeypatch):
    """Jobs wait in the database, and however often a worker died over one, it is tried again."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    monkeypatch.setattr(queueing, "MOST_ATTEMPTS", 10_000)
    monkeypatch.setattr(background, "TAKEN_OVER_AFTER", timedelta(0))


def killed(process: multiprocessing.Process, after: float) -> None:
    time.sleep(after)
    process.kill()
    process.join(30)


def parts_of(export: Export) -> dict[str, int]:
    """The kept parts of a book and when each was written; every one of them is a whole PDF."""
    folder = exports.file_of(export).parent / "parts"
    found = {file.name: file.stat().st_mtime_ns for file in folder.glob("*.pdf")} if folder.is_dir() else {}
    for name in found:
        assert pages(folder / name)
    return found


def pages(file: Path) -> int:
    with pikepdf.open(BytesIO(file.read_bytes())) as pdf:
        return len(pdf.pages)


@pytest.mark.pango
@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.long)])
def test_a_book_goes_on_from_the_parts_that_were_kept(monkeypatch, kills):
    monkeypatch.setattr(exports, "pieces", lambda heading, document: list(pieces(heading, document))[:TABLES])
    region = a_public_year("甲乙", "", "")
    small = render_pdf("<html lang=zh><title>局</title><body><h1>部门预算</h1>", created=CREATED)
    for publication in Publication.objects.filter(department__region=region):
        make_folder(revisions() / publication.chain_entry)
        replace(revisions() / publication.chain_entry / PDF, small)
    officer, chance, told = a_person("bureau_officer"), random.Random(9), Counter[str]()
    export = exports.ask(ExportKind.BOOK, region, 2023, by=officer)
    moments = 0
    # As many as asked for, and on a machine where they fell beside the work, more until both were seen.
    while moments < kills or (not (told["busy"] and told["resumed"]) and moments < MOST_MOMENTS):
        moments += 1
        before = parts_of(export)
        process = started()
        follow(export, process, chance.randint(0, BOOK_STEPS))
        killed(process, chance.uniform(0, 0.5))
        export.refresh_from_db()
        if export.state == JobState.DONE:
            is_whole(export)
            told["books"] += 1
            export = exports.ask(ExportKind.BOOK, region, 2023, by=officer)
            continue
        # What was set before the worker died is there as it was: nothing is set twice, and no half of a part is kept.
        assert before.items() <= parts_of(export).items() or exports.file_of(export).is_file()
        told["busy"] += export.state == JobState.RUNNING
        told["resumed"] += bool(before)
        exports.requeue(timedelta(0))  # what a worker's start and the timer do
    started().join(300)
    export.refresh_from_db()
    is_whole(export)
    print(f"{moments} kills over the book: {dict(told)}")
    assert told["busy"] and told["resumed"]
    undisturbed = again(export)
    assert exports.file_of(export).read_bytes() == undisturbed


def follow(export: Export, process: multiprocessing.Process, step: int) -> None:
    """Until the worker is so far, or has ended."""
    while process.is_alive() and Export.objects.filter(pk=export.pk, done__lt=step).exists():
        time.sleep(0.02)


def is_whole(export: Export) -> None:
    assert export.state == JobState.DONE
    assert pages(exports.file_of(export)) == int(export.message.split()[1])
    assert not parts_of(export)


def again(export: Export) -> bytes:
    """The same book made from nothing, by nobody who is disturbed; what was there is put back."""
    file = exports.file_of(export)
    was = file.read_bytes()
    file.unlink()
    Export.objects.filter(pk=export.pk).update(state=JobState.QUEUED)
    exports.make.func(export.pk)
    made = file.read_bytes()
    replace(file, was)
    return made


def press(session: str, chosen: list[str]) -> None:
    """What a web process does with the press of 公开 for a batch."""
    connections.close_all()
    client = Client()
    client.cookies["sessionid"] = session
    client.post(OVERVIEW, {"do": "publish", "chosen": chosen, "going_on": "1"})
    os._exit(0)


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.long)])
def test_a_batch_is_scheduled_department_by_department_or_not(no_pdf, few_pages, kills):
    officer, chance, told = a_person("bureau_officer"), random.Random(9), Counter[str]()
    made = [a_sound_disclosure(a_department(str(301 + n), f"{n}局")) for n in range(DEPARTMENTS)]
    for each in made:
        lifecycle.approve(submitted(each), by=officer)
    Region.objects.update(recall_minutes=10)
    client = Client()
    client.force_login(officer)
    session = client.cookies["sessionid"].value
    for moment in range(kills + 1):
        Job.objects.all().delete()
        DBTaskResult.objects.all().delete()
        Disclosure.objects.update(publish_at=None, publish_asked_by=None)
        chosen = [f"{d.pk}:{d.version}" for d in Disclosure.objects.all()]
        process = in_a_process(press, session, chosen)
        if moment < kills:
            reached = chance.randrange(DEPARTMENTS)
            while process.is_alive() and Disclosure.objects.exclude(publish_at=None).count() < reached:
                time.sleep(0.005)
            killed(process, chance.uniform(0, 0.1))
        process.join(60)
        scheduled = set(Disclosure.objects.exclude(publish_at=None).values_list("pk", flat=True))
        assert jobs("publish") == jobs("ahead") == sorted(scheduled)
        assert DBTaskResult.objects.count() == (len(background.AGAIN) + 1) * len(scheduled)
        told["none" if not scheduled else "all" if len(scheduled) == len(made) else "busy"] += 1
    print(f"{kills} kills over the press: {dict(told)}")
    assert len(scheduled) == len(made)
    due = timezone.now().replace(microsecond=0)
    Disclosure.objects.update(publish_at=due)
    Job.objects.update(due_at=due)
    DBTaskResult.objects.update(run_after=due)
    started().join(300)
    all_is_public_once(made)


def jobs(kind: str) -> list[int]:
    return sorted(Job.objects.filter(kind=kind).values_list("disclosure_id", flat=True))
