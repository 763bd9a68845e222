"""Equal requests at the same moment, as of a button that is pressed again and again: each step is taken once. Needs PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry as Saving
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from budgets.domain.places import Whole, serialised
from budgets.importing.reading.workbooks import read_workbook
from budgets.importing.rosters.roster_reading import read_roster
from budgets.models import (
    Batch,
    BatchFile,
    Disclosure,
    FileState,
    FirstSetUp,
    Job,
    LogEntry,
    Person,
    Region,
    Reply,
    ReplyKind,
    RosterImport,
    Verdict,
)
from budgets.workflow import background, batch_files, first_set_up, lifecycle, roster_plans, roster_taking
from budgets.workflow.commenting import comment
from tests.makers.disclosures import a_person, a_region, a_sound_disclosure, submitted
from tests.makers.rosters import a_book, content_of

from .test_races import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL (set DATABASE_URL)"),
]
REQUESTS = 6  # at once; fifty in each of the long rounds, of which there are a hundred over all steps
ROUNDS = 12


@dataclass(frozen=True)
class Posted:
    """An address, what is posted there by whom (None: nobody is signed in), and how often the step was taken."""

    url: str
    data: dict[str, Any]
    person: Person | None
    taken: Callable[[], int]


def a_step(key: str) -> Posted:
    """A disclosure that waits for this step, and the press of its button."""
    made = submitted(a_sound_disclosure())
    officer, other = a_person("bureau_officer"), a_person("bureau_officer")
    Region.objects.update(recall_minutes=10, reviewer_agrees=key == "agree")
    if key not in ("approve", "agree"):
        lifecycle.approve(made, by=other)
    if key == "unschedule":
        background.publish(Disclosure.objects.get(pk=made.pk), by=officer)
    seen = Disclosure.objects.get(pk=made.pk)
    action = {"publish": "schedule"}.get(key, key)
    return Posted(
        reverse("admin:budgets_disclosure_step", args=[seen.pk, key]),
        {"version": seen.version},
        a_person("reviewer") if key == "agree" else officer,
        LogEntry.objects.filter(disclosure=seen, action=action).count,
    )


def closing() -> Posted:
    officer = a_person("bureau_officer")
    made = submitted(a_sound_disclosure())
    said = comment(made, place=serialised(Whole()), text="请核对。", by=officer)
    url = reverse("admin:budgets_disclosure_comments", args=[made.pk])
    closed = Reply.objects.filter(comment=said, kind=ReplyKind.CLOSE)
    return Posted(url, {"do": f"close-{said.pk}"}, officer, closed.count)


def confirming() -> Posted:
    me, content = a_person("bureau_administrator"), content_of(a_book())
    assert me.region is not None
    handed_in = roster_taking.hand_in(me.region, "名单.xlsx", content, me)
    seen = roster_plans.plan_for(RosterImport.objects.get(), me).digest
    told = Saving.objects.filter(object_repr__contains="县教育局")
    return Posted(reverse("admin:roster_import", args=[handed_in.pk]), {"seen": seen}, me, told.count)


def opening() -> Posted:
    data = {"number": "2024", "table_set": "hebei_2023", "approved_on": ""}
    told = Saving.objects.filter(change_message="开放2024年度")
    return Posted(reverse("admin:fiscal_years"), data, a_person("bureau_officer"), told.count)


def choosing() -> Posted:
    officer = a_person("bureau_officer")
    batch = Batch.objects.create(region=a_region(), person=officer)
    rows = [
        BatchFile.objects.create(
            batch=batch, position=n, name=f"{n}", sha256="", state=FileState.READ, verdict=Verdict.FITS
        )
        for n in (1, 2)
    ]
    asked = DBTaskResult.objects.filter(task_path=batch_files.go_on.module_path)
    return Posted(
        reverse("admin:batch", args=[batch.pk]), {"chosen": [row.pk for row in rows]}, officer, asked.count
    )


def setting_up() -> Posted:
    password = "qing-qi-4567"
    data = {"region_code": "130225", "region_name": "乐亭县", "table_set": "hebei_2023", "username": "guan"}
    data |= {"name": "王管理", "password": password, "again": password}
    return Posted(reverse("admin:set_up"), data | {"code": first_set_up.set_up_code()}, None, _set_up)


def _set_up() -> int:
    made = {model.objects.count() for model in (Region, Person, FirstSetUp)}
    return made.pop() if len(made) == 1 else -1


CASES: dict[str, Callable[[], Posted]] = {
    **{key: lambda key=key: a_step(key) for key in ("agree", "approve", "publish", "unschedule")},
    "close a comment": closing,
    "confirm a list": confirming,
    "open a year": opening,
    "choose files of a batch": choosing,
    "set up": setting_up,
}


@pytest.fixture(autouse=True)
def queued(settings, monkeypatch):
    """Jobs wait in the database; a list is read in this process."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    read = lambda name, content: read_roster(name, read_workbook(name, content))  # noqa: E731
    monkeypatch.setattr(roster_taking, "roster_apart", read)


def how_often(case: str, requests: int = REQUESTS) -> int:
    """How often the step was taken by equal requests at once; each is answered, none by a broken page."""
    posted = CASES[case]()
    first = Client(raise_request_exception=False)
    if posted.person:
        first.force_login(posted.person)
    clients = [Client(raise_request_exception=False) for _ in range(requests)]
    for client in clients:
        client.cookies = first.cookies.copy()
    answers = at_once(lambda client: client.post(posted.url, posted.data).status_code, clients)
    assert set(answers) <= {200, 302, 409}
    return posted.taken()


@pytest.mark.parametrize("case", CASES)
def test_equal_requests_at_once_are_one_step(case):
    assert how_often(case) == 1


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize("case", CASES)
def test_fifty_at_once_are_one_step(case, round_):
    assert how_often(case, 50) == 1


def test_without_the_lock_they_would_be_several(monkeypatch):
    """The negative control: the race is real."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **options: self)
    assert how_often("approve") > 1


def test_one_press_is_one_job():
    assert how_often("publish") == 1
    assert Job.objects.filter(kind="publish").count() == 1
