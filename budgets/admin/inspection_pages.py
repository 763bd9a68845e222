"""The rehearsal of the inspection as pages: the wall of a year, its workbook, and what stands behind one of its cells."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from budgets import access
from budgets.admin import home
from budgets.admin.base import READING, ScopedAdmin, object_view
from budgets.admin.draft_files import attached
from budgets.admin.inspection_book import inspection_book
from budgets.admin.inspection_wall import (
    DEADLINE,
    Cell,
    Mark,
    WallRow,
    cells,
    formula_of,
    heads,
    waiting,
    wall,
)
from budgets.admin.noted import notes_on
from budgets.admin.site_frame import framed
from budgets.admin.task_list import MOST_SHOWN
from budgets.models import Disclosure
from budgets.rules.criteria import CRITERION_OF, MEANINGS, SERVES, Criterion
from budgets.workflow.drafts import draft_of
from budgets.workflow.rehearsing import keep_up

ONLY = {"": "全部部门", "open": "有问题的"}


def urls(site: AdminSite) -> list[URLPattern]:
    """The wall of the latest year, of a given one, and its workbook."""

    def inspection(request: HttpRequest, year: int | None = None) -> HttpResponse:
        return inspection_view(site, request, year)

    def book(request: HttpRequest, year: int) -> HttpResponseBase:
        return book_view(request, year)

    return [
        path("inspection/", site.admin_view(inspection), name="inspection"),
        path("inspection/<int:year>/", site.admin_view(inspection), name="inspection_year"),
        path("inspection/<int:year>/workbook/", site.admin_view(book), name="inspection_book"),
    ]


def rows_of(request: HttpRequest, year: int | None) -> tuple[int, list[WallRow]]:
    """The year that is meant and its wall. Raises Http404 for people who work in one department."""
    person = access.person_of(request)
    if not home.sees_region(person):
        raise Http404
    today = timezone.localdate()
    chosen = year or home.current_year(person, today)
    rows = home.year_rows(person, chosen, today)
    disclosures = [row.disclosure for row in rows if row.disclosure]
    regions = sorted({row.department.region_id for row in rows})
    return chosen, wall(rows, keep_up(disclosures, regions, chosen) if disclosures else {})


def inspection_view(site: AdminSite, request: HttpRequest, year: int | None) -> HttpResponse:
    """Departments by the five criteria; with `?criterion=` by the rules of one of them."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    chosen, rows = rows_of(request, year)
    asked = request.GET.get("criterion", "")
    criterion = Criterion(asked) if asked in {each.value for each in Criterion} else None
    only = request.GET.get("only", "")
    only = only if only in ONLY else ""
    shown = [row for row in rows if not only or row.open]
    columns = heads(criterion)
    if criterion:  # what somebody has to look at comes first
        busy = {key for row in shown for key, cell in cells(row, criterion) if cell.leads}
        columns.sort(key=lambda head: head[0] not in busy)
    years = access.disclosures_for(access.person_of(request)).order_by("-fiscal_year")
    context: dict[str, Any] = {
        "title": f"{chosen}年公开检查预演",
        "year": chosen,
        "years": list(dict.fromkeys([*years.values_list("fiscal_year", flat=True), chosen])),
        "criterion": criterion,
        "criteria": [(each, MEANINGS[each]) for each in Criterion],
        "heads": columns,
        "rows": [(row, in_columns(row, criterion, columns)) for row in shown],
        "only": only,
        "filters": [(key, words, len(rows) if not key else sum(bool(r.open) for r in rows)) for key, words in ONLY.items()],
        "total": len(rows),
        "fits": sum(row.fits for row in rows),
        "open": sum(bool(row.open) for row in rows),
        "nothing": sum(row.without is Mark.NOTHING for row in rows),
        "waiting": waiting(rows),
        "deadline": DEADLINE,
    }  # fmt: skip
    return framed(site, request, "admin/inspection.html", context)


def in_columns(
    row: WallRow, criterion: Criterion | None, columns: Iterable[tuple[str, str, str]]
) -> list[tuple[str, Cell]]:
    """The cells of a row in the order of the columns."""
    by_key = dict(cells(row, criterion))
    return [(key, by_key[key]) for key, *_ in columns]


def book_view(request: HttpRequest, year: int) -> HttpResponseBase:
    """The wall as a workbook."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    chosen, rows = rows_of(request, year)
    region = rows[0].department.region.name if rows else ""
    return attached(inspection_book(region, chosen, rows), f"{region}{chosen}年公开检查预演.xlsx")


class InspectedPages(ScopedAdmin):
    """What stands behind a cell of the wall."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/inspected/<slug:key>/", self.inspected_view, "inspected"),
        ]

    @object_view(*READING)
    def inspected_view(self, request: HttpRequest, disclosure: Disclosure, key: str) -> HttpResponse:
        """The findings of a rule or of a criterion, open ones first; of a single one its own place. 404 for any other key."""
        criterion = Criterion(key) if key in {each.value for each in Criterion} else None
        if key == DEADLINE:
            return HttpResponseRedirect(reverse("admin:budgets_disclosure_basics", args=[disclosure.pk]))
        if criterion is None and key not in CRITERION_OF:
            raise Http404
        rules = SERVES[criterion] if criterion else (key,)
        draft = draft_of(disclosure)
        blocking = {finding.key for finding in draft.blockers}
        found = [finding for finding in draft.findings if finding.rule in rules]
        found.sort(key=lambda finding: finding.key not in blocking)
        notes = notes_on(disclosure, draft, found[:MOST_SHOWN])
        if len(notes) == 1 and notes[0].links:
            return HttpResponseRedirect(notes[0].links[0].url)
        return self.render(
            request,
            "admin/disclosure/inspected.html",
            disclosure,
            title=f"检查预演：{criterion.label}" if criterion else "检查预演",
            asked=MEANINGS[criterion] if criterion else formula_of(key),
            notes=notes,
            total=len(found),
            writable=access.may(request.user, access.May.EDIT, disclosure),
        )
