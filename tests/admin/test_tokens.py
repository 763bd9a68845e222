"""Every address refuses what would change something without the token of its form, whoever is signed in."""

import pytest
from django.test import Client

from budgets.admin.refused_pages import EXPIRED
from tests.makers.disclosures import a_person

from .every_address import addresses, patterns_with, rows

pytestmark = pytest.mark.django_db
UNSAFE = ("post", "put", "patch", "delete")
# Nobody is signed in there and a proxy may keep the page: what another site's page sends is refused by its origin.
WITHOUT = {"ask"}
PEOPLE = ["accountant", "bureau_officer", "bureau_administrator", "central_administrator", ""]


def taken(client: Client, place, methods=UNSAFE) -> set[str]:
    """The names of addresses that answered anything but that the form has no token."""
    found = set()
    for name, url in addresses(place):
        for method in methods:
            answer = getattr(client, method)(url)
            if answer.status_code != 403 or EXPIRED[0] not in answer.text:
                found.add(name)
    return found


def browser(place, role: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    if role:
        client.force_login(place.people.get(role) or a_person(role))
    return client


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("role", PEOPLE)
def test_without_its_token_nothing_is_taken(here, role):
    client, before = browser(here, role), rows()
    assert len({name for name, _ in addresses(here)}) > 130
    assert taken(client, here) == WITHOUT
    assert rows() == before


def test_an_address_that_asks_for_no_token_is_noticed(here, monkeypatch):
    """The negative control."""
    (rules,) = {pattern.callback for _, pattern in patterns_with() if pattern.name == "rules"}
    monkeypatch.setattr(rules, "csrf_exempt", True, raising=False)
    assert taken(browser(here, ""), here, ["post"]) == WITHOUT | {"rules"}
