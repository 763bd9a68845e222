"""导入部门和人员: the list is handed in, looked at, taken in all at once, and taken back."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from budgets import access
from budgets.admin.base import FORM, READING
from budgets.admin.site_frame import HandedIn, framed, page_at
from budgets.importing.reading.opening import Unreadable
from budgets.importing.rosters.roster_columns import DEPARTMENTS, PEOPLE, REGION_WIDE, YES_NO
from budgets.importing.rosters.roster_workbook import roster_workbook
from budgets.models import DEPARTMENT_ROLES, Person
from budgets.workflow.quotas import OverQuota
from budgets.workflow.roster_plans import Becomes, label_of, plan_for
from budgets.workflow.roster_taking import NotTaken, hand_in, take, take_back

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LATEST = 10


class RosterForm(forms.Form):
    """A list to look at."""

    file = HandedIn(
        label="名单（.xlsx）",
        help_text="按模板填好的名单。上传后先看对照，确认以后才导入。",
        smaller="请只留“部门”和“人员”两张表",
    )


def urls(site: AdminSite) -> list[URLPattern]:
    """The pages of the list; 404 for everybody but the region's administrator."""

    return [
        page_at(site, "roster/", roster_view, "roster"),
        path("roster/template/", site.admin_view(template_view), name="roster_template"),
        path("roster/current/", site.admin_view(current_view), name="roster_current"),
        page_at(site, "roster/<int:object_id>/", import_view, "roster_import"),
    ]


def _keeper(request: HttpRequest) -> Person:
    person = access.person_of(request)
    if not access.keeps_roster(person):
        raise Http404
    return person


def roster_view(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Hand in a list; template, present list and what was taken in before are here."""
    person = _keeper(request)
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    form, refusal = RosterForm(request.POST or None, request.FILES or None), ""
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            assert person.region is not None
            found = hand_in(person.region, file.name or "", file.read(), person)
            return HttpResponseRedirect(reverse("admin:roster_import", args=[found.pk]))
        except (Unreadable, OverQuota) as error:
            refusal = str(error)
    taken = access.rosters_for(person).filter(confirmed_at__isnull=False).select_related("person")[:LATEST]
    context = {"title": "导入部门和人员", "form": form, "refusal": refusal, "taken": taken, "writable": True}
    return framed(site, request, "admin/roster.html", context, 409 if refusal else 200)


def import_view(site: AdminSite, request: HttpRequest, object_id: int) -> HttpResponse:
    """What the list would do, or did: confirmed as it was seen, undone while nothing depends on it."""
    person = _keeper(request)
    imported = get_object_or_404(access.rosters_for(person), pk=object_id)
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    why: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            if "undo" in request.POST:
                take_back(imported, person)
                messages.success(request, "已撤销这次导入，部门和人员恢复到导入以前。")
            else:
                take(imported, request.POST.get("seen", ""), person)
                messages.success(request, "名单已全部导入。")
            return HttpResponseRedirect(request.path)
        except NotTaken as refusal:
            why = refusal.why
            imported.refresh_from_db()
    context = {"title": f"导入名单：{imported.name}", "imported": imported, "why": why}
    if imported.confirmed_at:
        made = imported.made
        context |= {
            "departments": len(made.get("departments", ())),
            "people": len(made.get("people", ())),
            "changed": len({(each["model"], each["key"]) for each in made.get("changed", ())}),
        }
    else:
        plan = plan_for(imported, person)
        parts = [
            (
                sheet,
                plan.of(sheet, Becomes.NEW),
                plan.of(sheet, Becomes.CHANGED),
                plan.of(sheet, Becomes.SAME),
            )
            for sheet in (DEPARTMENTS, PEOPLE)
        ]
        missing = [(sheet, names) for sheet, names in plan.missing.items() if names]
        context |= {"plan": plan, "parts": parts, "missing": missing}
    return framed(site, request, "admin/roster_import.html", context, 409 if why else 200)


def template_view(request: HttpRequest) -> HttpResponse:
    """The blank list with its help."""
    return _workbook(request, _keeper(request), {}, "template")


def current_view(request: HttpRequest) -> HttpResponse:
    """The list of what there is, to be changed and handed in again."""
    person = _keeper(request)
    departments = access.departments_for(person).filter(active=True).select_related("supervising_department")
    people = access.people_for(person).filter(is_active=True, role__in=access.roles_to_give(person))
    rows = {
        DEPARTMENTS: [
            {
                "code": each.code,
                "name": each.name,
                "supervisor": each.supervising_department.code if each.supervising_department else "",
                "includes": YES_NO[0] if each.includes_units else "",
                "phone": each.phone,
                "address": each.address,
            }
            for each in departments.order_by("code")
        ],
        PEOPLE: [
            {
                "username": each.username,
                "name": each.name,
                "role": label_of(each.role),
                "place": each.department.code
                if each.role in DEPARTMENT_ROLES and each.department
                else REGION_WIDE,
            }
            for each in people.exclude(pk=person.pk).select_related("department").order_by("username")
        ],
    }
    return _workbook(request, person, rows, "current")


def _workbook(
    request: HttpRequest, person: Person, rows: dict[str, list[dict[str, str]]], kind: str
) -> HttpResponse:
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    assert person.region is not None
    roles = [role.label for role in access.roles_to_give(person)]
    content = roster_workbook(rows, roles, person.region.name)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{person.region.code}-roster-{kind}.xlsx"'
    return answer
