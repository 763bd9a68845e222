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
    return Subjects(subject for scheme in FILES for subject in _read(scheme, year))


def _read(scheme: str, year: int) -> Iterator[Subject]:
    with (DATA / FILES[scheme]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if int(row.get("valid_from") or year) <= year <= int(row.get("valid_to") or year):
                yield Subject(
                    code=row["code"],
                    name=row["name"],
                    level=LEVELS[row["level"]],
                    scheme=scheme,
                    parent=row["parent_code"],
                    budget=row.get("budget") or "",
                    # A table without that column was not checked code by code.
                    confidence=Confidence(row.get("confidence") or Confidence.LOW),
                    basic_group=row.get("basic_group") or "",
                )
