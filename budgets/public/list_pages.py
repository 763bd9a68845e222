"""The lists that lead a citizen to a disclosure: home, county, year, department."""

from collections import Counter
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.models.publications import Publication, PublicationState, PublicationStatus
from budgets.models.regions import Department, Region
from budgets.public import errors, search
from budgets.public.answers import NEVER, page
from budgets.public.county_tables import CountyTable, Row, YearTable
from budgets.public.lists import Entry, entries

LATEST = 8
FALLEN = (PublicationStatus.SUPERSEDED, PublicationStatus.WITHDRAWN)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The search, the counties with their years, and what was published last."""
    typed = search.clean(request.GET.get("q", ""))
    if typed:
        return page("public/search.html", cache=NEVER, result=search.find(typed), typed=typed)
    years: dict[int, list[tuple[int, int]]] = {}
    for region, year, count in departments_by_year():
        years.setdefault(region, []).append((year, count))
    regions = [(region, years.get(region.pk, [])) for region in Region.objects.all()]
    # Publications are numbered as they are made, so the highest numbers are the latest days.
    newest = standing().order_by("-pk").values_list("pk", flat=True)[:LATEST]
    latest = sorted(entries(Publication.objects.filter(pk__in=list(newest))), key=by_day, reverse=True)
    alone = regions[0] if len(regions) == 1 else None
    return page(
        "public/home.html",
        regions=regions,
        latest=latest,
        alone=alone[0].name if alone else "",
        navigation=navigation(alone[0].code, [year for year, _ in alone[1]]) if alone else [],
    )


def fallen() -> QuerySet[PublicationState, Any]:
    """The versions, few and found by an index at once, that were corrected or withdrawn."""
    return PublicationState.objects.filter(status__in=FALLEN).order_by().values("pk")


def standing() -> QuerySet[Publication]:
    """The versions that stand: all but the fallen."""
    return Publication.objects.exclude(pk__in=fallen())


def departments_by_year() -> QuerySet[Publication, tuple[int, int, int]]:
    """(region, year, departments of which something is public), years falling: a row each, from indexes alone.

    Asked so that the rows themselves, each with its whole payload, are not read. A year of which all was withdrawn
    counts none and stays in reach.
    """
    return (
        Publication.objects.order_by("department__region", "-fiscal_year")
        .values("department__region", "fiscal_year")
        .annotate(count=Count("department", distinct=True, filter=~Q(pk__in=fallen())))
        .values_list("department__region", "fiscal_year", "count")
    )


def by_day(entry: Entry) -> tuple[str, str]:
    return entry.published_on.isoformat(), entry.href


@require_safe
def county(request: HttpRequest, region: str) -> HttpResponse:
    """The county's departments with what each has published, and its years."""
    found = Region.objects.filter(code=region).first()
    if found is None:
        return errors.error(404)
    published = entries(Publication.objects.filter(department__region=found))
    rows = [each for row, own in departments(found, published) for each in row.with_each(own[:1])]
    years = Counter(year for _, year in {(one.unit, one.year) for one in published if not one.withdrawn})
    years.update(dict.fromkeys((one.year for one in published), 0))
    return page(
        "public/county.html",
        region=found,
        region_name=found.name,
        known=len(rows),
        table=CountyTable(rows, request).as_html(request),
        years=sorted(years.items(), reverse=True),
        navigation=navigation(region, years),
        crumbs=[("首页", "/")],
        here=found.name,
    )


@require_safe
def year(request: HttpRequest, region: str, year: str) -> HttpResponse:
    """Who has published that year, and who has not yet; 404 for a year in which nobody has."""
    found = Region.objects.filter(code=region).first()
    published = (
        entries(Publication.objects.filter(department__region=found, fiscal_year=year)) if found else []
    )
    if found is None or not published:
        return errors.error(404)
    known = departments(found, published)
    rows = [each for row, own in known for each in row.with_each(own)]
    return page(
        "public/year.html",
        region=found,
        region_name=found.name,
        year=year,
        known=len(known),
        table=YearTable(rows, request).as_html(request),
        done=sum(any(not one.withdrawn for one in own) for _, own in known),
        navigation=navigation(region, [int(year)]),
        crumbs=[("首页", "/"), (found.name, f"/{region}/")],
        here=f"{year}年度",
    )


@require_safe
def department(request: HttpRequest, region: str, unit: str) -> HttpResponse:
    """A department's disclosures, newest year first, and how to reach it."""
    found = Department.objects.select_related("region").filter(region__code=region, code=unit).first()
    if found is None:
        return errors.error(404)
    published = entries(Publication.objects.filter(department=found))
    return page(
        "public/department.html",
        department=found,
        region_name=found.region.name,
        published=published,
        navigation=navigation(region, [one.year for one in published]),
        crumbs=[("首页", "/"), (found.region.name, f"/{region}/")],
        here=found.name,
    )


def departments(region: Region, published: list[Entry]) -> list[tuple[Row, list[Entry]]]:
    """The departments in use and those that have published, by code, each with what it published. One query."""
    by_unit = {unit: list(own) for unit, own in groupby(published, key=attrgetter("unit"))}
    known = Department.objects.filter(region=region).order_by("code").values_list("code", "name", "active")
    return [
        (Row(f"/{region.code}/{code}/", code, name), by_unit.get(code, []))
        for code, name, active in known
        if active or code in by_unit
    ]


def navigation(region: str, years: Counter[int] | list[int]) -> list[tuple[str, str]]:
    """部门 and, when something is public, 年度."""
    links = [("部门", f"/{region}/")]
    if years:
        links.append(("年度", f"/{region}/{max(years)}/"))
    return links
