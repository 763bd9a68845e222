"""Many files at once: handed in, read one after the other by a worker, and taken into drafts that nobody has begun.

Each file is a task of its own, and the last thing a task does is to ask for the next: what others ask for comes in
between, a file that fails stops none, and what a killed worker left is done again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgets import access, tablesets
from budgets.access import May
from budgets.importing.confined_intake import unpack_apart
from budgets.importing.reading.archives import MOST_FILES
from budgets.importing.reading.opening import Unreadable, digest
from budgets.importing.taken import loads
from budgets.models import (
    Action,
    Batch,
    BatchFile,
    Department,
    Disclosure,
    FileState,
    FiscalYear,
    Happening,
    Person,
    Region,
    Verdict,
)
from budgets.workflow.batch_matching import AGAIN, already, found_in
from budgets.workflow.intake_saving import save
from budgets.workflow.kept_files import Swept, bytes_of, keeping
from budgets.workflow.queueing import READING, STALE_AFTER, beating, silent
from budgets.workflow.quotas import claim
from budgets.workflow.starting import lay_out
from budgets.workflow.stepping import NotAllowed, Refused
from budgets.workflow.trail import step_taken, tell
from budgets.workflow.year_opening import terms_for

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
MOST_ATTEMPTS = 3
WAITING = (FileState.QUEUED, FileState.CHOSEN)
BUSY = {FileState.READING: FileState.QUEUED, FileState.TAKING: FileState.CHOSEN}
DOING = {before: during for during, before in BUSY.items()}


def hand_in_many(
    files: Iterable[tuple[str, bytes]], region: Region, *, by: Person, transcribed: bool = False
) -> Batch:
    """Keep files, those of a ZIP one by one, and have them read.

    Raises NotAllowed, OverQuota, Unreadable for an archive that is refused.
    """
    if by.role not in access.ROLES[May.FILL] or not access.regions_for(by).filter(pk=region.pk).exists():
        raise NotAllowed(f"您（{by.role_label}）不能批量导入。")
    kept: list[tuple[str, bytes]] = []
    for name, content in files:
        kept += unpack_apart(name, content) if _may_be_archive(name, content) else [(name, content)]
    if len(kept) > MOST_FILES:
        raise Unreadable(f"共有 {len(kept)} 个文件，一次最多 {MOST_FILES} 个，请分几次上传。")
    with ExitStack() as stored, transaction.atomic():
        claim(by, len(kept), sum(len(content) for _, content in kept))
        batch = Batch.objects.create(region=region, person=by, transcribed=transcribed)
        for position, (name, content) in enumerate(kept, 1):
            row = BatchFile(batch=batch, position=position, name=name[-255:], sha256=digest(content))
            row.size = len(content)
            stored.enter_context(keeping(row.file, row.sha256, content))
            row.save()
        names = "、".join(name[-255:] for name, _ in kept)
        tell(Happening.BATCH, by, batch, words=f"交来 {len(kept)} 个文件：{names}")
        go_on.enqueue(batch.pk)
    return batch


def _may_be_archive(name: str, content: bytes) -> bool:
    return content.startswith(b"PK") and not name.lower().endswith((".xlsx", ".docx", ".xlsm", ".docm"))


def choose(batch: Batch, chosen: Sequence[int], *, by: Person) -> int:
    """Have the chosen files that fit taken into their drafts, in this person's name; how many."""
    rows = BatchFile.objects.filter(batch=batch, pk__in=chosen, state=FileState.READ, verdict=Verdict.FITS)
    with transaction.atomic():
        names = list(rows.select_for_update().order_by("position").values_list("name", flat=True))
        number = rows.update(state=FileState.CHOSEN, person=by, attempts=0)
        if number:
            tell(Happening.BATCH, by, batch, words=f"选中 {number} 个文件写入草稿：{'、'.join(names)}")
            go_on.enqueue(batch.pk)
    return number


@task(queue_name=READING)
def go_on(number: int) -> None:
    """Do the next file of a batch and ask for the one after it. A second worker takes another file, or finds nothing."""
    file = BatchFile.objects.filter(batch=number, state__in=WAITING).order_by("position").first()
    if file is None:
        return
    during = DOING[FileState(file.state)]
    claimed = BatchFile.objects.filter(pk=file.pk, state=file.state).update(
        state=during, started_at=Now(), beat_at=Now(), attempts=F("attempts") + 1
    )
    if claimed:
        mine = BatchFile.objects.filter(pk=file.pk, state=during, attempts=file.attempts + 1)
        with beating(mine):
            _safely(
                BatchFile.objects.select_related("batch__region", "batch__person", "person").get(pk=file.pk)
            )
    if BatchFile.objects.filter(batch=number, state__in=WAITING).exists():
        go_on.enqueue(number)


def _safely(file: BatchFile) -> None:
    """Read or take one file; whatever goes wrong with it stays with it."""
    work: Callable[[BatchFile], None] = _read if file.state == FileState.READING else _take
    try:
        work(file)
    except Exception:
        log.exception("file %s of a batch failed", file.pk)
        _settle(file, Verdict.UNKNOWN, "系统出错，没有读完。", "请稍后单独重新上传；仍不成功请联系管理员。")


def _settle(file: BatchFile, verdict: Verdict, reason: str, remedy: str) -> None:
    BatchFile.objects.filter(pk=file.pk).update(
        state=FileState.READ, verdict=verdict, reason=reason, remedy=remedy, taken=""
    )


def _content(file: BatchFile) -> bytes:
    with file.file.open("rb") as opened:
        content: bytes = opened.read()
    return content


def _read(file: BatchFile) -> None:
    found = found_in(file, _content(file))
    BatchFile.objects.filter(pk=file.pk).update(state=FileState.READ, **found.fields())


def _take(file: BatchFile) -> None:
    """Put a file that fits into its draft, which is begun where there is none; one transaction."""
    assert file.person is not None and file.department is not None and file.fiscal_year is not None
    content = _content(file)
    try:
        with transaction.atomic():
            department = Department.objects.select_for_update().get(pk=file.department.pk)
            if not access.may_fill(file.person, department):
                raise NotAllowed(f"您（{file.person.role_label}）不能为{department.name}导入文件。")
            if place := already(file, department, file.fiscal_year, tablesets.get(file.table_set).stage):
                _settle(file, Verdict.DOUBLE, *place)
                return
            disclosure = _draft_of(file, department, file.person)
            intake = save(
                loads(file.taken, content), disclosure, file.person, version=disclosure.version, may=May.FILL
            )
            BatchFile.objects.filter(pk=file.pk).update(
                state=FileState.READ,
                verdict=Verdict.TAKEN,
                reason="已写入草稿，由部门会计核对、补充后提交。",
                remedy="",
                taken="",
                disclosure=disclosure,
                intake=intake,
            )
    except Refused as refused:
        _settle(file, Verdict.DIFFERS, str(refused), AGAIN)


def _draft_of(file: BatchFile, department: Department, by: Person) -> Disclosure:
    """The draft of the department's year that nobody has begun; made, in this person's name, where there is none."""
    key = {
        "department": department,
        "fiscal_year": file.fiscal_year,
        "stage": tablesets.get(file.table_set).stage,
    }
    there = Disclosure.objects.filter(**key).first()
    if there is not None:
        return there
    assert file.fiscal_year is not None  # a file that fits names its year
    years = FiscalYear.objects.filter(region=department.region_id, locked_at=None)
    opened = years.filter(fiscal_year=file.fiscal_year).first()
    if opened is None:
        raise NotAllowed(f"{file.fiscal_year}年度没有开放，或者已经锁定。")
    terms = terms_for(opened, department)
    made = Disclosure.objects.create(
        **key, table_set=file.table_set, approved_on=terms.approved_on, updated_by=by
    )
    lay_out(made)
    step_taken(made, Action.CREATE, by, reason="批量导入")
    return made


def resume(older_than: timedelta = STALE_AFTER) -> int:
    """Put back files whose worker died, and ask again for batches that lost their place in the queue; how many batches.

    After three attempts a file is told as unreadable and the others go on.
    """
    stale = BatchFile.objects.filter(silent(older_than), state__in=BUSY)
    for file in stale:
        if file.attempts >= MOST_ATTEMPTS:
            _settle(file, Verdict.UNKNOWN, "多次没有读完。", "请单独重新上传；仍不成功请联系管理员。")
        else:
            BatchFile.objects.filter(pk=file.pk, state=file.state).update(state=BUSY[FileState(file.state)])
    waiting = set(BatchFile.objects.filter(state__in=WAITING).values_list("batch", flat=True))
    busy = set(BatchFile.objects.filter(state__in=BUSY).values_list("batch", flat=True))
    lost = sorted(waiting - busy - _places())
    for number in lost:
        go_on.enqueue(number)
    return len(lost)


def _places() -> set[int]:
    """The numbers of the batches that have a place in the queue."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=go_on.module_path)
    return {arguments["args"][0] for arguments in ready.values_list("args_kwargs", flat=True)}


def forget_batches(older_than: timedelta = KEPT, *, dry: bool = False) -> Swept:
    """Drop batches that nobody needs any more, with the files as they were handed in; what became drafts stays."""
    old = Batch.objects.filter(at__lt=timezone.now() - older_than)
    files = list(BatchFile.objects.filter(batch__in=old))
    swept = Swept(old.count(), sum(bytes_of(file.file) for file in files))
    if not dry:
        old.delete()
        for file in files:
            file.file.storage.delete(str(file.file.name))
    return swept
