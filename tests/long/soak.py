"""An hour of readers while files are handed in and budgets are published: no answer above 499, and no part that grows.

    uv run python -m tests.long.soak --minutes 60 --rate 50 --seed 0 --folder /tmp/soak

nginx, the parts of `deploy/systemd/parts/` and a PostgreSQL of their own (with --sqlite over that). Readers ask for drawn addresses: files
of what is public, lists, searches, one in twenty a page of the desk; accountants and officers work as they do. Memory is what all
processes of a part hold together: its median in the first tenth after the warm-up (a fifth of the time) beside that of the last tenth.
Prints a Markdown table; ends with status 1 when an answer was wrong, with --strict also when a part grew by more than a twentieth.
"""

import argparse
import random
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import requests

from tests.long.own_portal import Own, options, own_portal
from tests.long.told_figures import Figures
from tests.long.whole_portal import below, held_by

if TYPE_CHECKING:
    from tests.long.acknowledged import Ledger, Person
    from tests.long.standing_portal import Standing

GROWS = 0.05
WARM, WINDOW = 0.2, 0.1  # of the time
VISITORS = 8  # at once
WORDS = ("三公经费", "教育", "养老 保险", "水电费", "第2局", "政府采购", "没有这个词")
MIB = 1 << 20


@dataclass
class Asked:
    """What visitors were answered."""

    answers: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Visitors:
    """So many requests a second together, each drawn, each from an address of its own."""

    url: str
    ledger: "Ledger"
    desk: "Person"
    rate: float
    chance: random.Random
    asked: Asked = field(default_factory=Asked)
    lock: threading.Lock = field(default_factory=threading.Lock)
    number: int = 0

    def drawn(self) -> str:
        """An address; of what is public more often a file than a list."""
        drawn, public = self.chance.random(), sorted(self.ledger.public)
        files = [address for address in public if address.endswith("/budget/")]
        if drawn < 0.05:
            return "/admin/"
        if drawn < 0.10:
            return f"/?q={self.chance.choice(WORDS)}"
        if drawn < 0.25 or not files:
            return self.chance.choice(public)
        below_ = ("", "tables/balance/", "disclosure.json", "disclosure.xlsx", "checks/")
        return self.chance.choice(files) + self.chance.choice(below_)

    def work(self, over: threading.Event, began: float) -> None:
        """One of the visitors, until it is over."""
        session = requests.Session()
        while not over.is_set():
            with self.lock:
                self.number += 1
                number, address = self.number, self.drawn()
            time.sleep(max(0.0, began + number / self.rate - time.monotonic()))
            own = self.desk.session if address == "/admin/" else session
            place = (
                {} if own is self.desk.session else {"X-Forwarded-For": f"10.2.{number % 250}.{number % 249}"}
            )
            self.ask(own, address, place)

    def ask(self, session: requests.Session, address: str, place: dict[str, str]) -> None:
        began = time.monotonic()
        try:
            status = session.get(self.url + address, headers=place, timeout=30).status_code
        except requests.RequestException as failure:
            status = 0
            self.asked.wrong.append(f"{address} {failure}")
        self.asked.answers[status] += 1
        self.asked.took.append(time.monotonic() - began)
        if status >= 500 or status == 429:
            self.asked.wrong.append(f"{address} {status}")


class Held:
    """What the processes of each part hold together, looked at every second."""

    def __init__(self, portal: "Standing") -> None:
        self.portal = portal
        self.began = time.monotonic()
        self.seen: dict[str, list[tuple[float, int]]] = defaultdict(list)

    def watch(self, over: threading.Event) -> None:
        while not over.wait(1):
            for name, part in self.portal.parts.items():
                now = sum(held_by(number)[1] for number in below(part.process.pid))
                self.seen[name].append((time.monotonic() - self.began, now))

    def grown(self, seconds: float) -> dict[str, tuple[float, float]]:
        """Bytes of each part after the warm-up and at the end; nothing of what was not seen in both."""
        found = {}
        for name, looks in self.seen.items():
            first = [size for at, size in looks if WARM <= at / seconds < WARM + WINDOW]
            last = [size for at, size in looks if at / seconds >= 1 - WINDOW]
            if first and last:
                found[name] = (statistics.median(first), statistics.median(last))
        return found


def run(own: Own, wish: argparse.Namespace, ledger: "Ledger") -> Figures:
    """The whole time, and the table of what came of it."""
    from tests.long import faults_passed, promises_kept
    from tests.long.acknowledged import Person

    over, seconds = threading.Event(), wish.minutes * 60
    figures = Figures(time.monotonic() + seconds)
    citizens, threads = faults_passed.clients(own.portal, own.county, ledger, over, wish.seed, 1)
    desk = Person(own.portal.url, "caizheng130225", "10.1.1.1", over)
    desk.read("/admin/")
    visitors = Visitors(own.portal.url, ledger, desk, wish.rate, random.Random(wish.seed))
    held, began = Held(own.portal), time.monotonic()
    threads += [
        threading.Thread(target=visitors.work, args=(over, began), daemon=True) for _ in range(VISITORS)
    ]
    watching = threading.Thread(target=held.watch, args=(over,), daemon=True)
    for thread in (*threads[-VISITORS:], watching):
        thread.start()
    starts = {name: part.starts for name, part in own.portal.parts.items()}
    over.wait(seconds)
    over.set()
    took = time.monotonic() - began
    faults_passed.rest(own.portal, faults_passed.Told(), threads)
    tell(visitors.asked, held.grown(took), took, wish, figures)
    deeds: Counter[str] = Counter()
    for (name, _), number in ledger.done.items():
        deeds[name] += number
    figures.tell("acknowledged meanwhile", ", ".join(f"{n} {name}" for name, n in sorted(deeds.items())))
    figures.hold(
        "parts that died", [name for name, part in own.portal.parts.items() if part.starts > starts[name]]
    )
    figures.hold("answers", [*visitors.asked.wrong, *citizens.wrong, *citizens.refused])
    figures.hold("acknowledged and lost, done twice", promises_kept.lost(ledger))
    figures.hold(
        "work that did not end, or failed", [*promises_kept.unfinished(), *promises_kept.told_to_ask_again()]
    )
    figures.hold("half public, `verify --database`", promises_kept.half_public(own.portal))
    return figures


def tell(
    asked: Asked,
    grown: dict[str, tuple[float, float]],
    took: float,
    wish: argparse.Namespace,
    figures: Figures,
) -> None:
    """The table of requests and memory."""
    number = sum(asked.answers.values())
    figures.tell("figure", f"{took / 60:.1f} min, seed {wish.seed}", "target")
    figures.tell("---", "---", "---")
    rate = number / took
    figures.tell("requests a second", f"{rate:.1f}", f"{wish.rate:g}", slow=rate < 0.95 * wish.rate)
    figures.tell(
        "answers", ", ".join(f"{n} × {status}" for status, n in sorted(asked.answers.items())), "0 × 5xx"
    )
    ranked = sorted(asked.took)
    with suppress(IndexError):
        p95, p99 = ranked[int(len(ranked) * 0.95)], ranked[int(len(ranked) * 0.99)]
        figures.tell(
            "median, p95, p99",
            f"{statistics.median(ranked) * 1000:.0f}, {p95 * 1000:.0f}, {p99 * 1000:.0f} ms",
        )
    for name, (first, last) in sorted(grown.items()):
        share = last / first - 1
        words = f"{first / MIB:.0f} MB, then {last / MIB:.0f} MB ({share:+.1%})"
        figures.tell(f"memory of {name}", words, f"≤ +{GROWS:.0%}", slow=share > GROWS)


def main() -> None:
    asked = options(__doc__)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--rate", type=float, default=50)
    asked.add_argument("--departments", type=int, default=24)
    wish = asked.parse_args()
    with own_portal(wish) as own:
        from tests.long.acknowledged import Ledger

        figures = run(own, wish, Ledger())
    sys.exit("\n".join([*figures.wrong, *(figures.slow if wish.strict else [])]) or 0)


if __name__ == "__main__":
    main()
