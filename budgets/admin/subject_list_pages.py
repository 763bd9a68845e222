"""导入科目: a year's list of subject codes and its mapping is handed in, looked at, taken in all at once, and taken back."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from budgets import access
from budgets.admin.base import FORM, READING
from budgets.admin.roster_pages import LATEST, XLSX
from budgets.admin.site_frame import HandedIn, framed, page_at
from budgets.domain.classification import Confidence
from budgets.domain.codec import decode
from budgets.importing.reading.opening import Unreadable
from budgets.importing.rosters.subject_columns import MOVES, SUBJECTS
from budgets.importing.rosters.subject_workbook import subject_workbook
from budgets.models import Person, Scheme, Subject, SubjectMove
from budgets.workflow.quotas import OverQuota
from budgets.workflow.roster_taking import NotTaken
from budgets.workflow.subject_plans import GIVEN, list_before, plan_subjects
from budgets.workflow.subject_taking import MadeSubjects, hand_in_subjects, take_back_subjects, take_subjects

OPEN_WITHIN = 40  # rows of a list that is shown unfolded


class SubjectListForm(forms.Form):
    """A year's list to look at."""

    year = forms.IntegerField(
        label="预算年度",
        help_text="科目从哪一年起用。",
        validators=[MinValueValidator(2000), MaxValueValidator(2099)],
        error_messages={"required": "请填年度，例如 2026。", "invalid": "年度是四位数字，例如 2026。"},
    )
    file = HandedIn(
        label="科目表（.xlsx 或 .csv）",
        help_text="按模板填好的科目表。上传后先看对照，确认以后才导入。",
        smaller=f"请只留“{SUBJECTS}”和“{MOVES}”两张表",
    )
    whole = forms.BooleanField(
        label="这是完整的科目表",
        help_text="勾选后，文件里没有的科目在这一年停用。只补充或更正几个科目的，不要勾选。",
        required=False,
    )


def urls(site: AdminSite) -> list[URLPattern]:
    """The pages of the list; 404 for everybody but who keeps the codes."""

    return [
        page_at(site, "subject-lists/", lists_view, "subject_lists"),
        page_at(site, "subject-lists/<int:object_id>/", list_view, "subject_list"),
        path("subject-lists/year/<int:year>/", site.admin_view(year_view), name="subject_list_year"),
    ]


def _keeper(request: HttpRequest) -> Person:
    person = access.person_of(request)
    if not access.keeps_regions(person):
        raise Http404
    return person


def lists_view(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Hand in a list; the lists of the years to download and what was taken in before are here."""
    person = _keeper(request)
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    years = list(Subject.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct())
    first = {"year": years[0] + 1 if years else timezone.localdate().year}
    form, refusal = SubjectListForm(request.POST or None, request.FILES or None, initial=first), ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            content = given["file"].read()
            found = hand_in_subjects(given["year"], given["file"].name or "", content, given["whole"], person)
            return HttpResponseRedirect(reverse("admin:subject_list", args=[found.pk]))
        except (Unreadable, OverQuota) as error:
            refusal = str(error)
    taken = access.subject_lists_for(person).filter(confirmed_at__isnull=False).select_related("person")
    context = {
        "title": "导入科目",
        "form": form,
        "refusal": refusal,
        "taken": taken[:LATEST],
        "writable": True,
    }
    context |= {"years": years, "first": first["year"]}
    return framed(site, request, "admin/subject_lists.html", context, 409 if refusal else 200)


def list_view(site: AdminSite, request: HttpRequest, object_id: int) -> HttpResponse:
    """What the list would do, or did: confirmed as it was seen, undone while nothing depends on it."""
    person = _keeper(request)
    imported = get_object_or_404(access.subject_lists_for(person), pk=object_id)
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    why: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            if "undo" in request.POST:
                take_back_subjects(imported, person)
                messages.success(request, "已撤销这次导入，科目和对照恢复到导入以前。")
            else:
                take_subjects(imported, request.POST.get("seen", ""), person)
                messages.success(request, "科目表已全部导入。")
            return HttpResponseRedirect(request.path)
        except NotTaken as refusal:
            why = refusal.why
            imported.refresh_from_db()
    context = {
        "title": f"导入{imported.fiscal_year}年科目：{imported.name}",
        "imported": imported,
        "why": why,
    }
    if imported.confirmed_at:
        context["made"] = decode(MadeSubjects, imported.made)
    else:
        context |= {"plan": plan_subjects(imported), "open_within": OPEN_WITHIN}
    return framed(site, request, "admin/subject_list.html", context, 409 if why else 200)


def year_view(request: HttpRequest, year: int) -> HttpResponse:
    """The list of a year with its mapping, to be changed and handed in again.

    A year without one starts from the codes of the year before, and without a mapping.
    """
    _keeper(request)
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    own = Subject.objects.filter(fiscal_year=year).exists()
    subjects = Subject.objects.filter(fiscal_year=year if own else list_before(year) or year, active=True)
    rows = {
        SUBJECTS: [
            {name: getattr(row, name) for name in GIVEN}
            | {
                "scheme": Scheme(row.scheme).label,
                "code": row.code,
                "confidence": Confidence(row.confidence).label,
            }
            for row in subjects
        ],
        MOVES: [
            {
                "year": str(row.fiscal_year),
                "scheme": Scheme(row.scheme).label,
                "old": row.old_code,
                "new": row.new_code,
            }
            for row in SubjectMove.objects.filter(fiscal_year=year)
        ],
    }
    answer = HttpResponse(subject_workbook(year, rows), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="subjects-{year}.xlsx"'
    return answer
