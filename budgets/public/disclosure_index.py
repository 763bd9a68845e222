"""`disclosures.json`: every disclosure with its addresses, files and main figures, from what lists keep."""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.domain.key_figures import EVERY
from budgets.models.publications import Publication
from budgets.public.answers import data
from budgets.public.lists import Entry, entries

SCHEMA = "mingzhang-index/1"
JSON = "application/json; charset=utf-8"
FILES = ("json", "xlsx", "csv.zip", "pdf")


@require_safe
def disclosures(request: HttpRequest) -> HttpResponse:
    """The index of the whole portal. One query; what was withdrawn is named, without figures and files."""
    told = index(entries(Publication.objects.all(), figures=EVERY))
    return data(request, json.dumps(told, ensure_ascii=False, indent=1).encode(), JSON)


def index(published: Iterable[Entry]) -> dict[str, Any]:
    """The index of these disclosures, regions and departments by code, years falling. Amounts are in yuan, as text."""
    published = list(published)
    regions = groupby(published, key=lambda one: (one.region, one.region_name))
    return {
        "schema": SCHEMA,
        "title": settings.SITE["title"],
        "address": f"{settings.SITE_ADDRESS}/",
        "licence": settings.SITE["licence"] or None,
        "regions": [_region(code, name, list(own)) for (code, name), own in regions],
        "disclosures": [_disclosure(one) for one in published],
    }


def year_address(region: str, year: int) -> str:
    """Where the data files of a region's year lie: named so that a copy of the folders is read by its names."""
    return f"/data/region={region}/year={year}/"


def _region(code: str, name: str, own: list[Entry]) -> dict[str, Any]:
    page = f"{settings.SITE_ADDRESS}/{code}/"
    public = [one for one in own if not one.withdrawn]
    return {
        "code": code,
        "name": name,
        "page": page,
        "feed": f"{page}feed.atom",
        "years": [
            {
                "year": year,
                "page": f"{page}{year}/",
                "disclosures": sum(one.year == year for one in public),
                "package": f"{settings.SITE_ADDRESS}{year_address(code, year)}datapackage.json",
            }
            for year in sorted({one.year for one in public}, reverse=True)
        ],
    }


def _disclosure(one: Entry) -> dict[str, Any]:
    page = f"{settings.SITE_ADDRESS}{one.href}"
    told: dict[str, Any] = {
        "region": one.region,
        "unit": one.unit,
        "department": one.department,
        "year": one.year,
        "stage": one.stage,
        "revision": one.revision,
        "status": one.status,
        "published_on": one.published_on.isoformat(),
        "first_published_on": one.first_published_on.isoformat(),
        "page": page,
    }
    if one.withdrawn:
        return told | {"withdrawn_on": one.withdrawn_on.isoformat() if one.withdrawn_on else None}
    fixed = f"{page}r{one.revision}/"
    return told | {
        "approved_on": one.approved_on.isoformat() if one.approved_on else None,
        "fixed": fixed,
        "sha256": one.digest,
        "files": {
            kind: f"{fixed}disclosure.{kind}" for kind in FILES if kind != "pdf" or not one.pdf_pending
        },
        "figures": {
            key: {"amount": f"{figure.amount:f}", "at": f"{fixed}#{figure.at}"}
            for key, figure in one.figures.items()
        },
    }
