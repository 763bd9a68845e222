"""What lists and the search cost when much is public: `uv run python -m tests.long.measured_lists --disclosures 20000`.

Measures the database of DATABASE_URL (SQLite in DATA_DIR without one), which is filled up first with drawn counties of sixty
departments and five years, of both table sets in turns. Prints a table; seconds belong to the machine and decide nothing.
"""

import argparse
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from statistics import median
from typing import Any

from tests.makers.pace import cpu

YEARS = (2020, 2021, 2022, 2023, 2024)
SETS = ("hebei_2023", "shanghai_2023")
TIMES = 30  # warm answers of each address
KILOBYTES = 60  # of a list
QUERIES = 6  # of the first page


@dataclass(frozen=True)
class Cost:
    """One address: milliseconds by the clock and of the processor, queries, and what the answer weighs."""

    name: str
    middle: float
    p95: float
    processor: float
    queries: int
    kilobytes: float

    def __str__(self) -> str:
        numbers = f"{self.middle:.1f} | {self.p95:.1f} | {self.processor:.1f} | {self.queries} | {self.kilobytes:.0f}"
        return f"| {self.name} | {numbers} |"


HEADS = "| | median ms | p95 ms | CPU ms | queries | KB |\n| --- | --- | --- | --- | --- | --- |"


def addresses() -> dict[str, str]:
    """The lists of the county in the middle of all, and questions that much, little and nothing answers."""
    from budgets.models import Department

    known = Department.objects.select_related("region").order_by("pk")
    one = known[known.count() // 2]
    region, year = one.region.code, one.publications.latest("fiscal_year").fiscal_year
    return {
        "home": "/",
        "county": f"/{region}/",
        "year": f"/{region}/{year}/",
        "compare": f"/{region}/{year}/compare/",
        "department": f"/{region}/{one.code}/",
        "feed": f"/{region}/feed.atom",
        "sitemap": f"/{region}/sitemap.xml",
        "year as CSV": f"/{region}/{year}/figures.csv",
        "search: 三公经费, all": "/?q=三公经费",
        "search: 教育局": "/?q=教育局",
        "search: a county and a word": f"/?q={one.region.name} 水务",
        "search: two words": "/?q=机关运行经费 行政运行",
        "search: nothing": "/?q=没有这样的词语",
    }


def costs(times: int = TIMES) -> Iterator[Cost]:
    """What each address costs, warm, one after another in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    for name, address in addresses().items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        queries = len(asked)  # before the next request forgets them
        walls, processor = timed(lambda address=address: client.get(address), times)
        size = len(answer.content) / 1024
        yield Cost(name, median(walls), walls[math.ceil(times * 0.95) - 1], median(processor), queries, size)


def timed(work: Callable[[], Any], times: int) -> tuple[list[float], list[float]]:
    """Milliseconds by the clock and that the process computed, each from least to most."""
    walls, processor = [], []
    for _ in range(times):
        wall, began = time.perf_counter(), cpu()
        work()
        processor.append((cpu() - began) * 1000)
        walls.append((time.perf_counter() - wall) * 1000)
    return sorted(walls), sorted(processor)


def fill(disclosures: int, until: float = math.inf, years: tuple[int, ...] = YEARS, seed: int = 0) -> int:
    """Fill the database up to so many disclosures, or until that moment; how many there are then."""
    from budgets.models import Publication
    from budgets.synthetic import counties

    wish = counties.Wish(years=years, table_sets=SETS, seed=seed)
    departments = math.ceil(disclosures / len(years))
    counties.open_years(wish, departments)
    for _ in counties.rows(wish, departments):
        if time.monotonic() > until:
            break
    return Publication.objects.count()


def set_up() -> None:
    """Django with the settings of the environment, its tables made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgets.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("load_subjects", stdout=StringIO())


def main(arguments: list[str]) -> int:
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--disclosures", type=int, default=20_000)
    asking.add_argument("--seed", type=int, default=0)
    asking.add_argument(
        "--minutes", type=float, default=60, help="for filling; what is there then is measured"
    )
    asked = asking.parse_args(arguments)
    set_up()
    from django.db import connection

    there = fill(asked.disclosures, time.monotonic() + asked.minutes * 60, seed=asked.seed)
    print(f"{there} disclosures, {connection.vendor}\n\n{HEADS}")
    heavy = []
    for cost in costs():
        print(cost, flush=True)
        search = cost.name.startswith("search")
        heavy += [cost.name] if cost.kilobytes > KILOBYTES and not search else []
        heavy += [cost.name] if cost.name == "home" and cost.queries > QUERIES else []
    print(f"\ntoo heavy: {', '.join(heavy) or 'nothing'}")
    return bool(heavy)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
