"""The year overview of the bureau: every department with its state and the days it has left."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from budgets import access
from budgets.admin import home
from budgets.admin.base import READING


def urls(site: AdminSite) -> list[URLPattern]:
    """The overview of the latest year and of a given one."""

    def overview(request: HttpRequest, year: int | None = None) -> HttpResponse:
        return overview_view(site, request, year)

    return [
        path("overview/", site.admin_view(overview), name="overview"),
        path("overview/<int:year>/", site.admin_view(overview), name="overview_year"),
    ]


def overview_view(site: AdminSite, request: HttpRequest, year: int | None) -> HttpResponse:
    """Departments by urgency; 404 for people who work in one department."""
    if not home.sees_region(request.user):
        raise Http404
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    today = timezone.localdate()
    chosen = year or home.current_year(request.user, today)
    rows = home.year_rows(request.user, chosen, today)
    years = (
        access.disclosures_for(request.user).order_by("-fiscal_year").values_list("fiscal_year", flat=True)
    )
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": f"{chosen}年度总览",
        "rows": rows,
        "year": chosen,
        "years": list(dict.fromkeys([*years, chosen])),
        "published": sum(bool(row.disclosure and row.disclosure.public_now) for row in rows),
        "late": sum(row.deadline.late for row in rows),
        "unstarted": sum(row.disclosure is None for row in rows),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/overview.html", context)
