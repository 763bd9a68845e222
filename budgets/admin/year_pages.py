"""The bureau's pages of years: which are open, and of one its table sets, dates of approval, texts and lock."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from budgets import access, tablesets
from budgets.admin import home
from budgets.admin.base import FORM
from budgets.admin.site_frame import framed, page_at
from budgets.admin.year_forms import DatesForm, OpenForm, TermsForm, TextsForm
from budgets.domain.law import due
from budgets.models import FiscalYear, Person, Publication, PublicationStatus, Region
from budgets.workflow.year_opening import (
    CannotOpen,
    history,
    lock,
    open_year,
    set_dates,
    set_terms,
    set_texts,
    unlock,
)

TERMS, DATES, TEXTS, LOCK, UNLOCK = "terms", "dates", "texts", "lock", "unlock"
CONFLICT = 409


def urls(site: AdminSite) -> list[URLPattern]:
    """The years, and one of them."""

    return [
        page_at(site, "years/", years_view, "fiscal_years"),
        page_at(site, "years/<int:year>/", year_view, "fiscal_year"),
    ]


def region_of(person: Person) -> Region:
    """The region whose years a person opens; 404 for everybody outside its bureau."""
    if not access.opens_years(person) or person.home_region is None:
        raise Http404
    return person.home_region


def years_view(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The years that are open, and the form that opens one."""
    person = access.person_of(request)
    region = region_of(person)
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    years = list(access.years_for(person).select_related("locked_by", "opened_by").order_by("-fiscal_year"))
    latest = years[0] if years else None
    initial = {
        "number": latest.fiscal_year + 1 if latest else timezone.localdate().year,
        "table_set": latest.table_set if latest else region.table_set or tablesets.usual()[0][0],
    }
    form = OpenForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            year = open_year(region, by=person, **form.cleaned_data)
        except CannotOpen as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已开放{year.fiscal_year}年度，各部门可以开始编报。")
            return HttpResponseRedirect(reverse("admin:fiscal_year", args=[year.fiscal_year]))
    labels = dict(tablesets.choices())
    return _page(
        site,
        request,
        "admin/years.html",
        title="预算年度",
        form=form,
        button="开放",
        years=[(year, labels.get(year.table_set, year.table_set)) for year in years],
    )


def year_view(site: AdminSite, request: HttpRequest, year: int) -> HttpResponse:
    """One open year; whichever button is pressed saves all that was typed, and what was typed is kept when it is refused."""
    person = access.person_of(request)
    region = region_of(person)
    opened = access.years_for(person).filter(region=region, fiscal_year=year).first()
    if opened is None:
        raise Http404
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    forms_ = Forms(request, person, opened)
    refusal = ""
    if request.method == "POST":
        try:
            done = forms_.save()
        except CannotOpen as refused:
            refusal = str(refused)
        else:
            if done:
                messages.success(request, done)
                return HttpResponseRedirect(request.path)
    labels = dict(tablesets.choices())
    opened = FiscalYear.objects.select_related("locked_by", "opened_by").get(pk=opened.pk)
    rows = home.year_rows(person, year, timezone.localdate())
    return _page(
        site,
        request,
        "admin/year.html",
        status=CONFLICT if refusal else 200,
        title=f"{year}年度设置",
        year=opened,
        refusal=refusal,
        terms=forms_.terms,
        dates=forms_.dates,
        texts=forms_.texts,
        rows=list(forms_.shown(rows, labels)),
        differing=[row for row in rows if row.differs],
        closed=[
            row
            for row in rows
            if row.disclosure
            and not row.disclosure.approved_on
            and row.set_on
            and not row.disclosure.editable
        ],
        undated=sum(row.approved_on is None for row in rows),
        history=history(opened)[:8],
    )


class Forms:
    """The parts of a year's page; those that were sent are bound."""

    def __init__(self, request: HttpRequest, person: Person, year: FiscalYear) -> None:
        self.person, self.year = person, year
        self.sent = request.POST.get("do", "") if request.method == "POST" else ""
        version = request.POST.get("version", "")
        self.version = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        departments = list(access.departments_for(person).filter(active=True).order_by("code"))
        self.own = {own.department_id: own for own in year.departments.all()}
        sets = dict.fromkeys([year.table_set, *(own.table_set for own in self.own.values() if own.table_set)])
        parts = {TERMS: "table_set", DATES: "list", TEXTS: "text-"}
        names = "\n".join(["", *request.POST])
        post = {
            key: request.POST if key == self.sent or f"\n{name}" in names else None
            for key, name in parts.items()
        }
        self.terms = TermsForm(post[TERMS], year, departments, self.own)
        self.dates = DatesForm(post[DATES], departments)
        self.texts = TextsForm(post[TEXTS], year, sets, year.texts.all())

    def save(self) -> str:
        """Save every part that was changed, and do what the pressed button says, all or nothing: what was done, in words;
        blank when a part was refused. Raises CannotOpen."""
        parts: dict[str, tuple[forms.Form, Callable[[], str]]] = {
            TERMS: (self.terms, self._terms),
            DATES: (self.dates, self._dates),
            TEXTS: (self.texts, self._texts),
        }
        steps = {LOCK: self._lock, UNLOCK: self._unlock}
        if self.sent not in parts and self.sent not in steps:
            raise CannotOpen("没有这一步，请重新打开本页。")
        changed = [
            (form, act)
            for key, (form, act) in parts.items()
            if key == self.sent or (form.is_bound and form.has_changed())
        ]
        if [form for form, _ in changed if form.errors]:  # each says what is wrong with it
            return ""
        done = []
        with transaction.atomic():
            for _, act in changed:
                done.append(act())
                self.year.refresh_from_db()
                self.version = self.year.version
            if self.sent in steps:
                done.append(steps[self.sent]())
        return "".join(done)

    def _terms(self) -> str:
        filled = set_terms(self.year, self.terms.usual, self.terms.own, by=self.person, version=self.version)
        return f"已保存表样和批复日期。{_filled(filled)}"

    def _dates(self) -> str:
        days = self.dates.cleaned_data["list"]
        filled = set_dates(self.year, days, by=self.person, version=self.version)
        return f"已填 {len(days)} 个部门的批复日期。{_filled(filled)}"

    def _texts(self) -> str:
        set_texts(self.year, self.texts.texts, by=self.person, version=self.version)
        return "已保存起草文字，以后从空白开始的部门使用。"

    def _lock(self) -> str:
        lock(self.year, by=self.person)
        return f"已锁定{self.year.fiscal_year}年度，各部门不能再改动和提交。"

    def _unlock(self) -> str:
        unlock(self.year, by=self.person)
        return f"已解除锁定，各部门可以继续办理{self.year.fiscal_year}年度。"

    def shown(self, rows: list[home.YearRow], labels: dict[str, str]) -> Any:
        """Each department with its two fields, what it starts from, where it stands and until when it is due."""
        public = Publication.objects.filter(
            department__in=[row.department.pk for row in rows],
            fiscal_year__lt=self.year.fiscal_year,
            state__status=PublicationStatus.CURRENT,
        )
        latest = dict(public.values_list("department").annotate(Max("fiscal_year")))
        for row in sorted(rows, key=lambda row: row.department.code):
            name = f"set-{row.department.pk}"
            if name not in self.terms.fields:  # closed since; its disclosure stands
                continue
            own = self.own.get(row.department.pk)
            chosen = own.table_set if own and own.table_set else self.year.table_set
            begun = row.disclosure.table_set if row.disclosure else ""
            yield {
                "row": row,
                "set": self.terms[name],
                "day": self.terms[f"day-{row.department.pk}"],
                "due": due(row.approved_on) if row.approved_on else None,
                "like": latest.get(row.department.pk, ""),
                "begun": labels.get(begun, begun) if begun and begun != chosen else "",
            }


def _filled(number: int) -> str:
    return f"{number} 个部门的草稿填上了批复日期。" if number else ""


def _page(
    site: AdminSite, request: HttpRequest, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    return framed(site, request, template, {"writable": True, **context}, status)
