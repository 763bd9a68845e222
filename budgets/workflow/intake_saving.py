"""What a file said goes into a draft, and out again: one transaction each, with the file and its hash kept."""

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from budgets import ledger as rows
from budgets.access import May
from budgets.domain.ledgers import Ledger
from budgets.domain.snapshots import ledger_dumps, ledger_loads
from budgets.importing.comparing.reports import Part
from budgets.importing.reading.opening import digest
from budgets.importing.taken import Taken
from budgets.models import Action, Disclosure, Indicator, Intake, Person, Wording
from budgets.tablesets.rounding import to_quantum
from budgets.workflow.kept_files import keeping
from budgets.workflow.quotas import claim
from budgets.workflow.starting import lay_out
from budgets.workflow.stepping import NotAllowed, Refused, hold
from budgets.workflow.trail import step_taken

SHARED = {"narratives": ("narratives", "narrative_title", "lead"), "assets": ("assets", "assets_as_of")}


class NotTaken(Refused):
    """The file is not saved into the draft; the message, in Chinese, says why."""


def merge(current: Ledger, taken: Taken) -> Ledger:
    """The draft's ledger with the parts that the file holds in place of its own; everything else stays.

    Of the facts, only the families that the file's tables tell are replaced.
    """
    new = taken.ledger
    changes: dict[str, Any] = {}
    for part in taken.parts - {Part.FACTS}:
        changes |= {name: getattr(new, name) for name in SHARED.get(part, (part.value,))}
    if Part.NARRATIVES in taken.parts and new.projects:
        changes["projects"] = new.projects
    if Part.FACTS in taken.parts:
        kept = tuple(fact for fact in current.facts if fact.family not in taken.families)
        changes["facts"] = (*kept, *new.facts)
        # Tables are given or derived as one, never mixed.
        changes |= {"given": new.given, "left_out": new.left_out, "table_set": new.table_set}
    tables = {table.key for table in taken.tables} | {table.key.rpartition("_")[0] for table in taken.tables}
    wording = {place: text for place, text in current.wording.items() if place.split("/")[0] not in tables}
    return replace(current, **changes, wording=wording | new.wording)


def replaced(current: Ledger, taken: Taken) -> list[str]:
    """What of a draft a file would replace, in words with the number of entries; empty for a blank draft."""
    out = []
    for family in sorted(taken.families):
        if count := sum(fact.family == family for fact in current.facts):
            out.append(f"{family.label}金额 {count} 个")
    for part in Part:
        if part is Part.NARRATIVES:
            held: Any = [narrative for narrative in current.narratives if narrative.text.strip()]
        elif part is Part.ASSETS:
            held = [a for a in current.assets if a.quantity is not None or a.book_value is not None]
        else:
            held = getattr(current, part.value) if part is not Part.FACTS else ()
        if part in taken.parts and held:
            out.append(f"{part.label} {len(held)} 项")
    return out


def save(
    taken: Taken,
    disclosure: Disclosure,
    by: Person | None,
    *,
    accept: bool = False,
    rounded: bool = False,
    version: int | None = None,
    waiting: Intake | None = None,
    may: May = May.EDIT,
) -> Intake:
    """Put what the file said into the draft and keep the file, its hash, the report, and the draft as it was.

    `by` None is the command line of the server. `version` is what the person looked at, `waiting` the row under which
    the file was handed in, `may` what the person must be allowed to do. `rounded` brings amounts finer than the tables print to the nearest that they do. Raises
    Refused: the disclosure is not being edited, the person may not edit it, it was edited meanwhile, the file belongs
    elsewhere, differs from its own leaf rows without `accept`, or holds something that does not fit.
    """
    refuse(taken, accept=accept)
    if waiting is None:
        waiting = hand_in(
            disclosure,
            taken.source.name,
            ContentFile(taken.source.content),
            by,
            transcribed=bool(taken.ledger.given),
        )
        try:
            return save(
                taken,
                disclosure,
                by,
                accept=accept,
                rounded=rounded,
                version=version,
                waiting=waiting,
                may=may,
            )
        except BaseException:
            forget(Intake.objects.filter(pk=waiting.pk))
            raise
    with transaction.atomic():
        locked = _hold(disclosure, by, version, may)
        intake = Intake.objects.select_for_update().filter(pk=waiting.pk).first()
        if intake is None or not intake.file.storage.exists(str(intake.file.name)):
            raise NotTaken("这个文件已经不在了，可能已换成另一个文件。请重新选择文件。")
        if intake.confirmed_at:
            raise NotTaken("这个文件已经导入过了。")
        before = rows.read(locked)
        after = merge(before, taken)
        if rounded:
            after = to_quantum(after)
        _check_lengths(after)
        _write(locked, after, by)
        intake.before = ledger_dumps(before)
        intake.after = ledger_dumps(after)
        intake.report = taken.report() | {
            "kind": taken.source.kind,
            "replaced": replaced(before, taken),
        }
        intake.accepted = accept and not taken.complete
        intake.version_after = locked.version
        intake.confirmed_at = timezone.now()
        intake.taken = ""
        intake.save()
        log_intake(locked, Action.INTAKE, by, taken.source.name, intake.before, intake.after)
    disclosure.refresh_from_db()
    return intake


def hand_in(
    disclosure: Disclosure, name: str, file: "File[bytes]", by: Person | None, *, transcribed: bool = False
) -> Intake:
    """Keep a file aside; nothing of the disclosure changes. When it cannot be kept, neither file nor row is left."""
    content = file.read()
    intake = Intake(
        disclosure=disclosure,
        name=name[-255:],
        sha256=digest(content),
        size=len(content),
        transcribed=transcribed,
        person=by,
    )
    with keeping(intake.file, intake.sha256, content):
        intake.save()
    return intake


def replace_waiting(
    disclosure: Disclosure,
    name: str,
    file: "File[bytes]",
    by: Person,
    *,
    transcribed: bool,
    then: Callable[[Intake], object],
) -> Intake:
    """Keep the person's next file in place of the one that waits, and do `then` (have it read) in one transaction.

    Of many at once each takes its turn and the last one stays. Raises Refused when the person may not edit, or handed
    in too much.
    """
    intake: Intake | None = None
    try:
        with transaction.atomic():
            claim(by, 1, file.size, disclosure.department)
            locked = hold(disclosure, May.EDIT, by, None)
            dropped = _drop(locked.intakes.filter(person=by))
            intake = hand_in(locked, name, file, by, transcribed=transcribed)
            then(intake)
    except BaseException:
        if intake is not None:
            intake.file.storage.delete(str(intake.file.name))
        raise
    _remove_files(dropped)
    return intake


def forget(intakes: QuerySet[Intake]) -> int:
    """Drop files that were never confirmed, with their rows; how many."""
    with transaction.atomic():
        dropped = _drop(intakes)
    _remove_files(dropped)
    return len(dropped)


def _drop(intakes: QuerySet[Intake]) -> list[Intake]:
    """Drop the rows of files that were never confirmed; none of them is confirmed meanwhile."""
    dropped = list(intakes.select_for_update().filter(confirmed_at=None))
    for intake in dropped:
        intake.delete()
    return dropped


def _remove_files(dropped: Iterable[Intake]) -> None:
    for intake in dropped:
        intake.file.storage.delete(str(intake.file.name))


def undo(intake: Intake, by: Person | None) -> Disclosure:
    """Put the draft back to what it was before this file.

    Raises Refused when that was done before, or the draft was changed since.
    """
    with transaction.atomic():
        locked = _hold(intake.disclosure, by, None)
        current = Intake.objects.select_for_update().get(pk=intake.pk)
        if current.undone_at:
            raise NotTaken("这次导入已经撤销过。")
        if locked.version != current.version_after:
            raise NotTaken("导入以后内容又有改动，不能撤销；请直接修改，或重新导入。")
        before = ledger_dumps(rows.read(locked))
        _write(locked, ledger_loads(current.before), by)
        current.undone_at = timezone.now()
        current.save(update_fields=["undone_at"])
        log_intake(locked, Action.UNDO, by, current.name, before, current.before)
    intake.refresh_from_db()
    return locked


def refuse(taken: Taken, *, accept: bool) -> None:
    """Raise NotTaken when the file may not be saved, whatever the draft is."""
    if taken.misplaced:
        raise NotTaken(taken.misplaced[0].message)
    if not taken.complete and not accept:
        lost = sum(error.rule.startswith("intake-") for error in taken.errors)
        parts = [f"{len(taken.differences)} 处金额与明细推算的不一致" if taken.differences else ""]
        parts.append(f"{lost} 处金额没有读取" if lost else "")
        raise NotTaken(
            f"文件“{taken.source.name}”有 {'、'.join(filter(None, parts))}，没有保存。请改正，或确认接受。"
        )


def _hold(disclosure: Disclosure, by: Person | None, version: int | None, may: May = May.EDIT) -> Disclosure:
    if by is not None:
        return hold(disclosure, may, by, version)
    locked = (
        Disclosure.objects.select_for_update(of=("self",))
        .select_related("department__region")
        .get(pk=disclosure.pk)
    )
    if not locked.editable:
        raise NotAllowed(f"{locked}目前是“{locked.get_status_display()}”，不能导入。")
    return locked


def _write(locked: Disclosure, ledger: Ledger, by: Person | None) -> None:
    try:
        rows.write(locked, ledger)
    except rows.CannotWrite as error:
        raise NotTaken(str(error)) from error
    lay_out(locked)
    if by is not None:
        Disclosure.objects.filter(pk=locked.pk).update(updated_by=by, updated_at=timezone.now())
    locked.refresh_from_db()


def log_intake(
    locked: Disclosure, action: Action, by: Person | None, name: str, before: str, after: str = ""
) -> None:
    """A file was taken in, or taken back: what the draft was before and is now, by its hash."""
    now = after or ledger_dumps(rows.read(locked))
    step_taken(
        locked, action, by, reason=name, fields={"全部内容": [digest(before.encode()), digest(now.encode())]}
    )


def _check_lengths(ledger: Ledger) -> None:
    """Refuse a text longer than its column: one database would cut the transaction short, the other keep it."""
    for place, caption in ledger.wording.items():
        _fits(Wording, {"place": place, "caption": caption})
    _fits(Disclosure, {"narrative_title": ledger.narrative_title})
    for source, (model, _) in rows.RECORDS.items():
        for record in getattr(ledger, source):
            _fits(model, {field.name: getattr(record, field.name) for field in fields(record)})
            for indicator in getattr(record, "indicators", ()):
                _fits(Indicator, {field.name: getattr(indicator, field.name) for field in fields(indicator)})


def _fits(model: type[models.Model], values: dict[str, Any]) -> None:
    limits = {field.name: field for field in model._meta.fields if isinstance(field, models.CharField)}
    for name, value in values.items():
        if name in limits and isinstance(value, str) and len(value) > (limits[name].max_length or len(value)):
            label = f"{model._meta.verbose_name}的{limits[name].verbose_name}"
            raise NotTaken(
                f"{label}“{value[:20]}…”有 {len(value)} 字，最多 {limits[name].max_length} 字，请缩短。"
            )
