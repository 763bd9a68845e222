"""What is public, as rows for lists: one line per department and year, from the summary columns alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from budgets.domain.key_figures import EVERY, KeyFigure, read
from budgets.domain.law import days_late
from budgets.domain.terms import Stage
from budgets.models.publications import Publication, PublicationStatus, YearSum
from budgets.models.regions import Department, Region
from budgets.publishing.listing import total_in
from budgets.publishing.year_sums import KEPT


@dataclass(frozen=True, slots=True)
class Entry:
    """One disclosure of a department as a list shows it, by its newest revision."""

    region: str
    region_name: str
    unit: str
    department: str
    year: int
    stage: str
    revision: int
    status: str
    published_on: date
    first_published_on: date
    approved_on: date | None
    total: Decimal | None  # None when it was withdrawn, and in a list of a region (`kept_entries`)
    withdrawn_on: date | None = None
    figures: dict[str, KeyFigure] = field(default_factory=dict)  # none of what was withdrawn
    table_set: str = ""
    contact: str = ""
    publication: int = 0
    digest: str = ""  # SHA-256 of the payload
    pdf_pending: bool = False

    @property
    def title(self) -> str:
        return f"{self.year}年{Stage(self.stage).label}"

    @property
    def href(self) -> str:
        return f"/{self.region}/{self.unit}/{self.year}/{self.stage}/"

    @property
    def withdrawn(self) -> bool:
        return self.status == PublicationStatus.WITHDRAWN

    @property
    def amount(self) -> str:
        """收入总计 in 万元; blank when the document has none."""
        return total_in(self.total)

    @property
    def days(self) -> int | None:
        """Days from approval to the first publication; None without a date of approval, and of what was withdrawn."""
        if self.approved_on is None or self.withdrawn:
            return None
        return (self.first_published_on - self.approved_on).days

    @property
    def late(self) -> bool:
        return (
            self.approved_on is not None
            and not self.withdrawn
            and days_late(self.approved_on, self.first_published_on) > 0
        )


FIELDS = (
    "department__region__code",
    "department__region__name",
    "department__code",
    "department__name",
    "fiscal_year",
    "stage",
    "revision",
    "published_on",
    "state__status",
    "state__approved_on",
    "state__total",
    "state__withdrawn_on",
)
DAYS = ("published_on", "state__approved_on", "state__withdrawn_on")
FIGURED = (
    *FIELDS,
    "state__figures",
    "state__table_set",
    "state__contact",
    "state__pdf_pending",
    "payload_hash",
    "pk",
)


def entries(publications: QuerySet[Publication], *, figures: Iterable[str] = ()) -> list[Entry]:
    """One entry per disclosure among these publications, departments by code, years falling. One query.

    Each has those `figures` by which it is compared that are named.
    """
    rows = publications.order_by(
        "department__region__code", "department__code", "-fiscal_year", "stage", "revision"
    ).values(*(FIGURED if figures else FIELDS))
    return disclosures(entry(row, figures) for row in rows)


def kept_entries(
    region: Region, departments: Iterable[Department], figures: Iterable[str], *years: int
) -> list[Entry]:
    """The entries of a region, of all its years unless some are named, as `year_sums` keeps them. One query."""
    known = {each.pk: {"department__code": each.code, "department__name": each.name} for each in departments}
    where = {"department__region__code": region.code, "department__region__name": region.name}
    kept = YearSum.objects.filter(region=region, **({"fiscal_year__in": years} if years else {}))
    revisions = [
        entry(where | known[row[0]] | {"fiscal_year": year} | _read(row), figures)
        for year, rows in kept.values_list("fiscal_year", "listed")
        for row in rows
    ]
    return disclosures(sorted(revisions, key=lambda one: (one.unit, -one.year, one.stage, one.revision)))


def _read(kept: list[Any]) -> dict[str, Any]:
    """A row of `year_sums.KEPT` by its names, its days as dates."""
    row = dict(zip(KEPT, kept, strict=True))
    days = {name: date.fromisoformat(row[name]) for name in DAYS if row[name]}
    return row | days


def disclosures(revisions: Iterable[Entry]) -> list[Entry]:
    """One entry for each disclosure among revisions that stand in order."""
    return [
        merge(list(group))
        for _, group in groupby(revisions, key=attrgetter("region", "unit", "year", "stage"))
    ]


def entry(row: dict[str, Any], figures: Iterable[str] = EVERY) -> Entry:
    gone = row["state__status"] == PublicationStatus.WITHDRAWN
    return Entry(
        region=row["department__region__code"],
        region_name=row["department__region__name"],
        unit=row["department__code"],
        department=row["department__name"],
        year=row["fiscal_year"],
        stage=row["stage"],
        revision=row["revision"],
        status=row["state__status"] or PublicationStatus.CURRENT,
        published_on=row["published_on"],
        first_published_on=row["published_on"],
        approved_on=row["state__approved_on"],
        total=None if gone else row.get("state__total"),
        withdrawn_on=row["state__withdrawn_on"],
        figures={} if gone else read(row.get("state__figures") or {}, figures),
        table_set=row.get("state__table_set", ""),
        contact="" if gone else row.get("state__contact", ""),
        publication=row.get("pk", 0),
        digest="" if gone else row.get("payload_hash", ""),
        pdf_pending=row.get("state__pdf_pending", False),
    )


def merge(revisions: list[Entry]) -> Entry:
    """The revision that stands, else the newest, with the day on which the first one was published."""
    if len(revisions) == 1:
        return revisions[0]
    standing = [entry for entry in revisions if entry.status == PublicationStatus.CURRENT]
    last = (standing or revisions)[-1]
    return Entry(
        **{name: getattr(last, name) for name in Entry.__slots__ if name != "first_published_on"},
        first_published_on=revisions[0].published_on,
    )
