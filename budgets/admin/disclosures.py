"""The disclosures: their list, the page of one with its tasks, findings and steps, and starting a new year."""

from operator import itemgetter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from budgets import access, tablesets
from budgets.domain.findings import Severity
from budgets.drafts import draft_of
from budgets.models import DEPARTMENT_ROLES, Disclosure, Explanation, JobKind, Status
from budgets.starting import CannotStart, start

from . import home
from .base import FORM, READING, object_view
from .editing import Edit, Stale, changes, editing, posted_version, since
from .entry import CONFLICT
from .intakes import IntakePages
from .previews import PreviewPages, pending
from .steps import StepPages, steps_for
from .tasks import desk, digest

MOST_WORDS = 2000
HEADLINES = ("total_resources", "basic", "project", "three_public")


class StartForm(forms.Form):
    """Which year to start, and from which earlier one its structure is taken."""

    year = forms.IntegerField(label="预算年度", min_value=2000, max_value=2099)
    table_set = forms.ChoiceField(
        label="表样", choices=tablesets.choices, help_text="沿用以前年度时，以那一年的表样为准。"
    )
    like = forms.ModelChoiceField(
        label="沿用以前年度的结构",
        queryset=Disclosure.objects.none(),
        required=False,
        empty_label="不沿用，从空白开始",
        help_text="沿用科目、机构、项目、绩效目标和说明文字；金额和批复日期一律留空重填。",
    )


@admin.register(Disclosure)
class DisclosureAdmin(IntakePages, PreviewPages, StepPages):
    """Disclosures of the departments that exist for the person."""

    list_display = (
        "title_label",
        "department",
        "state",
        "approved_on",
        "deadline_label",
        "updated_at",
        "updated_by",
    )
    list_display_links = ("title_label",)
    list_filter = ("fiscal_year", "status", ("department", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("department", "updated_by")
    search_fields = ("department__name", "department__code")
    search_help_text = "按部门名称或编码查找"
    ordering = ("-fiscal_year", "department__code", "stage")
    add_label = "开始一个新年度"

    @admin.display(description="内容", ordering="fiscal_year")
    def title_label(self, row: Disclosure) -> str:
        return row.title

    @admin.display(description="状态", ordering="status")
    def state(self, row: Disclosure) -> str:
        return Status(row.status).label

    @admin.display(description="公开期限")
    def deadline_label(self, row: Disclosure) -> str:
        return home.item(row, timezone.localdate()).deadline.words

    def may_add(self, user: Any) -> bool:
        return bool(user.department and access.may_create(user, user.department))

    def may_change(self, user: Any, row: Model | None) -> bool:
        """The stock form is never used: a disclosure is edited part by part, each under its own check."""
        return False

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """In one department there is nothing to choose a department from."""
        single = request.user.role in DEPARTMENT_ROLES
        return [each for each in self.list_filter if not (single and isinstance(each, tuple))]

    def object_urls(self) -> list[URLPattern]:
        return [*super().object_urls(), self.page("<int:object_id>/explain/", self.explain_view, "explain")]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self.hub_view(request, object_id)

    @object_view(*READING)
    def hub_view(self, request: HttpRequest, disclosure: Disclosure, **context: Any) -> HttpResponse:
        """The page of one disclosure: who did what, what is to be filled in, what stands against it, what can be done."""
        return self.show_hub(request, disclosure)

    def show_hub(self, request: HttpRequest, disclosure: Disclosure, **context: Any) -> HttpResponse:
        draft = draft_of(disclosure)
        return self.render(
            request,
            "admin/disclosure/hub.html",
            disclosure,
            title=str(disclosure),
            item=home.item(disclosure, timezone.localdate()),
            desk=desk(disclosure, draft),
            figures=[figure for figure in draft.document.figures if figure.key in HEADLINES],
            steps=steps_for(request.user, disclosure),
            writable=access.may(request.user, access.May.EDIT, disclosure),
            log=disclosure.log.select_related("person").order_by("-id")[:8],
            publications=disclosure.publications.select_related("state").order_by("-revision"),
            job=disclosure.jobs.exclude(kind=JobKind.PREVIEW).first(),
            pending=request.user.role in access.ROLES[access.May.PUBLISH] and pending(disclosure),
            intake=disclosure.intakes.filter(undone_at=None).first(),
            **context,
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.whole_history_view(request, object_id)

    @object_view(*READING)
    def whole_history_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Savings and steps of one disclosure together, latest first."""
        saved = [
            {"at": entry.action_time, "who": entry.user, "words": entry.get_change_message()}
            for entry in changes(disclosure)
        ]
        taken = [
            {"at": row.at, "who": row.person, "words": row.reason, "step": row.get_action_display()}
            for row in disclosure.log.select_related("person")
        ]
        entries = sorted([*saved, *taken], key=itemgetter("at"), reverse=True)
        return self.render(
            request,
            "admin/disclosure/history.html",
            disclosure,
            title="修改历史",
            entries=entries,
            writable=True,
        )

    @object_view(*FORM)
    def explain_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Store the department's words on the warnings that stand now; an emptied one is removed."""
        hub = reverse("admin:budgets_disclosure_change", args=[disclosure.pk])
        if request.method != "POST":
            return HttpResponseRedirect(hub)
        try:
            with editing(request, disclosure) as edit:
                self.explain(edit, request)
        except Stale as stale:
            kept = [text for name, text in request.POST.items() if name.startswith("text-") and text.strip()]
            conflict = since(stale.current, posted_version(request))
            response = self.show_hub(request, stale.current, conflict=conflict, kept=kept)
            response.status_code = CONFLICT
            return response
        messages.success(request, edit.message or "说明没有改动。")
        return HttpResponseRedirect(f"{hub}#findings")

    def explain(self, edit: Edit, request: HttpRequest) -> None:
        """One explanation a finding. The form names findings by their keys; others are left as they are."""
        draft = draft_of(edit.disclosure)
        changed = 0
        for finding in draft.findings:
            field = f"text-{digest(finding.key)}"
            if finding.severity is not Severity.WARNING or field not in request.POST:
                continue
            text = request.POST[field].strip()[:MOST_WORDS]
            public = f"public-{digest(finding.key)}" in request.POST
            old = draft.explanations.get(finding.key)
            if (text, public and bool(text)) == ((old.text, old.public) if old else ("", False)):
                continue
            changed += 1
            rows = Explanation.objects.filter(disclosure=edit.disclosure, finding_key=finding.key)
            rows.delete()
            if text:
                Explanation.objects.create(
                    disclosure=edit.disclosure,
                    finding_key=finding.key,
                    rule=finding.rule,
                    message=finding.message,
                    text=text,
                    public=public,
                    person=request.user,
                )
        edit.message = f"检查说明：{changed} 条已保存" if changed else ""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Start a year of the own department; 403 for everybody who is not its accountant."""
        if request.method not in FORM:
            return HttpResponseNotAllowed(FORM)
        if not self.has_add_permission(request):
            raise PermissionDenied
        department = request.user.department
        own = access.disclosures_for(request.user).filter(department=department).order_by("-fiscal_year")
        latest = own.first()
        initial = {"year": latest.fiscal_year + 1 if latest else timezone.localdate().year, "like": latest}
        initial["table_set"] = latest.table_set if latest else tablesets.choices()[0][0]
        form = StartForm(request.POST or None, initial=initial)
        form.fields["like"].queryset = own
        if request.method == "POST" and form.is_valid():
            try:
                disclosure = start(department, by=request.user, **form.cleaned_data)
            except CannotStart as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已建立{disclosure.title}。")
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        return self.render(request, "admin/form.html", None, title="开始一个新年度", form=form, button="建立")
