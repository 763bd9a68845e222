"""Taking in a file: hand it in, see what it says and how it holds together, confirm; undo while nothing changed."""

import re
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from openpyxl.utils import column_index_from_string

from budgets import access, tablesets
from budgets import ledger as ledgers
from budgets.admin.base import FORM, READING, object_view
from budgets.admin.chapter_intakes import ChapterIntakePages
from budgets.admin.editing import posted_version
from budgets.admin.site_frame import HandedIn
from budgets.domain.findings import Finding
from budgets.forms.template import template_workbook
from budgets.importing.comparing.file_findings import LOST
from budgets.importing.reading.opening import MAX_FILE
from budgets.importing.taken import loads
from budgets.models import Disclosure, Intake, JobState
from budgets.rendering.html.html_table import table_html
from budgets.rendering.sheet_layout import lay_out
from budgets.rules.rounding_breaks import broken_by_rounding
from budgets.tablesets.rounding import fine_records, off_quantum
from budgets.workflow import background
from budgets.workflow.chapters_taken import words_alone
from budgets.workflow.intake_saving import forget, merge, replaced, save, undo
from budgets.workflow.stepping import Refused
from budgets.workflow.year_opening import form_of

ADDRESS = re.compile(r"\b([A-Z]{1,2})(\d+)\b", re.ASCII)
SEVERITIES = {"error": ("错误", "bad"), "warning": ("警告", "warn"), "advice": ("提示", "go")}
CONFLICT = 409
MOST_BREAKS = 20  # of the ties that rounding breaks, those that the page names


class FileForm(forms.Form):
    """The file to take in."""

    file = HandedIn(
        label="预算公开文件",
        help_text=f"Excel 工作簿（.xlsx、.xls、.csv）、Word 文件（.docx）或有文字的 PDF，不超过 {MAX_FILE // 2**20} MB。"
        "按表的标题和表头识别，工作表的先后不要紧。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.et,.csv,.xml,.html,.docx,.pdf"}),
        smaller="请删去图片等无关内容后再试",
    )
    transcribed = forms.BooleanField(
        label="这是以前已经公开过的文件，各表照原样印出",
        help_text="不勾选时，各表由明细推算；勾选时，合计等各格都照录原件，勾稽不上的地方列为检查结果。"
        "表样不在已有之列的，各表照原样收录，仅核对表内合计。",
        required=False,
    )


def shown(report: dict[str, Any], kind: str) -> dict[str, Any]:
    """A report as the page shows it: the suspects, the differences and findings that follow from them and the others,
    severities and places in words; what a finding tells is not told again as unread.

    `kind` is that of the file: only a worksheet has letters over its columns.
    """

    def spot(cell: str) -> str:
        if kind == "xlsx":
            return cell
        return ADDRESS.sub(lambda at: f"第{at[2]}行第{column_index_from_string(at[1])}列", cell)

    lost = {(c["sheet"], c["cell"]) for f in report["findings"] if f["rule"] == LOST for c in f["cells"]}
    told = lost | {(s["sheet"], s["cell"]) for s in report["suspects"]}
    differing = [
        d | {"cell": spot(d["cell"])} for d in report["differences"] if (d["sheet"], d["cell"]) not in told
    ]
    findings = [
        f
        | {"state": SEVERITIES[f["severity"]]}
        | {"places": [f"{cell['sheet']} {spot(cell['cell'])}" for cell in f["cells"] if cell["cell"]]}
        for f in report["findings"]
    ]
    return report | {
        "suspects": [
            s | {"cell": spot(s["cell"]), "instead": [spot(cell) for cell in s.get("instead", ())]}
            for s in report["suspects"]
        ],
        "follow": [d for d in differing if d.get("follows")],
        "other": [d for d in differing if not d.get("follows")],
        "findings": [f for f in findings if not f.get("follows")],
        "follow_findings": [f for f in findings if f.get("follows")],
        "unread": [
            u | {"cell": spot(u["cell"])} for u in report["unread"] if (u["sheet"], u["cell"]) not in lost
        ],
        "origins": [o | {"cell": spot(o["cell"])} for o in report.get("origins", ())],
    }


class IntakePages(ChapterIntakePages):
    """Handing in, checking, confirming and undoing a file."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/intake/", self.intakes_view, "intake"),
            self.page("<int:object_id>/intake/template/", self.template_view, "intake_template"),
            self.page("<int:object_id>/intake/<int:intake_id>/", self.intake_view, "intake_file"),
        ]

    @object_view(*FORM)
    def intakes_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Hand in a file: it is kept aside and read by a worker, and nothing of the draft changes."""
        self.require_edit(request, disclosure)
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file, transcribed = form.cleaned_data["file"], form.cleaned_data["transcribed"]
            try:
                intake = background.take_in(
                    disclosure, file, by=access.person_of(request), transcribed=transcribed
                )
            except Refused as refusal:  # submitted in the same moment
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(intake_address(intake))
        return self.render(
            request,
            "admin/disclosure/intake.html",
            disclosure,
            title="导入文件",
            form=form,
            undone="没有读取",
            writable=True,
        )

    @object_view(*READING)
    def template_view(self, request: HttpRequest, disclosure: Disclosure) -> FileResponse:
        """The workbook to fill in, for this department and year."""
        department = disclosure.department
        content = template_workbook(
            tablesets.get(form_of(disclosure)),
            year=disclosure.fiscal_year,
            unit_code=department.code,
            unit_name=department.name,
            region_name=department.region.name,
        )
        return FileResponse(BytesIO(content), as_attachment=True, filename=f"{disclosure}填报模板.xlsx")

    @object_view(*FORM)
    def intake_view(self, request: HttpRequest, disclosure: Disclosure, intake_id: int) -> HttpResponse:
        """One file: while it is read, when it waits to be confirmed, and after; 404 for another disclosure's.

        A file that waits exists only for the person who handed it in, until that person hands in the next.
        """
        intake = disclosure.intakes.select_related("person").filter(pk=intake_id).first()
        if intake is None or not (intake.confirmed_at or intake.person == access.person_of(request)):
            if not access.may(request.user, access.May.EDIT, disclosure):
                raise Http404
            page: dict[str, Any] = {"title": "导入文件", "form": FileForm(), "gone": True, "writable": True}
            return self.render(request, "admin/disclosure/intake.html", disclosure, status=404, **page)
        if intake.confirmed_at:
            return self.confirmed_view(request, disclosure, intake)
        self.require_edit(request, disclosure)
        if request.method == "POST" and "cancel" in request.POST:
            forget(disclosure.intakes.filter(pk=intake.pk))
            return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        if intake.taken:
            return self.check_view(request, disclosure, intake)
        job = intake.jobs.first()
        page = {"intake": intake, "job": job, "writable": True}
        if job is not None and job.state == JobState.FAILED:
            page |= {"title": "文件没有读取", "form": FileForm(initial={"transcribed": intake.transcribed})}
            return self.render(request, "admin/disclosure/intake.html", disclosure, **page)
        return self.render(
            request, "admin/disclosure/intake_reading.html", disclosure, title="正在读取文件", **page
        )

    def check_view(self, request: HttpRequest, disclosure: Disclosure, intake: Intake) -> HttpResponse:
        """What the waiting file says; POST takes it in."""
        try:
            taken = loads(intake.taken)
        except (KeyError, TypeError, ValueError):  # written before an upgrade: it is read again
            disclosure.intakes.filter(pk=intake.pk).update(taken="")
            background.reading(intake, by=access.person_of(request))
            return HttpResponseRedirect(intake_address(intake))
        if words_alone(taken, ledgers.read(disclosure)) and not taken.misplaced:
            return self.chapters_view(request, disclosure, intake, taken)
        refusal = None
        if request.method == "POST":
            try:
                save(
                    taken,
                    disclosure,
                    access.person_of(request),
                    accept="accept" in request.POST,
                    rounded="rounded" in request.POST,
                    version=posted_version(request),
                    waiting=intake,
                )
            except Refused as refused:
                refusal = refused
                disclosure.refresh_from_db()
            else:
                messages.success(request, f"已导入“{intake.name}”。")
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        current = ledgers.read(disclosure)
        fine = [*off_quantum(taken.ledger), *fine_records(taken.ledger)]
        breaks: list[Finding] = []
        if fine and not taken.misplaced:
            subjects = ledgers.subjects_for(disclosure.fiscal_year)
            breaks = broken_by_rounding(merge(current, taken), subjects)
        return self.render(
            request,
            "admin/disclosure/intake_check.html",
            disclosure,
            title="核对导入的文件",
            intake=intake,
            taken=taken,
            report=shown(taken.report(), taken.source.kind),
            undeclared=[
                (sheet, table_html(lay_out(sheet, addressed=False), heading=0))
                for sheet in taken.ledger.given
                if sheet.undeclared
            ],
            replaced=replaced(current, taken),
            fine=fine,
            breaks=breaks[:MOST_BREAKS],
            more_breaks=max(0, len(breaks) - MOST_BREAKS),
            quantum=tablesets.get(disclosure.table_set).quantum,
            refusal=refusal,
            writable=True,
            status=CONFLICT if refusal else 200,
        )

    def confirmed_view(self, request: HttpRequest, disclosure: Disclosure, intake: Intake) -> HttpResponse:
        """The report of a file that was taken in; its own button undoes it."""
        refusal = None
        if request.method == "POST":
            self.require_edit(request, disclosure)
            if "undo" not in request.POST:  # the button that confirms, pressed again, here or in another tab
                messages.info(request, f"“{intake.name}”已经导入过了。")
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
            try:
                undo(intake, access.person_of(request))
            except Refused as refused:
                refusal = refused
            else:
                messages.success(request, f"已撤销导入“{intake.name}”，内容恢复到导入之前。")
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
        return self.render(
            request,
            "admin/disclosure/intake_report.html",
            disclosure,
            title="导入报告",
            intake=intake,
            report=shown(intake.report, intake.report.get("kind", "")) if intake.report else None,
            refusal=refusal,
            undoable=access.may(request.user, access.May.EDIT, disclosure)
            and not intake.undone_at
            and intake.version_after == disclosure.version,
            writable=True,
            status=CONFLICT if refusal else 200,
        )

    def require_edit(self, request: HttpRequest, disclosure: Disclosure) -> None:
        if not access.may(request.user, access.May.EDIT, disclosure):
            raise PermissionDenied


def intake_address(intake: Intake) -> str:
    """Where a file is checked, confirmed and undone."""
    return reverse("admin:budgets_disclosure_intake_file", args=[intake.disclosure_id, intake.pk])
