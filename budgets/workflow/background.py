"""What runs in the background, through django.tasks: publishing, PDFs, reading files.

A job is a row of its own, so that the person who asked sees how it ended and a crashed worker loses nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.tasks import task
from django.utils import timezone

from budgets import ledger
from budgets.access import May
from budgets.importing.confined_intake import take_in_apart
from budgets.importing.taken import dumps
from budgets.models import Disclosure, Happening, Intake, Job, JobKind, JobState, Person, Status
from budgets.publishing.folders import make_folder, replace
from budgets.rendering.imprint import path_of
from budgets.rendering.pdf.print_html import print_html
from budgets.rendering.pdf.renderer import render_pdf
from budgets.workflow import lifecycle, remaking, scheduling, trail
from budgets.workflow.commenting import settled
from budgets.workflow.drafts import draft_of, earlier_year, limits
from budgets.workflow.export_mapping import layout_for
from budgets.workflow.intake_saving import forget, replace_waiting
from budgets.workflow.kept_files import Swept, bytes_of, lend, sweep_files
from budgets.workflow.queueing import QUEUED, READING, STALE_AFTER, do_once, ended, put_back, silent
from budgets.workflow.signing import signed
from budgets.workflow.stepping import hold
from budgets.workflow.year_opening import form_of

# What is due at its minute has a queue of its own, so that a worker for it alone need not wait for a long file. Its job
# has a second place there a little later: should the worker die over it, the next one takes it over by itself. That
# one may run beside a slow first one: a publication happens once however often it is tried.
PUNCTUAL = "punctual"
FIRST, LAST = 50, -50  # of what waits in one queue: before what people wait for, and after it
AGAIN = (timedelta(0), timedelta(seconds=35), timedelta(minutes=2))
TAKEN_OVER_AFTER = timedelta(seconds=30)
AHEAD = timedelta(hours=1)
READS = Q(kind=JobKind.READ)
A_WHILE = timedelta(seconds=2)

BAND = "未公开"


def publish(
    disclosure: Disclosure, *, by: Person, version: int | None = None, at: datetime | None = None
) -> Job:
    """Ask for publication, at a minute or as soon as may be; refused at once when the person may not, or saw something older.

    Where the region leaves time to take it back, or a minute is given, it is scheduled; else it begins at once. While
    one is under way for this disclosure, that job comes back. Raises NotAllowed, EditedMeanwhile.
    """
    with transaction.atomic():
        locked = hold(disclosure, May.PUBLISH, by, version)
        settled(locked, May.PUBLISH)
        signed(locked)
        under_way = Job.objects.publishing().filter(disclosure=locked, due_at=None).first()
        if under_way or (at is None and not locked.department.region.recall_minutes):
            return under_way or _ask(JobKind.PUBLISH, locked, by)
        return _at_its_minute(scheduling.schedule(locked, by=by, at=at))


def _at_its_minute(scheduled: Disclosure) -> Job:
    """The job of a disclosure that is scheduled, and before it the one that builds its files ahead."""
    due, by = scheduled.publish_at, scheduled.publish_asked_by
    assert due is not None and by is not None  # the database lets none be without the other
    ahead = due - AHEAD
    _ask(JobKind.AHEAD, scheduled, by, due_at=ahead if ahead > timezone.now() else None)
    return _ask(JobKind.PUBLISH, scheduled, by, due_at=due)


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
        place(job)
    job.refresh_from_db()
    return job


def place(job: Job) -> None:
    """Give the job its place in the queue; one that has a minute waits there for it."""
    due = job.due_at
    if job.kind == JobKind.PUBLISH and due is not None:
        for later in AGAIN:
            run.using(queue_name=PUNCTUAL, priority=FIRST, run_after=due + later).enqueue(job.pk)
    elif job.kind == JobKind.PUBLISH:  # behind no export: both workers take it
        run.using(queue_name=PUNCTUAL).enqueue(job.pk)
    elif job.kind == JobKind.AHEAD:
        run.using(priority=LAST, run_after=due).enqueue(job.pk)
    elif job.kind == JobKind.READ:
        # Who handed in many files lets others come in between.
        waiting = Job.objects.filter(READS, QUEUED, person=job.person).exclude(pk=job.pk).count()
        run.using(queue_name=READING, priority=-min(waiting, 100)).enqueue(job.pk)
    else:
        run.enqueue(job.pk)


@task()
def run(number: int) -> None:
    """Do a job once, never before its minute: a second worker, and a job that is done, find nothing to do."""
    now = timezone.now()
    died = Q(state=JobState.RUNNING) & silent(TAKEN_OVER_AFTER)
    free = QUEUED | (died & Q(kind=JobKind.PUBLISH, due_at__isnull=False))
    due = Q(due_at=None) | Q(due_at__lte=now)
    other = Job.objects.filter(READS, state=JobState.RUNNING, person=OuterRef("person")).exclude(pk=number)
    alone = ~READS | Q(~Exists(other))  # one file of a person at a time
    related = "disclosure__department__region"
    do_once(Job, number, lambda job: WORK[JobKind(job.kind)](job), related, free=free & due & alone, end=_end)
    if Job.objects.filter(READS, QUEUED, pk=number).exists():
        run.using(queue_name=READING, run_after=now + A_WHILE).enqueue(number)


def _end(job: Job, state: JobState, message: str) -> None:
    """Write how a job ended; a publication that failed at its minute has to be asked for anew."""
    with transaction.atomic():
        if state == JobState.FAILED and job.kind == JobKind.PUBLISH and job.due_at:
            scheduling.give_up(job.disclosure, job.due_at, message)
        elif state == JobState.FAILED and job.kind == JobKind.PUBLISH:
            with trail.coming_from(job.address):
                trail.tell(Happening.NOT_DONE, job.person, job.disclosure, words=f"公开：{message}")
        ended(job, state, message)


def _publish(job: Job) -> str:
    if job.due_at is None:
        publication = lifecycle.publish(job.disclosure, by=job.person, version=job.version)
    elif job.disclosure.publish_at == job.due_at or job.disclosure.status == Status.PUBLISHED:
        publication = lifecycle.publish(job.disclosure, by=job.person, due=job.due_at)
    else:
        return "此前已撤回，没有公开。"
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
    lend(preview_file(job))
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
        table_set=form_of(disclosure),
        transcribed=intake.transcribed,
        layout=layout_for(department.region, disclosure.fiscal_year),
    )
    Intake.objects.filter(pk=intake.pk).update(taken=dumps(taken))
    return f"已读完“{intake.name}”。"


def _build_ahead(job: Job) -> str:
    return "文件已生成，到时公开。" if scheduling.build_ahead(job.disclosure) else "已撤回，没有生成。"


def _add_pdfs(job: Job) -> str:
    return f"已补生成 {remaking.add_pdfs(job.disclosure)} 个 PDF。"


WORK: dict[JobKind, Callable[[Job], str]] = {
    JobKind.PUBLISH: _publish,
    JobKind.PREVIEW: _preview,
    JobKind.PDF: _add_pdfs,
    JobKind.READ: _read,
    JobKind.AHEAD: _build_ahead,
}


def preview_file(job: Job) -> Path:
    """Where the preview PDF of a job lies, outside everything that the web server serves."""
    return Path(settings.DATA_DIR) / "previews" / f"{job.pk}.pdf"


def requeue(older_than: timedelta = STALE_AFTER) -> int:
    """Put jobs back into the queue whose worker died, or whose place in the queue was lost; how many."""
    return put_back(Job, run, older_than, place=place, end=_end)


def forget_previews(older_than: timedelta = timedelta(days=1), *, dry: bool = False) -> Swept:
    """Remove previews nobody looks at any more."""
    folder = Path(settings.DATA_DIR) / "previews"
    limit = (timezone.now() - older_than).timestamp()
    return sweep_files([file for file in folder.glob("*.pdf") if file.stat().st_mtime < limit], dry=dry)


def forget_waiting(older_than: timedelta = timedelta(days=1), *, dry: bool = False) -> Swept:
    """Drop files that were handed in and never confirmed."""
    old = Intake.objects.filter(at__lt=timezone.now() - older_than, confirmed_at=None)
    swept = Swept(old.count(), sum(bytes_of(intake.file) for intake in old))
    return swept if dry else Swept(forget(old), swept.size)
