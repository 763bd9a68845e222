"""What answers at an address whose revision was withdrawn: 410 with the public reason."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from budgets.models.publications import Publication, PublicationStatus
from budgets.public.answers import NEVER, page

REVISION = re.compile(r"r(\d{1,6})(?:/|$)")


def answer(region: str, unit: str, year: int, stage: str, below: str) -> HttpResponse | None:
    """The notice for a withdrawn revision, or for an address whose newest one is withdrawn and none is current.

    None for everything else. One query, and only for what the published folder does not hold.
    """
    revisions = list(
        Publication.objects.filter(
            department__region__code=region, department__code=unit, fiscal_year=year, stage=stage
        )
        .order_by("-revision")
        .values(
            "revision",
            "fiscal_year",
            "stage",
            "published_on",
            "department__name",
            "department__code",
            "department__region__name",
            "department__region__code",
            "state__status",
            "state__withdrawn_reason",
            "state__withdrawn_on",
        )
    )
    current = next((row for row in revisions if row["state__status"] == PublicationStatus.CURRENT), None)
    asked = REVISION.match(below)
    if asked:
        revisions = [row for row in revisions if row["revision"] == int(asked[1])]
    standing = [row["state__status"] for row in revisions]
    if PublicationStatus.CURRENT in standing or standing[:1] != [PublicationStatus.WITHDRAWN]:
        return None
    return notice(revisions[0], current)


def notice(row: Mapping[str, Any], current: Mapping[str, Any] | None) -> HttpResponse:
    """The page about a withdrawn revision; it leads to the one that is public now, if any."""
    region = f"/{row['department__region__code']}/"
    department = f"{region}{row['department__code']}/"
    return page(
        "public/gone.html",
        status=410,
        cache=NEVER,
        row=row,
        current=current,
        address=f"{department}{row['fiscal_year']}/{row['stage']}/",
        region_name=row["department__region__name"],
        navigation=[("部门", region), ("年度", f"{region}{row['fiscal_year']}/")],
        crumbs=[(row["department__region__name"], region), (row["department__name"], department)],
        here="已撤回",
        department=department,
    )
