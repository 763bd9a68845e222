"""What runs in the background, through django.tasks: publishing, PDFs, reading files.

A job is a row of its own, so that the person who asked sees how it ended and a crashed worker loses nothing.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets import ledger
from budgets.access import May
from budgets.importing.confined_intake import take_in_apart
from budgets.importing.reading.opening import Unreadable
from budgets.importing.taken import dumps
from budgets.models import Disclosure, Intake, Job, JobKind, JobState, Person
from budgets.publishing.folders import make_folder, replace
from budgets.rendering.imprint import path_of
from budgets.rendering.pdf.print_html import print_html
from budgets.rendering.pdf.renderer import PdfFailed, PdfUnavailable, render_pdf
from budgets.workflow import lifecycle, trail
from budgets.workflow.drafts import draft_of, earlier_year, limits
from budgets.workflow.export_mapping import layout_for
from budgets.workflow.intake_saving import forget, replace_waiting
from budgets.workflow.stepping import Refused, hold

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=10)  # longer than any job takes
MOST_ATTEMPTS = 3
BAND = "未公开"


def publish(disclosure: Disclosure, *, by: Person, version: int | None = None) -> Job:
    """Ask for publication; refused at once when the person may not, or looked at something older.

    While one is under way for this disclosure, that job comes back. Raises NotAllowed, EditedMeanwhile.
    """
    with transaction.atomic():
        locked = hold(disclosure, May.PUBLISH, by, version)
        under_way = Job.objects.filter(disclosure=locked, kind=JobKind.PUBLISH).exclude(
            state__in=(JobState.DONE, JobState.FAILED)
        )
        return under_way.first() or _ask(JobKind.PUBLISH, locked, by)


def preview(disclosure: Disclosure, *, by: Person) -> Job:
    """Ask for the PDF of a draft with the band 未公开; `preview_file` says where it will lie."""
    return _ask(JobKind.PREVIEW, disclosure, by)


def pending_pdfs(disclosure: Disclosure, *, by: Person) -> Job:
    """Ask for the PDFs that were left out when their versions were published."""
    return _ask(JobKind.PDF, disclosure, by)


def reading(intake: Intake, *, by: Person) -> Job:
    """Ask for a file that was handed in to be read; nothing of the disclosure changes by that."""
    return _ask(JobKind.READ, intake.disclosure, by, intake=intake)


def take_in(disclosure: Disclosure, file: "File[bytes]", *, by: Person, transcribed: bool = False) -> Intake:
    """Keep a file that was handed in, instead of the person's last one, and have it read. Raises Refused."""
    return replace_waiting(
        disclosure,
        file.name or "",
        file,
        by,
        transcribed=transcribed,
        then=lambda intake: reading(intake, by=by),
    )


def _ask(kind: JobKind, disclosure: Disclosure, by: Person, **more: Any) -> Job:
    """Put a job in the queue, together with whatever the caller's transaction does."""
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            disclosure=disclosure,
            person=by,
            address=trail.address(),
            version=disclosure.version,
            **more,
        )
        run.enqueue(job.pk)
    job.refresh_from_db()
    return job


@task()
def run(number: int) -> None:
    """Do a job once: a second worker, and a job that is done, find nothing to do."""
    claimed = Job.objects.filter(pk=number, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1
    )
    if not claimed:
        return
    job = Job.objects.select_related("disclosure__department__region", "person").get(pk=number)
    try:
        with trail.coming_from(job.address):
            state, message = JobState.DONE, WORK[JobKind(job.kind)](job)
    except (Refused, PdfUnavailable, PdfFailed, Unreadable) as refusal:
        state, message = JobState.FAILED, str(refusal)
    except Exception:
        log.exception("job %s failed", number)
        state, message = JobState.FAILED, "系统出错，没有完成。请稍后再试；仍不成功请联系管理员。"
    Job.objects.filter(pk=number).update(state=state, message=message, finished_at=timezone.now())


def _publish(job: Job) -> str:
    publication = lifecycle.publish(job.disclosure, by=job.person, version=job.version)
    return f"已公开为 r{publication.revision}{'，PDF 待生成' if publication.state.pdf_pending else ''}。"


def _preview(job: Job) -> str:
    draft = draft_of(job.disclosure)
    html = print_html(
        draft.document,
        address=f"{settings.SITE_ADDRESS}{path_of(draft.document)}",
        revision=0,
        published_on=None,
        fingerprint="",
        band=BAND,
    )
    make_folder(preview_file(job).parent)
    replace(preview_file(job), render_pdf(html, created=job.queued_at))
    return "预览 PDF 已生成。"


def _read(job: Job) -> str:
    """What the file says, kept beside it; the department and year are the disclosure's: a file never chooses them."""
    disclosure, intake = job.disclosure, job.intake
    assert intake is not None  # a job of this kind has its file
    department = disclosure.department

    def progress(done: int, pages: int) -> None:
        Intake.objects.filter(pk=intake.pk).update(pages_read=done, pages=pages)

    with intake.file.open("rb") as file:
        content = file.read()
    taken = take_in_apart(
        intake.name,
        content,
        progress=progress,
        subjects=ledger.subjects_for(disclosure.fiscal_year),
        previous=earlier_year(disclosure),
        limits=limits(),
        region=department.region.code,
        region_name=department.region.name,
        unit=department.code,
        unit_name=department.name,
        year=disclosure.fiscal_year,
        table_set=disclosure.table_set,
        transcribed=intake.transcribed,
        layout=layout_for(department.region, disclosure.fiscal_year),
    )
    Intake.objects.filter(pk=intake.pk).update(taken=dumps(taken))
    return f"已读完“{intake.name}”。"


def _add_pdfs(job: Job) -> str:
    return f"已补生成 {lifecycle.add_pdfs(job.disclosure)} 个 PDF。"


WORK: dict[JobKind, Callable[[Job], str]] = {
    JobKind.PUBLISH: _publish,
    JobKind.PREVIEW: _preview,
    JobKind.PDF: _add_pdfs,
    JobKind.READ: _read,
}


def preview_file(job: Job) -> Path:
    """Where the preview PDF of a job lies, outside everything that the web server serves."""
    return Path(settings.DATA_DIR) / "previews" / f"{job.pk}.pdf"


def requeue(older_than: timedelta = STALE_AFTER) -> int:
    """Put jobs back into the queue whose worker died, or whose place in the queue was lost; how many.

    A job that still has its place is left there. After three attempts a job counts as failed.
    """
    limit = timezone.now() - older_than
    stale = Job.objects.filter(state=JobState.RUNNING, started_at__lt=limit)
    stale.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=JobState.FAILED, message="多次未能完成，请联系管理员。", finished_at=timezone.now()
    )
    stale.update(state=JobState.QUEUED, started_at=None)
    waiting = Job.objects.filter(state=JobState.QUEUED, queued_at__lt=limit).values_list("pk", flat=True)
    lost = sorted(set(waiting) - _places())
    for number in lost:
        run.enqueue(number)
    return len(lost)


def _places() -> set[int]:
    """The numbers of the jobs that have a place in the queue."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=run.module_path)
    return {arguments["args"][0] for arguments in ready.values_list("args_kwargs", flat=True)}


def forget_previews(older_than: timedelta = timedelta(days=1)) -> int:
    """Remove previews nobody looks at any more; how many."""
    folder = Path(settings.DATA_DIR) / "previews"
    limit = (timezone.now() - older_than).timestamp()
    old = [file for file in folder.glob("*.pdf") if file.stat().st_mtime < limit]
    for file in old:
        file.unlink()
    return len(old)


def forget_waiting(older_than: timedelta = timedelta(days=1)) -> int:
    """Drop files that were handed in and never confirmed; how many."""
    return forget(Intake.objects.filter(at__lt=timezone.now() - older_than))
