"""Who may see and do what: the one place for roles, the `*_for(user)` querysets and the policies.

A wrong department, and a draft, are answered with 404 everywhere, exactly as if they did not exist; so every
object is looked up through these querysets, in forms, filters, autocompletes and actions alike.
"""

from datetime import timedelta
from typing import TypeGuard

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from budgets.domain.terms import Term
from budgets.models import (
    DEPARTMENT_ROLES,
    Action,
    Batch,
    Comment,
    Department,
    Disclosure,
    Export,
    FiscalYear,
    LogEntry,
    Person,
    Publication,
    PublicationStatus,
    Question,
    Region,
    RegionTerm,
    Role,
    RosterImport,
    Status,
    Subject,
    SubjectImport,
)

DELETED_KEPT = 30  # days for which a deleted draft can be brought back
EDITABLE = (Status.DRAFT, Status.RETURNED)


class May(Term):
    """What a person may do with a disclosure."""

    VIEW = "view", "查看"
    EDIT = "edit", "编辑"
    SUBMIT = "submit", "提交"
    RECALL = "recall", "收回"
    RETURN = "return", "退回"
    AGREE = "agree", "同意"
    APPROVE = "approve", "批准"
    COMMENT = "comment", "提意见"
    ANSWER = "answer", "答复意见"
    CLOSE = "close", "关闭意见"
    PUBLISH = "publish", "公开"
    UNSCHEDULE = "unschedule", "撤回定时公开"
    PUBLISH_DUE = "publish_due", "到时公开"
    CORRECT = "correct", "启动更正"
    ASK_CORRECTION = "ask", "申请更正"
    DECLINE_CORRECTION = "decline", "不予更正"
    ASK_WITHDRAWAL = "ask_withdraw", "申请撤回公开"
    KEEP = "keep", "不予撤回"
    WITHDRAW = "withdraw", "撤回公开"
    EXPORT = "export", "导出"
    DELETE = "delete", "删除草稿"
    RESTORE = "restore", "恢复草稿"
    FILL = "fill", "批量导入"


READERS: frozenset[str] = frozenset(set(Role) - {Role.CENTRAL_ADMINISTRATOR})
ROLES: dict[May, frozenset[str]] = {
    May.VIEW: READERS,
    May.EXPORT: READERS,
    May.EDIT: frozenset({Role.ACCOUNTANT}),
    May.SUBMIT: frozenset({Role.ACCOUNTANT}),
    May.RECALL: frozenset({Role.ACCOUNTANT}),
    May.RETURN: frozenset({Role.REVIEWER, Role.BUREAU_OFFICER}),
    May.AGREE: frozenset({Role.REVIEWER}),
    May.APPROVE: frozenset({Role.BUREAU_OFFICER}),
    May.COMMENT: frozenset({Role.REVIEWER, Role.BUREAU_OFFICER}),
    May.ANSWER: frozenset(DEPARTMENT_ROLES),
    May.CLOSE: frozenset({Role.REVIEWER, Role.BUREAU_OFFICER}),
    May.PUBLISH: frozenset({Role.BUREAU_OFFICER}),
    May.UNSCHEDULE: frozenset({Role.BUREAU_OFFICER}),
    May.PUBLISH_DUE: frozenset({Role.BUREAU_OFFICER}),  # the worker, for the officer who asked
    May.CORRECT: frozenset({Role.BUREAU_OFFICER}),
    May.ASK_CORRECTION: frozenset({Role.ACCOUNTANT}),
    May.DECLINE_CORRECTION: frozenset({Role.BUREAU_OFFICER}),
    May.ASK_WITHDRAWAL: frozenset({Role.BUREAU_OFFICER}),
    May.KEEP: frozenset({Role.BUREAU_OFFICER}),
    May.WITHDRAW: frozenset({Role.BUREAU_OFFICER}),
    May.DELETE: frozenset({Role.ACCOUNTANT}),
    May.RESTORE: frozenset({Role.ACCOUNTANT, Role.BUREAU_ADMINISTRATOR}),
    May.FILL: frozenset({Role.BUREAU_OFFICER, Role.BUREAU_ADMINISTRATOR}),
}
STATES = {
    May.VIEW: frozenset(Status),
    May.EXPORT: frozenset(Status),
    May.EDIT: frozenset(EDITABLE),
    May.SUBMIT: frozenset(EDITABLE),
    May.RECALL: frozenset({Status.SUBMITTED}),
    May.RETURN: frozenset({Status.SUBMITTED, Status.APPROVED}),
    May.AGREE: frozenset({Status.SUBMITTED}),
    May.APPROVE: frozenset({Status.SUBMITTED}),
    May.COMMENT: frozenset({Status.SUBMITTED, Status.APPROVED}),
    May.ANSWER: frozenset({*EDITABLE, Status.SUBMITTED, Status.APPROVED}),
    May.CLOSE: frozenset({*EDITABLE, Status.SUBMITTED, Status.APPROVED}),
    May.PUBLISH: frozenset({Status.APPROVED}),
    May.UNSCHEDULE: frozenset({Status.APPROVED}),
    May.PUBLISH_DUE: frozenset({Status.APPROVED}),
    May.CORRECT: frozenset({Status.PUBLISHED, Status.WITHDRAWN}),
    May.ASK_CORRECTION: frozenset({Status.PUBLISHED, Status.WITHDRAWN}),
    May.DECLINE_CORRECTION: frozenset({Status.PUBLISHED, Status.WITHDRAWN}),
    May.ASK_WITHDRAWAL: frozenset(Status),
    May.KEEP: frozenset(Status),
    May.WITHDRAW: frozenset(Status),
    May.DELETE: frozenset({Status.DRAFT}),
    May.RESTORE: frozenset({Status.DRAFT}),
    May.FILL: frozenset({Status.DRAFT}),
}


OPENS_YEARS: frozenset[str] = frozenset({Role.BUREAU_OFFICER, Role.BUREAU_ADMINISTRATOR})
# What a department may still do in a year that its bureau locked.
WHILE_LOCKED = frozenset({May.VIEW, May.EXPORT})


type User = Person | AnonymousUser | None  # who asks, signed in or not


def person_of(request: HttpRequest) -> Person:
    """Who is signed in, for a page behind the login. Raises PermissionDenied when nobody is."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def _active(user: User) -> TypeGuard[Person]:
    return isinstance(user, Person) and user.is_active


def regions_for(user: User) -> QuerySet[Region]:
    """The person's own region; every region for who keeps them, and for a superuser without a role."""
    if not _active(user):
        return Region.objects.none()
    if keeps_regions(user):
        return Region.objects.all()
    region = user.home_region
    return Region.objects.filter(pk=region.pk) if region and user.role else Region.objects.none()


def departments_for(user: User) -> QuerySet[Department]:
    """The own department of an accountant or reviewer, the region's for the others, none for who keeps regions only."""
    if not _active(user) or user.role == Role.CENTRAL_ADMINISTRATOR:
        return Department.objects.none()
    if user.role in DEPARTMENT_ROLES:
        return Department.objects.filter(pk__in=[user.department_id] if user.department_id else [])
    return Department.objects.filter(region__in=regions_for(user))


def disclosures_for(user: User) -> QuerySet[Disclosure]:
    """Disclosures of the departments the person may see, in every state."""
    return Disclosure.objects.filter(department__in=departments_for(user))


def deleted_for(user: User) -> QuerySet[Disclosure]:
    """Deleted drafts that the person may bring back: the own department's for its accountant, the region's for who
    administers the bureau. What is past its days is gone for both."""
    if not _active(user) or user.role not in ROLES[May.RESTORE]:
        return Disclosure.with_deleted.none()
    since = timezone.now() - timedelta(days=DELETED_KEPT)
    return Disclosure.with_deleted.filter(deleted_at__gt=since, department__in=departments_for(user))


def publications_for(user: User) -> QuerySet[Publication]:
    """Publications of the departments the person may see (what is public to all is read elsewhere)."""
    return Publication.objects.filter(department__in=departments_for(user))


def takes_exports(user: User) -> bool:
    """May take a region's year along: who works on all departments of a region."""
    return _active(user) and user.role not in (*DEPARTMENT_ROLES, Role.CENTRAL_ADMINISTRATOR)


def exports_for(user: User) -> QuerySet[Export]:
    """What was asked for of the person's region, by whomever; nothing for who works in one department."""
    if not takes_exports(user):
        return Export.objects.none()
    return Export.objects.filter(region__in=regions_for(user))


def log_for(user: User) -> QuerySet[LogEntry]:
    """Log entries of the departments the person may see; those of deleted drafts stay."""
    return LogEntry.objects.filter(disclosure__department__in=departments_for(user))


def audit_regions(user: User) -> list[str]:
    """The codes of the regions whose audit trail the person may read, the own one; blank is that of the platform."""
    if not _active(user):
        return []
    if user.role in (Role.AUDITOR, Role.BUREAU_ADMINISTRATOR):
        return [user.region.code] if user.region else []
    if user.is_superuser and not user.role:
        return ["", *Region.objects.values_list("code", flat=True)]
    return [""] if user.role == Role.CENTRAL_ADMINISTRATOR else []


def people_for(user: User) -> QuerySet[Person]:
    """The people somebody manages, never superusers.

    A bureau administrator has those of the region, the central administrator the administrators of every region.
    """
    if not manages_people(user):
        return Person.objects.none()
    if user.role == Role.CENTRAL_ADMINISTRATOR:
        return Person.objects.filter(role=Role.BUREAU_ADMINISTRATOR, is_superuser=False)
    regions = regions_for(user)
    return Person.objects.filter(
        Q(region__in=regions) | Q(department__region__in=regions), is_superuser=False
    )


def years_for(user: User) -> QuerySet[FiscalYear]:
    """The years that were opened in the person's regions."""
    return FiscalYear.objects.filter(region__in=regions_for(user))


def opens_years(user: User) -> TypeGuard[Person]:
    """May open the years of the own region, give them dates and texts, lock and unlock them."""
    return _active(user) and user.role in OPENS_YEARS


def subjects_for(user: User) -> QuerySet[Subject]:
    """Subject codes are the same for everybody who may log in."""
    return Subject.objects.all() if _active(user) else Subject.objects.none()


def keeps_regions(user: User) -> bool:
    """May keep regions and the subject codes, which are the same for all of them."""
    return _active(user) and (
        user.role == Role.CENTRAL_ADMINISTRATOR or (user.is_superuser and not user.role)
    )


def subject_lists_for(user: User) -> QuerySet[SubjectImport]:
    """The lists of subject codes that were handed in: for who keeps the codes."""
    return SubjectImport.objects.all() if keeps_regions(user) else SubjectImport.objects.none()


def keeps_departments(user: User) -> bool:
    """May keep the departments of the regions in scope."""
    return _active(user) and (user.role == Role.BUREAU_ADMINISTRATOR or (user.is_superuser and not user.role))


def keeps_roster(user: User) -> TypeGuard[Person]:
    """May bring in the list of departments and people: the region's own administrator."""
    return _active(user) and user.role == Role.BUREAU_ADMINISTRATOR and user.region_id is not None


def rosters_for(user: User) -> QuerySet[RosterImport]:
    """The lists that were handed in for the administrator's region."""
    if not keeps_roster(user):
        return RosterImport.objects.none()
    return RosterImport.objects.filter(region=user.region_id)


def keeps_settings(user: User) -> TypeGuard[Person]:
    """May set how the own region works (本地区办理设置)."""
    return _active(user) and user.role == Role.BUREAU_ADMINISTRATOR and user.home_region is not None


def comments_for(user: User) -> QuerySet[Comment]:
    """Review comments on the disclosures that the person may see."""
    return Comment.objects.filter(disclosure__in=disclosures_for(user))


def terms_for(user: User) -> QuerySet[RegionTerm]:
    """What the person's region explains in its own words: for who sets how it works."""
    return (
        RegionTerm.objects.filter(region__in=regions_for(user))
        if keeps_settings(user)
        else RegionTerm.objects.none()
    )


def questions_for(user: User) -> QuerySet[Question]:
    """What citizens asked about numbers of the departments that the person may see, in every state."""
    return Question.objects.filter(department__in=departments_for(user))


def answers_questions(user: User) -> bool:
    """May write the department's answer to a question of a citizen."""
    return _active(user) and user.role in ROLES[May.ANSWER]


def decides_questions(user: User) -> bool:
    """May publish a question with its answer, send it back or refuse it."""
    return _active(user) and user.role in ROLES[May.PUBLISH]


def manages_people(user: User) -> TypeGuard[Person]:
    """May keep people, of the roles that `roles_to_give` names."""
    return keeps_departments(user) or keeps_regions(user)


def may_manage(user: Person, person: Person) -> bool:
    """May change this person: nobody changes their own role or that of a superuser."""
    return person.pk != user.pk and people_for(user).filter(pk=person.pk).exists()


def roles_to_give(user: User) -> list[Role]:
    """The roles this person may give to others: never the own one, which comes from above."""
    if not manages_people(user):
        return []
    if user.is_superuser and not user.role:
        return list(Role)
    if user.role == Role.CENTRAL_ADMINISTRATOR:
        return [Role.BUREAU_ADMINISTRATOR]
    return [role for role in Role if role not in (Role.BUREAU_ADMINISTRATOR, Role.CENTRAL_ADMINISTRATOR)]


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: as the proxy in front says in production, else the other end of the connection.

    Our nginx sends one address, its own finding; of several only the last was written by it.
    """
    other_end = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.PRODUCTION:
        return other_end
    return str(request.META.get("HTTP_X_FORWARDED_FOR", other_end)).rpartition(",")[2].strip() or other_end


def may_create(user: User, department: Department | None) -> bool:
    """May begin a disclosure of this department; nobody may of none."""
    return (
        _active(user)
        and user.role == Role.ACCOUNTANT
        and department is not None
        and user.department_id == department.pk
        and department.active
    )


def is_locked_for(user: Person, action: str, disclosure: Disclosure) -> bool:
    """Whether the bureau locked the year, for what the people of a department would do with a disclosure."""
    if user.role not in DEPARTMENT_ROLES or action in WHILE_LOCKED:
        return False
    if hasattr(disclosure, "year_locked"):  # asked for together with the disclosure
        return bool(disclosure.year_locked)
    return disclosure.year_lock is not None


def may_fill(user: User, department: Department) -> bool:
    """May take files of this department in, as the bureau does for drafts that nobody has begun."""
    return (
        _active(user)
        and user.role in ROLES[May.FILL]
        and department.active
        and departments_for(user).filter(pk=department.pk).exists()
    )


def batches_for(user: User) -> QuerySet[Batch]:
    """The files handed in together for the person's region, for those who may."""
    if not _active(user) or user.role not in ROLES[May.FILL]:
        return Batch.objects.none()
    return Batch.objects.filter(region__in=regions_for(user))


def may(user: User, action: str, disclosure: Disclosure) -> bool:
    """Whether the person may take this action on this disclosure as it now stands."""
    return (
        _active(user)
        and disclosures_for(user).filter(pk=disclosure.pk).exists()
        and may_here(user, action, disclosure)
    )


def may_here(user: User, action: str, disclosure: Disclosure) -> bool:
    """The same for a disclosure that came out of `disclosures_for(user)`, without looking it up again."""
    if not _active(user):
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
