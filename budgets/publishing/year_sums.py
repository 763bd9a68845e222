"""What is public of a region's year, counted, added up and kept for its lists in the transaction that changes it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from budgets.domain.key_figures import SPENT, read, sums
from budgets.domain.terms import Stage
from budgets.models.publications import Publication, PublicationStatus, YearSum
from budgets.models.regions import Department
from budgets.publishing.containing import inside

type Kept = tuple[int, Decimal | None, int]  # departments, what they spend, of how many budgets that is

# What a list reads of a version, read once: the text of the search lies before it in the row, and SQLite walks over that.
KEPT = (
    "department", "stage", "revision", "published_on", "state__status", "state__approved_on", "state__withdrawn_on",
    "state__table_set", "state__figures", "payload_hash", "pk",
)  # fmt: skip


@transaction.atomic
def renew(region: int, year: int | None = None) -> None:
    """Count and add up that year of a region, or each of its years, as everything stands now.

    Called where a version comes to stand or falls, and where a department comes to contain another or no longer does.
    Who comes second waits for the first, so that neither is left out.
    """
    for each in [year] if year else years_of(region):
        row, _ = YearSum.objects.select_for_update().get_or_create(region_id=region, fiscal_year=each)
        row.departments, row.spent, row.budgets = added(region, each)
        row.listed = listed(region, each)
        row.save()


def years_of(region: int) -> list[int]:
    """The years of which the region has published anything, also what was withdrawn."""
    found = Publication.objects.filter(department__region=region).order_by("fiscal_year")
    return list(found.values_list("fiscal_year", flat=True).distinct())


def added(region: int, year: int) -> Kept:
    """The departments of which something is public, and the sum of what their budgets spend; None where none says so.

    A department inside another's budget is counted, and its figures are not added up.
    """
    current = Publication.objects.filter(
        department__region=region, fiscal_year=year, state__status=PublicationStatus.CURRENT
    )
    rows = list(current.order_by().values_list("department", "stage", "state__figures"))
    there = {department for department, _, _ in rows}
    within = inside(Department.objects.filter(region=region), there)
    counted = [read(figures) for key, stage, figures in rows if stage == Stage.BUDGET and key not in within]
    spent = sums(counted).get(SPENT)
    return len(there), spent.amount if spent else None, spent.of if spent else 0


def listed(region: int, year: int) -> list[list[Any]]:
    """Every version of the year, each a row of KEPT as JSON keeps it: days as text."""
    published = Publication.objects.filter(department__region=region, fiscal_year=year).order_by("pk")
    return [
        [value.isoformat() if isinstance(value, date) else value for value in row]
        for row in published.values_list(*KEPT)
    ]


def wrong() -> Iterator[tuple[str, int]]:
    """Region and year of each sum or list that is not what the publications come to now, or is missing."""
    rows = YearSum.objects.select_related("region").defer("listed")
    kept = {(row.region_id, row.fiscal_year): row for row in rows}
    published = Publication.objects.order_by("department__region__code", "fiscal_year")
    years = published.values_list("department__region", "department__region__code", "fiscal_year").distinct()
    for region, code, year in years:
        row = kept.pop((region, year), None)
        try:
            same = (
                row is not None
                and (row.departments, row.spent, row.budgets) == added(region, year)
                and row.listed == listed(region, year)
            )
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
            same = False  # figures that somebody wrote and nobody can read
        if not same:
            yield code, year
    yield from ((row.region.code, row.fiscal_year) for row in kept.values())
