"""A list of subject codes taken in, all of it in one transaction or nothing; and taken back while nothing depends on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from budgets.domain.codec import decode, encode
from budgets.importing.confined_intake import roster_apart
from budgets.importing.reading.opening import digest
from budgets.models import Happening, Person, Subject, SubjectImport, SubjectMove
from budgets.workflow import trail
from budgets.workflow.quotas import claim
from budgets.workflow.roster_taking import NotTaken
from budgets.workflow.subject_differences import SubjectPlan
from budgets.workflow.subject_plans import GIVEN, list_before, plan_subjects, unlisted
from budgets.workflow.subject_usage import usage_of

KEPT = ("pk", *GIVEN, "active")
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class MadeSubjects:
    """What a list made: keys of new codes; rows of `KEPT` of those it changed, before and after; with `mapped`
    the year's mapping likewise, a tuple for each move."""

    new: tuple[int, ...] = ()
    before: tuple[tuple[Any, ...], ...] = ()
    after: tuple[tuple[Any, ...], ...] = ()
    mapped: bool = False
    moves_before: tuple[tuple[Any, ...], ...] = ()
    moves_after: tuple[tuple[Any, ...], ...] = ()


def hand_in_subjects(year: int, name: str, content: bytes, whole: bool, by: Person) -> SubjectImport:
    """The list, read apart and kept to be looked at; nothing of it is taken. Raises Unreadable, OverQuota."""
    claim(by, 1, len(content))
    roster = roster_apart(name, content, book="subjects")
    return SubjectImport.objects.create(
        fiscal_year=year,
        name=name[-255:],
        sha256=digest(content),
        roster=encode(roster),
        whole=whole,
        person=by,
    )


def take_subjects(imported: SubjectImport, seen: str, by: Person) -> SubjectImport:
    """Everything that the plan says, if the plan is still the one that was `seen`. Raises NotTaken."""
    try:
        with transaction.atomic():
            imported = _locked(imported)
            if imported.confirmed_at:
                raise NotTaken("这份科目表已经导入过了。")
            plan = plan_subjects(imported)
            if plan.faults:
                raise NotTaken(f"科目表有 {len(plan.faults)} 处不对，一行也没有导入。请改好再上传。")
            if plan.digest != seen:
                raise NotTaken("您看过以后，科目又有变动，所以没有导入。请看下面新的对照，再确认一次。")
            if not plan.does:
                raise NotTaken("科目表与现在的完全相同，没有可导入的。")
            imported.made = encode(_taken(plan))
            imported.confirmed_at, imported.person = timezone.now(), by
            imported.save(update_fields=["made", "confirmed_at", "person"])
            _tell(imported, by, _words(plan))
    except IntegrityError as error:  # somebody added one of these codes in the same moment
        raise NotTaken("导入时科目又有变动，所以一行也没有导入。请看新的对照，再确认一次。") from error
    return imported


def take_back_subjects(imported: SubjectImport, by: Person) -> SubjectImport:
    """Undo a list: what it made is deleted, what it changed is as before. Raises NotTaken with what depends on it."""
    with transaction.atomic():
        imported = _locked(imported)
        if not imported.confirmed_at or imported.undone_at:
            raise NotTaken("这份科目表没有导入，或者已经撤销了。")
        made: MadeSubjects = decode(MadeSubjects, imported.made)
        if why := _depends(imported, made):
            raise NotTaken(*why)
        Subject.objects.filter(pk__in=made.new).delete()
        rows = Subject.objects.in_bulk([kept[0] for kept in made.before])
        for pk, *values in made.before:
            for name, value in zip(KEPT[1:], values, strict=True):
                setattr(rows[pk], name, value)
        Subject.objects.bulk_update(rows.values(), KEPT[1:], batch_size=AT_ONCE)
        if made.mapped:
            _map(imported.fiscal_year, made.moves_before)
        imported.undone_at = timezone.now()
        imported.save(update_fields=["undone_at"])
        _tell(imported, by, "撤销")
    return imported


def _taken(plan: SubjectPlan) -> MadeSubjects:
    known = {(row.scheme, row.code): row for row in Subject.objects.filter(fiscal_year=plan.year)}
    listed = bool(plan.new or plan.changed or plan.retired or plan.restored)
    new, changed, before = [], [], []
    for (scheme, code), values in plan.wanted.items() if listed else ():
        row = known.get((scheme, code))
        if row is None:
            new.append(_row(plan.year, scheme, code, values))
        elif not row.active or any(getattr(row, name) != value for name, value in values.items()):
            before.append(_kept(row))
            changed.append(row)
            for name, value in (*values.items(), ("active", True)):
                setattr(row, name, value)
    for row in unlisted(plan.wanted, known) if listed else ():
        before.append(_kept(row))
        changed.append(row)
        row.active = False
    Subject.objects.bulk_create(new, batch_size=AT_ONCE)
    Subject.objects.bulk_update(changed, KEPT[1:], batch_size=AT_ONCE)
    mapped, moves_before = plan.moves is not None, _moves(plan.year)
    if plan.moves is not None:
        _map(plan.year, (move[1:] for move in plan.moves))
    return MadeSubjects(
        tuple(row.pk for row in new),
        tuple(before),
        tuple(_kept(row) for row in changed),
        mapped,
        moves_before if mapped else (),
        _moves(plan.year) if mapped else (),
    )


def _depends(imported: SubjectImport, made: MadeSubjects) -> list[str]:
    """Why a list cannot be taken back: what was taken or changed since, what uses its new codes."""
    year, why = imported.fiscal_year, []
    later = SubjectImport.objects.filter(
        fiscal_year=year, confirmed_at__gt=imported.confirmed_at, undone_at=None
    )
    if later.exists():
        why.append(f"{year}年的科目以后又导入过，请先撤销后面的导入。")
    new = list(Subject.objects.filter(pk__in=made.new))
    rows = Subject.objects.in_bulk([kept[0] for kept in made.after])
    if len(new) != len(made.new) or any(
        kept[0] not in rows or _kept(rows[kept[0]]) != tuple(kept) for kept in made.after
    ):
        why.append("科目导入以后又改过。")
    if made.mapped and _moves(year) != made.moves_after:
        why.append("科目对照导入以后又改过。")
    stays = _left(year, made)
    moves = SubjectMove.objects.filter(fiscal_year=year + 1).values_list("scheme", "old_code")
    mapped = {*moves, *(() if made.mapped else ((scheme, code) for scheme, _, code in _moves(year)))}
    usage = usage_of(year)
    for row in new:
        key = (row.scheme, row.code)
        if key in stays:
            continue
        if used := usage.published.get(key, set()) | usage.drafts.get(key, set()):
            why.append(f"{row} 是这次新增的，已经有 {len(used)} 份材料用着。")
        if key in mapped:
            why.append(f"{row} 是这次新增的，科目对照用着。")
        if any(scheme == row.scheme and code[:-2] == row.code for scheme, code in stays):
            why.append(f"{row} 是这次新增的，以后又在它下面加了科目。")
    return why


def _left(year: int, made: MadeSubjects) -> set[tuple[str, str]]:
    """The codes by which documents of the year go without those that a list made: of the year before when none is left."""
    own = Subject.objects.filter(fiscal_year=year).exclude(pk__in=made.new)
    before = list_before(year)
    rows = own if own.exists() or before is None else Subject.objects.filter(fiscal_year=before, active=True)
    return set(rows.values_list("scheme", "code"))


def _row(year: int, scheme: str, code: str, values: dict[str, str]) -> Subject:
    """A code as a row; its level and what is above it follow from its digits."""
    level = (len(code) - 1) // 2
    above = code[:-2] if level > 1 else ""
    return Subject(fiscal_year=year, scheme=scheme, code=code, level=level, parent_code=above, **values)


def _kept(row: Subject) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in KEPT)


def _moves(year: int) -> tuple[tuple[Any, ...], ...]:
    rows = SubjectMove.objects.filter(fiscal_year=year)
    return tuple(rows.values_list("scheme", "old_code", "new_code"))


def _map(year: int, moves: Iterable[tuple[Any, ...]]) -> None:
    """Replace the year's mapping."""
    SubjectMove.objects.filter(fiscal_year=year).delete()
    SubjectMove.objects.bulk_create(
        SubjectMove(fiscal_year=year, scheme=scheme, old_code=old, new_code=new) for scheme, old, new in moves
    )


def _words(plan: SubjectPlan) -> str:
    changed = len({change.code for change in plan.changed})
    parts = [f"新增 {len(plan.new)} 个", f"更正 {changed} 个", f"停用 {len(plan.retired)} 个"]
    if plan.moves is not None:
        parts.append(f"对照 {len(plan.moves)} 行")
    return "，".join(parts)


def _tell(imported: SubjectImport, by: Person, words: str) -> None:
    named = f"{imported.fiscal_year}年政府收支分类科目"
    trail.tell(Happening.CHANGE, by, words=f"{words}（{imported.name}）", named=named)


def _locked(imported: SubjectImport) -> SubjectImport:
    """The list again, with all of its year held: they take turns."""
    list(SubjectImport.objects.select_for_update().filter(fiscal_year=imported.fiscal_year).order_by("pk"))
    return SubjectImport.objects.get(pk=imported.pk)
