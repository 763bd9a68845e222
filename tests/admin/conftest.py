"""Two departments of one region and one of another, with everything that an admin address can name."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from budgets import ledger, tablesets
from budgets.domain.composing import compose
from budgets.domain.snapshots import dumps
from budgets.models import (
    Action,
    Batch,
    Disclosure,
    Export,
    ExportKind,
    Goal,
    Indicator,
    Intake,
    Job,
    JobKind,
    LogEntry,
    RosterImport,
    SubjectImport,
    Wording,
)
from tests.makers.disclosures import a_department, a_person, a_public_row, a_region, a_sound_disclosure
from tests.makers.questions import a_question

CANARY = "金丝雀"  # stands in every text of a department that others must not see


@dataclass
class Place:
    """A department with its people and one disclosure with all that hangs on it."""

    department: Any
    disclosure: Any
    people: dict[str, Any] = field(default_factory=dict)
    goal: Any = None
    intake: Any = None
    job: Any = None
    export: Any = None
    deleted: Any = None
    log: Any = None
    batch: Any = None
    publication: Any = None
    roster: Any = None
    subject_list: Any = None
    question: Any = None

    def client(self, role: str = "accountant") -> Client:
        """A signed-in browser of that role."""
        client = Client()
        client.force_login(self.people[role])
        return client


def furnish(code: str, name: str, region: Any = None) -> Place:
    """A department of which every table, list and log has a row."""
    department = a_department(code, name, region)
    disclosure = a_sound_disclosure(department, contact=f"{name}电话")
    place = Place(department, disclosure)
    for role in ("accountant", "reviewer"):
        place.people[role] = a_person(role, department=department, name=f"{name}{role}")
    for role in ("bureau_officer", "bureau_administrator", "auditor"):
        place.people[role] = a_person(role, region=department.region, name=f"{department.region.name}{role}")
    accountant = place.people["accountant"]
    place.goal = Goal.objects.create(disclosure=disclosure, position=9, project=f"{name}项目")
    Indicator.objects.create(goal=place.goal, position=1, name=f"{name}指标")
    Wording.objects.create(disclosure=disclosure, place="balance/title", caption=f"{name}收支总表")
    place.intake = Intake.objects.create(
        disclosure=disclosure,
        name=f"{name}.xlsx",
        sha256="0" * 64,
        person=accountant,
        confirmed_at=datetime(2023, 2, 1, tzinfo=UTC),
    )
    place.deleted = Disclosure.with_deleted.create(
        department=department,
        fiscal_year=2021,
        contact=f"{name}电话",
        deleted_at=timezone.now(),
        deleted_by=accountant,
    )
    place.batch = Batch.objects.create(region=department.region, person=place.people["bureau_officer"])
    place.job = Job.objects.create(
        kind=JobKind.PREVIEW, disclosure=disclosure, person=accountant, version=1, message=name
    )
    place.roster = RosterImport.objects.create(
        region=department.region,
        name=f"{name}.xlsx",
        sha256="0" * 64,
        roster={},
        person=place.people["bureau_administrator"],
    )
    place.subject_list = SubjectImport.objects.create(
        fiscal_year=2023, name="科目.xlsx", sha256="0" * 64, roster={}, person=place.people["accountant"]
    )
    place.export = Export.objects.create(
        kind=ExportKind.BOOK, region=department.region, fiscal_year=2023, person=accountant, message=name
    )
    now = datetime(2023, 2, 1, tzinfo=UTC)
    place.log = LogEntry.objects.create(
        disclosure=disclosure,
        person=accountant,
        role="accountant",
        action=Action.CREATE,
        reason=name,
        version=1,
        at=now,
    )
    officer = place.people["bureau_officer"]
    said = ledger.read(disclosure)  # the year before said the same
    payload = dumps(said, compose(tablesets.get(said.table_set), said, ledger.subjects_for(2023)))
    place.publication = a_public_row(disclosure, by=accountant, officer=officer, year=2022, payload=payload)
    place.question = a_question(department, text=f"{name}这个数怎么来的？")
    return place


@pytest.fixture
def accountant(client):
    client.force_login(a_person("accountant"))
    return client


@pytest.fixture
def here(db) -> Place:
    """The department whose data the tests guard."""
    return furnish("483", f"{CANARY}审批局")


@pytest.fixture
def beside(db) -> Place:
    """Another department of the same region."""
    return furnish("301", "邻局")


@pytest.fixture
def elsewhere(db) -> Place:
    """A department of another region, with a bureau of its own."""
    return furnish("101", "远局", a_region("130224", "滦南县"))


@pytest.fixture
def fresh():
    """Read a disclosure again from the database."""

    def read(disclosure: Disclosure) -> Disclosure:
        return Disclosure.objects.get(pk=disclosure.pk)

    return read


@pytest.fixture
def time_is(monkeypatch):
    """Today is 2023-01-25; makes dates."""

    def today(*args):
        return date(2023, 1, 25)

    monkeypatch.setattr(timezone, "localdate", today)
    return date
