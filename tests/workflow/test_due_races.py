"""What is due under real concurrency: two workers at once, workers killed at random moments. Needs PostgreSQL."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.models import Disclosure, Job, JobState, LogEntry, Publication, Region, Status
from budgets.publishing import pointers, releases, verification
from budgets.workflow import background, lifecycle, queueing
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, submitted

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)"),
]
DEPARTMENTS = 3  # of a batch that is due


@pytest.fixture(autouse=True)
def queued(settings, monkeypatch):
    """Jobs wait in the database; a worker that died is followed at once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    monkeypatch.setattr(background, "TAKEN_OVER_AFTER", timedelta(0))
    monkeypatch.setattr(queueing, "MOST_ATTEMPTS", 10_000)


def due_batch(number: int) -> list[Disclosure]:
    """Departments' disclosures whose minute has just come."""
    officer = a_person("bureau_officer")
    made = [a_sound_disclosure(a_department(str(301 + n), f"{n}局")) for n in range(number)]
    for each in made:
        lifecycle.approve(submitted(each), by=officer)
    Region.objects.update(recall_minutes=10)
    for each in made:
        background.publish(Disclosure.objects.get(pk=each.pk), by=officer)
    due = timezone.now().replace(microsecond=0)
    Disclosure.objects.update(publish_at=due)
    Job.objects.filter(kind="publish").update(due_at=due)
    DBTaskResult.objects.update(run_after=due)
    return made


def worker() -> None:
    """What a worker does, in a process of its own, until nothing is ready."""
    connections.close_all()
    from django_tasks_db.management.commands.db_worker import Worker

    each = {
        "interval": 0,
        "batch": True,
        "backend_name": "default",
        "startup_delay": False,
        "max_tasks": None,
    }
    Worker(queue_names=["*"], excluded_queue_names=[], worker_id=str(os.getpid()), **each).run()
    os._exit(0)


def in_a_process(work: Callable[..., None], *given: object) -> multiprocessing.Process:
    """A copy of this process that does only that."""
    connection.close()
    connection.close_pool()
    process = multiprocessing.get_context("fork").Process(target=work, args=given)
    process.start()
    return process


def started() -> multiprocessing.Process:
    """A worker at work."""
    return in_a_process(worker)


def nothing_is_half_public() -> None:
    """What is served is exactly what the database says is public, once a start has settled it."""
    pointers.settle()
    for publication in Publication.objects.select_related("department__region"):
        place = ("130225", publication.department.code, 2023, "budget")
        assert (releases.address(place).resolve() / "disclosure.json").read_bytes() == publication.content
    public = set(Publication.objects.values_list("disclosure_id", flat=True))
    assert public == set(Disclosure.objects.filter(status=Status.PUBLISHED).values_list("pk", flat=True))
    assert verification.verify().mismatches == []


def all_is_public_once(made: list[Disclosure]) -> None:
    nothing_is_half_public()
    assert Publication.objects.count() == LogEntry.objects.filter(action="publish").count() == len(made)
    assert not Disclosure.objects.exclude(publish_at=None).exists()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_two_workers_publish_what_is_due_once(no_pdf, few_pages):
    made = due_batch(DEPARTMENTS)
    both = [started(), started()]
    for process in both:
        process.join(600)
    all_is_public_once(made)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("departments", "moments"), [(DEPARTMENTS, 6), pytest.param(60, 100, marks=pytest.mark.long)]
)
def test_workers_killed_at_random_moments_leave_nothing_half_public(no_pdf, few_pages, departments, moments):
    chance = random.Random(9)
    made = due_batch(departments)
    for _ in range(moments):
        process = started()
        time.sleep(chance.uniform(0, 1.5))
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
        background.requeue(timedelta(0))  # what a worker's start does
        nothing_is_half_public()
    left = Disclosure.objects.exclude(publish_at=None).count()
    assert left + Publication.objects.count() == len(made)
    for _ in range(2):  # a place that the last one had taken is followed by the next, half a minute later
        DBTaskResult.objects.update(run_after=timezone.now())
        last = started()
        last.join(600)
        background.requeue(timedelta(0))
    all_is_public_once(made)
