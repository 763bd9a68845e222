"""Two people at once: one step, one publication, one line in the log. Needs rows that can be locked."""

import threading

import pytest
from django.db import IntegrityError, close_old_connections, connection
from django.db.models import QuerySet

from budgets.models import Disclosure, LogEntry, Publication, Status
from budgets.publishing import verification
from budgets.workflow import lifecycle
from tests.makers.disclosures import a_person, a_sound_disclosure, approved

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)"),
]
PEOPLE = 6
PATIENCE = 300  # seconds for all of them on a busy machine; who waits longer waits for ever


def at_once(step, people) -> list[object]:
    """Everybody takes the step at the same moment; what came back, or how it was refused."""
    ready = threading.Barrier(len(people))
    outcomes: list[object] = []

    def one(person):
        close_old_connections()
        try:
            ready.wait(PATIENCE)
            outcomes.append(step(person))
        except (lifecycle.Refused, IntegrityError) as refused:
            outcomes.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(outcomes) == len(people)
    return outcomes


def everybody_submits() -> int:
    """How many of many accountants who submit one draft at the same moment are not told that it was done already.

    The number of a submission is unique: who came past the step's own check ends there, and nothing of it is kept.
    """
    disclosure = a_sound_disclosure()
    people = [a_person("accountant") for _ in range(PEOPLE)]
    outcomes = at_once(
        lambda person: lifecycle.submit(Disclosure.objects.get(pk=disclosure.pk), by=person), people
    )
    disclosure.refresh_from_db()
    assert disclosure.status == Status.SUBMITTED
    submissions = disclosure.submissions.count()
    assert LogEntry.objects.filter(disclosure=disclosure).count() == submissions
    return sum(not isinstance(outcome, lifecycle.Refused) for outcome in outcomes)


def test_a_draft_is_submitted_once():
    assert everybody_submits() == 1


def test_without_the_lock_it_would_be_submitted_more_than_once(monkeypatch):
    """The negative control: the race is real."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **options: self)
    assert everybody_submits() > 1


def test_a_disclosure_is_published_once(no_pdf, few_pages):
    officers = [a_person("bureau_officer") for _ in range(PEOPLE)]
    disclosure = approved(a_sound_disclosure(), officers[0])
    outcomes = at_once(
        lambda person: lifecycle.publish(Disclosure.objects.get(pk=disclosure.pk), by=person), officers
    )
    publication = Publication.objects.get()
    assert publication in outcomes
    assert LogEntry.objects.filter(action="publish").count() == 1
    assert verification.verify().mismatches == []
