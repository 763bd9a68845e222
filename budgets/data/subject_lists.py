"""The subject codes that come with the project, read from its data files: for work without a database."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from budgets.domain.classification import ECONOMIC, FUNCTION, Confidence, Subject, Subjects

DATA = Path(__file__).resolve().parent
FILES = {
    FUNCTION: "function_codes.csv",
    ECONOMIC: "economic_codes.csv",
    "government_economic": "gov_economic_codes.csv",
}
LEVELS = {"类": 1, "款": 2, "项": 3}


@cache
def subjects_of(year: int) -> Subjects:
    """The codes valid in a fiscal year; a year of validity left blank in the data is no limit."""
    return Subjects(_subject(scheme, row) for scheme, row in rows_of(year))


def rows_of(year: int) -> Iterator[tuple[str, dict[str, str]]]:
    """The scheme and columns of each code valid in a fiscal year, `level` as a number; a column that a file lacks is absent.

    A table without a confidence column was not checked code by code: its rows are only suggested.
    """
    for scheme, name in FILES.items():
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if int(row.get("valid_from") or year) <= year <= int(row.get("valid_to") or year):
                    checked = row.get("confidence") or Confidence.LOW.value
                    yield scheme, row | {"level": str(LEVELS[row["level"]]), "confidence": checked}


def _subject(scheme: str, row: dict[str, str]) -> Subject:
    return Subject(
        code=row["code"],
        name=row["name"],
        level=int(row["level"]),
        scheme=scheme,
        parent=row["parent_code"],
        budget=row.get("budget", ""),
        confidence=Confidence(row["confidence"]),
        basic_group=row.get("basic_group", ""),
    )
