"""Handing a department's work over (移交): what one person had open goes on under another, and the first account is closed.

A disclosure belongs to its department, not to a person, so drafts, deleted drafts and explanations go on by themselves. What
hangs on one person are files that wait to be taken in and the jobs that read them. What was done stays under the old name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from budgets import access
from budgets.models import (
    DEPARTMENT_ROLES,
    Department,
    Disclosure,
    Explanation,
    Happening,
    Intake,
    Job,
    JobState,
    Person,
    SignIn,
)
from budgets.workflow.histories import write
from budgets.workflow.stepping import NotAllowed
from budgets.workflow.trail import tell


@dataclass(frozen=True, slots=True)
class Handover:
    """What goes on under the successor, counted, and what becomes of the two accounts."""

    predecessor: Person
    department: Department
    role: str
    drafts: tuple[str, ...]
    deleted: int
    explanations: int
    files: int
    jobs: int
    sessions: int

    @property
    def goes_on(self) -> list[str]:
        """Each kind of thing that is open, in words; one sentence when there is none."""
        counted = (
            (len(self.drafts), f"编报中的草稿 {len(self.drafts)} 份：{'、'.join(self.drafts)}"),
            (self.explanations, f"草稿里写好的警告说明 {self.explanations} 条"),
            (self.deleted, f"可以恢复的已删除草稿 {self.deleted} 份"),
            (self.files, f"等着核对的导入文件 {self.files} 个"),
            (self.jobs, f"没有做完的后台任务 {self.jobs} 个"),
        )
        return [words for count, words in counted if count] or ["没有未办完的工作"]


def survey(predecessor: Person) -> Handover:
    """What this person has open in the department now. Raises NotAllowed for a role that belongs to none."""
    department = predecessor.department
    if department is None or predecessor.role not in DEPARTMENT_ROLES:
        raise NotAllowed(
            f"{predecessor}（{predecessor.role_label}）不属于某一个部门，没有可以移交的部门工作。"
        )
    rows = Disclosure.objects.filter(department=department).order_by("-fiscal_year", "stage")
    drafts = [row for row in rows if row.editable]
    return Handover(
        predecessor,
        department,
        predecessor.role,
        drafts=tuple(row.title for row in drafts),
        deleted=access.deleted_for(predecessor).count(),
        explanations=Explanation.objects.filter(disclosure__in=drafts).count(),
        files=_files(predecessor, department).count(),
        jobs=_jobs(predecessor, department).count(),
        sessions=SignIn.objects.filter(person=predecessor).count(),
    )


def refusal(predecessor: Person, successor: Person, by: Person) -> str:
    """Why this hand-over is not possible, with what to do; blank when it is. A successor without a key is a new person."""
    if not access.may_manage(by, predecessor):
        return f"您不能管理{predecessor}的账号。"
    if successor.pk is None:
        return ""
    if successor.pk == predecessor.pk:
        return "接手人不能是移交人自己。"
    if not access.may_manage(by, successor) or successor.role not in DEPARTMENT_ROLES:
        return f"{successor}不是本地区的部门会计或部门审核，不能接手；请另选，或新建一个人。"
    if not successor.is_active:
        return f"{successor}的账号已停用，请先恢复，或另选接手人。"
    return ""


def consequences(handover: Handover, successor: Person) -> Iterator[str]:
    """What the hand-over does to the two accounts, in words."""
    before = handover.predecessor
    yield f"{before}的账号停用，{handover.sessions} 处登录马上结束；没有保存、只在其浏览器里的内容不会过来。"
    yield f"以前的提交、导入和办理记录仍是{before}的名字。"
    if successor.pk is None:
        yield f"新建账号“{successor.username}”（{successor.name}），还没有密码，设定密码后才能登录。"
        return
    moved = successor.department_id != handover.department.pk
    if moved or successor.role != handover.role:
        yield (
            f"{successor}现在是{successor.department}的{successor.role_label}，"
            f"移交后改为{handover.department}的{before.role_label}，要重新登录。"
        )
    others = Person.objects.filter(department=successor.department_id, role=successor.role, is_active=True)
    if moved and not others.exclude(pk=successor.pk).exists():
        yield f"{successor.department}从此没有{successor.role_label}，请另外安排。"


@transaction.atomic
def hand_over(predecessor: Person, successor: Person, by: Person) -> Handover:
    """Do it at once or not at all; what was handed over. A successor without a key is made, without a password.

    Raises NotAllowed with the reason.
    """
    keys = [person.pk for person in (predecessor, successor) if person.pk is not None]
    locked = {
        person.pk: person
        for person in Person.objects.select_for_update(of=("self",))
        .select_related("department__region")
        .filter(pk__in=keys)
        .order_by("pk")
    }
    predecessor = locked[predecessor.pk]
    successor = locked.get(successor.pk, successor)
    if reason := refusal(predecessor, successor, by):
        raise NotAllowed(reason)
    handed = survey(predecessor)
    now = timezone.now()
    was = ("", "") if successor.pk is None else (str(successor.department), successor.role_label)
    _place(successor, handed, now)
    files = list(_files(predecessor, handed.department).values_list("pk", flat=True))
    _jobs(predecessor, handed.department).update(person=successor)
    Job.objects.filter(intake__in=files).update(
        person=successor
    )  # what was read already is shown to who asked
    Intake.objects.filter(pk__in=files).update(person=successor)
    predecessor.is_active, predecessor.sessions_from = False, now
    predecessor.save(update_fields=["is_active", "sessions_from"])
    SignIn.objects.filter(person=predecessor).delete()
    _tell(handed, successor, was, by)
    return handed


def _tell(handed: Handover, successor: Person, was: tuple[str, str], by: Person) -> None:
    """A line in both histories, and one entry: the account that closed, and what the successor was and became."""
    before, words = handed.predecessor, "；".join(handed.goes_on)
    write(by, [before], f"移交给{successor}（{successor.username}），账号停用。{words}")
    write(by, [successor], f"接手{before}（{before.username}）的工作。{words}")
    fields = {
        "账号": ["有效", "停用"],
        "接手人部门": [was[0], str(handed.department)],
        "接手人角色": [was[1], successor.role_label],
    }
    told = f"移交给{successor}（{successor.username}）。{words}"
    tell(Happening.HAND_OVER, by, before, words=told, fields=fields)


def _place(successor: Person, handed: Handover, now: datetime) -> None:
    """Give the successor department and role; who had others signs in again."""
    if successor.pk is None:
        successor.department, successor.region, successor.role = handed.department, None, handed.role
        successor.set_unusable_password()
        try:
            successor.full_clean()
        except ValidationError as error:
            raise NotAllowed("".join(error.messages)) from None
        successor.save()
    elif (successor.department_id, successor.role) != (handed.department.pk, handed.role):
        successor.department, successor.role = handed.department, handed.role
        successor.sessions_from = now
        successor.save(update_fields=["department", "role", "sessions_from"])
        SignIn.objects.filter(person=successor).delete()


def _files(person: Person, department: Department) -> QuerySet[Intake]:
    return Intake.objects.filter(person=person, confirmed_at=None, disclosure__department=department)


def _jobs(person: Person, department: Department) -> QuerySet[Job]:
    open_jobs = Job.objects.exclude(state__in=(JobState.DONE, JobState.FAILED))
    return open_jobs.filter(person=person, disclosure__department=department)
