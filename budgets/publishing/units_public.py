"""What the units of a department published in a year, and the department held against their sum."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from budgets import tablesets
from budgets.domain.codec import decode
from budgets.domain.documents import Document
from budgets.domain.unit_sums import UnitSums, units_added
from budgets.models import Department, Publication, PublicationStatus


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with the document that counts; `publication` is None for one that is approved only."""

    department: Department
    document: Document
    publication: Publication | None = None


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a department for a year, by code, and those in use that have nothing yet."""

    there: tuple[Unit, ...]
    missing: tuple[Department, ...]

    def against(self, department: Document) -> UnitSums | None:
        """The department's document against their sum; None while one is missing, or where there is none."""
        if self.missing or not self.there:
            return None
        documents = [unit.document for unit in self.there]
        return units_added(tablesets.get(department.table_set), department, documents)


def units_of(department: Department, year: int, stage: str) -> Units:
    """The units right under a department, with what is public of them."""
    units = list(Department.objects.filter(supervising_department=department).order_by("code"))
    public = Publication.objects.filter(
        department__in=units, fiscal_year=year, stage=stage, state__status=PublicationStatus.CURRENT
    )
    there = [Unit(row.department, printed(row), row) for row in public.select_related("department")]
    return told_apart(units, there)


def told_apart(units: Sequence[Department], there: Sequence[Unit]) -> Units:
    """The units that are there, and the others in use."""
    found = {unit.department.pk: unit for unit in there}
    return Units(
        tuple(found[unit.pk] for unit in units if unit.pk in found),
        tuple(unit for unit in units if unit.pk not in found and unit.active),
    )


def printed(row: Publication) -> Document:
    """The document of a payload, without the ledger that it came from."""
    document: Document = decode(Document, json.loads(row.content)["document"])
    return document


def eliminated(sums: UnitSums) -> str:
    """What units paid each other, in words; blank for nothing."""
    parts = [f"{each.paid}与{each.received} {each.amount / 10000:,.2f}万元" for each in sums.eliminations]
    return f"（已抵销内部往来：{'、'.join(parts)}）" if parts else ""
