"""The lists that lead a citizen to a disclosure: home, county, year, department."""

from collections import Counter

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.domain.key_figures import EVERY, SPENT, amounts
from budgets.domain.plain_words import Sentence, in_words, plain, unit_words
from budgets.domain.terms import Stage
from budgets.models.publications import Publication, PublicationState, PublicationStatus, YearSum
from budgets.models.regions import Department, Region
from budgets.public import errors, search, search_addresses
from budgets.public.answers import NEVER, page
from budgets.public.contact_ways import ways
from budgets.public.county_tables import OWN, CountyTable, OwnTable, columns
from budgets.public.figure_columns import YearColumn, coverage, money
from budgets.public.list_pictures import LEGEND, over_years, ranked
from budgets.public.list_rows import Row
from budgets.public.lists import Entry, entries
from budgets.public.question_lists import answered_by_year
from budgets.public.year_page import sentences
from budgets.public.year_rows import Year, years_of
from budgets.publishing.site_words import site
from budgets.rendering.html.linked_data import data_block, organization
from budgets.rendering.html.list_table import PER_PAGE

LATEST = 8
YEARS = 3  # of a county that the first page leads to; its own page leads to all
ABOUT = "每个部门一年的钱从哪里来、花到哪里去，表和说明都在这里，可以下载、引用和核验"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The search, the counties with their years, and what was published last."""
    if asked := search_addresses.asked_by(request.GET):
        return page(
            "public/search.html",
            request,
            cache=NEVER,
            result=search.find(asked),
            asked=asked,
            years=search.years_public(),
            regions=search.choices(asked),
        )
    shown = Paginator(Region.objects.all(), PER_PAGE).get_page(request.GET.get("page"))
    years: dict[int, list[YearSum]] = {}
    for one in YearSum.objects.filter(region__in=list(shown)).defer("listed"):
        years.setdefault(one.region_id, []).append(one)
    regions = [
        (region, [_counted(one) for one in own[:YEARS]], len(own) > YEARS, _told(own))
        for region, own in ((region, years.get(region.pk, [])) for region in shown)
    ]
    # Publications are numbered as they are made, so the highest numbers are the latest days.
    standing = PublicationState.objects.filter(status=PublicationStatus.CURRENT).order_by("-pk")
    newest = list(standing.values_list("pk", flat=True)[:LATEST])
    latest = sorted(entries(Publication.objects.filter(pk__in=newest)), key=by_day, reverse=True)
    alone = regions[0] if shown.paginator.count == 1 else None
    return page(
        "public/home.html",
        regions=regions,
        shown=shown,
        latest=latest,
        alone=alone[0].name if alone else "",
        description="。".join([ABOUT, *(f"{region.name}{told}" for region, *_, told in regions if told)]),
        picture="/share.png",
        navigation=navigation(alone[0].code, [int(year) for year, _ in alone[1]]) if alone else [],
    )


def _counted(one: YearSum) -> tuple[str, str]:
    """A year, and how many departments have published in it, as text: a number would be looked at for its separators."""
    return str(one.fiscal_year), f"{one.departments} 个部门已公开" if one.departments else "已撤回"


def _told(own: list[YearSum]) -> str:
    """What the departments spend together in the latest year of which something is public, in words; blank for nothing."""
    one = next((one for one in own if one.departments), None)
    if one is None or one.spent is None:
        return ""
    return f"{one.fiscal_year}年度 {one.budgets} 个部门支出合计 {in_words(one.spent)}"


def by_day(entry: Entry) -> tuple[str, str]:
    return entry.published_on.isoformat(), entry.href


@require_safe
def county(request: HttpRequest, region: str) -> HttpResponse:
    """What each of the county's departments spends, year by year, and how many have published."""
    found = Region.objects.filter(code=region).first()
    if found is None:
        return errors.error(404)
    told = years_of(found)
    said = sentences(told.years[0], f"{told.years[0].year}/") if told.years else ()
    shown = [
        (f"y{one.year}", YearColumn(one.year, _total(one), minor=n > 0)) for n, one in enumerate(told.years)
    ]
    return page(
        "public/county.html",
        request,
        region=found,
        region_name=found.name,
        known=len(told.rows),
        table=CountyTable(list(told.rows), request, shown).as_html(request),
        years=[(one.year, len({row.code for row in one.public}), one.known) for one in told.years],
        latest=told.years[0].year if told.years else 0,
        pictures=[each for one in told.years[:1] if (each := ranked(one.counted, SPENT, f"{one.year}年"))],
        legend=LEGEND,
        sentences=said,
        goals=coverage(told.years[0].counted) if told.years else (),
        description=f"{found.name}{told.years[0].year}年度：{plain(said)}" if told.years else "",
        picture=f"/{region}/share.png",
        navigation=navigation(region, [one.year for one in told.years]),
        crumbs=[("首页", "/")],
        here=found.name,
        search_in=found,
    )


def _total(one: Year) -> str:
    added = one.sums.get(SPENT)
    return money(added.amount) if added else ""


@require_safe
def department(request: HttpRequest, region: str, unit: str) -> HttpResponse:
    """A department's disclosures, newest year first, beside each other, and how to reach it."""
    found = (
        Department.objects.select_related("region", "supervising_department")
        .filter(region__code=region, code=unit)
        .first()
    )
    if found is None:
        return errors.error(404)
    published = entries(Publication.objects.filter(department=found), figures=EVERY)
    there = {(one.year, one.stage): one for one in published if not one.withdrawn}
    rows = [Row(one.href, unit, one.title, one, there.get((one.year - 1, one.stage))) for one in published]
    latest = next((row for row in rows if row.entry and not row.entry.withdrawn), None)
    said = department_words(latest) if latest else ()
    return page(
        "public/department.html",
        request,
        department=found,
        region_name=found.region.name,
        table=OwnTable(rows, request, extra_columns=columns(OWN, rows, {}, 0, "")).as_html(request),
        published=published,
        answered=answered_by_year(found),
        pictures=over_years(rows),
        legend=LEGEND,
        accounts=[year for year, stage in there if stage == Stage.FINAL],
        units=found.units.count(),
        latest=max((one.year for one in published), default=0) or _latest_of_units(found),
        contact=next((one.contact for one in published if one.contact), ""),
        call=reached.call if (reached := ways(found.phone, "", "")) else "",
        linked_data=data_block(
            organization(
                found.name,
                f"{site().address}/{region}/{unit}/",
                unit,
                found.region.name,
                telephone=found.phone,
                address=found.address,
            )
        ),
        sentences=said,
        description=f"{found.name}：{plain(said)}",
        picture=f"{latest.entry.href}share.png" if latest and latest.entry else "",
        navigation=navigation(region, [one.year for one in published]),
        crumbs=[("首页", "/"), (found.region.name, f"/{region}/")],
        here=found.name,
        search_in=found.region,
    )


def _latest_of_units(department: Department) -> int:
    """The latest year of which a unit has published, where the department itself has nothing; 0 for none."""
    years = Publication.objects.filter(department__supervising_department=department)
    return years.aggregate(Max("fiscal_year"))["fiscal_year__max"] or 0


def department_words(row: Row) -> tuple[Sentence, ...]:
    """The latest year of a department in two sentences, every amount a link to its cell."""
    assert row.entry is not None
    links = {key: f"{row.entry.href}#{figure.at}" for key, figure in row.figures.items()}
    return unit_words(
        row.entry.year,
        amounts(row.figures),
        amounts(row.earlier),
        links | {"change": f"{row.entry.href}compare/"},
        final=row.entry.stage == Stage.FINAL,
    )


def navigation(region: str, years: Counter[int] | list[int]) -> list[tuple[str, str]]:
    """部门 and, when something is public, 年度."""
    links = [("部门", f"/{region}/")]
    if years:
        links.append(("年度", f"/{region}/{max(years)}/"))
    return links
