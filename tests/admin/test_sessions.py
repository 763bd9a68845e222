"""Signing in: guesses are counted and stopped, sessions end when they should."""

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
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


def ended_by(event: str, person: Person, theirs: Client) -> None:
    """What makes a session that was copied useless, done at its own browser or by the bureau."""
    other = "qing-qi-4567"
    own = {"old_password": PASSWORD, "new_password1": other, "new_password2": other}
    {
        "sign in again": lambda: login(theirs, person.username, PASSWORD),
        "sign out": lambda: theirs.post(reverse("admin:logout")),
        "own password": lambda: theirs.post(reverse("admin:password_change"), own),
        "another password": lambda: set_password(person, other),
        "another role": lambda: edit(person, role="reviewer"),
        "closed": lambda: edit(person, is_active=""),
    }[event]()


def set_password(person: Person, password: str) -> None:
    person.set_password(password)
    person.save()


EVENTS = ("sign in again", "sign out", "own password", "another password", "another role", "closed")


@pytest.mark.parametrize("event", EVENTS)
def test_a_session_id_that_was_copied_is_useless_at_the_next_request(event):
    person = a_person("accountant", password=PASSWORD)
    theirs, thief = Client(), Client()
    login(theirs, person.username, PASSWORD)
    thief.cookies["sessionid"] = theirs.cookies["sessionid"].value
    assert thief.get(reverse("admin:index")).status_code == 200, "the control: it was worth something"
    ended_by(event, person, theirs)
    assert thief.get(reverse("admin:index")).status_code == 302


def test_a_session_id_that_was_planted_before_is_not_the_one_that_signs_in():
    person = a_person("accountant", password=PASSWORD)
    theirs, thief = Client(), Client()
    session = theirs.session
    session["planted"] = True
    session.save()
    planted = theirs.cookies["sessionid"].value
    thief.cookies["sessionid"] = planted
    login(theirs, person.username, PASSWORD)
    assert theirs.cookies["sessionid"].value != planted
    assert thief.get(reverse("admin:index")).status_code == 302


def test_a_known_and_an_unknown_name_cost_the_same(throttle):
    """As many hashes and as many queries: what takes the time of an answer."""
    person = a_person("accountant", password=PASSWORD)
    costs = {}
    for name in (person.username, "nobody-of-that-name"):
        login(Client(), name, "warm", "10.0.0.7")
        throttle.clear()
        with CaptureQueriesContext(connection) as asked:
            login(Client(), name, "wrong", "10.0.0.8")
        costs[name] = (len(throttle), len(asked))
    assert costs[person.username] == costs["nobody-of-that-name"] and throttle


@pytest.mark.slow
@pytest.mark.parametrize("guesses", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_of_any_number_of_guesses_five_are_looked_at(throttle, guesses):
    """What is shut for fifteen minutes opens in none of the ten; the owner at another address gets in."""
    person = a_person("accountant", password=PASSWORD)
    throttle.clear()
    answers = Counter(login(Client(), person.username, f"wrong-{n}").status_code for n in range(guesses))
    assert len(throttle) == 5 and answers[429] >= guesses - 5
    assert login(Client(), person.username, PASSWORD, "10.0.0.9").status_code == 302
