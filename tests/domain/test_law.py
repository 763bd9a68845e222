"""The numbers of the law stand once, count to the day, and hold from the day on which the law began."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from budgets.domain.findings import Limits
from budgets.domain.law import CATALOGUE, DISCLOSURE, PER_VEHICLE, days_late, due
from budgets.settings import PER_VEHICLE_LIMIT

ROOT = Path(__file__).parents[2]
APPROVED = date(2023, 1, 16)
# What says the law again: its days, its article, the names of sources that rules share, the portal's own threshold.
SAID_AGAIN = re.compile(rf"二十日|二十天|20 ?[日天]|days=20\b|第十四条|第三十二条|{CATALOGUE}|60_?000\b")


def places() -> list[Path]:
    files = [*(ROOT / "budgets").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    return [path for path in files if "migrations" not in path.parts and path.name != "law.py"]


@pytest.mark.parametrize(("after", "late"), [(0, -20), (20, 0), (21, 1)])
def test_the_last_day_is_the_twentieth(after: int, late: int) -> None:
    assert days_late(APPROVED, APPROVED + timedelta(days=after)) == late
    assert due(date(2024, 2, 10)) == date(2024, 3, 1)  # of a leap year


def test_an_approval_older_than_the_law_has_no_last_day() -> None:
    before = DISCLOSURE.since - timedelta(days=1)
    assert (due(DISCLOSURE.since), due(before)) == (date(2015, 1, 21), None)
    assert days_late(before, date(2020, 1, 1)) == 0


def test_nothing_says_the_law_again() -> None:
    assert [path.name for path in places() if SAID_AGAIN.search(path.read_text())] == []
    assert DISCLOSURE.words == "二十"
    assert PER_VEHICLE == Limits().per_vehicle == PER_VEHICLE_LIMIT


@pytest.mark.parametrize(
    "line",
    [
        "timedelta(days=20)",
        "批复后 20 日",
        "批复后二十日内",
        'source="《预算法》第十四条"',
        "Decimal(60_000)",
    ],
)
def test_a_second_place_would_be_found(line: str) -> None:
    assert SAID_AGAIN.search(line)
