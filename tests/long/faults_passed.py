"""Faults one after the other over a portal at work, how long each takes to pass, and the people who work there meanwhile.

Django is set up before this is imported.
"""

import statistics
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from budgets.models import Disclosure, Export, Job, JobState
from tests.long.acknowledged import Citizens, Client, Desk, Exporting, Ledger, Person, at_work, numbered
from tests.long.drawn_faults import Deed, Ground
from tests.long.standing_portal import REGIONS, YEAR, Body, Standing, behind, left, under_way
from tests.long.told_figures import Figures

MOST = 30.0  # seconds until a fault has passed
GIVE_UP = 90.0
LOOK = 0.25
DESKS = 4  # that work at once


@dataclass
class Passing:
    """A fault that has not passed yet: what it is, when it was, what was under way."""

    kind: str
    words: str
    began: float
    at: float
    work: dict[Any, int]


@dataclass
class Told:
    """Seconds until faults of each kind had passed, and what never did."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    slow: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    pending: list[Passing] = field(default_factory=list)


def look(portal: Standing, told: Told) -> bool:
    """One look at the portal: what has passed is noted; whether it answers."""
    if not portal.answering():
        return False
    with suppress(DatabaseError):
        if not behind():
            for each in list(told.pending):
                if not left(each.work, each.at):
                    took = time.monotonic() - each.began
                    told.took[each.kind].append(took)
                    told.pending.remove(each)
                    if took > MOST:
                        told.slow.append(f"{each.kind} ({each.words}): {took:.1f} s")
            return True
    connection.close()
    return False


def late(portal: Standing, told: Told) -> None:
    """What did not pass in time is told, with what it waits for."""
    for each in list(told.pending):
        if time.monotonic() - each.began > GIVE_UP:
            dead = [name for name, part in portal.parts.items() if not part.lives]
            why = [*dead, *behind(), *left(each.work, each.at)]
            told.stuck.append(f"{each.kind} ({each.words}): {why} after {GIVE_UP:.0f} s")
            told.pending.remove(each)


def faults(ground: Ground, planned: list[tuple[str, Deed]], told: Told, until: float) -> int:
    """One after the other, the next as soon as the portal answers again; how many were done."""
    for done, (kind, deed) in enumerate(planned):
        rest = time.monotonic() + ground.chance.uniform(0.3, 2.5)
        while time.monotonic() < rest or (not look(ground.portal, told) and not ground.portal.given_up()):
            late(ground.portal, told)
            time.sleep(LOOK)
        if ground.portal.given_up() or time.monotonic() > until:
            return done
        work, at = under_way(), time.time()
        words = deed(ground)
        told.pending.append(Passing(kind, words, time.monotonic(), at, work))
        print(f"{time.strftime('%T')} {kind}, {words}", file=sys.stderr, flush=True)
        time.sleep(LOOK)
    return len(planned)


def rest(portal: Standing, told: Told, threads: list[threading.Thread], seconds: float = 900) -> None:
    """Until everybody has left and nothing waits any more."""
    until = time.monotonic() + seconds
    open_ = (JobState.QUEUED, JobState.RUNNING)
    while time.monotonic() < until and not portal.given_up():
        late(portal, told)
        waits = any(model._default_manager.filter(state__in=open_).exists() for model in (Job, Export))
        busy = waits or told.pending or any(thread.is_alive() for thread in threads)
        if look(portal, told) and not busy:
            return
        time.sleep(LOOK)


class Whole:
    """Whether what was served is a file that was made: one of any version, never a mixture."""

    def __init__(self, published: Path) -> None:
        self.published = published
        self.known: set[tuple[str, str]] = set()

    def __call__(self, address: str, content: bytes) -> bool:
        name = Path(address).name if "." in Path(address).name else "index.html"
        told = (name, sha256(content).hexdigest())
        if "/budget/" not in address or told in self.known:
            return True
        for folder in ("releases", "revisions"):
            for file in (self.published / folder).glob(f"*/{name}"):
                self.known.add((name, sha256(file.read_bytes()).hexdigest()))
        return told in self.known


def clients(
    portal: Standing, county: list[Body], ledger: Ledger, over: threading.Event, seed: int, rate: float
) -> tuple[Citizens, list[threading.Thread]]:
    """Everybody at work: desks of some departments each, one who exports, citizens."""
    chances = numbered(seed)

    def person(name: str, place: int) -> Person:
        return Person(portal.url, name, f"10.1.0.{place}", over)

    rooms: list[list[Client]] = [[] for _ in range(min(DESKS, len(county)))]
    for disclosure in Disclosure.objects.all():
        ledger.contacts.setdefault(disclosure.pk, [(disclosure.contact, True)])
    for n, body in enumerate(county):
        pair = person(f"kj{body.code}", n), person(f"caizheng{body.region}", 100 + n)
        desk = Desk(
            body.disclosure,
            body.public,
            *pair,
            body.workbook,
            ledger,
            next(chances),
            body.region == REGIONS[1],
        )
        rooms[n % len(rooms)].append(desk)
    exporting = Exporting(person("caizheng130225", 99), YEAR, ledger, next(chances))
    ledger.public |= {"/", *(f"/{code}/" for code in REGIONS)}
    whole = Whole(portal.folder / "published")
    citizens = Citizens(portal.url, ledger, whole, next(chances), rate)
    all_: list[list[Client]] = [*rooms, [exporting], [citizens]]
    return citizens, [at_work(each, over, next(chances)) for each in all_]


def tell(told: Told, citizens: Citizens, ledger: Ledger, figures: Figures) -> None:
    """The table."""
    for kind, took in sorted(told.took.items()):
        worst = f"{statistics.median(took):.1f} s, at most {max(took):.1f} s"
        figures.tell(f"{kind}: {len(took)}", worst, f"≤ {MOST:.0f} s", slow=max(took) > MOST)
    asked = sum(citizens.answers.values())
    share = 1 - len(citizens.refused) / max(asked, 1)
    figures.tell("public addresses answered", f"{share:.2%} of {asked}", "≥ 99.9 %", slow=share < 0.999)
    figures.tell("　while nginx itself was dead, not counted", str(citizens.away))
    figures.tell("　slower than two seconds", str(len(citizens.slow)), "0", slow=bool(citizens.slow))
    deeds: dict[str, int] = defaultdict(int)
    for (name, _), number in ledger.done.items():
        deeds[name] += number
    figures.tell("acknowledged", ", ".join(f"{number} {name}" for name, number in sorted(deeds.items())))
    waits = ledger.waits or [0.0]
    figures.tell("from 公开 to the page", f"{statistics.median(waits):.1f} s, at most {max(waits):.1f} s")
    figures.tell("　asked for again after a minute", str(ledger.asked_again))
