"""A list taken in, all of it in one transaction or nothing; and taken back while nothing depends on it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import ADDITION
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from budgets import access
from budgets.domain.codec import decode, encode
from budgets.importing.confined_intake import roster_apart
from budgets.importing.reading.opening import digest
from budgets.importing.rosters.roster_columns import DEPARTMENTS, PEOPLE, YES_NO
from budgets.models import DEPARTMENT_ROLES, Department, Happening, Person, Region, Role, RosterImport
from budgets.models.search_names import name_words
from budgets.publishing import year_sums
from budgets.workflow.histories import Fields, write
from budgets.workflow.quotas import claim
from budgets.workflow.roster_plans import Becomes, PlannedRow, RosterPlan, plan_for, yes_no
from budgets.workflow.trail import tell

MODELS: dict[str, Any] = {"department": Department, "person": Person}


class NotTaken(Exception):
    """Nothing was taken or taken back; the sentences say why."""

    def __init__(self, *why: str) -> None:
        super().__init__(*why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Changed:
    """One column of one row, by its name in the database."""

    model: str
    key: int
    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Made:
    """What a list made, by keys, and what it changed."""

    departments: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    changed: tuple[Changed, ...] = ()


def hand_in(region: Region, name: str, content: bytes, by: Person) -> RosterImport:
    """The list, read apart and kept to be looked at; nothing of it is taken. Raises Unreadable, OverQuota."""
    claim(by, 1, len(content))
    roster = roster_apart(name, content)
    return RosterImport.objects.create(
        region=region, name=name[-255:], sha256=digest(content), roster=encode(roster), person=by
    )


def take(imported: RosterImport, seen: str, by: Person) -> RosterImport:
    """Everything that the plan says, if the plan is still the one that was `seen`. Raises NotTaken."""
    try:
        with transaction.atomic():
            imported = _locked(imported)
            if imported.confirmed_at:
                raise NotTaken("这份名单已经导入过了。")
            plan = plan_for(imported, by)
            if plan.faults:
                raise NotTaken(f"名单有 {len(plan.faults)} 处不对，一行也没有导入。请改好再上传。")
            if plan.digest != seen:
                raise NotTaken("您看过以后，部门或人员又有变动，所以没有导入。请看下面新的对照，再确认一次。")
            if not plan.does:
                raise NotTaken("名单与现在的完全相同，没有可导入的。")
            taking = _Taking(imported, by)
            imported.made = encode(taking.take(plan))
            imported.confirmed_at, imported.person = timezone.now(), by
            imported.save(update_fields=["made", "confirmed_at", "person"])
            year_sums.renew(imported.region_id)
            tell(Happening.ROSTER, by, imported, words=taking.words, fields=taking.fields)
    except IntegrityError as error:  # somebody made one of these people in the same moment
        raise NotTaken("导入时部门或人员又有变动，所以一行也没有导入。请看新的对照，再确认一次。") from error
    return imported


def take_back(imported: RosterImport, by: Person) -> RosterImport:
    """Undo a list: what it made is deleted, what it changed is as before. Raises NotTaken with what depends on it."""
    with transaction.atomic():
        imported = _locked(imported)
        if not imported.confirmed_at or imported.undone_at:
            raise NotTaken("这份名单没有导入，或者已经撤销了。")
        made: Made = decode(Made, imported.made)
        if why := depends(made):
            raise NotTaken(*why)
        now = timezone.now()
        words, fields = f"撤销名单导入：{imported.name}。", _undone(made)
        Person.objects.filter(pk__in=made.people).delete()
        for (model, key), changes in _by_row(made).items():
            rows = MODELS[model].objects.filter(pk=key)
            values = {change.column: change.old for change in changes}
            if model == "person" and {"role", "department_id"} & values.keys():
                values["sessions_from"] = now
            if model == "department" and "name" in values:
                code, region = rows.values_list("code", "region").get()
                values["name_words"] = name_words(values["name"], code, region)
            rows.update(**values)
            write(by, rows, words)
        own = Department.objects.filter(pk__in=made.departments)
        own.update(supervising_department=None)
        own.delete()
        imported.undone_at = now
        imported.save(update_fields=["undone_at"])
        year_sums.renew(imported.region_id)
        tell(Happening.ROSTER_UNDONE, by, imported, words=words, fields=fields)
    return imported


def depends(made: Made) -> list[str]:
    """Why what was made cannot be taken back: who has a password, what hangs on a department, what changed since."""
    why = []
    for person in Person.objects.filter(pk__in=made.people):
        if person.has_usable_password() or person.last_login:
            why.append(f"{person.name}（{person.username}）已经设了密码。")
    own = {Department: list(made.departments), Person: list(made.people)}
    for change in made.changed:
        own[MODELS[change.model]].append(change.key)  # these go back to where they were
    made_here = {Department: made.departments, Person: made.people}
    for model, keys in made_here.items():
        for relation in model._meta.related_objects:
            other = relation.related_model
            assert isinstance(other, type) and issubclass(other, models.Model)
            hangs = other._base_manager.filter(**{f"{relation.field.name}__in": keys})
            hangs = hangs.exclude(pk__in=own.get(other, ())) if other in own else hangs
            if hangs.exists():
                why.append(
                    f"已经有别的{other._meta.verbose_name}用到这份名单建立的{model._meta.verbose_name}。"
                )
    for change in made.changed:
        row = MODELS[change.model].objects.filter(pk=change.key).first()
        if row is None or getattr(row, change.column) != change.new:
            why.append(f"{row or '有一行'}导入以后又改过。")
    return list(dict.fromkeys(why))


def _by_row(made: Made) -> dict[tuple[str, int], list[Changed]]:
    found: dict[tuple[str, int], list[Changed]] = {}
    for change in made.changed:
        found.setdefault((change.model, change.key), []).append(change)
    return found


def _locked(imported: RosterImport) -> RosterImport:
    """The list again, with its region held: lists and forms of departments take turns."""
    Region.objects.select_for_update().get(pk=imported.region_id)
    return RosterImport.objects.select_for_update().get(pk=imported.pk)


def _undone(made: Made) -> Fields:
    """What taking a list back undoes, as the trail tells it: what the list made is gone, what it changed is as before."""
    fields: Fields = {}
    for model, keys in ((Department, made.departments), (Person, made.people)):
        fields |= {_called(row): [_summary(row), ""] for row in model.objects.filter(pk__in=keys)}
    for change in made.changed:
        row = MODELS[change.model].objects.get(pk=change.key)
        fields[_label(row, change.column)] = [
            _value(row, change.column, each) for each in (change.new, change.old)
        ]
    return fields


def _called(row: Department | Person) -> str:
    """A row as the trail names it; a person by the user name, which no two have."""
    return f"人员 {row.username}" if isinstance(row, Person) else f"部门 {row.code}"


def _summary(row: Department | Person) -> str:
    """Of a new row what the list said of it."""
    if isinstance(row, Person):
        return f"{row.name}，{row.role_label}，{row.department or row.region}"
    above = f"，主管部门 {row.supervising_department}" if row.supervising_department else ""
    above += "，预算含下属单位" if row.includes_units else ""
    return "，".join(each for each in (row.name, row.phone, row.address) if each) + above


def _label(row: Department | Person, column: str) -> str:
    return f"{_called(row)} {_field(row, column).verbose_name}"


def _field(row: Department | Person, column: str) -> models.Field[Any, Any]:
    found = row._meta.get_field(column.removesuffix("_id"))
    assert isinstance(found, models.Field)  # a list fills columns of the row itself
    return found


def _value(row: Department | Person, column: str, value: Any) -> str:
    """A value of a column in words, a row by what it is called."""
    if column == "role":
        return str(Role(value).label)
    if isinstance(value, bool):
        return yes_no(value)
    related = _field(row, column).related_model
    if isinstance(related, type) and issubclass(related, models.Model):
        return str(related._base_manager.filter(pk=value).first() or "")
    return "" if value is None else str(value)


class _Taking:
    def __init__(self, imported: RosterImport, by: Person) -> None:
        self.imported, self.by = imported, by
        self.region = imported.region
        self.departments = {each.code: each for each in Department.objects.filter(region=self.region)}
        self.changed: list[Changed] = []
        self.fields: Fields = {}  # what the trail tells
        self.words = f"名单导入：{imported.name}。"

    def take(self, plan: RosterPlan) -> Made:
        new = [
            Department(region=self.region, code=row.key, **_own(row))
            for row in plan.of(DEPARTMENTS, Becomes.NEW)
        ]
        Department.objects.bulk_create(new)
        self.departments |= {each.code: each for each in new}
        supervised = []
        for row in plan.of(DEPARTMENTS, Becomes.NEW):
            if above := row.values.get("supervisor"):
                self.departments[row.key].supervising_department = self.departments[above]
                supervised.append(self.departments[row.key])
        Department.objects.bulk_update(supervised, ["supervising_department"], batch_size=200)
        for row in plan.of(DEPARTMENTS, Becomes.CHANGED):
            values = _own(row)
            if "supervisor" in row.values:
                supervisor = self.departments.get(row.values["supervisor"])
                values["supervising_department_id"] = supervisor.pk if supervisor else None
            self.change("department", self.departments[row.key], values)
        people = [
            Person(username=row.key, password=make_password(None), **self.person_values(row))
            for row in plan.of(PEOPLE, Becomes.NEW)
        ]
        Person.objects.bulk_create(people)
        known = {
            each.username: each
            for each in access.people_for(self.by).filter(
                username__in=[row.key for row in plan.of(PEOPLE, Becomes.CHANGED)]
            )
        }
        for row in plan.of(PEOPLE, Becomes.CHANGED):
            self.change("person", known[row.key], self.person_values(row))
        for made in (new, people):
            write(self.by, made, self.words, ADDITION)
            self.fields |= {_called(row): ["", _summary(row)] for row in made}
        return Made(tuple(each.pk for each in new), tuple(each.pk for each in people), tuple(self.changed))

    def person_values(self, row: PlannedRow) -> dict[str, Any]:
        role = next(each for each in Role if each.label == row.values["role"]).value
        own = role in DEPARTMENT_ROLES
        return {
            "name": row.values["name"],
            "role": role,
            "department_id": self.departments[row.values["place"]].pk if own else None,
            "region_id": None if own else self.region.pk,
        }

    def change(self, model: str, row: Any, values: dict[str, Any]) -> None:
        """Change what differs; a changed role or department ends the sessions of a person."""
        differs = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in differs.items():
            old = getattr(row, name)
            self.changed.append(Changed(model, row.pk, name, old, value))
            self.fields[_label(row, name)] = [_value(row, name, each) for each in (old, value)]
            setattr(row, name, value)
        if model == "person" and {"role", "department_id"} & differs.keys():
            row.sessions_from = timezone.now()
        row.save()
        write(self.by, [row], self.words)


def _own(row: PlannedRow) -> dict[str, Any]:
    """What the columns of the list say of a department itself, by field."""
    said: dict[str, Any] = {
        name: row.values[name] for name in ("name", "phone", "address") if name in row.values
    }
    return said | (
        {"includes_units": row.values["includes"] == YES_NO[0]} if "includes" in row.values else {}
    )
