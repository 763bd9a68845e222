"""运行情况: for who keeps the regions alone; what failed is tried again, told in the trail, and nothing of a draft is shown."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets.models import AuditPending, Job, JobKind, JobState
from tests.makers.disclosures import a_person, a_sound_disclosure

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(settings) -> Job:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    return Job.objects.create(
        kind=JobKind.READ, disclosure=a_sound_disclosure(), person=a_person("accountant"), version=1,
        state=JobState.FAILED, attempts=3, finished_at=timezone.now(), message="多次未能完成，请联系管理员。",
    )  # fmt: skip


def page(client, role: str, method: str = "get", **posted):
    client.force_login(a_person(role))
    return getattr(client, method)(reverse("admin:operations"), posted)


def test_the_operator_sees_what_failed_and_tries_it_again(client, failed):
    shown = page(client, "central_administrator")
    assert failed.message in shown.text and str(failed) in shown.text
    assert "磁盘剩余" in shown.text and "队列 reading" in shown.text
    key = f"job-{failed.pk}"
    assert page(client, "central_administrator", "post", again=key).status_code == 302
    failed.refresh_from_db()
    assert failed.state == JobState.QUEUED and DBTaskResult.objects.count() == 1
    assert AuditPending.objects.filter(change__contains="重新排队").exists()
    again = client.post(reverse("admin:operations"), {"again": key}, follow=True)
    assert "已经不在没有做成的任务里" in again.text and DBTaskResult.objects.count() == 1


@pytest.mark.parametrize("again", ["", "job-0", "person-1", "job-1; DROP"])
def test_what_is_no_failed_job_is_not_touched(client, failed, again):
    assert page(client, "central_administrator", "post", again=again).status_code == 302
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize(
    "role", ["accountant", "reviewer", "bureau_officer", "bureau_administrator", "auditor"]
)
def test_nobody_else_has_that_page(client, failed, role):
    assert page(client, role).status_code == 404
    assert page(client, role, "post", again=f"job-{failed.pk}").status_code == 404
    failed.refresh_from_db()
    assert failed.state == JobState.FAILED
