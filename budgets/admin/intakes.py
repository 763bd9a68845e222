"""Taking in a file: choose it, read what it says and how it holds together, then confirm; undo while nothing changed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access
from budgets import ledger as ledgers
from budgets.importing.intake import Taken, take_in
from budgets.importing.opening import Unreadable
from budgets.importing.saving import replaced, save, undo
from budgets.models import Disclosure
from budgets.rendering.glyphs import missing_glyphs
from budgets.steps import Refused

from .base import FORM, ScopedAdmin, object_view
from .editing import posted_version

WAITING = "waiting-file"  # session key: disclosure -> name of the file that waits to be confirmed
SEVERITIES = {"error": ("错误", "bad"), "warning": ("警告", "warn"), "advice": ("提示", "go")}


class FileForm(forms.Form):
    """The file to take in."""

    file = forms.FileField(
        label="预算公开文件",
        help_text="Excel 工作簿（.xlsx）或 Word 文件（.docx），不超过 20 MB。按表的标题识别，工作表的先后不要紧。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.docx"}),
        error_messages={"required": "请选择一个文件。"},
    )


def waiting_place(request: HttpRequest, disclosure: Disclosure) -> str:
    """Where a person's unconfirmed file waits: one for each disclosure, so a new choice replaces the old."""
    return f"waiting/{disclosure.pk}-{request.user.pk}"


def forget(request: HttpRequest, disclosure: Disclosure) -> None:
    """Drop the file that waits, if there is one."""
    default_storage.delete(waiting_place(request, disclosure))
    names = request.session.get(WAITING, {})
    names.pop(str(disclosure.pk), None)
    request.session[WAITING] = names


def read_waiting(request: HttpRequest, disclosure: Disclosure) -> Taken | None:
    """What the waiting file says; None when none waits. Raises Unreadable.

    Department and year are the disclosure's: a file never chooses them.
    """
    name = request.session.get(WAITING, {}).get(str(disclosure.pk))
    place = waiting_place(request, disclosure)
    if not name or not default_storage.exists(place):
        return None
    department = disclosure.department
    with default_storage.open(place) as file:
        return take_in(
            file,
            name=name,
            region=department.region.code,
            region_name=department.region.name,
            unit=department.code,
            unit_name=department.name,
            year=disclosure.fiscal_year,
            table_set=disclosure.table_set,
            subjects=ledgers.subjects_for(disclosure.fiscal_year),
            glyphs=missing_glyphs,
        )


def shown(report: dict[str, Any]) -> dict[str, Any]:
    """A report as the page shows it: suspects marked among the differences, severities in words."""
    suspects = {(s["sheet"], s["cell"]) for s in report["suspects"]}
    return report | {
        "differences": [d | {"suspect": (d["sheet"], d["cell"]) in suspects} for d in report["differences"]],
        "findings": [f | {"state": SEVERITIES[f["severity"]]} for f in report["findings"]],
    }


class IntakePages(ScopedAdmin):
    """Choosing, checking, confirming and undoing a file."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/intake/", self.intake_view, "intake"),
            self.page("<int:object_id>/intake/check/", self.intake_check_view, "intake_check"),
            self.page("<int:object_id>/intake/<int:intake_id>/", self.intake_report_view, "intake_report"),
        ]

    @object_view(*FORM)
    def intake_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Choose a file. It is kept aside and nothing of the draft changes."""
        self.require_edit(request, disclosure)
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            forget(request, disclosure)
            file = form.cleaned_data["file"]
            default_storage.save(waiting_place(request, disclosure), file)
            request.session[WAITING] = request.session[WAITING] | {str(disclosure.pk): file.name}
            try:
                read_waiting(request, disclosure)
            except Unreadable as unreadable:
                forget(request, disclosure)
                form.add_error("file", str(unreadable))
            else:
                address = reverse("admin:budgets_disclosure_intake_check", args=[disclosure.pk])
                return HttpResponseRedirect(address)
        return self.render(
            request, "admin/disclosure/intake.html", disclosure, title="导入文件", form=form, writable=True
        )

    @object_view(*FORM)
    def intake_check_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """What the waiting file says; POST takes it in or puts it away."""
        self.require_edit(request, disclosure)
        if request.method == "POST" and "cancel" in request.POST:
            forget(request, disclosure)
            return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        taken = read_waiting(request, disclosure)
        if taken is None:
            return HttpResponseRedirect(reverse("admin:budgets_disclosure_intake", args=[disclosure.pk]))
        refusal = None
        if request.method == "POST":
            try:
                accept = "accept" in request.POST
                save(taken, disclosure, request.user, accept=accept, version=posted_version(request))
            except Refused as refused:
                refusal = refused
                disclosure.refresh_from_db()
            else:
                forget(request, disclosure)
                messages.success(request, f"已导入“{taken.source.name}”。")
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        response = self.render(
            request,
            "admin/disclosure/intake_check.html",
            disclosure,
            title="核对导入的文件",
            taken=taken,
            report=shown(taken.report()),
            replaced=replaced(ledgers.read(disclosure), taken),
            refusal=refusal,
            writable=True,
        )
        response.status_code = 409 if refusal else 200
        return response

    @object_view(*FORM)
    def intake_report_view(
        self, request: HttpRequest, disclosure: Disclosure, intake_id: int
    ) -> HttpResponse:
        """The report of a file that was taken in; POST undoes it. 404 for a file of another disclosure."""
        intake = disclosure.intakes.select_related("person").filter(pk=intake_id).first()
        if intake is None:
            raise Http404
        refusal = None
        if request.method == "POST":
            self.require_edit(request, disclosure)
            try:
                undo(intake, request.user)
            except Refused as refused:
                refusal = refused
            else:
                messages.success(request, f"已撤销导入“{intake.name}”，内容恢复到导入之前。")
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        response = self.render(
            request,
            "admin/disclosure/intake_report.html",
            disclosure,
            title="导入报告",
            intake=intake,
            report=shown(intake.report) if intake.report else None,
            refusal=refusal,
            undoable=access.may(request.user, access.May.EDIT, disclosure)
            and not intake.undone_at
            and intake.version_after == disclosure.version,
            writable=True,
        )
        response.status_code = 409 if refusal else 200
        return response

    def require_edit(self, request: HttpRequest, disclosure: Disclosure) -> None:
        if not access.may(request.user, access.May.EDIT, disclosure):
            raise PermissionDenied
