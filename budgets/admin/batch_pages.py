"""Sixty files at once (批量导入): handed in together, one table of what each is found to be, and those that fit taken in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import URLPattern, path, reverse

from budgets import access
from budgets.access import May
from budgets.admin.base import FORM, READING
from budgets.admin.site_frame import framed, page_at
from budgets.importing.reading.archives import MOST_FILES
from budgets.importing.reading.opening import MAX_FILE, Unreadable
from budgets.models import Batch, BatchFile, FileState, Person, Region, Verdict
from budgets.workflow.batch_files import WAITING, choose, hand_in_many
from budgets.workflow.stepping import Refused

MOST_BYTES = 24 * 2**20  # of one upload: what the server in front lets through
LATEST = 20  # batches that the page lists
TONES = {Verdict.FITS: "good", Verdict.TAKEN: "good", Verdict.DIFFERS: "bad", Verdict.UNKNOWN: "warn", Verdict.DOUBLE: "go"}  # fmt: skip
TOO_MANY = f"一次最多 {MOST_FILES} 个文件、合计 {MOST_BYTES // 2**20} MB；更多的请分几次上传。"


class FilesField(forms.FileField):
    """Several files in one field, each checked as one is."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            raise forms.ValidationError("请选择文件。")
        return [super(FilesField, self).clean(file, initial) for file in data]


class FilesWidget(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesForm(forms.Form):
    """The files of a batch."""

    upload = FilesField(
        label="预算公开文件或压缩包",
        help_text=f"可以一次选多个 Excel、Word 或有文字的 PDF 文件，也可以选一个 ZIP 压缩包。{TOO_MANY}"
        "属于哪个部门、哪一年度，由文件里写的部门名称或编码、年度认出，与文件名无关。",
        widget=FilesWidget(
            attrs={"accept": ".zip,.xlsx,.xls,.et,.csv,.xml,.html,.docx,.pdf", "multiple": True}
        ),
        error_messages={"empty": "“%(name)s”是空的，请重新选择。"},
        allow_empty_file=True,  # one empty file stops no other: it is named in the table
        max_length=255,
    )
    transcribed = forms.BooleanField(
        label="这些是以前已经公开过的文件，各表照原样印出",
        help_text="不勾选时，各表由明细推算；勾选时，合计等各格都照录原件，勾稽不上的地方列为检查结果。"
        "表样不在已有之列的，各表照原样收录，仅核对表内合计。",
        required=False,
    )

    def clean_upload(self) -> Any:
        files = self.cleaned_data["upload"]
        big = [file.name for file in files if file.size > MAX_FILE and not file.name.lower().endswith(".zip")]
        if big:
            raise forms.ValidationError(
                f"“{big[0]}”超过 {MAX_FILE // 2**20} MB，请删去图片等无关内容后再试。"
            )
        if len(files) > MOST_FILES or sum(file.size for file in files) > MOST_BYTES:
            raise forms.ValidationError(TOO_MANY)
        return files


def urls(site: AdminSite) -> list[URLPattern]:
    """The upload, a batch, and how far it is."""

    def batch(request: HttpRequest, object_id: int) -> HttpResponse:
        return batch_view(site, request, batch_of(request, object_id))

    def progress(request: HttpRequest, object_id: int) -> HttpResponse:
        return progress_view(request, batch_of(request, object_id))

    return [
        page_at(site, "batches/", batches_view, "batches"),
        path("batches/<int:object_id>/", site.admin_view(batch), name="batch"),
        path("batches/<int:object_id>/progress/", site.admin_view(progress), name="batch_progress"),
    ]


def region_of(person: Person) -> Region:
    """The region for whose departments a person hands files in; 404 for who may not."""
    if person.role not in access.ROLES[May.FILL] or person.home_region is None:
        raise Http404
    return person.home_region


def batch_of(request: HttpRequest, number: int) -> Batch:
    """A batch of the person's region; any other does not exist."""
    batch = access.batches_for(access.person_of(request)).filter(pk=number).first()
    if batch is None:
        raise Http404
    return batch


def batches_view(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Hand in files, and the batches so far."""
    person = access.person_of(request)
    region = region_of(person)
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if request.method == "POST" and form.is_valid():
        files = [(file.name or "文件", file.read()) for file in form.cleaned_data["upload"]]
        try:
            batch = hand_in_many(files, region, by=person, transcribed=form.cleaned_data["transcribed"])
        except (Refused, Unreadable) as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("admin:batch", args=[batch.pk]))
    latest = access.batches_for(person).select_related("person").prefetch_related("files")[:LATEST]
    context = {
        "title": "批量导入",
        "form": form,
        "latest": [(batch, counted(list(batch.files.all()))) for batch in latest],
    }
    return framed(site, request, "admin/batches.html", context)


def counted(files: list[BatchFile]) -> list[tuple[str, int, str]]:
    """How many of a batch's files have each verdict: words, number, tone."""
    found = [(verdict, sum(file.verdict == verdict for file in files)) for verdict in Verdict]
    return [(verdict.label, number, TONES[verdict]) for verdict, number in found if number]


def left_of(batch: Batch) -> int:
    """How many files are still to be read or taken."""
    return batch.files.filter(state__in=[*WAITING, FileState.READING, FileState.TAKING]).count()


def batch_view(site: AdminSite, request: HttpRequest, batch: Batch) -> HttpResponse:
    """The table of a batch; POST takes the chosen files that fit into their drafts."""
    if request.method not in FORM:
        return HttpResponseNotAllowed(FORM)
    if request.method == "POST":
        posted = set(request.POST.getlist("chosen"))
        chosen = [key for key in batch.files.values_list("pk", flat=True) if str(key) in posted]
        number = choose(batch, chosen, by=access.person_of(request))
        if number:
            messages.success(request, f"{number} 个文件正在写入草稿。")
        else:
            messages.warning(request, "没有选中对得上的文件，什么也没有导入。")
        return HttpResponseRedirect(request.path)
    files = list(batch.files.defer("taken").select_related("department", "disclosure__department", "intake"))
    files.sort(key=lambda file: (not file.remedy, file.position))  # what somebody has to do comes first
    left = left_of(batch)
    context = {
        "title": "批量导入的结果",
        "batch": batch,
        "rows": [(file, TONES.get(Verdict(file.verdict), "") if file.verdict else "") for file in files],
        "summary": counted(files),
        "left": left,
        "done": len(files) - left,
        "fits": sum(file.verdict == Verdict.FITS and file.state == FileState.READ for file in files),
    }
    return framed(site, request, "admin/batch.html", context)


def progress_view(request: HttpRequest, batch: Batch) -> HttpResponse:
    """How far a batch is, for its page while it waits: {state, message}."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    left, total = left_of(batch), batch.files.count()
    return JsonResponse(
        {"state": "waiting" if left else "done", "message": f"已完成 {total - left}／{total} 个"}
    )
