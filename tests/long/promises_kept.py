"""After the faults: everything that was acknowledged is there, nothing is half public, and no file is nobody's."""

from collections.abc import Iterator
from datetime import timedelta
from zipfile import ZipFile, is_zipfile

from budgets.keeping.sweeping import forget_orphans
from budgets.models import (
    Disclosure,
    Export,
    ExportKind,
    Intake,
    Job,
    JobKind,
    JobState,
    LogEntry,
    Publication,
    Status,
)
from budgets.publishing import pointers
from budgets.workflow.making_exports import file_of
from tests.long.acknowledged import Ledger
from tests.long.standing_portal import Standing, behind

STEPS = ("submit", "approve", "correct", "withdraw")


def lost(ledger: Ledger) -> Iterator[str]:
    """What was acknowledged and is not there, and what is there more often than anybody asked for it."""
    if gone := ledger.exports - set(Export.objects.values_list("pk", flat=True)):
        yield f"exports {sorted(gone)} are gone"
    for disclosure in Disclosure.objects.all():
        number = disclosure.pk
        if disclosure.contact not in ledger.may_stand(number):
            yield f"{disclosure}: {disclosure.contact} stands, not {ledger.may_stand(number)}"
        for step in STEPS:
            there = LogEntry.objects.filter(disclosure=disclosure, action=step).count()
            if not ledger.done[step, number] <= there <= ledger.sent[step, number]:
                least, most = ledger.done[step, number], ledger.sent[step, number]
                yield f"{disclosure}: {step} {there} times, acknowledged {least}, sent {most}"
        versions = Publication.objects.filter(disclosure=disclosure)
        texts = [bytes(each.payload).decode() for each in versions]
        last = Job.objects.filter(disclosure=disclosure, kind=JobKind.PUBLISH).order_by("pk").last()
        if disclosure.status == Status.APPROVED and last and last.state == JobState.FAILED:
            # Its officer was told so, and has it before him still to be asked for again.
            texts.append(disclosure.contact)
        for of, expected in ledger.promised:
            if of == number and not any(value in text for value in expected for text in texts):
                yield f"{disclosure}: no version has {expected}"
        if len(versions) > ledger.sent["publish", number]:
            yield f"{disclosure}: {len(versions)} versions, asked for {ledger.sent['publish', number]} times"
        yield from _files(ledger, number)


def _files(ledger: Ledger, number: int) -> Iterator[str]:
    """The file that was handed in last waits, whole, and has been read."""
    handed = ledger.files.get(number, [])
    last = max((n for n, (_, sure) in enumerate(handed) if sure), default=-1)
    if last < 0:
        return
    intake = Intake.objects.filter(disclosure=number, name__in=[name for name, _ in handed[last:]]).first()
    if intake is None:
        yield f"{handed[last][0]} of {number} is gone"
    elif not intake.file.storage.exists(str(intake.file.name)):
        yield f"{intake.name} of {number} has no file"
    elif not intake.taken:
        job = intake.jobs.first()
        yield f"{intake.name} of {number} was not read: {job and (job.state, job.message)}"


def unfinished() -> Iterator[str]:
    """Work that did not end, and exports that did not end well or have no whole file."""
    for job in Job.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING)):
        yield f"{job} {job.state}"
    for export in Export.objects.exclude(state=JobState.FAILED):
        file = file_of(export)
        if export.state != JobState.DONE or not file.is_file():
            yield f"export {export.pk} {export.state} without a file"
        elif export.kind == ExportKind.SITE and (not is_zipfile(file) or ZipFile(file).testzip()):
            yield f"export {export.pk} is no whole archive"
        elif export.kind != ExportKind.SITE and not file.read_bytes().rstrip().endswith(b"%%EOF"):
            yield f"export {export.pk} is no whole PDF"


def told_to_ask_again() -> dict[str, int]:
    """How work that failed was told, with how often."""
    found: dict[str, int] = {}
    for model, kinds in ((Job, dict(JobKind.choices())), (Export, dict(ExportKind.choices()))):
        for row in model._default_manager.filter(state=JobState.FAILED):
            words = f"{kinds[row.kind]}：{row.message[:60]}"
            found[words] = found.get(words, 0) + 1
    return found


def half_public(portal: Standing) -> Iterator[str]:
    """Addresses that lag behind, and what `verify --database` names."""
    yield from behind()
    ended, words = portal.manage("verify", "--database")
    if ended:
        yield words


def orphans() -> tuple[int, list[str]]:
    """How many files the kills left behind, which the timer sweeps when they are a day old; what the sweep does not find."""
    left = forget_orphans(timedelta(0)).number + len(pointers.sweep(0))
    again = forget_orphans(timedelta(0)).number + len(pointers.left_over(0))
    return left, [f"{again} files stay"] if again else []
