"""Who may see and do what: roles by states, scopes by department and region, who keeps what and gives which role."""

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils import timezone

from budgets import access
from budgets.access import May
from budgets.models import (
    Department,
    Disclosure,
    LogEntry,
    Person,
    PublicationState,
    PublicationStatus,
    Region,
    Role,
    Status,
    Subject,
)
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_person,
    a_public_row,
    a_region,
    some_subjects,
)

READERS = set(Role) - {Role.CENTRAL_ADMINISTRATOR}
STEPS = {
    May.SUBMIT: {"accountant"},
    May.RECALL: {"accountant"},
    May.RETURN: {"reviewer", "bureau_officer"},
    May.APPROVE: {"bureau_officer"},
    May.AGREE: {"reviewer"},
    May.COMMENT: {"reviewer", "bureau_officer"},
    May.ANSWER: {"accountant", "reviewer"},
    May.CLOSE: {"reviewer", "bureau_officer"},
    May.ASK_CORRECTION: {"accountant"},
    May.DECLINE_CORRECTION: {"bureau_officer"},
    May.PUBLISH: {"bureau_officer"},
    May.KEEP: {"bureau_officer"},
    May.UNSCHEDULE: {"bureau_officer"},
    May.PUBLISH_DUE: {"bureau_officer"},
    May.CORRECT: {"bureau_officer"},
    May.EDIT: {"accountant"},
    May.VIEW: READERS,
    May.EXPORT: READERS,
    May.FILL: {"bureau_officer", "bureau_administrator"},
}
FROM = {
    May.SUBMIT: {Status.DRAFT, Status.RETURNED},
    May.EDIT: {Status.DRAFT, Status.RETURNED},
    May.RECALL: {Status.SUBMITTED},
    May.RETURN: {Status.SUBMITTED, Status.APPROVED},
    May.APPROVE: {Status.SUBMITTED},
    May.AGREE: {Status.SUBMITTED},
    May.COMMENT: {Status.SUBMITTED, Status.APPROVED},
    May.ANSWER: set(Status) - {Status.PUBLISHED, Status.WITHDRAWN},
    May.CLOSE: set(Status) - {Status.PUBLISHED, Status.WITHDRAWN},
    May.ASK_CORRECTION: {Status.PUBLISHED, Status.WITHDRAWN},
    May.DECLINE_CORRECTION: {Status.PUBLISHED, Status.WITHDRAWN},
    May.PUBLISH: {Status.APPROVED},
    May.KEEP: set(),  # of nothing that somebody asked for
    May.UNSCHEDULE: set(),  # of nothing that has no minute
    May.PUBLISH_DUE: set(),
    May.CORRECT: {Status.PUBLISHED, Status.WITHDRAWN},
    May.VIEW: set(Status),
    May.EXPORT: set(Status),
    May.FILL: {Status.DRAFT},
}
SUPERUSER = Person(pk=9, role="", is_superuser=True)
NOBODY = (None, AnonymousUser(), Person(pk=8, role="accountant", is_active=False))


def standing(status, *, agrees: bool = False, **fields) -> Disclosure:
    """A disclosure in a state, in a region whose reviewers agree first or not."""
    made = Disclosure(status=status, department=Department(region=Region(reviewer_agrees=agrees)), **fields)
    made.year_locked = False  # as lists and pages ask for it
    return made


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", Role)
def test_who_may_do_what_when(role, status):
    """By role and state; then by what the region wants, what was agreed, and whether a correction was asked for."""
    for agrees, agreed_by, asked in product((False, True), (None, 3), ("", "数字有误")):
        fields = {"submitted_by_id": 1, "agreed_by_id": agreed_by, "correction_asked": asked}
        disclosure = standing(status, agrees=agrees, **fields)
        waits = agrees and agreed_by is None and status == Status.SUBMITTED
        for action, roles in STEPS.items():
            expected = role in roles and status in FROM[action]
            if action in (May.RETURN, May.COMMENT) and role == "reviewer" and status == Status.APPROVED:
                expected = False  # what the bureau approved, the bureau sends back
            if waits and role == "bureau_officer" and action in (May.RETURN, May.COMMENT, May.APPROVE):
                expected = False  # it is not the bureau's turn
            if action == May.AGREE:
                expected &= waits
            if action in (May.ASK_CORRECTION, May.DECLINE_CORRECTION):
                expected &= bool(asked) == (action == May.DECLINE_CORRECTION)
            assert access.may_here(Person(pk=2, role=role), action, disclosure) is expected, action


def test_files_of_many_are_taken_into_drafts_that_nobody_began():
    officer = Person(pk=2, role="bureau_officer")
    for version, deleted, allowed in ((1, None, True), (2, None, False), (1, timezone.now(), False)):
        draft = Disclosure(status=Status.DRAFT, version=version, deleted_at=deleted)
        assert access.may_here(officer, May.FILL, draft) is allowed


def test_nobody_approves_what_they_submitted():
    officer = Person(pk=2, role="bureau_officer")
    for by, allowed in ((1, True), (2, False)):
        disclosure = standing(Status.SUBMITTED, submitted_by_id=by)
        assert access.may_here(officer, May.APPROVE, disclosure) is allowed
        assert access.may_here(officer, May.RETURN, disclosure)


@pytest.mark.parametrize(
    ("seconds", "allowed"),
    [(None, May.PUBLISH), (60, May.UNSCHEDULE), (0, May.PUBLISH_DUE), (-60, May.PUBLISH_DUE)],
)
def test_a_minute_is_taken_back_before_it_and_kept_from_it_on(seconds, allowed, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    minute = None if seconds is None else now + timedelta(seconds=seconds)
    steps = (May.PUBLISH, May.UNSCHEDULE, May.PUBLISH_DUE)
    for status in Status:
        disclosure = Disclosure(status=status, publish_at=minute)
        may = [
            step for step in steps if access.may_here(Person(pk=2, role="bureau_officer"), step, disclosure)
        ]
        assert may == ([allowed] if status == Status.APPROVED else [])


def test_nobody_agrees_to_what_they_submitted():
    reviewer = Person(pk=2, role="reviewer")
    for by, allowed in ((1, True), (2, False)):
        disclosure = standing(Status.SUBMITTED, agrees=True, submitted_by_id=by)
        assert access.may_here(reviewer, May.AGREE, disclosure) is allowed


def test_only_the_bureaus_administrator_keeps_the_settings_of_a_region():
    region = Region(pk=1)
    keep = {role for role in Role if access.keeps_settings(Person(pk=2, role=role, region=region))}
    assert keep == {Role.BUREAU_ADMINISTRATOR}
    assert not access.keeps_settings(Person(pk=2, role="bureau_administrator"))
    assert not any(access.keeps_settings(nobody) for nobody in (*NOBODY, SUPERUSER))


def test_a_superuser_without_a_role_looks_only():
    disclosure = Disclosure(status=Status.DRAFT)
    allowed = {action for action in May if access.may_here(SUPERUSER, action, disclosure)}
    assert allowed == {May.VIEW, May.EXPORT}


@pytest.mark.django_db
def test_who_is_not_signed_in_or_left_sees_and_does_nothing():
    some_subjects()
    department = a_department()
    disclosure = a_disclosure(department, facts=())
    left = a_person("bureau_administrator")
    left.is_active = False
    for user in (*NOBODY, left):
        scopes = (access.regions_for, access.departments_for, access.disclosures_for, access.people_for)
        assert not any(scope(user).exists() for scope in (*scopes, access.subjects_for))
        assert not any(access.may(user, action, disclosure) for action in May)
        assert not any(access.may_here(user, action, disclosure) for action in May)
        assert not access.may_create(user, department)
        assert access.roles_to_give(user) == []
    assert access.subjects_for(a_person("auditor")).count() == Subject.objects.count() > 0


@pytest.fixture
def world(db):
    """Two departments of one region and one of another, each with a disclosure, its log and a publication."""
    found = {}
    for name, code, region in (
        ("mine", "483", "130225"),
        ("beside", "484", "130225"),
        ("far", "1", "130229"),
    ):
        department = a_department(code, name, a_region(region, region))
        disclosure = a_disclosure(department, facts=())
        person = a_person("accountant", department=department)
        now = timezone.now()
        LogEntry.objects.create(disclosure=disclosure, person=person, action="create", version=1, at=now)
        a_public_row(disclosure, by=person)
        found[name] = disclosure
    return found


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("accountant", "mine"), ("reviewer", "mine"), ("bureau_officer", "mine beside"),
        ("bureau_administrator", "mine beside"), ("auditor", "mine beside"), ("central_administrator", ""),
        ("", "mine beside far"),
    ],
)  # fmt: skip
def test_each_role_sees_its_department_its_region_or_all(world, role, seen):
    user = a_person(role, department=world["mine"].department) if role else SUPERUSER
    expected = {world[name] for name in seen.split()}
    assert set(access.disclosures_for(user)) == expected
    assert set(access.departments_for(user)) == {each.department for each in expected}
    assert {each.disclosure for each in access.publications_for(user)} == expected
    assert {each.disclosure for each in access.log_for(user)} == expected
    for disclosure in world.values():
        inside = disclosure in expected
        assert access.may(user, May.VIEW, disclosure) is inside
        assert access.may(user, May.EDIT, disclosure) is (inside and role == "accountant")
    everywhere = role in ("", "central_administrator")
    assert access.regions_for(user).count() == (2 if everywhere else 1)


def test_a_role_without_a_place_and_a_place_without_a_role_see_nothing(world):
    region = world["mine"].department.region
    for user in (Person(pk=9, role="accountant"), Person(pk=9, role="", region=region)):
        assert not access.regions_for(user).exists()
        assert not access.disclosures_for(user).exists()


def test_what_is_public_now_may_be_withdrawn_while_a_correction_is_written(world):
    officer = a_person("bureau_officer")
    mine = world["mine"]
    for status in Status:
        mine.status = status
        assert access.may_here(officer, May.WITHDRAW, mine)
    assert not access.may_here(a_person("auditor"), May.WITHDRAW, mine)
    PublicationState.objects.filter(publication__disclosure=mine).update(status=PublicationStatus.WITHDRAWN)
    assert not access.may_here(officer, May.WITHDRAW, mine)


@pytest.mark.parametrize(
    ("role", "superuser", "regions", "departments", "people"),
    [
        ("bureau_administrator", False, False, True, True), ("central_administrator", False, True, False, True),
        ("", True, True, True, True), ("", False, False, False, False), ("auditor", True, False, False, False),
        ("accountant", False, False, False, False), ("bureau_officer", False, False, False, False),
    ],
)  # fmt: skip
def test_who_keeps_regions_departments_and_people(role, superuser, regions, departments, people):
    user = Person(pk=1, role=role, is_superuser=superuser)
    kept = (access.keeps_regions(user), access.keeps_departments(user), access.manages_people(user))
    assert kept == (regions, departments, people)
    user.is_active = False
    assert not (access.keeps_regions(user) or access.keeps_departments(user) or access.manages_people(user))


def test_whom_each_administrator_manages(world):
    far = world["far"].department.region
    here = {role: a_person(role) for role in ("bureau_administrator", "accountant", "auditor")}
    there = {role: a_person(role, region=far) for role in ("bureau_administrator", "auditor")}
    central = a_person("central_administrator")
    root = Person.objects.create_superuser("root", password="x", name="系统")
    for role in (
        "bureau_administrator",
        "auditor",
    ):  # with a place of their own, and still nobody's to manage
        Person.objects.filter(pk=a_person(role).pk).update(is_superuser=True)
    administrator = here["bureau_administrator"]
    of_region = {each for each in Person.objects.filter(is_superuser=False) if each.home_region == far}
    of_all = {each for each in Person.objects.filter(is_superuser=False) if each.home_region}
    assert set(access.people_for(administrator)) == of_all - of_region
    assert set(access.people_for(central)) == {administrator, there["bureau_administrator"]}
    assert set(access.people_for(root)) == of_all
    assert not access.people_for(here["auditor"]).exists()
    assert access.may_manage(administrator, here["accountant"])
    assert not access.may_manage(administrator, administrator)
    assert not access.may_manage(administrator, there["auditor"])
    assert not access.may_manage(here["accountant"], administrator)


def test_which_roles_each_gives():
    given = {role: access.roles_to_give(Person(pk=1, role=role)) for role in Role}
    below = [Role.ACCOUNTANT, Role.REVIEWER, Role.BUREAU_OFFICER, Role.AUDITOR]
    assert {role: roles for role, roles in given.items() if roles} == {
        Role.BUREAU_ADMINISTRATOR: below,
        Role.CENTRAL_ADMINISTRATOR: [Role.BUREAU_ADMINISTRATOR],
    }
    assert access.roles_to_give(SUPERUSER) == list(Role)
    assert access.roles_to_give(Person(role="bureau_administrator", is_superuser=True)) == below
    assert access.roles_to_give(Person(role="auditor", is_superuser=True)) == []


@pytest.mark.parametrize(
    ("role", "own", "active", "allowed"),
    [
        ("accountant", True, True, True), ("accountant", False, True, False), ("accountant", True, False, False),
        ("reviewer", True, True, False),
    ],
)  # fmt: skip
def test_an_accountant_begins_a_disclosure_of_the_own_active_department(role, own, active, allowed):
    user = Person(pk=1, role=role, department_id=1)
    assert access.may_create(user, Department(pk=1 if own else 2, active=active)) is allowed


def test_a_page_behind_the_login_has_a_person():
    request = RequestFactory().get("/")
    request.user = SUPERUSER
    assert access.person_of(request) is SUPERUSER
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        access.person_of(request)


@pytest.mark.parametrize(
    ("production", "forwarded", "address"),
    [
        (False, "1.2.3.4, 10.9.8.7", "172.18.0.2"), (True, "1.2.3.4, 5.6.7.8, 10.9.8.7", "10.9.8.7"),
        (True, "10.9.8.7", "10.9.8.7"), (True, "", "172.18.0.2"), (True, None, "172.18.0.2"),
    ],
)  # fmt: skip
def test_the_address_is_the_one_that_our_own_proxy_found(settings, production, forwarded, address):
    settings.PRODUCTION = production
    said = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR="172.18.0.2", **said)
    assert access.client_address(request) == address
    del request.META["REMOTE_ADDR"]
    assert access.client_address(request) == ("" if address == "172.18.0.2" else address)
