"""Opening a year: the bureau's table sets, dates of approval, texts to start from, and the lock.

Each step is one transaction under the lock of the year's row. A refusal is CannotOpen with its sentence.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.contrib.admin.models import LogEntry as Saving
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from budgets import access, tablesets
from budgets.domain.terms import Stage
from budgets.models import (
    ChapterText,
    Department,
    DepartmentYear,
    Disclosure,
    FiscalYear,
    Happening,
    Person,
    Region,
)
from budgets.models.fiscal_years import FIRST, LAST
from budgets.workflow.histories import Fields, note


class CannotOpen(Exception):
    """A year is not opened or changed; the message, in Chinese, says why."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the bureau set for one department in a year."""

    table_set: str
    approved_on: date | None = None


def open_year(
    region: Region, number: int, *, table_set: str, approved_on: date | None = None, by: Person
) -> FiscalYear:
    """Open a year of a region: departments may start it from now on. Raises CannotOpen."""
    if not access.opens_years(by) or not access.regions_for(by).filter(pk=region.pk).exists():
        raise CannotOpen("只有本地区财政局可以开放年度。")
    if not FIRST <= number <= LAST:
        raise CannotOpen(f"预算年度在 {FIRST} 至 {LAST} 之间。")
    _sound(number, {table_set}, {approved_on})
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=region.pk)
        if FiscalYear.objects.filter(region=region, fiscal_year=number).exists():
            raise CannotOpen(f"{number}年度已经开放，请直接修改。")
        year = FiscalYear.objects.create(
            region=region,
            fiscal_year=number,
            table_set=table_set,
            approved_on=approved_on,
            opened_at=timezone.now(),
            opened_by=by,
        )
        note(by, year, f"开放{number}年度", action=Happening.YEAR, fields=_changed({}, _told(year)))
        fill(year, by)
    return year


def dates_of(year: FiscalYear) -> dict[int, date | None]:
    """The dates of approval of departments that have something of their own, by their keys; the others have the year's."""
    return {own.department_id: own.approved_on or year.approved_on for own in year.departments.all()}


def terms_for(year: FiscalYear, department: Department) -> Terms:
    """What holds for one department. A 单位, which is under another department, prints the forms for units."""
    own = year.departments.filter(department=department).first()
    usual = tablesets.of_body(year.table_set, unit=department.supervising_department_id is not None)
    return Terms(
        own.table_set if own and own.table_set else usual,
        own.approved_on if own and own.approved_on else year.approved_on,
    )


def form_of(disclosure: Disclosure) -> str:
    """The key of the declared forms of a disclosure: its own, or of one taken over as it stands those that its year has."""
    if tablesets.get(disclosure.table_set).tables:
        return disclosure.table_set
    department = disclosure.department
    opened = FiscalYear.objects.filter(
        region=department.region_id, fiscal_year=disclosure.fiscal_year
    ).first()
    usual = terms_for(opened, department).table_set if opened else department.region.table_set
    usual = usual or tablesets.usual()[0][0]
    accounts = tablesets.accounts_of(usual) if disclosure.stage == Stage.FINAL else None
    return accounts.key if accounts else usual


@contextmanager
def changing(year: FiscalYear, by: Person, version: int | None = None) -> Iterator[FiscalYear]:
    """The year under its lock, for one change; its version goes up. Raises CannotOpen for who may not, and when
    somebody changed it since `version`."""
    with transaction.atomic():
        held = FiscalYear.objects.select_for_update(of=("self",)).select_related("region").get(pk=year.pk)
        if not access.opens_years(by) or not access.years_for(by).filter(pk=year.pk).exists():
            raise CannotOpen("只有本地区财政局可以修改年度。")
        if version is not None and version != held.version:
            raise CannotOpen("您打开本页以后，别人又改动过这个年度。请核对后再保存。")
        yield held
        held.version += 1
        held.save()


def set_terms(
    year: FiscalYear,
    usual: Terms,
    own: Mapping[Department, tuple[str, date | None]],
    *,
    by: Person,
    version: int | None = None,
) -> int:
    """Set what holds for all, and for each named department what is otherwise (blanks: as for all).

    Departments that are not named keep theirs. Dates fill the disclosures that are being written and have none;
    how many comes back. A disclosure's own date and table set stay. Raises CannotOpen.
    """
    sets = {usual.table_set, *(chosen for chosen, _ in own.values() if chosen)}
    _sound(year.fiscal_year, sets, {usual.approved_on, *(day for _, day in own.values())})
    with changing(year, by, version) as held:
        if any(department.region_id != held.region_id for department in own):
            raise CannotOpen("名单里有不属于本地区的部门。")
        before = _told(held)
        held.table_set, held.approved_on = usual.table_set, usual.approved_on
        for department, (chosen, day) in own.items():
            rows = DepartmentYear.objects.filter(year=held, department=department)
            if chosen or day:
                rows.update_or_create(
                    year=held, department=department, defaults={"table_set": chosen, "approved_on": day}
                )
            else:
                rows.delete()
        if fields := _changed(before, _told(held)):
            words = f"表样、批复日期：全部部门 {usual.approved_on or '未定'}，另有 {held.departments.count()} 个部门单独设定"
            note(by, held, words, action=Happening.YEAR, fields=fields)
        return fill(held, by)


def set_dates(
    year: FiscalYear, days: Mapping[Department, date], *, by: Person, version: int | None = None
) -> int:
    """Set the dates of approval of some departments, whose table sets stay; see `set_terms`."""
    sets = {own.department_id: own.table_set for own in year.departments.all()}
    own = {department: (sets.get(department.pk, ""), day) for department, day in days.items()}
    return set_terms(year, Terms(year.table_set, year.approved_on), own, by=by, version=version)


def set_texts(
    year: FiscalYear, texts: Mapping[tuple[str, str], str], *, by: Person, version: int | None = None
) -> None:
    """Set the texts that chapters, named by table set and key, start from; a blank one is taken away. Raises CannotOpen."""
    with changing(year, by, version) as held:
        before = _texts(held)
        for (table_set, chapter), text in texts.items():
            rows = ChapterText.objects.filter(year=held, table_set=table_set, chapter=chapter)
            if text.strip():
                rows.update_or_create(
                    year=held, table_set=table_set, chapter=chapter, defaults={"text": text}
                )
            else:
                rows.delete()
        if fields := _changed(before, _texts(held)):
            words = f"起草文字：共 {held.texts.count()} 章"
            note(by, held, words, action=Happening.YEAR, fields=fields)


def texts_of(year: FiscalYear, table_set: str) -> dict[str, str]:
    """The texts that chapters start from, by the keys of these."""
    return dict(year.texts.filter(table_set=table_set).values_list("chapter", "text"))


def lock(year: FiscalYear, *, by: Person) -> None:
    """From now on the departments change and hand in nothing of the year. A saving under way is finished first."""
    with changing(year, by) as held:
        if held.locked:
            raise CannotOpen(f"{held.fiscal_year}年度已经锁定。")
        list(_of(held).select_for_update(of=("self",)).order_by("pk"))
        held.locked_at, held.locked_by = timezone.now(), by
        note(by, held, f"锁定{held.fiscal_year}年度", action=Happening.YEAR)


def unlock(year: FiscalYear, *, by: Person) -> None:
    """The departments may go on."""
    with changing(year, by) as held:
        if not held.locked:
            raise CannotOpen(f"{held.fiscal_year}年度没有锁定。")
        held.locked_at = held.locked_by = None
        note(by, held, f"解除锁定{held.fiscal_year}年度", action=Happening.YEAR)


def fill(year: FiscalYear, by: Person) -> int:
    """Give the year's dates to the budgets that are being written and have none; how many. What was submitted is bound
    to its content and stays as it is, a date that somebody typed as well."""
    dates, filled = dates_of(year), 0
    blank = _of(year).filter(stage=Stage.BUDGET.value, approved_on=None)
    for row in blank.select_related("department").select_for_update(of=("self",)).order_by("pk"):
        day = dates.get(row.department_id, year.approved_on)
        if day is None or not row.editable:
            continue
        Disclosure.objects.filter(pk=row.pk).update(
            approved_on=day, version=F("version") + 1, updated_by=by, updated_at=timezone.now()
        )
        note(by, row, f"批复日期：财政局填写 {day}", fields={"批复日期": ["", str(day)]})
        filled += 1
    return filled


def history(year: FiscalYear) -> models.QuerySet[Saving]:
    """What was done with a year, latest first."""
    kind = ContentType.objects.get_for_model(FiscalYear)
    rows = Saving.objects.filter(content_type=kind, object_id=str(year.pk)).select_related("user")
    return rows.order_by("-action_time", "-id")


def _told(year: FiscalYear) -> dict[str, str]:
    """What is set, by its name for the trail: for all, and for each department that has something of its own."""
    names = dict(tablesets.choices())

    def words(table_set: str, day: date | None) -> dict[str, str]:
        return {"表样": names.get(table_set, table_set), "批复日期": str(day or "")}

    told = words(year.table_set, year.approved_on)
    for own in year.departments.select_related("department").order_by("department__code"):
        given = words(own.table_set, own.approved_on)
        told |= {f"{own.department} {name}": value for name, value in given.items()}
    return told


def _texts(year: FiscalYear) -> dict[str, str]:
    """Each text, by table set and chapter."""
    names = dict(tablesets.choices())
    rows = year.texts.order_by("table_set", "chapter")
    return {f"{names.get(row.table_set, row.table_set)} {row.chapter}": row.text for row in rows}


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> Fields:
    """What differs, with what it was and what it became."""
    every = dict.fromkeys([*before, *after])
    pairs = {name: [before.get(name, ""), after.get(name, "")] for name in every}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _of(year: FiscalYear) -> models.QuerySet[Disclosure]:
    return Disclosure.objects.filter(department__region=year.region_id, fiscal_year=year.fiscal_year)


def _sound(number: int, sets: set[str], days: set[date | None]) -> None:
    known = dict(tablesets.choices())
    if unknown := sorted(sets - set(known)):
        raise CannotOpen(f"没有名为“{unknown[0]}”的表样。")
    for day in days:
        if day is not None and not number - 1 <= day.year <= number:
            raise CannotOpen(f"批复日期 {day} 不在 {number - 1} 年至 {number} 年之间，请核对年份。")
