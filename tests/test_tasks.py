"""Background jobs: done once, their outcome in words, and none lost with its worker."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.models import Job, JobState, Publication
from budgets.rendering.pdf.renderer import PdfUnavailable
from budgets.workflow import background, lifecycle
from tests.makers.disclosures import a_person, a_sound_disclosure, approved

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return a_person("bureau_officer")


@pytest.fixture
def disclosure(officer):
    return approved(a_sound_disclosure(), officer)


@pytest.fixture
def queued(settings):
    """Jobs wait in the database for a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


def age(job: Job, **times: timedelta) -> None:
    Job.objects.filter(pk=job.pk).update(**{name: timezone.now() - ago for name, ago in times.items()})


def test_a_publication_is_asked_for_and_done(disclosure, officer, no_pdf):
    job = background.publish(disclosure, by=officer, version=disclosure.version)
    assert (job.state, job.message) == (JobState.DONE, "已公开为 r1，PDF 待生成。")
    assert Publication.objects.count() == 1


def test_what_may_not_be_published_is_refused_at_once(disclosure, officer):
    with pytest.raises(lifecycle.NotAllowed):
        background.publish(disclosure, by=a_person("accountant"))
    with pytest.raises(lifecycle.EditedMeanwhile):
        background.publish(disclosure, by=officer, version=disclosure.version - 1)
    assert not Job.objects.exists()


def test_what_stands_against_it_later_is_said(queued, disclosure, officer):
    job = background.publish(disclosure, by=officer)
    lifecycle.return_(disclosure, by=officer, reason="重填")
    background.run.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "这份内容目前是“已退回”，不能公开。")


def test_one_publication_at_a_time(queued, disclosure, officer):
    first = background.publish(disclosure, by=officer)
    assert background.publish(disclosure, by=officer) == first
    assert Job.objects.count() == 1


def test_a_job_runs_once(queued, disclosure, officer, no_pdf):
    job = background.publish(disclosure, by=officer)
    background.run.func(job.pk)
    background.run.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1)


def test_an_unforeseen_fault_is_told_without_its_insides(disclosure, officer, monkeypatch):
    def broken(*args, **options):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(lifecycle, "publish", broken)
    job = background.publish(disclosure, by=officer)
    assert job.state == JobState.FAILED
    assert "系统出错" in job.message
    assert "secret" not in job.message


def test_a_preview_is_kept_out_of_what_is_served(disclosure, officer, monkeypatch, settings):
    seen = {}

    def render(html, *, created, **options):
        seen.update(html=html, created=created)
        return b"%PDF"

    monkeypatch.setattr(background, "render_pdf", render)
    job = background.preview(disclosure, by=officer)
    assert (job.state, background.preview_file(job).read_bytes()) == (JobState.DONE, b"%PDF")
    assert "未公开" in seen["html"]
    assert seen["created"] == job.queued_at
    assert not background.preview_file(job).is_relative_to(settings.PUBLISHED_ROOT)
    assert background.forget_previews().number == 0
    assert background.forget_previews(timedelta(seconds=-1)).number == 1
    assert not background.preview_file(job).exists()


def test_without_pango_a_preview_says_what_to_install(disclosure, officer, monkeypatch):
    def render(*args, **options):
        raise PdfUnavailable("不能生成 PDF：缺少 libpango。")

    monkeypatch.setattr(background, "render_pdf", render)
    job = background.preview(disclosure, by=officer)
    assert (job.state, job.message) == (JobState.FAILED, "不能生成 PDF：缺少 libpango。")


def test_a_job_whose_worker_died_is_done_by_the_next(queued, disclosure, officer, no_pdf, settings):
    job = background.publish(disclosure, by=officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)
    age(job, queued_at=timedelta(hours=1), started_at=timedelta(hours=1))
    DBTaskResult.objects.all().delete()  # the dead worker had taken its place
    settings.TASKS = {
        "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
    }
    assert background.requeue() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert background.requeue() == 0


def test_a_job_that_is_under_way_is_left_alone(queued, disclosure, officer):
    job = background.publish(disclosure, by=officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, started_at=timezone.now())
    age(job, queued_at=timedelta(hours=1))
    assert background.requeue() == 0


def test_after_three_attempts_a_job_has_failed(queued, disclosure, officer):
    job = background.publish(disclosure, by=officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=3)
    age(job, started_at=timedelta(hours=1))
    assert background.requeue() == 0
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "多次未能完成，请联系管理员。")


def test_a_job_is_put_in_the_queue_with_what_its_caller_saves(queued, disclosure, officer):
    from django.db import transaction

    with transaction.atomic():
        background.publish(disclosure, by=officer)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_the_timer_multiplies_no_place_in_the_queue(queued, disclosure, officer):
    jobs = [background.preview(disclosure, by=officer) for _ in range(3)]
    for job in jobs:
        age(job, queued_at=timedelta(hours=1))
    assert [background.requeue() for _ in range(3)] == [0, 0, 0]
    assert DBTaskResult.objects.count() == 3
    DBTaskResult.objects.filter(pk=DBTaskResult.objects.first().pk).delete()  # a place that was lost
    assert [background.requeue() for _ in range(3)] == [1, 0, 0]
    assert DBTaskResult.objects.count() == 3


def test_a_job_that_waits_again_was_not_started(queued, disclosure, officer):
    """Of two, the one whose worker died starts anew; the other, under way, keeps its time."""
    dead, alive = (background.preview(disclosure, by=officer) for _ in range(2))
    Job.objects.update(state=JobState.RUNNING, attempts=1, started_at=timezone.now())
    age(dead, queued_at=timedelta(hours=1), started_at=timedelta(hours=1))
    assert background.requeue() == 0  # its place is still there
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, dead.started_at) == (JobState.QUEUED, None)
    assert alive.state == JobState.RUNNING and alive.started_at is not None
