"""The year overview of the bureau: every department with its state and the days it has left."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django_tables2 import Column

from budgets import access
from budgets.access import May
from budgets.admin import home
from budgets.admin.base import FORM
from budgets.admin.export_pages import BUREAU
from budgets.admin.many_at_once import GoingOn, act
from budgets.admin.publishing_times import look_again, soon
from budgets.admin.reminders import missing_in, reminder, told_to_late
from budgets.admin.site_frame import framed
from budgets.models import Person, Status
from budgets.publishing.bundles import Kind
from budgets.rendering.html.list_table import ListTable
from budgets.workflow.batches import STEPS, Outcome


class OverviewTable(ListTable):
    """Departments in a year, the most urgent first unless a column is asked for."""

    caption = "各部门"
    most = 300  # a whole county: what is ticked all at once is all of it
    chosen = Column("选择", empty_values=(), orderable=False)
    code = Column("编码", accessor="department__code")
    name = Column("部门", accessor="department__name", order_by="spoken")
    words = Column("状态")
    approved = Column("批复日期", accessor="approved_on")
    due = Column("公开期限", accessor="deadline__due")
    left = Column("剩余", accessor="deadline__left", order_by=("deadline__order", "deadline__left"))
    edited = Column("最近变动", accessor="disclosure__updated_at")
    contact = Column("联系人、电话", empty_values=(), orderable=False)
    reminder = Column("工作群", empty_values=(), orderable=False)

    class Meta:
        template_name = "tables/overview.html"
        attrs = {"class": "quiet dense county"}
        empty_text = "没有这样的部门。"


# What of a year is shown, besides what is in one state.
STATES = (
    Status.DRAFT,
    Status.RETURNED,
    Status.SUBMITTED,
    Status.APPROVED,
    Status.PUBLISHED,
    Status.WITHDRAWN,
)
SHOWN = {
    "": "全部",
    "unstarted": "未开始",
    **{state.value: state.label for state in STATES},
    "scheduled": "定时公开",
    "agreeing": home.AGREEING,
    "asked": home.ASKED,
    "late": "逾期",
    "undated": "没有批复日期",
    "differs": "批复日期不一致",
}


def is_shown(row: home.YearRow, only: str) -> bool:
    """Whether a row belongs to what `only` (a key of SHOWN) asks for."""
    disclosure = row.disclosure
    match only:
        case "":
            return True
        case "late":
            return row.deadline.late
        case "undated":
            return row.approved_on is None
        case "differs":
            return row.differs
        case "unstarted":
            return disclosure is None
    if disclosure is None:
        return False
    agreeing = access.waits_for_agreement(disclosure)
    match only:
        case "scheduled":
            return disclosure.publish_at is not None
        case "agreeing":
            return agreeing
        case "asked":
            return bool(disclosure.correction_asked)
    return disclosure.status == only and not agreeing and disclosure.publish_at is None


def urls(site: AdminSite) -> list[URLPattern]:
    """The overview of the latest year and of a given one."""

    def overview(request: HttpRequest, year: int | None = None) -> HttpResponseBase:
        return overview_view(site, request, year)

    return [
        path("overview/", site.admin_view(overview), name="overview"),
        path("overview/<int:year>/", site.admin_view(overview), name="overview_year"),
    ]


def overview_view(site: AdminSite, request: HttpRequest, year: int | None) -> HttpResponseBase:
    """Departments by urgency; 404 for people who work in one department. POST does something with those chosen."""
    person = access.person_of(request)
    if not home.sees_region(person):
        raise Http404
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    today = timezone.localdate()
    chosen = year or home.current_year(person, today)
    rows = home.year_rows(person, chosen, today)
    outcomes: list[Outcome] = []
    if request.method == "POST":
        answer = act(request, chosen, rows)
        if isinstance(answer, HttpResponseBase):
            return answer
        if isinstance(answer, GoingOn):
            words = {"title": f"{'正在' if answer.begun else ''}{answer.step.label}", "going": answer}
            return framed(site, request, "admin/many_going_on.html", words)
        outcomes = answer
        rows = home.year_rows(person, chosen, today)
    address = request.build_absolute_uri(reverse("admin:index"))
    missing = missing_in(rows)
    for row in rows:
        row.reminder = reminder(row, chosen, missing, address)
    only = request.GET.get("only", "")
    only = only if only in SHOWN else ""
    listed = [row for row in rows if is_shown(row, only)]
    years = access.disclosures_for(person).order_by("-fiscal_year").values_list("fiscal_year", flat=True)
    opened = access.years_for(person).values_list("fiscal_year", flat=True)
    context: dict[str, Any] = {
        "title": f"{chosen}年度总览",
        "rows": rows,
        "table": OverviewTable(listed, request, f"only={only}" if only else ""),
        "shown": [(key, words, sum(is_shown(row, key) for row in rows)) for key, words in SHOWN.items()],
        "only": only,
        "year": chosen,
        "years": sorted({*years, *opened, chosen}, reverse=True),
        "published": sum(getattr(row.disclosure, "public_now", False) for row in rows),
        "late": sum(row.deadline.late for row in rows),
        "maps": person.role in BUREAU,
        "opens": access.opens_years(person),
        "unstarted": sum(row.disclosure is None for row in rows),
        "undated": sum(row.approved_on is None for row in rows),
        "late_told": told_to_late(rows, chosen, address),
        "opened": access.years_for(person).filter(fiscal_year=chosen).first(),
        "batch": [step for step in STEPS if any(_takes(person, step, row) for row in listed)],
        "kinds": list(Kind),
        "publish": May.PUBLISH,
        "main": (May.APPROVE, May.PUBLISH),
        "soon": soon(rows[0].department.region) if rows else "",
        "look_again": look_again(row.disclosure for row in rows),
        "refused": [outcome for outcome in outcomes if outcome.refusal],
    }
    return framed(site, request, "admin/overview.html", context)


def _takes(person: Person, step: May, row: home.YearRow) -> bool:
    """Whether the person may take the step with the disclosure of a row."""
    return row.disclosure is not None and access.may_here(person, step, row.disclosure)
