"""Who may see and do what: the one place for roles, the `*_for(user)` querysets and the policies.

A wrong department, and a draft, are answered with 404 everywhere, exactly as if they did not exist; so every
object is looked up through these querysets, in forms, filters, autocompletes and actions alike.
"""

from django.db.models import Q, QuerySet

from budgets.domain.terms import Term
from budgets.models import (
    DEPARTMENT_ROLES,
    Department,
    Disclosure,
    LogEntry,
    Person,
    Publication,
    PublicationStatus,
    Region,
    Role,
    Status,
    Subject,
)

EDITABLE = (Status.DRAFT, Status.RETURNED)


class May(Term):
    """What a person may do with a disclosure."""

    VIEW = "view", "查看"
    EDIT = "edit", "编辑"
    SUBMIT = "submit", "提交"
    RECALL = "recall", "收回"
    RETURN = "return", "退回"
    APPROVE = "approve", "批准"
    PUBLISH = "publish", "公开"
    CORRECT = "correct", "启动更正"
    WITHDRAW = "withdraw", "撤回公开"
    EXPORT = "export", "导出"


READERS = frozenset(Role)
ROLES = {
    May.VIEW: READERS,
    May.EXPORT: READERS,
    May.EDIT: frozenset({Role.ACCOUNTANT}),
    May.SUBMIT: frozenset({Role.ACCOUNTANT}),
    May.RECALL: frozenset({Role.ACCOUNTANT}),
    May.RETURN: frozenset({Role.REVIEWER, Role.BUREAU_OFFICER}),
    May.APPROVE: frozenset({Role.BUREAU_OFFICER}),
    May.PUBLISH: frozenset({Role.BUREAU_OFFICER}),
    May.CORRECT: frozenset({Role.BUREAU_OFFICER}),
    May.WITHDRAW: frozenset({Role.BUREAU_OFFICER}),
}
STATES = {
    May.VIEW: frozenset(Status),
    May.EXPORT: frozenset(Status),
    May.EDIT: frozenset(EDITABLE),
    May.SUBMIT: frozenset(EDITABLE),
    May.RECALL: frozenset({Status.SUBMITTED}),
    May.RETURN: frozenset({Status.SUBMITTED, Status.APPROVED}),
    May.APPROVE: frozenset({Status.SUBMITTED}),
    May.PUBLISH: frozenset({Status.APPROVED}),
    May.CORRECT: frozenset({Status.PUBLISHED, Status.WITHDRAWN}),
    May.WITHDRAW: frozenset(Status),
}


def _active(user) -> bool:
    return bool(user and user.is_authenticated and user.is_active and isinstance(user, Person))


def regions_for(user) -> QuerySet[Region]:
    """The person's own region; every region for a superuser without a role."""
    if not _active(user):
        return Region.objects.none()
    if not user.role:
        return Region.objects.all() if user.is_superuser else Region.objects.none()
    return Region.objects.filter(pk=user.home_region.pk)


def departments_for(user) -> QuerySet[Department]:
    """The own department of an accountant or reviewer, the region's for the others."""
    if not _active(user):
        return Department.objects.none()
    if user.role in DEPARTMENT_ROLES:
        return Department.objects.filter(pk=user.department_id)
    return Department.objects.filter(region__in=regions_for(user))


def disclosures_for(user) -> QuerySet[Disclosure]:
    """Disclosures of the departments the person may see, in every state."""
    return Disclosure.objects.filter(department__in=departments_for(user))


def publications_for(user) -> QuerySet[Publication]:
    """Publications of the departments the person may see (what is public to all is read elsewhere)."""
    return Publication.objects.filter(department__in=departments_for(user))


def log_for(user) -> QuerySet[LogEntry]:
    """Log entries of disclosures the person may see."""
    return LogEntry.objects.filter(disclosure__in=disclosures_for(user))


def people_for(user) -> QuerySet[Person]:
    """The people a bureau administrator manages: those of the region, never superusers."""
    if not manages_people(user):
        return Person.objects.none()
    regions = regions_for(user)
    return Person.objects.filter(
        Q(region__in=regions) | Q(department__region__in=regions), is_superuser=False
    )


def subjects_for(user) -> QuerySet[Subject]:
    """Subject codes are the same for everybody who may log in."""
    return Subject.objects.all() if _active(user) else Subject.objects.none()


def manages_people(user) -> bool:
    """May keep departments, people and codes."""
    return _active(user) and (user.role == Role.BUREAU_ADMINISTRATOR or (user.is_superuser and not user.role))


def may_manage(user, person: Person) -> bool:
    """May change this person: nobody changes their own role or that of a superuser."""
    return person.pk != user.pk and people_for(user).filter(pk=person.pk).exists()


def roles_to_give(user) -> list[Role]:
    """The roles this person may give to others; an administrator's own role comes from a superuser."""
    if not manages_people(user):
        return []
    if user.is_superuser and not user.role:
        return list(Role)
    return [role for role in Role if role != Role.BUREAU_ADMINISTRATOR]


def may_create(user, department: Department) -> bool:
    """May begin a disclosure of this department."""
    return (
        _active(user)
        and user.role == Role.ACCOUNTANT
        and user.department_id == department.pk
        and department.active
    )


def may(user, action: str, disclosure: Disclosure) -> bool:
    """Whether the person may take this action on this disclosure as it now stands."""
    if not _active(user) or not disclosures_for(user).filter(pk=disclosure.pk).exists():
        return False
    if not user.role:
        return action in (May.VIEW, May.EXPORT)
    if user.role not in ROLES[May(action)] or disclosure.status not in STATES[May(action)]:
        return False
    if action == May.APPROVE:
        return disclosure.submitted_by_id != user.pk
    if action == May.WITHDRAW:  # also while a correction is being written
        return disclosure.publications.filter(state__status=PublicationStatus.CURRENT).exists()
    if action == May.RETURN and user.role == Role.REVIEWER:
        return disclosure.status == Status.SUBMITTED
    return True
