"""The year overview of the bureau: every department with its state and the days it has left."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django_tables2 import Column

from budgets import access
from budgets.admin import home
from budgets.admin.base import READING
from budgets.admin.export_pages import BUREAU
from budgets.rendering.html.list_table import ListTable


class OverviewTable(ListTable):
    """Departments in a year, the most urgent first unless a column is asked for."""

    caption = "各部门"
    code = Column("编码", accessor="department__code")
    name = Column("部门", accessor="department__name", order_by="spoken")
    words = Column("状态")
    approved = Column("批复日期", accessor="disclosure__approved_on")
    due = Column("公开期限", accessor="deadline__due")
    left = Column("剩余", accessor="deadline__left", order_by=("deadline__order", "deadline__left"))
    edited = Column("最近变动", accessor="disclosure__updated_at")

    class Meta:
        template_name = "tables/overview.html"
        attrs = {"class": "quiet"}
        empty_text = "还没有部门。先在“部门”里添加。"


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
    person = access.person_of(request)
    if not home.sees_region(person):
        raise Http404
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    today = timezone.localdate()
    chosen = year or home.current_year(person, today)
    rows = home.year_rows(person, chosen, today)
    years = access.disclosures_for(person).order_by("-fiscal_year").values_list("fiscal_year", flat=True)
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": f"{chosen}年度总览",
        "rows": rows,
        "table": OverviewTable(rows, request),
        "year": chosen,
        "years": list(dict.fromkeys([*years, chosen])),
        "published": sum(getattr(row.disclosure, "public_now", False) for row in rows),
        "late": sum(row.deadline.late for row in rows),
        "maps": person.role in BUREAU,
        "unstarted": sum(row.disclosure is None for row in rows),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/overview.html", context)
