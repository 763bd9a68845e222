"""What may be done to a disclosure, in any order: as the model says, and nothing public without each step it needs, by
different people. Each guard of the product that is taken away is noticed."""

from copy import copy
from datetime import UTC, timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from budgets import access, rules
from budgets.domain.composing import composed
from budgets.domain.findings import Finding, Severity
from budgets.domain.places import Whole
from budgets.models import Action, Department, LogEntry, Publication
from budgets.workflow import (
    background,
    correcting,
    drafts,
    lifecycle,
    scheduling,
    signing,
    stepping,
    withdrawing,
)
from tests.makers.disclosures import published

from .drawn_county import Drawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("built")]
RUNS, LENGTH = 400, 500  # of 500 steps each; ten of them in `.ci/run`


@pytest.fixture(autouse=True)
def simple(monkeypatch):
    """A budget is sound unless "错" stands in it; what is asked of workers waits for the test."""

    def examine(filler, glyphs, **more):
        wrong = Finding("drawn", Severity.ERROR, "错", Whole(), key="drawn:1")
        return rules.Examined(composed(filler), [wrong] if filler.ledger.contact == "错" else [])

    monkeypatch.setattr(drafts, "examine", examine)
    monkeypatch.setattr(background, "place", lambda job: None)


def played(seed: int, steps: int) -> Drawn:
    county = Drawn(seed)
    with mock.patch.object(timezone, "now", lambda: county.now.astimezone(UTC)):
        for _ in range(steps):
            county.draw()
    return county


def log_of(publication: Publication) -> list[LogEntry]:
    return list(LogEntry.objects.filter(disclosure=publication.disclosure).order_by("pk"))


def each_step_by_another(publication: Publication, log: list[LogEntry]) -> None:
    """What the log tells of a publication: handed in and approved, the same content, by two people, nothing between."""
    out = [entry for entry in log if entry.action == Action.PUBLISH][publication.revision - 1]
    before = log[: log.index(out)]
    since = max(n for n, entry in enumerate(before) if entry.action == Action.SUBMIT)
    assert not {Action.RETURN, Action.RECALL, Action.CORRECT} & {entry.action for entry in before[since:]}
    steps = {entry.action: entry for entry in before[since:]}
    handed, approved = steps[Action.SUBMIT], steps[Action.APPROVE]
    assert handed.content_hash == approved.content_hash == out.content_hash == publication.payload_hash
    assert (handed.role, approved.role, out.role) == ("accountant", "bureau_officer", "bureau_officer")
    assert handed.person != approved.person
    if agreed := steps.get(Action.AGREE):
        assert agreed.role == "reviewer" and agreed.person != handed.person


@pytest.mark.sweep(1, 10)
@pytest.mark.parametrize("seed", range(RUNS))
def test_every_step_is_taken_or_refused_as_the_model_says(seed):
    county = played(seed, LENGTH)
    for publication in Publication.objects.all():
        each_step_by_another(publication, log_of(publication))
    taken = sum(number for step, number in county.counted.items() if not step.startswith("no "))
    assert taken > LENGTH / 10 and county.counted.total() - taken > LENGTH / 10


def test_a_log_that_lacks_a_step_or_tells_of_one_person_alone_is_noticed():
    publication = published()
    log = log_of(publication)
    each_step_by_another(publication, log)
    for lacking in (Action.SUBMIT, Action.APPROVE, Action.PUBLISH):
        with pytest.raises((AssertionError, KeyError, ValueError, IndexError)):
            each_step_by_another(publication, [entry for entry in log if entry.action != lacking])
    for entry in log:
        entry.person = publication.published_by
    with pytest.raises(AssertionError):
        each_step_by_another(publication, log)


def unseen(plain=stepping.hold):
    return lambda disclosure, action, by, version: plain(disclosure, action, by, None)


def by_oneself(plain=access.may_here):
    def may_here(user, action, disclosure):
        nobodys = copy(disclosure)
        nobodys.submitted_by_id = None
        return plain(user, action, nobodys)

    return may_here


def permitted(name: str, instead):
    """Wherever access is asked for it, inside and at its door."""
    rooms = (access, access.asking, access.rights, access.scopes, access.taking)
    return [(room, name, instead) for room in rooms if hasattr(room, name)]


GUARDS = {
    "somebody else approves": permitted("may_here", by_oneself()),
    "comments are closed": [(room, "settled", lambda *_: None) for room in (lifecycle, background)],
    "signatures are there": [(room, "signed", lambda *_: "") for room in (lifecycle, background)],
    "signatures are of this version": [(signing, "outdated", lambda *_: False)],
    "the reviewer agrees first": permitted("waits_for_agreement", lambda *_: False),
    "a locked year stays": permitted("is_locked_for", lambda *_: False),
    "what was seen is still there": [
        (room, "hold", unseen()) for room in (lifecycle, correcting, withdrawing, scheduling)
    ],
    "what was handed in is approved": [(lifecycle, "_as_submitted", lambda locked: locked.submitted_hash)],
    "only who still works here": permitted("is_active_person", lambda user: True),
    "only the own department": permitted("departments_for", lambda user: Department.objects.all()),
    "only what is sound": [(drafts.Draft, "blockers", [])],
    "another confirms": permitted("withdraws_in_turn", lambda *_: True),
    "time to take it back": [(scheduling, "earliest", lambda region: timezone.now() - timedelta(hours=1))],
}


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_that_is_taken_away_is_noticed(guard, monkeypatch):
    for place, name, instead in GUARDS[guard]:
        monkeypatch.setattr(place, name, instead)
    with pytest.raises((AssertionError, IntegrityError)):
        for seed in range(8):
            with transaction.atomic():
                played(seed, LENGTH)
                transaction.set_rollback(True)
