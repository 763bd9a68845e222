"""The signs of health: each turns bad by its own cause and by no other, and is told to who runs the portal alone."""

import json
import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.models import Job, JobKind, JobState
from budgets.workflow import background, operating
from tests.makers.disclosures import a_person, a_sound_disclosure

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def queued(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


def a_job(**fields) -> Job:
    return Job.objects.create(
        kind=JobKind.PREVIEW, disclosure=a_sound_disclosure(), person=a_person("accountant"), version=1, **fields
    )  # fmt: skip


def bad() -> set[str]:
    return {sign.name for sign in operating.signs() if not sign.good}


def waits(queue: str) -> None:
    background.run.using(queue_name=queue).enqueue(1)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - HOUR)


def test_a_quiet_portal_is_well(queued):
    assert bad() == set()
    for queue in operating.LONGEST:
        background.run.using(queue_name=queue, run_after=timezone.now() + HOUR).enqueue(1)  # not yet due
    assert bad() == set()


@pytest.mark.parametrize("queue", operating.LONGEST)
def test_a_queue_that_nobody_serves(queued, queue):
    waits(queue)
    # 公开 without a minute waits as all that the desks ask for
    assert bad() == {f"queue_{'default' if queue == background.PUNCTUAL else queue}_seconds"}


def test_a_job_that_is_overdue_counts_from_its_minute(queued):
    background.run.using(queue_name="punctual", run_after=timezone.now() - 2 * HOUR).enqueue(1)
    signs = {sign.name: sign for sign in operating.signs()}
    assert signs["queue_punctual_seconds"].value == pytest.approx(7200, abs=5)
    assert bad() == {"queue_punctual_seconds"}


def test_a_job_whose_worker_died_and_nobody_takes_over(queued):
    job = a_job(state=JobState.RUNNING, attempts=1, started_at=timezone.now(), beat_at=timezone.now())
    assert bad() == set()
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - HOUR)
    assert bad() == {"dead_jobs"}


def test_a_full_disk(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10, 10, operating.LEAST_ROOM - 1))
    assert bad() == {"free_bytes"}


@pytest.mark.parametrize(
    ("kept", "well"),
    [
        (None, True),
        ({"good": True, "at": timedelta(days=1)}, True),
        ({"good": False, "at": timedelta(days=1)}, False),
        ({"good": True, "at": timedelta(days=9)}, False),
    ],
)
def test_the_last_verification(kept, well):
    if kept:
        operating.keep_verified(good=kept["good"])
        told = {"good": kept["good"], "at": (timezone.now() - kept["at"]).isoformat()}
        operating.verified_file().write_text(json.dumps(told))
    assert (bad() == set()) is well


def test_verify_keeps_its_outcome():
    call_command("verify", "--database")
    assert json.loads(operating.verified_file().read_bytes())["good"] is True


def test_what_failed_is_tried_again_once(queued):
    job = a_job(state=JobState.FAILED, attempts=3, finished_at=timezone.now(), message="多次未能完成")
    jobs, _ = operating.failed(timezone.now())
    assert list(jobs) == [job]
    assert operating.try_again(job) and not operating.try_again(job)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.message) == (JobState.QUEUED, 0, "")
    assert DBTaskResult.objects.get().args_kwargs["args"] == [job.pk]


def test_health_and_metrics_say_the_same(client, queued):
    assert client.get("/healthz").text == "ok"
    assert client.get("/healthz?deep").status_code == 200
    waits("default")
    deep = client.get("/healthz?deep")
    assert deep.status_code == 503 and "BAD queue_default_seconds 最早的一个等了 1 小时" in deep.text
    assert client.get("/healthz").status_code == 200  # the process itself can answer
    text = client.get(reverse("metrics")).text
    assert 'mingzhang_good{name="queue_default_seconds"} 0\n' in text
    assert 'mingzhang_good{name="queue_reading_seconds"} 1\n' in text
