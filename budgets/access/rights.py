"""What a role lets somebody keep, whatever the disclosure."""

from typing import TypeGuard

from budgets.access.asking import User, is_active_person
from budgets.access.permissions import OPENS_YEARS, ROLES, May
from budgets.models import (
    DEPARTMENT_ROLES,
    Person,
    Region,
    Role,
)


def opens_years(user: User) -> TypeGuard[Person]:
    """May open the years of the own region, give them dates and texts, lock and unlock them."""
    return is_active_person(user) and user.role in OPENS_YEARS


def keeps_regions(user: User) -> bool:
    """May keep regions and the subject codes, which are the same for all of them."""
    return is_active_person(user) and (
        user.role == Role.CENTRAL_ADMINISTRATOR or (user.is_superuser and not user.role)
    )


def keeps_departments(user: User) -> bool:
    """May keep the departments of the regions in scope."""
    return is_active_person(user) and (
        user.role == Role.BUREAU_ADMINISTRATOR or (user.is_superuser and not user.role)
    )


def keeps_roster(user: User) -> TypeGuard[Person]:
    """May bring in the list of departments and people: the region's own administrator."""
    return is_active_person(user) and user.role == Role.BUREAU_ADMINISTRATOR and user.region_id is not None


def keeps_settings(user: User) -> TypeGuard[Person]:
    """May set how the own region works (本地区办理设置)."""
    return is_active_person(user) and user.role == Role.BUREAU_ADMINISTRATOR and user.home_region is not None


def manages_people(user: User) -> TypeGuard[Person]:
    """May keep people, of the roles that `roles_to_give` names."""
    return keeps_departments(user) or keeps_regions(user)


def roles_to_give(user: User) -> list[Role]:
    """The roles this person may give to others: never the own one, which comes from above."""
    if not manages_people(user):
        return []
    if user.is_superuser and not user.role:
        return list(Role)
    if user.role == Role.CENTRAL_ADMINISTRATOR:
        return [Role.BUREAU_ADMINISTRATOR]
    return [role for role in Role if role not in (Role.BUREAU_ADMINISTRATOR, Role.CENTRAL_ADMINISTRATOR)]


def takes_exports(user: User) -> bool:
    """May take a region's year along: who works on all departments of a region."""
    return is_active_person(user) and user.role not in (*DEPARTMENT_ROLES, Role.CENTRAL_ADMINISTRATOR)


def answers_questions(user: User) -> bool:
    """May write the department's answer to a question of a citizen."""
    return is_active_person(user) and user.role in ROLES[May.ANSWER]


def decides_questions(user: User) -> bool:
    """May publish a question with its answer, send it back or refuse it."""
    return is_active_person(user) and user.role in ROLES[May.PUBLISH]


def audit_regions(user: User) -> list[str]:
    """The codes of the regions whose audit trail the person may read, the own one; blank is that of the platform."""
    if not is_active_person(user):
        return []
    if user.role in (Role.AUDITOR, Role.BUREAU_ADMINISTRATOR):
        return [user.region.code] if user.region else []
    if user.is_superuser and not user.role:
        return ["", *Region.objects.values_list("code", flat=True)]
    return [""] if user.role == Role.CENTRAL_ADMINISTRATOR else []
