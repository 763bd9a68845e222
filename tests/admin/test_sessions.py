"""Signing in: guesses are counted and stopped, sessions end when they should."""

from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budgets.admin import sessions
from budgets.models import Person, SignIn
from tests.makers.disclosures import a_person

pytestmark = pytest.mark.django_db
PASSWORD = "wan-yuan-2023"


def login(client: Client, username: str, password: str, address: str = "127.0.0.1", **data):
    return client.post(
        reverse("admin:login"), {"username": username, "password": password} | data, REMOTE_ADDR=address
    )


@pytest.fixture
def throttle(settings, monkeypatch):
    """The throttle at work, and how often a password was hashed."""
    settings.AXES_ENABLED = True
    hashed = []
    check = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, *a, **k: hashed.append(1) or check(self, *a, **k)
    )
    return hashed


@pytest.mark.slow
def test_guesses_stop_before_anything_is_hashed_and_the_owner_gets_in_from_elsewhere(throttle):
    person = a_person("accountant", password=PASSWORD)
    throttle.clear()
    answers = [login(Client(), person.username, f"wrong-{n}") for n in range(50)]
    assert [a.status_code for a in answers[:4]] == [200] * 4
    assert {a.status_code for a in answers[5:]} == {429}
    assert len(throttle) <= 6
    refused = login(Client(), person.username, PASSWORD)
    assert refused.status_code == 429 and refused["Retry-After"] == "900"
    assert "15 分钟后再试" in refused.text and "Account locked" not in refused.text
    assert login(Client(), person.username, PASSWORD, "10.0.0.9").status_code == 302


def test_an_unknown_name_is_answered_alike(throttle):
    person = a_person("accountant", password=PASSWORD)
    known = [login(Client(), person.username, "wrong", "10.0.0.1") for _ in range(8)]
    unknown = [login(Client(), "nobody", "wrong", "10.0.0.2") for _ in range(8)]
    assert [a.status_code for a in known] == [a.status_code for a in unknown]
    assert known[-1].text == unknown[-1].text
    assert known[0].text.replace(person.username, "").count("errornote") == unknown[0].text.count("errornote")


def test_another_person_of_the_same_office_is_not_locked_out(throttle):
    one, other = a_person("accountant", password=PASSWORD), a_person("reviewer", password=PASSWORD)
    for _ in range(6):
        login(Client(), one.username, "wrong")
    assert login(Client(), other.username, PASSWORD).status_code == 302


def test_without_the_throttle_guessing_goes_on(throttle, settings):
    """The negative control."""
    settings.AXES_ENABLED = False
    person = a_person("accountant", password=PASSWORD)
    assert {login(Client(), person.username, "wrong").status_code for _ in range(12)} == {200}


@pytest.mark.parametrize(
    "unsafe", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil", " //evil", ""]
)
def test_an_unsafe_next_page_ends_at_the_first_page(unsafe):
    person = a_person("accountant", password=PASSWORD)
    answer = login(Client(), person.username, PASSWORD, next=unsafe)
    assert (answer.status_code, answer.url) == (302, reverse("admin:index"))


def edit(person: Person, **changes):
    office = Client()
    office.force_login(a_person("bureau_administrator"))
    data = {"username": person.username, "name": person.name, "role": person.role, "is_active": "on"}
    data |= {"department": person.department_id or ""} | changes
    answer = office.post(reverse("admin:budgets_person_change", args=[person.pk]), data)
    assert answer.status_code == 302, answer.text


@pytest.mark.slow
@pytest.mark.parametrize("changes", [{"is_active": ""}, {"role": "reviewer"}])
def test_a_closed_account_and_a_changed_role_end_the_open_sessions_for_good(changes):
    person = a_person("accountant")
    theirs = Client()
    theirs.force_login(person)
    assert theirs.get(reverse("admin:index")).status_code == 200
    edit(person, **changes)
    assert theirs.get(reverse("admin:index")).status_code == 302
    person.refresh_from_db()
    edit(person, role="accountant", is_active="on")
    assert theirs.get(reverse("admin:index")).status_code == 302


def test_a_changed_name_ends_nothing():
    person = a_person("accountant")
    theirs = Client()
    theirs.force_login(person)
    edit(person, name="改了名")
    assert theirs.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 302)])
def test_a_session_that_nobody_uses_ends(monkeypatch, minutes, status):
    client = Client()
    client.force_login(a_person("accountant"))
    assert client.get(reverse("admin:index")).status_code == 200
    later = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(sessions.timezone, "now", lambda: later)
    assert client.get(reverse("admin:index")).status_code == status


def test_use_is_noted_at_most_once_a_minute(monkeypatch):
    client = Client()
    client.force_login(a_person("auditor"))
    client.get(reverse("admin:index"))
    first = SignIn.objects.get().seen
    for seconds, noted in ((30, False), (90, True)):
        monkeypatch.setattr(sessions.timezone, "now", lambda s=seconds: first + timedelta(seconds=s))
        client.get(reverse("admin:index"))
        assert (SignIn.objects.get().seen > first) == noted
