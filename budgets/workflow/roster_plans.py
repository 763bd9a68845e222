"""What a list would do to a region: what is new, what changes from what to what, what stays, what cannot be taken."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Field

from budgets import access
from budgets.domain.codec import decode, encode
from budgets.domain.same_words import same_words
from budgets.domain.terms import Term
from budgets.importing.rosters.roster_columns import DEPARTMENTS, PEOPLE, REGION_WIDE, YES_NO
from budgets.importing.rosters.roster_reading import Roster, RosterFault, RosterRow
from budgets.models import DEPARTMENT_ROLES, Department, Person, Role, RosterImport

NAMES = ("部门名称", "姓名")  # a new row has them in its title


class Becomes(Term):
    """What becomes of a row."""

    NEW = "new", "新增"
    CHANGED = "changed", "改动"
    SAME = "same", "不变"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One value that changes, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row that can be taken. `key` is the code or the login name, `values` what will stand in the columns given."""

    sheet: str
    key: str
    title: str
    becomes: Becomes
    changes: tuple[RowChange, ...]
    values: dict[str, str]


@dataclass(slots=True)
class RosterPlan:
    """All of it; `missing` are those of the region that the list does not name, which stay as they are; `doubled` have
    units, which the sums of the county count beside them."""

    rows: list[PlannedRow] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    faults: list[RosterFault] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def of(self, sheet: str, becomes: Becomes) -> list[PlannedRow]:
        return [row for row in self.rows if row.sheet == sheet and row.becomes is becomes]

    @property
    def does(self) -> int:
        """How many rows would be made or changed."""
        return sum(row.becomes is not Becomes.SAME for row in self.rows)

    @property
    def digest(self) -> str:
        """What somebody saw who saw this plan: any other plan has another one."""
        said = {"rows": encode(self.rows), "missing": self.missing, "faults": encode(self.faults)}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def plan_for(imported: RosterImport, by: Person) -> RosterPlan:
    """The plan of a list as the region stands now, for who takes it in."""
    roster: Roster = decode(Roster, imported.roster)
    return _Planner(imported, roster, by).plan()


def label_of(role: str) -> str:
    return Role(role).label if role else ""


def yes_no(value: bool) -> str:
    return YES_NO[0] if value else YES_NO[1]


class _Planner:
    def __init__(self, imported: RosterImport, roster: Roster, by: Person) -> None:
        self.roster, self.by = roster, by
        self.out = RosterPlan(faults=list(roster.faults))
        in_region = Department.objects.filter(region=imported.region_id).select_related(
            "supervising_department"
        )
        self.departments = {each.code: each for each in in_region}
        self.listed = {row.values["code"] for row in roster.of(DEPARTMENTS) if row.values.get("code")}

    def plan(self) -> RosterPlan:
        self.plan_departments(self.roster.of(DEPARTMENTS))
        self.plan_people(self.roster.of(PEOPLE))
        self.out.faults.sort(key=lambda fault: (fault.sheet != DEPARTMENTS, fault.sheet))
        return self.out

    def refuse(self, row: RosterRow, key: str, text: str) -> None:
        self.out.faults.append(RosterFault(row.sheet, row.at(key), text))

    def zero_lost(self, row: RosterRow, key: str) -> bool:
        """Refuse a code that stands as a number where one with leading zeros was meant."""
        code = row.values.get(key, "")
        known = self.departments.keys() | self.listed
        meant = sorted(
            each for each in known if each != code and each.startswith("0") and each.lstrip("0") == code
        )
        if key in row.numeric and code not in known - (self.listed if key == "code" else set()) and meant:
            self.refuse(
                row,
                key,
                f"编码“{code}”是数字格式，开头的 0 丢了（应是 {meant[0]}）。请把这一列设成“文本”格式，重新填写。",
            )
            return True
        return False

    # 部门
    def plan_departments(self, rows: list[RosterRow]) -> None:
        counted = Counter(row.values.get("code", "") for row in rows)
        supervisors = {
            code: each.supervising_department.code
            for code, each in self.departments.items()
            if each.supervising_department
        }
        supervisors |= {
            row.values["code"]: row.values["supervisor"]
            for row in rows
            if row.values.get("code") and "supervisor" in row.values
        }
        for row in rows:
            code = row.values.get("code", "")
            if not code or self.zero_lost(row, "code"):
                continue
            if counted[code] > 1:
                others = [
                    other.at("code")
                    for other in rows
                    if other.values.get("code") == code and other is not row
                ]
                self.refuse(
                    row, "code", f"编码 {code} 在 {'、'.join(others)} 也有。一个部门只写一行，请删去多余的。"
                )
                continue
            self.department_row(row, code, supervisors)
        self.same_names(rows)
        self.doubled(rows, set(supervisors.values()))
        if rows:
            self.out.missing[DEPARTMENTS] = [
                str(each)
                for code, each in self.departments.items()
                if each.active and code not in self.listed
            ]

    def department_row(self, row: RosterRow, code: str, supervisors: Mapping[str, str]) -> None:
        known = self.departments.get(code)
        given = {key: row.values[key] for key in ("name", "phone", "address") if key in row.values}
        self.fits(row, Department(code=code, **given), {"code": "code", **{key: key for key in given}})
        if known and not known.active:
            self.refuse(
                row, "code", f"部门 {known} 已停用。要恢复，请先在部门页面勾选“在用”；否则从名单删去这一行。"
            )
            return
        above = row.values.get("supervisor", "")
        if above and not self.zero_lost(row, "supervisor"):
            if above not in self.listed and above not in self.departments:
                self.refuse(
                    row, "supervisor", f"没有编码为 {above} 的部门。请改正，或把这个主管部门也写进名单。"
                )
            elif circle := _circle(code, supervisors):
                self.refuse(
                    row,
                    "supervisor",
                    f"主管部门绕成了圈：{' → '.join(circle)}。请改正，主管部门自己的这一格留空。",
                )
        labels = {"name": "部门名称", "phone": "公开咨询电话", "address": "办公地址"}
        changes = [
            RowChange(labels[key], str(getattr(known, key)) if known else "", text)
            for key, text in given.items()
        ]
        if "supervisor" in row.values:
            old = known.supervising_department if known else None
            changes.append(RowChange("主管部门编码", old.code if old else "", above))
        if "includes" in row.values:
            if row.values["includes"] not in ("", *YES_NO):
                self.refuse(row, "includes", f"“{row.values['includes']}”不是“是”或“否”。请改正，或者空着。")
            was = yes_no(known.includes_units) if known else ""
            changes.append(
                RowChange("预算含下属单位", was, self.includes(row) if known else row.values["includes"])
            )
        self.planned(row, code, f"{code} {given.get('name', '')}", changes, known is None)

    def includes(self, row: RosterRow) -> str:
        return row.values["includes"] or yes_no(False)

    def doubled(self, rows: list[RosterRow], supervisors: set[str]) -> None:
        """Name the departments with units that are not said to contain them."""
        said = {code: yes_no(each.includes_units) for code, each in self.departments.items()}
        names = {code: str(each) for code, each in self.departments.items()}
        for row in rows:
            if code := row.values.get("code", ""):
                names[code] = f"{code} {row.values.get('name', '')}"
                said[code] = self.includes(row) if "includes" in row.values else said.get(code, yes_no(False))
        self.out.doubled = [
            names[code] for code in sorted(supervisors & said.keys()) if said[code] == yes_no(False)
        ]

    def same_names(self, rows: list[RosterRow]) -> None:
        """No two departments in use have one name; what stood before the list is not held against it."""
        named: dict[str, list[str]] = defaultdict(list)
        renamed = {row.values["code"]: row.values.get("name", "") for row in rows if row.values.get("code")}
        for code, each in self.departments.items():
            if each.active and code not in renamed:
                named[same_words(each.name)].append(code)
        for code, name in renamed.items():
            named[same_words(name)].append(code)
        for row in rows:
            code, name = row.values.get("code", ""), row.values.get("name", "")
            known = self.departments.get(code)
            if not name or not code or (known and known.name == name):
                continue
            if others := [other for other in named[same_words(name)] if other != code]:
                self.refuse(
                    row, "name", f"名称“{name}”与编码 {'、'.join(others)} 的部门相同。请写全称，或改正编码。"
                )

    # 人员
    def plan_people(self, rows: list[RosterRow]) -> None:
        counted = Counter(row.values.get("username", "").casefold() for row in rows)
        names = [row.values["username"] for row in rows if row.values.get("username")]
        taken = _accounts(names)
        mine = access.people_for(self.by).filter(role__in=access.roles_to_give(self.by))
        mine = mine.exclude(pk=self.by.pk).select_related("department")
        known = {each.username: each for each in mine}
        for row in rows:
            username = row.values.get("username", "")
            if not username:
                continue
            if counted[username.casefold()] > 1:
                others = [
                    other.at("username")
                    for other in rows
                    if other is not row and other.values.get("username", "").casefold() == username.casefold()
                ]
                self.refuse(
                    row,
                    "username",
                    f"登录名 {username} 在 {'、'.join(others)} 也有（不分大小写）。一人一个，请改成另一个。",
                )
            elif username not in known and username.casefold() in taken:
                self.refuse(
                    row,
                    "username",
                    f"登录名 {username} 已被占用（别的地区，或不归您管理的账号）。请换一个，例如加上部门编码。",
                )
            else:
                self.person_row(row, username, known.get(username))
        if rows:
            listed = {row.values.get("username") for row in rows}
            self.out.missing[PEOPLE] = [
                f"{each.name}（{each.username}）"
                for each in known.values()
                if each.is_active and each.username not in listed
            ]

    def person_row(self, row: RosterRow, username: str, known: Person | None) -> None:
        name = row.values.get("name", "")
        self.fits(row, Person(username=username, name=name), {"username": "username", "name": "name"})
        if known and not known.is_active:
            self.refuse(
                row, "username", f"账号 {username} 已停用。要恢复，请先在人员页面改；否则从名单删去这一行。"
            )
            return
        role = self.role_of(row)
        place = row.values.get("place", "")
        if role in DEPARTMENT_ROLES and place and not self.zero_lost(row, "place"):
            there = self.departments.get(place)
            if place == REGION_WIDE:
                self.refuse(row, "place", f"{label_of(role)}属于一个部门，请填部门编码。")
            elif place not in self.listed and there is None:
                self.refuse(row, "place", f"没有编码为 {place} 的部门。请改正，或把这个部门也写进“部门”表。")
            elif there is not None and not there.active:
                self.refuse(row, "place", f"部门 {there} 已停用，不能有人员。请改正。")
        elif role and role not in DEPARTMENT_ROLES and place and place != REGION_WIDE:
            self.refuse(row, "place", f"{label_of(role)}不属于某一个部门，请填“{REGION_WIDE}”。")
        old = known.department.code if known and known.department else REGION_WIDE if known else ""
        changes = [
            RowChange("姓名", known.name if known else "", name),
            RowChange("角色", label_of(known.role) if known else "", label_of(role)),
            RowChange("部门", old, place),
        ]
        self.planned(row, username, f"{name}（{username}）", changes, known is None)

    def role_of(self, row: RosterRow) -> str:
        """The role that a row says; blank, and said to be wrong, for one that cannot be given."""
        text = row.values.get("role", "")
        if not text:
            return ""
        given = {role.label: role.value for role in access.roles_to_give(self.by)}
        if text in given:
            return given[text]
        offered = "、".join(given)
        if text in {role.label for role in Role}:
            self.refuse(row, "role", f"“{text}”不能由名单给，由平台管理员设置。这里可填：{offered}。")
        else:
            self.refuse(row, "role", f"不认识角色“{text}”。可填：{offered}。")
        return ""

    def fits(self, row: RosterRow, made: Department | Person, keys: Mapping[str, str]) -> None:
        """Refuse what the fields of the model refuse."""
        for name, key in keys.items():
            value = getattr(made, name)
            if not value:
                continue
            try:
                cast("Field[Any, Any]", made._meta.get_field(name)).run_validators(value)
            except ValidationError as error:
                self.refuse(row, key, "".join(error.messages))

    def planned(self, row: RosterRow, key: str, title: str, changes: Iterable[RowChange], new: bool) -> None:
        if new:
            becomes, shown = Becomes.NEW, [each for each in changes if each.new and each.label not in NAMES]
        else:
            shown = [each for each in changes if each.old != each.new]
            becomes = Becomes.CHANGED if shown else Becomes.SAME
        self.out.rows.append(PlannedRow(row.sheet, key, title, becomes, tuple(shown), dict(row.values)))


def _accounts(names: Iterable[str]) -> set[str]:
    """Those of the names that some account of the portal has, whatever its region; without regard to case."""
    wanted = {name.casefold() for name in names}
    return {name.casefold() for name in Person.objects.values_list("username", flat=True)} & wanted


def _circle(code: str, supervisors: Mapping[str, str]) -> list[str]:
    """The codes from a department up to itself; nothing when its supervisors end."""
    way, at = [code], supervisors.get(code, "")
    while at and at not in way:
        way.append(at)
        at = supervisors.get(at, "")
    return [*way, at] if at == code else []
