"""我的导出: what was asked for of the region's years, how far it is, and the files; and the consolidated tables as a page."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from budgets import access
from budgets.admin.base import FORM, READING
from budgets.admin.draft_files import attached
from budgets.admin.site_frame import framed, page_at
from budgets.domain.documents import Paragraph, Sheet
from budgets.models import Export, ExportKind, JobState, Person, Region
from budgets.models.region_exports import KEPT
from budgets.rendering.html.html_table import table_html
from budgets.rendering.sheet_layout import lay_out
from budgets.rendering.workbook.xlsx import tables_workbook
from budgets.workflow import making_exports as exports
from budgets.workflow.consolidation import scope_of
from budgets.workflow.kept_files import at_hand, is_at_hand

NAMED = 8  # departments that are left out; more of them fold


def urls(site: AdminSite) -> list[URLPattern]:
    """The list, how far one is, its file, and a year's consolidated tables."""

    return [
        page_at(site, "downloads/", list_view, "downloads"),
        path("downloads/<int:object_id>/", site.admin_view(state_view), name="download_state"),
        path("downloads/<int:object_id>/file/", site.admin_view(file_view), name="download_file"),
        page_at(site, "overview/<int:year>/sums/", sums_view, "sums"),
    ]


def region_of(person: Person) -> Region:
    """The region whose year the person takes along. Raises Http404 for who works in one department, or has no one region."""
    regions = list(access.regions_for(person)[:2])
    if not access.takes_exports(person) or len(regions) != 1:
        raise Http404
    return regions[0]


def ask(request: HttpRequest, kind: ExportKind, year: int, **wanted: Any) -> HttpResponseRedirect:
    """Ask a worker for a file of the year, and lead to the list where it will be."""
    person = access.person_of(request)
    export = exports.ask(kind, region_of(person), year, by=person, **wanted)
    messages.success(request, f"“{exports.name_of(export)}”正在生成，做好后在这里下载。")
    return HttpResponseRedirect(reverse("admin:downloads"))


def list_view(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    """What was asked for in the last days, newest first; 404 for who works in one department."""
    person = access.person_of(request)
    if not access.takes_exports(person):
        raise Http404
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    found = access.exports_for(person).filter(queued_at__gt=timezone.now() - KEPT)
    rows = list(found.select_related("person", "region"))
    shown = [
        {
            "export": export,
            "name": exports.name_of(export),
            "ready": export.state == JobState.DONE and is_at_hand(exports.file_of(export)),
            "until": export.queued_at + KEPT,
            "tone": {JobState.DONE: "good", JobState.FAILED: "bad"}.get(JobState(export.state), "go"),
        }
        for export in rows
    ]
    context: dict[str, Any] = {
        "title": "我的导出",
        "rows": shown,
        "waiting": next((export for export in reversed(rows) if not export.finished), None),
        "days": KEPT.days,
    }
    return framed(site, request, "admin/downloads.html", context)


def _export(request: HttpRequest, object_id: int) -> Export:
    found = (
        access.exports_for(access.person_of(request)).filter(pk=object_id).select_related("region").first()
    )
    if found is None:
        raise Http404
    return found


def state_view(request: HttpRequest, object_id: int) -> HttpResponseBase:
    """How far one is, for the page that waits: {state, message}."""
    export = _export(request, object_id)
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    return JsonResponse(
        {
            "state": export.state if export.finished else "waiting",
            "message": export.message or export.progress,
        }
    )


def file_view(request: HttpRequest, object_id: int) -> HttpResponseBase:
    """The file; 404 while it is not done, and when its days are over."""
    export = _export(request, object_id)
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    file = at_hand(exports.file_of(export))
    if export.state != JobState.DONE or not file.is_file():
        raise Http404
    return FileResponse(file.open("rb"), as_attachment=True, filename=exports.name_of(export))


def sums_view(site: AdminSite, request: HttpRequest, year: int) -> HttpResponseBase:
    """The consolidated tables of a year, one at a time, or all as a workbook; POST asks for them as PDF."""
    region = region_of(access.person_of(request))
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    approved = "approved" in request.GET
    if request.method == "POST":
        return ask(request, ExportKind.TABLES, year, **({"approved": True} if approved else {}))
    scope = scope_of(region, year, approved=approved)
    sheets = {
        f"{n}-{sheet.key}": (heading, sheet)
        for n, (heading, document) in enumerate(scope.documents, 1)
        for sheet in document.sheets()
    }
    if "xlsx" in request.GET:
        if not sheets:
            raise Http404
        name = exports.name_of(
            Export(kind=ExportKind.TABLES, region=region, fiscal_year=year, wanted={"approved": approved})
        )
        name = name.removesuffix(".pdf")
        return attached(
            tables_workbook([sheet for _, sheet in sheets.values()], name, region.name), f"{name}.xlsx"
        )
    chosen = request.GET.get("table", "")
    chosen = chosen if chosen in sheets else next(iter(sheets), "")
    headings: dict[str, list[tuple[str, Sheet]]] = {}
    for key, (heading, sheet) in sheets.items():
        headings.setdefault(heading, []).append((key, sheet))
    shown = sheets[chosen][1] if chosen else None
    told = [
        block.text
        for _, document in scope.documents
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Paragraph)
    ]
    context: dict[str, Any] = {
        "title": f"{year}年汇总表",
        "year": year,
        "standing": scope.standing.partition("，未包含："),
        "folded": scope.standing.count("、") > NAMED,
        "told": [text for text in dict.fromkeys(told) if text != f"{scope.standing}。"],
        "approved": approved,
        "headings": list(headings.items()),
        "chosen": chosen,
        "sheet": shown,
        "table": table_html(replace(lay_out(shown, addressed=False), classes="quiet sums"), heading=2)
        if shown
        else "",
    }
    return framed(site, request, "admin/sums.html", context)
