"""怎么填: one page for each table set, with the sample as it is filled in. It needs no script and no department."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern

from budgets import tablesets
from budgets.admin.base import READING
from budgets.admin.cell_helps import amounts_in, grid_helps
from budgets.admin.site_frame import framed, page_at
from budgets.forms.guide import STEPS


def urls(site: AdminSite) -> list[URLPattern]:
    """The help on each table set."""

    return [page_at(site, "how-to-fill/<slug:table_set>/", how_to_fill_view, "how_to_fill")]


def how_to_fill_view(site: AdminSite, request: HttpRequest, table_set: str) -> HttpResponse:
    """How the tables and words of a set are filled in; 404 for a set that there is not."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    if table_set in tablesets.AS_IT_STANDS:  # how the forms of its stage are filled in
        table_set = tablesets.of_stage(tablesets.get(table_set).stage)[0].key
    if table_set not in tablesets.SETS:
        raise Http404
    declared = tablesets.get(table_set)
    context: dict[str, Any] = {
        "title": "怎么填",
        "table_set": declared,
        "grids": grid_helps(table_set),
        "amounts": amounts_in(table_set),
        "workbook": STEPS,
    }
    return framed(site, request, "admin/how_to_fill.html", context)
