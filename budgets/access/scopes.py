"""What somebody may see: one queryset for each kind of thing, within the region or department of the person."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from budgets.access.asking import User, is_active_person
from budgets.access.permissions import ROLES, May
from budgets.access.rights import keeps_regions, keeps_roster, keeps_settings, manages_people, takes_exports
from budgets.models import (
    DEPARTMENT_ROLES,
    Batch,
    Comment,
    Department,
    Disclosure,
    Export,
    FiscalYear,
    LogEntry,
    Person,
    Publication,
    Question,
    Region,
    RegionTerm,
    Role,
    RosterImport,
    Subject,
    SubjectImport,
)

DELETED_KEPT = 30  # days for which a deleted draft can be brought back


def regions_for(user: User) -> QuerySet[Region]:
    """The person's own region; every region for who keeps them, and for a superuser without a role."""
    if not is_active_person(user):
        return Region.objects.none()
    if keeps_regions(user):
        return Region.objects.all()
    region = user.home_region
    return Region.objects.filter(pk=region.pk) if region and user.role else Region.objects.none()


def departments_for(user: User) -> QuerySet[Department]:
    """The own department of an accountant or reviewer, the region's for the others, none for who keeps regions only."""
    if not is_active_person(user) or user.role == Role.CENTRAL_ADMINISTRATOR:
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
    if not is_active_person(user) or user.role not in ROLES[May.RESTORE]:
        return Disclosure.with_deleted.none()
    since = timezone.now() - timedelta(days=DELETED_KEPT)
    return Disclosure.with_deleted.filter(deleted_at__gt=since, department__in=departments_for(user))


def publications_for(user: User) -> QuerySet[Publication]:
    """Publications of the departments the person may see (what is public to all is read elsewhere)."""
    return Publication.objects.filter(department__in=departments_for(user))


def exports_for(user: User) -> QuerySet[Export]:
    """What was asked for of the person's region, by whomever; nothing for who works in one department."""
    if not takes_exports(user):
        return Export.objects.none()
    return Export.objects.filter(region__in=regions_for(user))


def log_for(user: User) -> QuerySet[LogEntry]:
    """Log entries of the departments the person may see; those of deleted drafts stay."""
    return LogEntry.objects.filter(disclosure__department__in=departments_for(user))


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


def may_manage(user: Person, person: Person) -> bool:
    """May change this person: nobody changes their own role or that of a superuser."""
    return person.pk != user.pk and people_for(user).filter(pk=person.pk).exists()


def years_for(user: User) -> QuerySet[FiscalYear]:
    """The years that were opened in the person's regions."""
    return FiscalYear.objects.filter(region__in=regions_for(user))


def subjects_for(user: User) -> QuerySet[Subject]:
    """Subject codes are the same for everybody who may log in."""
    return Subject.objects.all() if is_active_person(user) else Subject.objects.none()


def subject_lists_for(user: User) -> QuerySet[SubjectImport]:
    """The lists of subject codes that were handed in: for who keeps the codes."""
    return SubjectImport.objects.all() if keeps_regions(user) else SubjectImport.objects.none()


def rosters_for(user: User) -> QuerySet[RosterImport]:
    """The lists that were handed in for the administrator's region."""
    if not keeps_roster(user):
        return RosterImport.objects.none()
    return RosterImport.objects.filter(region=user.region_id)


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


def batches_for(user: User) -> QuerySet[Batch]:
    """The files handed in together for the person's region, for those who may."""
    if not is_active_person(user) or user.role not in ROLES[May.FILL]:
        return Batch.objects.none()
    return Batch.objects.filter(region__in=regions_for(user))
