"""A worker says that it is at work; what a dead one left is taken up, and one that was only slow does no harm."""

import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.management.commands import settle
from budgets.models import Intake, Job, JobKind, JobState
from budgets.publishing import folders, pointers, verification
from budgets.workflow import background, queueing
from budgets.workflow.queueing import READING, STALE_AFTER, beating, do_once
from tests.makers.disclosures import a_person, a_sound_disclosure, published
from tests.makers.standing import taken_back

LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def queued(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


def a_job(person=None, kind=JobKind.PREVIEW, disclosure=None, **fields) -> Job:
    return Job.objects.create(
        kind=kind, disclosure=disclosure or a_sound_disclosure(), person=person or a_person("accountant"), version=1, **fields
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_job_says_that_somebody_is_at_it_until_it_ends(monkeypatch):
    monkeypatch.setattr(queueing, "BEAT", timedelta(milliseconds=20))
    job = a_job(state=JobState.RUNNING, attempts=2, beat_at=timezone.now() - LONG_AGO)
    rows = Job.objects.filter(pk=job.pk)
    with beating(rows.filter(attempts=2)):
        limit = time.monotonic() + 5
        while rows.get().beat_at < timezone.now() - LONG_AGO / 2 and time.monotonic() < limit:
            time.sleep(0.02)
    last = rows.get().beat_at
    assert last > timezone.now() - timedelta(seconds=10)
    time.sleep(0.1)
    assert rows.get().beat_at == last
    with beating(rows.filter(attempts=1)):  # of an attempt that was taken over
        time.sleep(0.1)
    assert rows.get().beat_at == last


@pytest.mark.django_db
def test_what_is_silent_is_taken_over_and_what_beats_is_not(queued):
    now = timezone.now()
    begun = {"state": JobState.RUNNING, "attempts": 1, "started_at": now - LONG_AGO}
    dead = a_job(**begun, beat_at=now - STALE_AFTER - timedelta(seconds=1))
    alive = a_job(dead.person, disclosure=dead.disclosure, **begun, beat_at=now - STALE_AFTER / 2)
    background.requeue()
    assert {job.pk: job.state for job in Job.objects.all()} == {
        dead.pk: JobState.QUEUED, alive.pk: JobState.RUNNING
    }  # fmt: skip


@pytest.mark.django_db
def test_who_was_only_slow_does_not_say_how_it_ended(queued):
    job = a_job()

    def slow(work: Job) -> str:
        Job.objects.filter(pk=work.pk).update(attempts=2)  # another worker took it over meanwhile
        return "我还在。"

    do_once(Job, job.pk, slow)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.RUNNING, "")
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    do_once(Job, job.pk, lambda work: "做完了。")
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "做完了。")


@pytest.mark.django_db
def test_a_publication_waits_behind_no_export_and_gives_way_to_what_is_due(queued):
    asked = a_job(kind=JobKind.PUBLISH)
    for job in (
        asked,
        a_job(asked.person, JobKind.PUBLISH, asked.disclosure, due_at=timezone.now() - LONG_AGO),
    ):
        background.place(job)
    places = DBTaskResult.objects.all()
    assert {place.queue_name for place in places} == {background.PUNCTUAL}
    assert places.first().args_kwargs["args"] != [asked.pk] and places.last().args_kwargs["args"] == [
        asked.pk
    ]
    background.place(a_job(asked.person, JobKind.PREVIEW, asked.disclosure))
    assert places.exclude(queue_name=background.PUNCTUAL).count() == 1


@pytest.mark.django_db
def test_files_wait_in_a_queue_of_their_own_and_people_take_turns(queued):
    disclosure, many, other = a_sound_disclosure(), a_person("accountant"), a_person("bureau_officer")
    asked = [many, many, many, other]
    for person in asked:
        intake = Intake.objects.create(disclosure=disclosure, person=person, name="预算.xlsx")
        background.reading(intake, by=person)
    places = DBTaskResult.objects.all()
    assert {place.queue_name for place in places} == {READING}
    order = [
        Job.objects.get(pk=place.args_kwargs["args"][0]).person for place in places
    ]  # as a worker takes them
    assert order == [many, other, many, many]
    assert not places.exclude(queue_name=READING).exists()


@pytest.mark.django_db
def test_one_file_of_a_person_is_read_at_a_time(queued, monkeypatch):
    read = []
    monkeypatch.setitem(background.WORK, JobKind.READ, lambda job: read.append(job.pk) or "已读完。")
    disclosure, person = a_sound_disclosure(), a_person("accountant")
    first = a_job(
        person, JobKind.READ, disclosure, state=JobState.RUNNING, attempts=1, beat_at=timezone.now()
    )
    second = a_job(person, JobKind.READ, disclosure)
    another = a_job(a_person("bureau_officer"), JobKind.READ, disclosure)
    background.run.func(another.pk)
    background.run.func(second.pk)
    assert read == [another.pk]
    assert DBTaskResult.objects.get().args_kwargs["args"] == [second.pk]  # it asks again in a while
    Job.objects.filter(pk=first.pk).update(state=JobState.DONE)
    background.run.func(second.pk)
    assert read == [another.pk, second.pk]


class Stop(BaseException):
    """Ends the watch of a test."""


@pytest.mark.django_db
@pytest.mark.parametrize("failure", [None, "away", "fault"])
def test_the_timer_looks_every_few_seconds_and_waits_for_a_database(monkeypatch, failure):
    waited, looked = [], []

    def wait(seconds: int) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise Stop

    def look(self) -> str:
        looked.append("look")
        if failure:
            raise OperationalError("connection refused") if failure == "away" else ValueError("a fault")
        return ""

    monkeypatch.setattr(settle.time, "sleep", wait)
    monkeypatch.setattr(settle.Command, "take_over", look)
    monkeypatch.setattr(settle.Command, "tidy", lambda self: looked.append("tidy"))
    with pytest.raises(ValueError if failure == "fault" else Stop):
        call_command("settle", "--watch")
    assert looked == (
        ["look"] if failure == "fault" else ["look"] * 3 if failure else ["look", "tidy", "look", "look"]
    )
    assert waited == ([] if failure == "fault" else [settle.LOOK] * 3)
    again = 10  # seconds in which a timer that was killed itself is back and has looked; a worker looks every second
    assert settle.LOOK + STALE_AFTER.total_seconds() + again <= 30


@pytest.mark.django_db(transaction=True)
def test_the_timer_serves_what_died_between_commit_and_address(no_pdf, few_pages, monkeypatch):
    publication = published()
    link = next(folders.site().glob("*/*/*/*"))
    before = link.readlink()
    with monkeypatch.context() as patch:
        patch.setattr(pointers, "settle", lambda of=None: [])  # killed there
        taken_back(publication)
    assert link.readlink() == before
    settle.Command().follow()
    assert link.readlink() != before
    assert verification.verify().mismatches == []


@pytest.mark.django_db
@pytest.mark.parametrize("beat", [-LONG_AGO, LONG_AGO], ids=["long ago", "from a clock that was set back"])
def test_a_beat_is_one_by_the_clock_of_the_database(queued, monkeypatch, beat):
    dead = a_job(state=JobState.RUNNING, attempts=1, beat_at=timezone.now() + beat)
    alive = a_job(dead.person, disclosure=dead.disclosure, state=JobState.RUNNING, attempts=1, beat_at=Now())
    for ahead in (timedelta(hours=1), -timedelta(hours=1)):  # of the timer's own clock
        now = timezone.now() + ahead
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda now=now: now)
            background.requeue()
        assert Job.objects.get(pk=dead.pk).state == JobState.QUEUED
        assert Job.objects.get(pk=alive.pk).state == JobState.RUNNING


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("failure", "state"),
    [("connection refused", JobState.QUEUED), ("database or disk is full", JobState.FAILED)],
)
def test_work_during_which_the_database_was_away_is_done_again(queued, monkeypatch, failure, state):
    job = a_job()

    def do(job: Job) -> str:
        raise OperationalError(failure)

    do_once(Job, job.pk, do)
    monkeypatch.setattr(queueing, "MOST_ATTEMPTS", 2)
    background.requeue(timedelta(0))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (state, 1)
