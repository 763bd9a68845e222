"""Load the subject codes (政府收支分类科目) of fiscal years from the project's tables."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from budgets.data.subject_lists import rows_of
from budgets.models import Happening, Subject
from budgets.workflow import trail

YEARS = (2023, 2024, 2025, 2026)
TAKEN = ("name", "level", "parent_code", "budget", "confidence", "basic_group")
MAPPED = {
    "government_code_administrative": "gov_code_admin",
    "government_code_institution": "gov_code_institution",
}


def subject(year: int, scheme: str, row: dict[str, str]) -> Subject:
    """One code of the project's tables as a row of a year's list."""
    return Subject(
        fiscal_year=year,
        scheme=scheme,
        code=row["code"],
        name=row["name"],
        level=int(row["level"]),
        parent_code=row["parent_code"],
        budget=row.get("budget", ""),
        confidence=row["confidence"],
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
        for row in (subject(year, *found) for found in rows_of(year)):
            old = known.get((row.scheme, row.code))
            if old is None:
                new.append(row)
            elif any(getattr(old, name) != getattr(row, name) for name in (*TAKEN, *MAPPED)):
                row.pk, row.active = old.pk, old.active
                changed.append(row)
        Subject.objects.bulk_create(new, batch_size=500)
        Subject.objects.bulk_update(changed, [*TAKEN, *MAPPED], batch_size=200)
        if new or changed:
            words = f"新增 {len(new)} 个，更正 {len(changed)} 个"
            trail.tell(Happening.CHANGE, None, words=words, named=f"{year}年政府收支分类科目")
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
