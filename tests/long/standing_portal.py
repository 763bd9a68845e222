"""A whole portal over a database with a small county in it: its parts under supervision, its people, and whether it is well.

Django is set up before this is imported; what it asks the database itself goes past the line that faults cut.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from budgets import ledger as rows
from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.models import (
    Department,
    Export,
    FiscalYear,
    Job,
    JobState,
    Person,
    Region,
    Release,
    Role,
)
from budgets.publishing import folders
from budgets.publishing.pointers import name_of
from budgets.rendering.workbook.xlsx import workbook
from budgets.synthetic import counties
from budgets.synthetic.ledgers_drawn import random_ledger
from budgets.workflow.starting import start
from tests.deploy.portal import Portal, configured, free_port
from tests.long.acknowledged import PASSWORD
from tests.long.supervised import Part, Rules
from tests.long.whole_portal import PARTS, PATIENCE, ROOT, command_of

YEAR, SETS = 2023, ("hebei_2023", "shanghai_2023")
REGIONS = ("130225", "130226")  # the latter publishes after a minute, in which it can be taken back
ALL = (*PARTS, "public", "nginx")


@dataclass
class Body:
    """A department with its draft, whose people sign in as kj… and shen…; `public` is the draft's address."""

    disclosure: int
    code: str
    region: str
    workbook: bytes

    @property
    def public(self) -> str:
        return f"/{self.region}/{self.code}/{YEAR}/budget/"


def a_county(departments: int, seed: int, minutes: int = 1) -> list[Body]:
    """Departments of two regions in turns, both table sets, each with a drawn and explained draft."""
    for n, code in enumerate(REGIONS):
        region = Region.objects.create(code=code, name=f"{code}县", recall_minutes=n * minutes)
        FiscalYear.objects.create(
            region=region, fiscal_year=YEAR, table_set=SETS[n],
            approved_on=date(YEAR, 1, 16), opened_at=timezone.now(),
        )  # fmt: skip
        someone(f"caizheng{code}", Role.BUREAU_OFFICER, region=region)
    return [_body(n, seed) for n in range(departments)]


def _body(n: int, seed: int) -> Body:
    code, region = str(301 + n), Region.objects.order_by("code")[0 if n % 3 else 1]
    department = Department.objects.create(region=region, code=code, name=f"第{n + 1}局")
    accountant = someone(f"kj{code}", Role.ACCOUNTANT, department=department)
    disclosure = start(department, YEAR, by=accountant)
    declared = tablesets.get(disclosure.table_set)
    drawn = random_ledger(
        seed * 1000 + n, declared, region=(region.code, region.name), unit=(code, department.name), year=YEAR
    )
    rows.write(disclosure, drawn)
    disclosure.refresh_from_db()
    counties.explain(disclosure, accountant)
    file = workbook(compose(declared, drawn, subjects_of(YEAR)))
    return Body(disclosure.pk, code, region.code, file)


def someone(username: str, role: Role, **place: Any) -> Person:
    person: Person = Person.objects.create_user(
        username, password=PASSWORD, name=username, role=role, **place
    )
    return person


@dataclass
class Standing:
    """A portal that runs: its door, its folder, its parts."""

    folder: Path
    door: Portal
    owner: dict[str, str]  # the environment of the server's commands
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.door.port}"

    def answering(self) -> bool:
        """Whether every part runs, the door is open, and desk and public side reach the database."""
        if not all(part.lives for part in self.parts.values()):
            return False
        asked = (self.door.port, "/-/nginx"), (self.door.app_port, "/healthz"), (self.door.public_port, "/")
        return all(status(port, path) in (200, 204) for port, path in asked)

    def manage(self, *words: str) -> tuple[int, str]:
        """A command of the server beside the parts: its exit status and what it said."""
        told = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.owner, capture_output=True, text=True
        )
        return told.returncode, told.stdout + told.stderr

    def given_up(self) -> list[str]:
        return [name for name, part in self.parts.items() if part.given_up]


def status(port: int, path: str) -> int:
    """The status of an answer; 0 for none within three seconds."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        asking.request("GET", path)
        return asking.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        asking.close()


def under_way() -> dict[tuple[type[Job] | type[Export], int], int]:
    """What is being done now, with the number of its attempt; nothing is known while the database is away."""
    with suppress(DatabaseError):
        return {
            (model, number): attempts
            for model in (Job, Export)
            for number, attempts in model.objects.filter(state=JobState.RUNNING).values_list("pk", "attempts")
        }
    connection.close()
    return {}


def left(work: Mapping[tuple[type[Job] | type[Export], int], int], since: float) -> list[str]:
    """Of that work what nobody has been at since (seconds of the epoch), and nobody has put back to wait for its turn."""
    moment = datetime.fromtimestamp(since, UTC)
    found = []
    for (model, number), attempts in work.items():
        row = model.objects.filter(pk=number, state=JobState.RUNNING, attempts=attempts)
        if row.exclude(beat_at__gt=moment).exists():
            found.append(f"{model.__name__} {number}")
    return found


def behind() -> list[str]:
    """Addresses that do not serve what the database names."""
    found = []
    for release in Release.objects.select_related("department__region"):
        link = folders.site() / name_of(release)
        if not link.is_symlink() or link.readlink().name != release.name:
            found.append(name_of(release))
    return found


def environment(folder: Path, door: Portal, database: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "DATA_DIR": str(folder),
        "SITE_ADDRESS": f"http://127.0.0.1:{door.port}",
        "DJANGO_SETTINGS_MODULE": "budgets.settings",
        "SECRET_KEY": "only for this run " * 4,
        "PYTHONUNBUFFERED": "1",
    } | ({"DATABASE_URL": database} if database else {})  # fmt: skip


@contextmanager
def standing(folder: Path, scratch: Path, owner: str, application: str, public: str) -> Iterator[Standing]:
    """The parts run over these addresses of the database, each for its role (blank: SQLite in the folder), while the block does."""
    rules = Rules.of_the_unit()
    door = Portal(folder, free_port(), free_port(), public_port=free_port())
    portal = Standing(folder, door, environment(folder, door, owner))
    settings = environment(folder, door, application)
    (folder / "static").mkdir(exist_ok=True)
    served = [(part, command_of(part, door.app_port), settings) for part in PARTS]
    own = environment(folder, door, public)
    served.append(("public", command_of("public", door.public_port), own))
    try:
        for name, command, given in served:
            portal.parts[name] = Part(name, command, given, scratch / f"{name}.log", rules)
        command = configured(door, scratch / "nginx", hosts="127.0.0.1,localhost")
        portal.parts["nginx"] = Part("nginx", command, settings, scratch / "nginx.log", Rules(1, 0, 0))
        until = time.monotonic() + PATIENCE
        while not portal.answering():
            if time.monotonic() > until:
                raise RuntimeError(f"the portal does not answer, see {scratch}/*.log")
            time.sleep(0.2)
        yield portal
    finally:
        for part in portal.parts.values():
            part.end()
