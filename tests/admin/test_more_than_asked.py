"""No form takes more than it shows: with every field of every model sent along, what is saved is what it is without."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client

from tests.makers.disclosures import a_person

from .every_address import addresses, rows
from .forms import fields
from .policies import address

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="numbers of rows go on after what is undone"),
]
# By role, how many of its forms at least are taken as they stand.
ROLES = {
    "reviewer": 0,
    "accountant": 4,
    "bureau_administrator": 4,
    "bureau_officer": 4,
    "central_administrator": 3,
}
LEFT = {"version", "csrfmiddlewaretoken"}  # how a form says what it was opened at
# Buttons, and what a form asks for by itself, are no field of a model.
SAID = {
    "role": "bureau_administrator",
    "status": "published",
    "stage": "final",
    "table_set": "shanghai_2023",
    "action": "publish",
}


def more(foreign: Any) -> dict[str, str]:
    """Every field of every model with a value that fits, as a form would send it: itself, by its number, and in a first row."""
    found = {}
    for model in apps.get_app_config("budgets").get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation:
                own = {"department": foreign.department, "region": foreign.department.region}.get(field.name)
                value = str(own.pk if own else foreign.disclosure.pk)
            elif isinstance(field, models.BooleanField):
                value = "on"
            elif isinstance(field, models.DateField):
                value = "2031-01-01"
            elif isinstance(field, models.CharField | models.TextField):
                value = SAID.get(field.name, "9")
            else:
                value = "9"
            found |= dict.fromkeys((field.name, field.attname, f"{field.name}_id"), value)
    found |= {"groups": "1", "user_permissions": "1", "is_staff": "on", "is_superuser": "on"}
    return {name: value for name, value in found.items() if name not in LEFT}


def plain(value: Any) -> Any:
    """Moments and what stands for a password, or for none, differ from one saving to the next."""
    if isinstance(value, datetime) or isinstance(value, str) and value.startswith("md5$"):
        return "~"
    return "!" if isinstance(value, str) and re.fullmatch(r"!\w{40}", value) else value


def saved(client: Client, url: str, data: dict[str, str]) -> tuple[int, dict[str, list[Any]]]:
    """The answer, and every row afterwards; then all is as it was."""
    with transaction.atomic():
        status = client.post(url, data).status_code
        found = {name: [tuple(map(plain, row)) for row in each] for name, each in rows().items()}
        transaction.set_rollback(True)
    return status, found


def forms(client: Client, place: Any) -> dict[str, tuple[str, dict[str, str], set[str]]]:
    """Each page that this browser may send something from: its address, what its fields hold, and their names, boxes without a tick too."""
    found = {}
    for name, url in addresses(place):
        if url.startswith("/admin/") and name not in ("logout", "login", "set_up"):
            page = client.get(url)
            html = page.headers.get("Content-Type", "").startswith("text/html")
            if page.status_code == 200 and html and not page.streaming and 'method="post"' in page.text:
                found[name] = (url, fields(page), set(re.findall(r'name="([^"]+)"', page.text)))
    return found


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("role", ROLES)
def test_what_a_form_does_not_show_is_not_taken(here, elsewhere, role):
    client = Client(raise_request_exception=False)
    client.force_login(here.people.get(role) or a_person(role))
    extra, wrong, taken = more(elsewhere), [], 0
    assert len(extra) > 250
    for name, (url, shown, asked) in forms(client, here).items():
        beyond = {each: value for each, value in extra.items() if each not in asked}
        without, with_all = saved(client, url, shown), saved(client, url, beyond | shown)
        taken += without[0] == 302
        wrong += [] if without == with_all else [name]
        wrong += [f"{name}: {without[0]}"] if without[0] == 500 else []
    assert wrong == []
    assert taken >= ROLES[role]


def test_what_is_taken_would_be_seen(here):
    """The control: a field that the form does show, sent along as if it did not."""
    client, url = here.client(), address("budgets_disclosure_basics", here)
    shown = fields(client.get(url))
    kept = {name: value for name, value in shown.items() if name != "contact"}
    assert saved(client, url, kept) != saved(client, url, {"contact": "9"} | kept)
