"""Publication at a set minute: never early, once, dated Beijing's day, taken back until it is due."""

import random
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets import access
from budgets.models import Disclosure, Job, JobKind, JobState, LogEntry, Publication, Region, Release, Status
from budgets.publishing import folders, pointers, releases, revision_files, verification
from budgets.publishing.chain import Link, loads
from budgets.publishing.editions import Edition
from budgets.workflow import background, lifecycle, scheduling, versions
from budgets.workflow.lifecycle import EditedMeanwhile, NotAllowed
from budgets.workflow.stepping import BEIJING
from tests.makers.disclosures import a_person, a_sound_disclosure, approved

pytestmark = pytest.mark.django_db
SCHEDULES = 4  # about midnight at a time
FIRST = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(SCHEDULES, 252, SCHEDULES))]
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
NOON = datetime(2026, 12, 1, 12, 0, 30, tzinfo=BEIJING)


@pytest.fixture(autouse=True)
def queued(settings):
    """Jobs wait in the database for a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


@pytest.fixture
def officer():
    return a_person("bureau_officer")


@pytest.fixture
def disclosure(officer):
    """Approved, in a region that leaves ten minutes."""
    made = approved(a_sound_disclosure(), officer)
    Region.objects.update(recall_minutes=10)
    return Disclosure.objects.get(pk=made.pk)


@contextmanager
def at(moment: datetime):
    """The clock stands."""
    with mock.patch.object(timezone, "now", lambda: moment.astimezone(UTC)):
        yield


def work(moment: datetime) -> int:
    """What a worker does at that moment with all that is ready; how many places it took."""
    taken = 0
    with at(moment):
        while (place := DBTaskResult.objects.ready().first()) is not None:
            place.claim("worker")
            place.task.call(*place.task_result.args)
            place.set_successful(None)
            taken += 1
    return taken


def public() -> list[Path]:
    """Every file that can be fetched at any address."""
    site = folders.site()
    return (
        [file for link in site.glob("*/*/*/*") for file in link.resolve().rglob("*")] if site.is_dir() else []
    )


def again(disclosure) -> Disclosure:
    return Disclosure.objects.get(pk=disclosure.pk)


def test_it_is_public_ten_minutes_later_at_a_whole_minute(disclosure, officer, no_pdf, few_pages):
    with at(NOON):
        job = background.publish(disclosure, by=officer, version=disclosure.version)
    assert job.due_at == again(disclosure).publish_at == NOON.replace(minute=11, second=0)
    work(NOON)
    assert again(disclosure).built_release and public() == []
    work(job.due_at - SECOND)
    assert public() == [] and not Publication.objects.exists()
    with (
        mock.patch.object(revision_files, "data_files") as anew,
        mock.patch.object(releases, "_pages") as pages,
    ):
        work(job.due_at)
    assert not anew.called and not pages.called  # what was built ahead was taken
    publication = Publication.objects.get()
    assert publication.published_at == job.due_at and public()
    assert publication.published_by == officer
    now = again(disclosure)
    assert (now.status, now.publish_at, now.publish_asked_by, now.built_release) == (
        Status.PUBLISHED,
        None,
        None,
        "",
    )
    assert [entry.action for entry in disclosure.log.order_by("id")][-2:] == ["schedule", "publish"]
    assert "2026-12-01 12:11（北京时间）" in disclosure.log.get(action="schedule").reason
    assert verification.verify().mismatches == []
    assert work(job.due_at + 10 * MINUTE) == 2  # the places that were kept for a worker that dies
    assert Publication.objects.count() == 1


def test_a_minute_is_given_or_the_earliest_is_taken(disclosure, officer):
    early, late = NOON + 10 * MINUTE, NOON + timedelta(days=400)
    with at(NOON):
        for minute, words in (
            (early, "最早可以定在 2026-12-01 12:11"),
            (NOON - MINUTE, "太早"),
            (late, "核对年份"),
        ):
            with pytest.raises(NotAllowed, match=words):
                background.publish(disclosure, by=officer, at=minute)
        assert not Job.objects.exists() and again(disclosure).publish_at is None
        chosen = NOON + 11 * MINUTE
        assert background.publish(disclosure, by=officer, at=chosen).due_at == chosen.replace(second=0)


@pytest.mark.parametrize("minutes", [0, 1, 60])
def test_the_region_says_how_long_it_can_be_taken_back(disclosure, officer, minutes):
    Region.objects.update(recall_minutes=minutes)
    with at(NOON):
        job = background.publish(again(disclosure), by=officer)
        assert job.due_at == (minutes and NOON.replace(second=0) + (minutes + 1) * MINUTE or None)
        assert again(disclosure).publish_at == job.due_at
    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.update(recall_minutes=61)


def test_a_whole_minute_needs_no_rounding(disclosure):
    whole = NOON.replace(second=0)
    with at(whole):
        assert scheduling.earliest(disclosure.department.region) == whole + 10 * MINUTE


def test_it_is_taken_back_until_it_is_due(disclosure, officer, no_pdf, few_pages):
    with at(NOON):
        due = background.publish(disclosure, by=officer).due_at
    work(NOON)
    with at(due), pytest.raises(NotAllowed, match="公开时间已到"):
        scheduling.unschedule(again(disclosure), by=officer)
    with at(due - SECOND):
        taken = scheduling.unschedule(again(disclosure), by=officer, version=again(disclosure).version)
        assert (taken.status, taken.publish_at, taken.built_release) == (Status.APPROVED, None, "")
        with pytest.raises(NotAllowed, match="没有定公开时间"):
            scheduling.unschedule(taken, by=officer)
    for minute in range(5):
        work(due + minute * MINUTE)
    assert not Publication.objects.exists() and public() == []
    job = Job.objects.get(kind=JobKind.PUBLISH)
    assert (job.state, job.message) == (JobState.DONE, "此前已撤回，没有公开。")
    with at(due):
        assert background.publish(again(disclosure), by=officer).due_at == due + 10 * MINUTE


def test_without_its_guard_it_would_be_early(disclosure, officer, no_pdf, few_pages, monkeypatch):
    """The negative control of the minute."""
    with at(NOON):
        due = background.publish(disclosure, by=officer).due_at
        monkeypatch.setattr(access, "may", lambda *_: True)
        assert lifecycle.publish(again(disclosure), by=officer, due=due).published_at < due


@pytest.mark.parametrize("way", ["return", "nobody"])
def test_what_ends_the_approval_voids_the_minute(disclosure, officer, way, no_pdf, few_pages):
    with at(NOON):
        due = background.publish(disclosure, by=officer).due_at
        if way == "return":
            lifecycle.return_(again(disclosure), by=officer, reason="重填")
    work(NOON)
    work(due)
    assert Publication.objects.exists() is (way == "nobody")
    assert again(disclosure).publish_at is None


def test_nobody_else_publishes_what_is_scheduled(disclosure, officer):
    with at(NOON):
        background.publish(disclosure, by=officer)
        for step in (background.publish, lifecycle.publish):
            with pytest.raises(NotAllowed, match="已经定在 2026-12-01 12:11（北京时间）公开"):
                step(again(disclosure), by=officer)
        with pytest.raises(NotAllowed):
            lifecycle.publish(again(disclosure), by=officer, due=again(disclosure).publish_at)
        for other in ("accountant", "reviewer", "bureau_administrator", "auditor"):
            with pytest.raises(NotAllowed):
                scheduling.unschedule(again(disclosure), by=a_person(other))
        with pytest.raises(EditedMeanwhile):
            scheduling.unschedule(again(disclosure), by=officer, version=disclosure.version)


def test_another_minute_makes_the_first_one_void(disclosure, officer, no_pdf, few_pages):
    with at(NOON):
        first = background.publish(disclosure, by=officer).due_at
        scheduling.unschedule(again(disclosure), by=officer)
        second = background.publish(again(disclosure), by=officer, at=first + 5 * MINUTE).due_at
    work(first + MINUTE)
    assert not Publication.objects.exists()
    with at(first + MINUTE), pytest.raises(NotAllowed):
        lifecycle.publish(again(disclosure), by=officer, due=first)
    work(second)
    assert Publication.objects.get().published_at == second


def test_what_cannot_be_published_at_its_minute_is_told_and_asked_for_anew(disclosure, officer):
    with at(NOON):
        due = background.publish(disclosure, by=officer).due_at
    disclosure.narratives.filter(key="overview").update(text="")
    work(NOON)
    assert Job.objects.get(kind=JobKind.AHEAD).state == JobState.FAILED
    work(due)
    job = Job.objects.get(kind=JobKind.PUBLISH)
    assert job.state == JobState.FAILED and "处错误要改正" in job.message
    now = again(disclosure)
    assert (now.status, now.publish_at) == (Status.APPROVED, None)
    assert "到时没有公开" in now.log.last().reason


def test_a_worker_that_dies_over_it_is_followed_by_the_next(disclosure, officer, no_pdf, few_pages):
    with at(NOON):
        job = background.publish(disclosure, by=officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, started_at=Now(), attempts=1)
    assert (
        work(job.due_at) == 2 and not Publication.objects.exists()
    )  # its first place, and that of the files
    Job.objects.filter(pk=job.pk).update(
        started_at=Now() - 36 * SECOND
    )  # beats have the clock of the database
    work(job.due_at + 36 * SECOND)
    assert Publication.objects.get().published_at == job.due_at + 36 * SECOND
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_without_a_second_place_it_would_wait_for_the_timer(
    disclosure, officer, no_pdf, few_pages, monkeypatch
):
    """The negative control."""
    monkeypatch.setattr(background, "AGAIN", background.AGAIN[:1])
    with at(NOON):
        job = background.publish(disclosure, by=officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, started_at=Now(), attempts=1)
    for later in range(0, 300, 20):
        work(job.due_at + later * SECOND)
    assert not Publication.objects.exists()


def test_a_place_that_was_lost_is_given_again_and_waits_for_its_minute(
    disclosure, officer, no_pdf, few_pages
):
    with at(NOON):
        due = background.publish(disclosure, by=officer, at=NOON + timedelta(days=3)).due_at
    DBTaskResult.objects.all().delete()
    with at(NOON + timedelta(days=1)):
        assert [background.requeue() for _ in range(2)] == [2, 0]
    work(due - SECOND)
    assert public() == []
    work(due)
    assert Publication.objects.get().published_at == due


def test_what_was_tried_in_vain_is_not_tried_for_ever(disclosure, officer):
    with at(NOON):
        job = background.publish(disclosure, by=officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, started_at=Now() - MINUTE, attempts=3)
    with at(job.due_at + timedelta(hours=1)):
        background.requeue()
    assert again(disclosure).publish_at is None


def test_a_department_that_published_meanwhile_has_its_files_built_again(
    disclosure, officer, no_pdf, few_pages
):
    other = approved(a_sound_disclosure(year=2022), officer)
    with at(NOON):
        due = background.publish(disclosure, by=officer).due_at
    work(NOON)
    with at(NOON + MINUTE):
        Region.objects.update(recall_minutes=0)
        before = lifecycle.publish(other, by=officer)
    work(due)
    assert Publication.objects.get(fiscal_year=2023).chain_previous == before.chain_entry
    assert verification.verify().mismatches == []


def test_what_was_built_ahead_is_not_swept_away_and_not_reported(disclosure, officer, no_pdf, few_pages):
    with at(NOON):
        background.publish(disclosure, by=officer)
    work(NOON)
    assert pointers.sweep() == []
    assert verification.verify().mismatches == []


def test_what_was_built_ahead_for_other_versions_is_not_taken(
    disclosure, officer, no_pdf, few_pages, monkeypatch
):
    """And the negative control: a release that is taken unlooked at does not hold what the database says."""
    with at(NOON):
        due = background.publish(disclosure, by=officer).due_at
    work(NOON)
    editions = [Edition(Link("0" * 64, "1" * 64, 2023, "budget", 1, NOON.date()), b"{}")]
    assert not releases.is_ready("", editions, None) and not releases.is_ready("f" * 64, editions, None)
    name = again(disclosure).built_release
    monkeypatch.setattr(releases, "is_ready", lambda *_: True)
    later = due + timedelta(days=1)  # everything was down meanwhile
    work(later)
    assert Publication.objects.get().published_on == later.date()
    assert Release.objects.get().name == name
    served = [loads(file.read_bytes()) for file in public() if file.name == "chain.json"]
    assert {link.published_on for link in served} == {due.date()}


# Midnight, the turn of a year, the end of February


# The minute that is set, and the seconds that a worker takes over it: the first passes midnight.
MINUTES = (timedelta(hours=23, minutes=59), timedelta(hours=24), timedelta(hours=23, minutes=58))
TAKES = (75, 0, 50, 3)


def near_midnight(chance: random.Random, hour: timedelta) -> datetime:
    """A minute about midnight of a day that is like any other, or the last of a year, or about 29 February."""
    ordinary = datetime(2026, 1, 1) + timedelta(days=chance.randrange(700))
    day = chance.choice(
        [
            datetime(2026, 12, 31),
            datetime(2028, 2, 28),
            datetime(2028, 2, 29),
            datetime(2027, 2, 28),
            ordinary,
        ]
    )
    return (day + hour).replace(tzinfo=BEIJING)


@pytest.mark.slow
@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_schedules_about_midnight(officer, built, without_rules, monkeypatch, zone, first):
    """Never early, within a minute, once, and dated the day in Beijing on which it really became public."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    made = approved(a_sound_disclosure(), officer)
    Region.objects.update(recall_minutes=10)
    later = {"passed": 0, "again": 0}
    for seed in range(first, first + SCHEDULES):
        one_schedule(seed, random.Random(f"{zone} {seed}"), made, officer, later)
    # Midnight passes in the one of twelve that begins at 23:59 and takes 75 seconds.
    assert (
        later["passed"] == later["again"] == sum(seed % 12 == 0 for seed in range(first, first + SCHEDULES))
    )
    monkeypatch.undo()
    time.tzset()


@pytest.mark.slow
def test_dated_when_it_was_begun_it_would_bear_the_day_before(officer, built, without_rules):
    """The negative control of the date."""
    made = approved(a_sound_disclosure(), officer)
    Region.objects.update(recall_minutes=10)
    today = mock.patch.object(versions, "today", lambda: versions.day_of(timezone.now() - 5 * MINUTE))
    with today, pytest.raises(AssertionError):
        for seed in range(2):
            one_schedule(seed, random.Random(seed), made, officer, {"passed": 0, "again": 0})


def one_schedule(seed: int, chance: random.Random, made, officer, later: dict[str, int]) -> None:
    due = near_midnight(chance, MINUTES[seed % len(MINUTES)])
    asked = due - MINUTE * chance.choice([11, 15, 59, 61, 60 * 24])
    with transaction.atomic():
        with at(asked):
            job = background.publish(again(made), by=officer, at=due)
        assert job.due_at == due
        for moment in sorted(asked + (due - asked) * chance.random() for _ in range(4)):
            work(moment)
        work(due - SECOND)
        assert not Publication.objects.exists() and public() == []
        begun = due + SECOND * chance.choice([0, 0.4, 1, 1.9])
        ended = begun + SECOND * TAKES[seed % len(TAKES)]

        clock, tries = [begun], []

        def slowly(editions, before, **options):
            clock[0] = ended
            tries.append(editions)
            return versions.build(editions, before, **options)

        place = DBTaskResult.objects.filter(run_after=due).get()
        with (
            mock.patch.object(timezone, "now", lambda: clock[0].astimezone(UTC)),
            mock.patch.object(lifecycle, "build", slowly),
        ):
            place.claim("worker")
            place.task.call(*place.task_result.args)
        later["again"] += len(tries) > 1
        publication = Publication.objects.get()
        assert due <= publication.published_at <= max(due + MINUTE, ended)
        assert publication.published_on == publication.published_at.astimezone(BEIJING).date()
        later["passed"] += publication.published_on != begun.astimezone(BEIJING).date()
        for late in range(4):
            work(ended + late * MINUTE)
        assert Publication.objects.count() == LogEntry.objects.filter(action="publish").count() == 1
        transaction.set_rollback(True)
