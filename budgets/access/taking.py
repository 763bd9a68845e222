"""Whether somebody may take a step with a disclosure as it now stands."""

from django.utils import timezone

from budgets.access.asking import User, is_active_person
from budgets.access.permissions import ROLES, STATES, WHILE_LOCKED, May
from budgets.access.scopes import departments_for, disclosures_for
from budgets.models import (
    DEPARTMENT_ROLES,
    Action,
    Department,
    Disclosure,
    Person,
    PublicationStatus,
    Role,
    Status,
)


def may(user: User, action: str, disclosure: Disclosure) -> bool:
    """Whether the person may take this action on this disclosure as it now stands."""
    return (
        is_active_person(user)
        and disclosures_for(user).filter(pk=disclosure.pk).exists()
        and may_here(user, action, disclosure)
    )


def may_here(user: User, action: str, disclosure: Disclosure) -> bool:
    """The same for a disclosure that came out of `disclosures_for(user)`, without looking it up again."""
    if not is_active_person(user):
        return False
    if not user.role:
        return action in (May.VIEW, May.EXPORT)
    if user.role not in ROLES[May(action)] or disclosure.status not in STATES[May(action)]:
        return False
    if is_locked_for(user, action, disclosure):
        return False
    if action == May.FILL:  # a draft in which nobody has saved anything yet
        return disclosure.version == 1 and disclosure.deleted_at is None
    if action == May.PUBLISH:
        return disclosure.publish_at is None
    if action == May.UNSCHEDULE:  # until its minute has come
        return disclosure.publish_at is not None and timezone.now() < disclosure.publish_at
    if action == May.PUBLISH_DUE:
        return disclosure.publish_at is not None and timezone.now() >= disclosure.publish_at
    if action in (May.APPROVE, May.AGREE):  # each by somebody else than who submitted, in this order
        turn = waits_for_agreement(disclosure) == (action == May.AGREE)
        return turn and disclosure.submitted_by_id != user.pk
    if action in (May.ASK_CORRECTION, May.DECLINE_CORRECTION):
        return bool(disclosure.correction_asked) == (action == May.DECLINE_CORRECTION)
    if action == May.KEEP:  # somebody else says no, or who asked thinks better of it
        return disclosure.withdrawal_asked_by_id is not None
    if action in (
        May.ASK_WITHDRAWAL,
        May.WITHDRAW,
    ):  # also while a correction is written, and what an earlier one left
        if not withdraws_in_turn(user, action, disclosure):
            return False
        return disclosure.publications.exclude(state__status=PublicationStatus.WITHDRAWN).exists()
    if action == May.RESTORE:
        return disclosure.deleted_at is not None
    if action == May.DELETE:  # what was handed in or public once is never deleted
        # Lists and pages ask for both together with the disclosure.
        if hasattr(disclosure, "handed_in") and hasattr(disclosure, "first_published_on"):
            return not (disclosure.handed_in or disclosure.first_published_on)
        handed_in = disclosure.log.filter(action=Action.SUBMIT).exists()
        return not (handed_in or disclosure.publications.exists())
    if action in (May.RETURN, May.COMMENT):
        if user.role == Role.REVIEWER:
            return disclosure.status == Status.SUBMITTED
        return not waits_for_agreement(disclosure)
    return True


def is_locked_for(user: Person, action: str, disclosure: Disclosure) -> bool:
    """Whether the bureau locked the year, for what the people of a department would do with a disclosure."""
    if user.role not in DEPARTMENT_ROLES or action in WHILE_LOCKED:
        return False
    if hasattr(disclosure, "year_locked"):  # asked for together with the disclosure
        return bool(disclosure.year_locked)
    return disclosure.year_lock is not None


def withdraws_in_turn(user: Person, action: str, disclosure: Disclosure) -> bool:
    """Whether it is this person's turn: one asks and another withdraws where the region wants it, else anybody withdraws."""
    if not disclosure.department.region.withdrawal_confirmed:
        return action == May.WITHDRAW
    if action == May.ASK_WITHDRAWAL:
        return disclosure.withdrawal_asked_by_id is None
    return disclosure.withdrawal_asked_by_id not in (None, user.pk)


def waits_for_agreement(disclosure: Disclosure) -> bool:
    """True while the department's own reviewer has to agree, where the region wants it, before the bureau's turn."""
    return (
        disclosure.status == Status.SUBMITTED
        and disclosure.agreed_by_id is None
        and disclosure.department.region.reviewer_agrees
    )


def may_create(user: User, department: Department | None) -> bool:
    """May begin a disclosure of this department; nobody may of none."""
    return (
        is_active_person(user)
        and user.role == Role.ACCOUNTANT
        and department is not None
        and user.department_id == department.pk
        and department.active
    )


def may_fill(user: User, department: Department) -> bool:
    """May take files of this department in, as the bureau does for drafts that nobody has begun."""
    return (
        is_active_person(user)
        and user.role in ROLES[May.FILL]
        and department.active
        and departments_for(user).filter(pk=department.pk).exists()
    )
