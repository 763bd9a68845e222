"""What is read while the database is away or the disk is full: one sentence, 503, an alarm; a fault stays a 500."""

import errno
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from budgets import outages
from budgets.models import Job, JobKind
from budgets.outages import AWAY, NO_ROOM, STORE_AWAY
from budgets.workflow.background import run
from budgets.workflow.queueing import BROKEN, STALE_AFTER, do_once, put_back
from tests.makers.disclosures import a_person, a_sound_disclosure

OUTAGES = [
    (OperationalError("connection refused"), AWAY),
    (InterfaceError("connection already closed"), AWAY),
    (OperationalError("database or disk is full"), NO_ROOM),
    (OSError(errno.ENOSPC, "No space left on device"), NO_ROOM),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), NO_ROOM),
    (EndpointConnectionError(endpoint_url="http://store"), STORE_AWAY),
    (ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject"), STORE_AWAY),
]
FAULTS = [ValueError("a fault"), OSError(errno.ENOENT, "no such file")]


def raising(failure: Exception):
    def fail(*args, **more):
        raise failure

    return fail


def wrapped(failure: Exception) -> Exception:
    """The same beneath another failure, as a library hands it on."""
    above = RuntimeError("while saving")
    above.__cause__ = failure
    return above


def a_job() -> Job:
    return Job.objects.create(
        kind=JobKind.PREVIEW, disclosure=a_sound_disclosure(), person=a_person("accountant"), version=1
    )


def ask(client, monkeypatch, failure: Exception):
    monkeypatch.setattr(QuerySet, "_fetch_all", raising(failure))
    client.raise_request_exception = False
    return client.get("/")


@pytest.mark.django_db
@pytest.mark.parametrize(("failure", "words"), OUTAGES, ids=str)
@pytest.mark.parametrize("how", [lambda failure: failure, wrapped], ids=["bare", "wrapped"])
def test_an_outage_is_told_as_one_and_asked_for_again(client, monkeypatch, caplog, failure, words, how):
    answer = ask(client, monkeypatch, how(failure))
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert words[0] in answer.text and words[1] in answer.text
    assert answer["Cache-Control"] == "no-store"
    assert [record.levelname for record in caplog.records if record.name == "budgets.alarm"] == ["CRITICAL"]


@pytest.mark.django_db
@pytest.mark.parametrize("failure", FAULTS, ids=str)
def test_a_fault_is_no_outage(client, monkeypatch, caplog, failure):
    answer = ask(client, monkeypatch, failure)
    assert (answer.status_code, "Retry-After" in answer) == (500, False)
    assert [record for record in caplog.records if record.name == "budgets.alarm"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("failure", "message"),
    [*((one, "。".join(words)) for one, words in OUTAGES if words != AWAY), (FAULTS[0], BROKEN)],
    ids=str,
)
def test_who_asked_for_a_job_reads_the_same(failure, message):
    job = a_job()
    do_once(Job, job.pk, raising(failure))
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", message)


@pytest.mark.django_db
@pytest.mark.parametrize("failure", [one for one, words in OUTAGES if words == AWAY], ids=str)
def test_a_job_over_which_the_database_went_away_is_put_back_and_told_as_failed_after_three(failure):
    job = a_job()
    for state in ("queued", "queued", "failed"):
        do_once(Job, job.pk, raising(failure))
        job.refresh_from_db()
        assert (job.state, job.message) == ("running", "")
        Job.objects.update(beat_at=None, started_at=timezone.now() - timedelta(hours=1))
        put_back(Job, run, STALE_AFTER, place=lambda job: None)
        job.refresh_from_db()
        assert job.state == state
    assert job.message.startswith("多次未能完成")


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)")
def test_a_statement_that_takes_too_long_ends_and_is_told_as_an_outage():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("1min",), "what STATEMENT_SECONDS says"
        cursor.execute("SET LOCAL statement_timeout = '200ms'")
        cursor.execute("SELECT pg_sleep(0.01)")
        with pytest.raises(OperationalError) as ended, transaction.atomic():
            cursor.execute("SELECT pg_sleep(5)")
    assert outages.told(ended.value)
