"""What waits for a person: the own department's years, or the region's queue and who is late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from budgets import access
from budgets.admin.deadlines import Deadline, dated, deadline
from budgets.admin.next_steps import next_steps
from budgets.admin.publishing_times import announced, look_again
from budgets.admin.task_list import Desk, desk
from budgets.domain.name_order import spoken
from budgets.models import DEPARTMENT_ROLES, Department, Disclosure, Person, Role, Status, Subject
from budgets.workflow import answering
from budgets.workflow.commenting import with_open_comments
from budgets.workflow.drafts import drafts_of
from budgets.workflow.starting import years_to_start
from budgets.workflow.year_opening import dates_of

TONES = {
    Status.DRAFT: "",
    Status.SUBMITTED: "go",
    Status.RETURNED: "bad",
    Status.APPROVED: "go",
    Status.PUBLISHED: "good",
    Status.WITHDRAWN: "bad",
}
NEXT = {
    Status.DRAFT: "填写各表和说明，处理检查结果后提交。",
    Status.RETURNED: "看退回原因，改好后再提交。",
    Status.SUBMITTED: "等财政局审核；审核前可以收回。",
    Status.APPROVED: "已批准，等财政局公开。",
    Status.PUBLISHED: "已公开。要改动，请申请更正。",
    Status.WITHDRAWN: "已撤回公开。要重新公开，请申请更正。",
}
BUREAU_NEXT = {
    Status.DRAFT: "部门正在填写。",
    Status.RETURNED: "已退回，等部门改好后再提交。",
    Status.SUBMITTED: "等财政局审核：批准，或者提意见、退回。",
    Status.APPROVED: "已批准，等财政局公开。",
    Status.PUBLISHED: "已公开。",
    Status.WITHDRAWN: "已撤回公开。要重新公开，先更正。",
}
AGREEING = "部门审核中"
ASKED = "申请更正"
WITHDRAWING = "撤回待确认"
LOCKED = "财政局已锁定本年度，内容不能改动和提交；要改动，先由财政局解除锁定。"
MOST_NAMED = 3  # people of the bureau
HANDED_IN = (Status.SUBMITTED, Status.APPROVED, Status.PUBLISHED, Status.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Item:
    """A disclosure in a list, with its state in words and its deadline."""

    disclosure: Disclosure
    words: str
    tone: str
    next: str
    deadline: Deadline


def state_of(disclosure: Disclosure) -> tuple[str, str]:
    """The state in words, and its tone: a draft that corrects what was published is called so, as is what waits for the
    department's own reviewer, and what the department wants corrected."""
    status = Status(disclosure.status)
    if getattr(disclosure, "publishing", False):
        return "正在公开", "go"
    if disclosure.publish_at is not None:
        return "定时公开", "go"
    if access.waits_for_agreement(disclosure):
        return AGREEING, "go"
    if disclosure.withdrawal_asked_by_id is not None:
        return WITHDRAWING, "warn"
    if disclosure.correction_asked:
        return ASKED, "warn"
    return disclosure.state_label, TONES[status]


def next_of(disclosure: Disclosure) -> str:
    """What is to be done next, for its department."""
    if disclosure.editable and getattr(disclosure, "year_locked", False):
        return LOCKED
    if getattr(disclosure, "publishing", False):
        return "正在公开。"
    if disclosure.publish_at is not None:
        return announced(disclosure.publish_at)
    if access.waits_for_agreement(disclosure):
        return "等本部门审核人同意，再由财政局审核；审核前可以收回。"
    if disclosure.correction_asked:
        return "已申请更正，等财政局答复。"
    return NEXT[Status(disclosure.status)]


def next_for(user: Person, disclosure: Disclosure) -> str:
    """What is to be done next as this person reads it: `next_of` speaks to the department."""
    told = next_of(disclosure)
    if user.role == Role.REVIEWER:
        if access.may_here(user, access.May.AGREE, disclosure):
            return "等您审核：核对以后同意，或者写明原因退回。"
        if disclosure.editable and told == NEXT[Status(disclosure.status)]:
            return "部门会计正在填写。"
    if user.role == Role.BUREAU_OFFICER and disclosure.withdrawal_asked_by_id is not None:
        if disclosure.withdrawal_asked_by_id == user.pk:
            return "您已申请撤回公开，等财政局另一人确认。"
        return "有人申请撤回公开，请确认，或者写明原因不予撤回。"
    if sees_region(user) and disclosure.correction_asked and disclosure.publish_at is None:
        return "部门申请更正，请答复：同意就开始更正，不同意写明理由。"
    if not sees_region(user) or told != NEXT[Status(disclosure.status)]:
        return told
    return BUREAU_NEXT.get(Status(disclosure.status), told)


def asking(department: Department) -> str:
    """Whom to ask for a year that is not open, by name."""
    bureau = Person.objects.filter(region=department.region_id, role__in=access.OPENS_YEARS, is_active=True)
    names = "、".join(person.name for person in bureau.order_by("role", "pk")[:MOST_NAMED])
    return f"没有可以开始的年度：新的年度由{department.region}财政局开放。请联系财政局{f'（{names}）' if names else ''}。"


def item(disclosure: Disclosure, today: date, user: Person | None = None) -> Item:
    """`user` is who reads what is to be done next; else it speaks to the department's accountant."""
    words, tone = state_of(disclosure)
    told = next_for(user, disclosure) if user else next_of(disclosure)
    return Item(disclosure, words, tone, told, deadline(disclosure, today))


def sees_region(user: Person) -> bool:
    """True for the roles that work on all departments of a region."""
    return user.role not in (*DEPARTMENT_ROLES, Role.CENTRAL_ADMINISTRATOR)


def progress(disclosures: Collection[Disclosure]) -> dict[int, Desk]:
    """How far the editable ones are, by their keys; the others need no reading."""
    editable = [disclosure for disclosure in disclosures if disclosure.editable]
    drafts = drafts_of(editable) if editable else {}
    return {disclosure.pk: desk(disclosure, drafts[disclosure.pk]) for disclosure in editable}


def kept(user: Person) -> list[tuple[str, str, str]]:
    """What the central administrator keeps: label, address and how much there is of it."""
    years = Subject.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return [
        ("地区", reverse("admin:budgets_region_changelist"), f"{access.regions_for(user).count()} 个"),
        (
            "科目",
            reverse("admin:budgets_subject_changelist"),
            "、".join(f"{year}年" for year in years) or "还没有",
        ),
        (
            "各地区的财政局管理员",
            reverse("admin:budgets_person_changelist"),
            f"{access.people_for(user).count()} 人",
        ),
    ]


def context(user: Person) -> dict[str, Any]:
    """The first page of this person."""
    if user.role == Role.CENTRAL_ADMINISTRATOR:
        return {"kept": kept(user), "title": "平台管理"}
    restores = user.role in access.ROLES[access.May.RESTORE]
    today = timezone.localdate()
    people = ("submitted_by", "updated_by")
    rows = with_open_comments(dated(access.disclosures_for(user))).select_related(
        "department__region", *people
    )
    questions = answering.standing(access.questions_for(user))
    if not sees_region(user):
        own = list(rows.prefetch_related("explanations").order_by("-fiscal_year", "stage"))
        desks = progress(own)
        mine = [(item(row, today, user), desks.get(row.pk)) for row in own]
        department = own[0].department if own else user.department  # read with its region already
        starts = access.may_create(user, department)
        years = years_to_start(department) if starts and department else []
        return {
            "mine": mine,
            "department": department,
            "may_start": years,
            "closed": asking(department) if starts and department and not years else "",
            "restores": restores,
            "questions": questions,
            "look_again": look_again(own),
        }
    submitted = list(rows.filter(status=Status.SUBMITTED).order_by("submitted_at"))
    waiting = [row for row in submitted if not access.waits_for_agreement(row)]
    asked = list(rows.exclude(correction_asked="", withdrawal_asked_by=None).order_by("updated_at"))
    approved = list(rows.filter(status=Status.APPROVED).order_by("publish_at", "approved_at"))
    year = current_year(user, today)
    return {
        "submitted": [item(row, today) for row in waiting],
        "agreeing": [item(row, today) for row in submitted if access.waits_for_agreement(row)],
        "approved": [item(row, today) for row in approved if row.publish_at is None],
        "scheduled": [item(row, today) for row in approved if row.publish_at is not None],
        "unschedule": access.May.UNSCHEDULE,
        "look_again": look_again(approved),
        "asked": [item(row, today) for row in asked if row.correction_asked],
        "withdrawals": [item(row, today) for row in asked if row.withdrawal_asked_by_id is not None],
        "year": year,
        "no_year": not (access.years_for(user).exists() or access.disclosures_for(user).exists()),
        "late": [row for row in year_rows(user, year, today) if row.deadline.late or row.disclosure is None],
        "officer": user.role == Role.BUREAU_OFFICER,
        "restores": restores,
        "questions": questions,
        "steps": next_steps(user),
        "title": "待办",
    }


@dataclass(slots=True)
class YearRow:
    """One department in a year."""

    department: Department
    disclosure: Disclosure | None
    words: str
    tone: str
    deadline: Deadline
    approved_on: date | None = None  # what the days are counted from
    set_on: date | None = None  # what the bureau set
    reminder: str = ""  # what the office chat may tell the department

    @property
    def differs(self) -> bool:
        """True when the department says another date than the bureau."""
        own = self.disclosure.approved_on if self.disclosure else None
        return own is not None and self.set_on is not None and own != self.set_on

    @property
    def accountants(self) -> list[Person]:
        """Who works on it there; of rows from `year_rows` without asking again."""
        return list(self.department.people.all())

    @property
    def spoken(self) -> bytes:
        """What the department's name sorts by."""
        return spoken(self.department.name)


def current_year(user: Person, today: date) -> int:
    """The latest year that the person's bureau opened or of which anything is public or was submitted; else the calendar year.

    A draft that somebody began says nothing about the bureau's year.
    """
    begun = Q(status__in=HANDED_IN) | Q(publications__isnull=False)
    latest = access.disclosures_for(user).filter(begun).aggregate(latest=Max("fiscal_year"))["latest"]
    opened = access.years_for(user).exclude(opened_by=None).aggregate(latest=Max("fiscal_year"))["latest"]
    return max(latest or 0, opened or 0) or today.year


def year_rows(user: Person, year: int, today: date) -> list[YearRow]:
    """Every active department, and inactive ones with a disclosure of that year; late ones first."""
    rows = (
        with_open_comments(dated(access.disclosures_for(user)))
        .filter(fiscal_year=year)
        .select_related("department__region", "updated_by")
    )
    by_department = {row.department_id: row for row in rows}
    years = access.years_for(user).filter(fiscal_year=year).prefetch_related("departments")
    opened = {each.region_id: (each, dates_of(each)) for each in years}
    accountants = Person.objects.filter(role=Role.ACCOUNTANT, is_active=True).order_by("pk")
    out = []
    people = Prefetch("people", accountants)
    for department in access.departments_for(user).select_related("region").prefetch_related(people):
        disclosure = by_department.get(department.pk)
        if disclosure is None and not department.active:
            continue
        own, dates = opened.get(department.region_id, (None, {}))
        usual = own.approved_on if own else None
        set_on = dates.get(department.pk, usual)
        due = deadline(disclosure, today, set_on)
        words, tone = state_of(disclosure) if disclosure else ("未开始", "warn")
        counted = (disclosure.approved_on if disclosure else None) or set_on
        out.append(YearRow(department, disclosure, words, tone, due, counted, set_on))
    return sorted(out, key=lambda row: (row.deadline.order, row.deadline.left or 0, row.department.code))
