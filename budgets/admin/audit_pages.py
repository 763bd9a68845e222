"""审计日志: one page for the auditor, with filters, and the export that proves its own completeness."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.urls import URLPattern

from budgets import access
from budgets.admin.audit_exports import beginning, export, numbers_of
from budgets.admin.audit_words import worded
from budgets.admin.base import READING
from budgets.admin.site_frame import framed, page_at
from budgets.admin.word_pages import DateInput
from budgets.models import AuditEntry, AuditHead, AuditPending, Disclosure, Person, Region
from budgets.models.audit import HAPPENINGS
from budgets.models.fiscal_years import FIRST, LAST
from budgets.publishing.audit_proofs import PLATFORM
from budgets.workflow import trail

PER_PAGE = 50
MOST_DIGITS = 9
MOST_COUNTED = 10_000
UNREADABLE = 400
UNREAD = {"invalid": "读不懂这个日期。请按 2026-01-31 这样填写，或者留空。"}


class Filters(forms.Form):
    """What of the trail is shown; what is blank filters nothing."""

    region = forms.ChoiceField(label="地区", required=False)
    who = forms.CharField(label="人员", required=False, max_length=150, help_text="姓名或用户名")
    action = forms.ChoiceField(label="事项", required=False, choices=[("", "全部"), *HAPPENINGS.items()])
    about = forms.CharField(
        label="部门或对象", required=False, max_length=200, help_text="部门编码，或对象名称的一部分"
    )
    since = forms.DateField(label="自", required=False, widget=DateInput, error_messages=UNREAD)
    until = forms.DateField(label="至", required=False, widget=DateInput, error_messages=UNREAD)
    text = forms.CharField(label="改动里的文字", required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        """The days in their order: an empty answer would say that nothing happened."""
        said = super().clean() or self.cleaned_data
        since, until = said.get("since"), said.get("until")
        for name in ("since", "until"):
            if (day := said.get(name)) and not FIRST <= day.year <= LAST:
                self.add_error(name, f"请填 {FIRST} 年至 {LAST} 年之间的日期，或者留空。")
        if since and until and since > until:
            self.add_error("until", f"“至”的日期比“自”的 {since} 还早，请改正其中一个。")
        return said

    def __init__(self, data: QueryDict, regions: list[str]) -> None:
        super().__init__(data)
        names = dict(Region.objects.filter(code__in=regions).values_list("code", "name"))
        chains = self.fields["region"]
        assert isinstance(chains, forms.ChoiceField)
        chains.choices = [(code, names.get(code, code) or PLATFORM) for code in regions]
        if len(regions) == 1:
            chains.widget = forms.HiddenInput()
        self.regions = regions

    @property
    def chain(self) -> str:
        """The region that is asked for, the first of the person's unless another of them is."""
        asked = self.cleaned_data.get("region", "") if self.is_valid() else ""
        return asked if asked in self.regions else self.regions[0]

    def rows(self) -> QuerySet[AuditEntry]:
        """The entries that are asked for, latest first; none where a filter cannot be read."""
        rows = AuditEntry.objects.filter(region=self.chain).order_by("-number")
        if not self.is_valid():
            return rows.none()
        said = self.cleaned_data
        if said["who"]:
            rows = rows.filter(username__in=_called(said["who"]))
        if said["action"]:
            rows = rows.filter(action=said["action"])
        if said["about"]:
            code = (
                {"department": said["about"]}
                if said["about"].isdigit()
                else {"about__contains": said["about"]}
            )
            rows = rows.filter(**code)
        if said["since"]:
            rows = rows.filter(at__gte=beginning(said["since"]))
        if said["until"]:
            rows = rows.filter(at__lt=beginning(said["until"] + timedelta(days=1)))
        return rows.filter(change__contains=said["text"]) if said["text"] else rows


def urls(site: AdminSite) -> list[URLPattern]:
    """The trail and its export."""

    return [
        page_at(site, "audit/", audit_view, "audit"),
        page_at(site, "audit/export/", export_view, "audit_export"),
    ]


def asked(request: HttpRequest) -> Filters:
    """The filters of a request. Raises 404 for everybody who may read no trail."""
    regions = access.audit_regions(access.person_of(request))
    if not regions:
        raise Http404
    trail.link()
    return Filters(request.GET, regions)


def audit_view(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Entries, latest first; `before` is the number from which the page goes back, so that a page costs the same anywhere."""
    filters = asked(request)
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    before = request.GET.get("before", "")
    rows = filters.rows()
    if before.isascii() and before.isdigit() and len(before) <= MOST_DIGITS:
        rows = rows.filter(number__lt=int(before))
    found = list(rows[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    head = AuditHead.objects.filter(region=filters.chain).first()
    context: dict[str, Any] = {
        "title": "审计日志",
        "filters": filters,
        "entries": [worded(row) for row in shown],
        "there": _there(request, shown),
        "matching": _matching(filters),
        "head": head,
        "open": AuditPending.objects.filter(region=filters.chain).count(),
        "kept": kept(request.GET),
        "from_top": bool(before),
        "next": shown[-1].number if len(found) > PER_PAGE else None,
    }
    return framed(site, request, "admin/audit.html", context, 200 if filters.is_valid() else UNREADABLE)


def export_view(site: AdminSite, request: HttpRequest) -> HttpResponse | FileResponse:
    """Every entry of the days that are asked for; other filters would tear the chain, and are left aside.

    Where a day cannot be read nothing is exported: the page says which.
    """
    filters = asked(request)
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    filters.full_clean()
    if filters.errors.keys() & {"since", "until"}:
        return audit_view(site, request)
    days = filters.cleaned_data
    since, until = days.get("since"), days.get("until")
    first, last = numbers_of(filters.chain, since, until)
    span = f"{since or '开始'}至{until or '现在'}"
    name = f"审计日志-{filters.chain or PLATFORM}-{span}.zip"
    about = f"{filters.chain or PLATFORM}，{span}，第 {first} 至 {last} 条。"
    return FileResponse(export(filters.chain, first, last, about), as_attachment=True, filename=name)


def _matching(filters: Filters) -> str | None:
    """How many entries the filters leave, in words; None where nothing is filtered. Beyond MOST_COUNTED nobody counts."""
    if not filters.is_valid() or not any(
        filters.cleaned_data[name] for name in filters.fields if name != "region"
    ):
        return None
    found = filters.rows()[: MOST_COUNTED + 1].count()
    return str(found) if found <= MOST_COUNTED else f"{MOST_COUNTED} 多"


def _called(who: str) -> list[str]:
    """The user names of the people who are called so, and what was typed itself: looked up here, they are found by index."""
    found = Person.objects.filter(Q(username=who) | Q(name__contains=who))
    return [who, *found.values_list("username", flat=True)]


def kept(asked_for: QueryDict) -> str:
    """The filters of an address for the links of the page, ending with an ampersand."""
    said = asked_for.copy()
    said.pop("before", None)
    return f"{said.urlencode()}&" if said else ""


def _there(request: HttpRequest, rows: list[AuditEntry]) -> set[str]:
    """The numbers of the disclosures that can still be opened."""
    numbers = {row.object_id for row in rows if row.kind == Disclosure._meta.model_name}
    found = access.disclosures_for(access.person_of(request)).filter(pk__in=numbers)
    return {str(number) for number in found.values_list("pk", flat=True)}
