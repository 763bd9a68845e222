"""接下来: what a bureau's administrator does first in a new region, until all of it is done."""

from dataclasses import dataclass

from django.contrib.admin.models import CHANGE, LogEntry
from django.urls import reverse

from budgets import access
from budgets.admin.password_links import without_password
from budgets.models import Person


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do: its words, where it is done, how it stands."""

    label: str
    address: str
    words: str
    done: bool


def next_steps(user: Person) -> list[NextStep]:
    """The steps in order; nothing for others, and once all of them are done."""
    if not access.keeps_roster(user):
        return []
    departments = access.departments_for(user).filter(active=True).count()
    waiting = without_password(user).count()
    people = access.people_for(user).exclude(pk=user.pk).count()
    opened = access.years_for(user).count()
    steps = [
        NextStep(
            "导入部门和人员",
            reverse("admin:roster"),
            f"{departments} 个部门，{people} 人" if departments else "一份 Excel 名单，一次导入",
            bool(departments),
        ),
        NextStep(
            "发设密码的链接",
            reverse("admin:budgets_person_links"),
            _passwords(people, waiting),
            bool(people) and not waiting,
        ),
        NextStep(
            "开放年度", reverse("admin:fiscal_years"), "已开放" if opened else "还没有年度", bool(opened)
        ),
    ]
    if all(step.done for step in steps):
        return []
    region = user.home_region
    key = str(region.pk if region else "")
    kept = LogEntry.objects.filter(content_type__model="region", object_id=key, action_flag=CHANGE)
    settings = NextStep(
        "核对办理设置",
        reverse("admin:region_settings"),
        "部门审核、审签、公开前撤回的时间、两步登录；不改，就按现在的办",
        kept.exists(),
    )
    return [*steps[:2], settings, *steps[2:]]


def _passwords(people: int, waiting: int) -> str:
    """How far the passwords are, in words."""
    if not people:
        return "有了人员以后"
    return f"{waiting} 人还没有密码" if waiting else "每个人都设好了密码"
