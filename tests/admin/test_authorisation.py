"""The matrix: every address of an object × everybody × every method × every state, against a model said by hand."""

import pytest
from django.db import transaction
from django.test import Client

from budgets import access
from budgets.access import May
from budgets.admin import base
from budgets.admin.step_pages import BY_KEY
from budgets.models import Disclosure, Status

from .authorisation import STEPS, Actor, actors, expected
from .policies import METHODS, OBJECT, address

pytestmark = pytest.mark.django_db
KEYS = [(name, "") for name in OBJECT if name != "budgets_disclosure_step"] + [
    ("budgets_disclosure_step", key) for key in STEPS
]
SHARES = 60  # all together are the whole matrix


def answered(client: Client, method: str, url: str) -> str:
    """The kind of answer; what it changed is undone."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    if response.status_code == 302 and "/login/" in response.url:
        return "login"
    return (
        str(response.status_code)
        if response.status_code in (403, 404, 405)
        else f"open {response.status_code}"
    )


def stands(disclosure: Disclosure, status: str, place) -> None:
    """Put it in a state, past the steps that lead there."""
    submitted = {"submitted_by": place.people["accountant"], "submitted_hash": "0" * 64}
    approved = {"approved_by": place.people["bureau_officer"], "approved_hash": "0" * 64}
    Disclosure.objects.filter(pk=disclosure.pk).update(status=status, **submitted, **approved)


def cells(here, who: list[Actor], share: int = 0, shares: int = 1) -> tuple[int, list[str]]:
    """How many cells of that share were asked, and which were answered otherwise than the model says."""
    asked = [
        (name, key, method, actor, status)
        for status in Status
        for name, key in KEYS
        for actor in who
        for method in METHODS
    ][share::shares]
    wrong, before = [], None
    browsers: dict[int, Client] = {}
    for name, key, method, actor, status in asked:
        if status != before:
            stands(here.disclosure, status, here)
            before = status
        client = browsers.get(id(actor.person))
        if client is None:
            client = browsers[id(actor.person)] = Client(raise_request_exception=False)
            if actor.person is not None:
                client.force_login(actor.person)
        url = address(name, here, **({"key": key} if key else {}))
        said, wanted = answered(client, method, url), expected(name, key, method, actor, status)
        if said.partition(" ")[0] != wanted or said == "open 500":
            wrong.append(f"{actor} {status} {method} {name} {key}: {said}, not {wanted}")
    return len(asked), wrong


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("share", range(SHARES))
def test_every_address_answers_everybody_as_the_model_says(here, beside, elsewhere, share):
    count, wrong = cells(here, actors(here, beside, elsewhere), share, SHARES)
    assert count >= 20_000 // SHARES
    assert wrong == []


def test_the_model_knows_every_step_and_the_shares_are_the_whole(here, beside, elsewhere):
    assert set(STEPS) == set(BY_KEY)
    assert len(KEYS) * len(actors(here, beside, elsewhere)) * len(METHODS) * len(Status) >= 20_000


def test_a_role_too_many_and_a_scope_too_wide_are_noticed(here, beside, elsewhere, monkeypatch):
    auditor, stranger = (
        Actor("auditor", True, here.people["auditor"]),
        Actor("accountant", False, beside.people["accountant"]),
    )
    name = "budgets_disclosure_step"
    monkeypatch.setitem(access.ROLES, May.SUBMIT, access.ROLES[May.SUBMIT] | {"auditor"})
    assert answered(here.client("auditor"), "get", address(name, here)) == "open 200"
    assert expected(name, "submit", "get", auditor, Status.DRAFT) == "403"
    monkeypatch.setitem(base.SCOPES, Disclosure, lambda user: Disclosure.objects.all())
    assert answered(beside.client(), "get", address("budgets_disclosure_change", here)) != "404"
    assert expected("budgets_disclosure_change", "", "get", stranger, Status.DRAFT) == "404"
