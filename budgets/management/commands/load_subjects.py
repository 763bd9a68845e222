"""Load the subject codes (政府收支分类科目) of fiscal years from the project's tables."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from budgets.domain.classification import Confidence
from budgets.models import Scheme, Subject

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = {
    Scheme.FUNCTION: "function_codes.csv",
    Scheme.ECONOMIC: "economic_codes.csv",
    Scheme.GOVERNMENT_ECONOMIC: "gov_economic_codes.csv",
}
LEVELS = {"类": 1, "款": 2, "项": 3}
YEARS = (2023, 2024, 2025, 2026)
TAKEN = ("name", "level", "parent_code", "budget", "confidence", "basic_group")
MAPPED = {
    "government_code_administrative": "gov_code_admin",
    "government_code_institution": "gov_code_institution",
}


def rows_of(year: int) -> Iterator[Subject]:
    """The codes that are valid in a year; a blank year of validity means that no change is known."""
    for scheme, name in FILES.items():
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                first, last = row.get("valid_from") or "0", row.get("valid_to") or "9999"
                if int(first) <= year <= int(last):
                    yield subject(year, scheme, row)


def subject(year: int, scheme: Scheme, row: dict[str, str]) -> Subject:
    """One code. A table without a confidence column was not checked code by code: its rows are only suggested."""
    return Subject(
        fiscal_year=year,
        scheme=scheme.value,
        code=row["code"],
        name=row["name"],
        level=LEVELS[row["level"]],
        parent_code=row["parent_code"],
        budget=row.get("budget", ""),
        confidence=row.get("confidence") or Confidence.LOW.value,
        basic_group=row.get("basic_group", ""),
        **{field: row.get(column, "") for field, column in MAPPED.items()},
    )


def load(year: int) -> tuple[int, int]:
    """Bring the year's list in line with the tables; how many codes were added and changed.

    Codes that the bureau added or retired itself stay as they are.
    """
    with transaction.atomic():
        known = {(row.scheme, row.code): row for row in Subject.objects.filter(fiscal_year=year)}
        new, changed = [], []
        for row in rows_of(year):
            old = known.get((row.scheme, row.code))
            if old is None:
                new.append(row)
            elif any(getattr(old, name) != getattr(row, name) for name in (*TAKEN, *MAPPED)):
                row.pk, row.active = old.pk, old.active
                changed.append(row)
        Subject.objects.bulk_create(new, batch_size=500)
        Subject.objects.bulk_update(changed, [*TAKEN, *MAPPED], batch_size=200)
    return len(new), len(changed)


class Command(BaseCommand):
    help = "载入政府收支分类科目（按预算年度）；再次运行只补缺和更正，不动财政局自己增加或停用的科目。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "years", nargs="*", type=int, default=list(YEARS), help="预算年度，例如 2023 2024"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for year in options["years"] or YEARS:
            new, changed = load(year)
            self.stdout.write(f"{year}年科目：新增 {new} 个，更正 {changed} 个。")
