"""Other people's objects do not exist: every address of the URLconf, every method, ids in bodies, lists and logs."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from budgets.admin import base
from budgets.models import Department, Disclosure, LogEntry, Person, Publication
from tests.makers.disclosures import an_open_year

from .conftest import CANARY
from .policies import METHODS, OBJECT, OWN, address, patterns, undeclared

pytestmark = pytest.mark.django_db
CHILDREN = [
    (name, key)
    for name, words in OBJECT.items()
    for key, word in words.items()
    if word in ("goal", "intake", "job")
]


def leaks(client: Client, place, methods=METHODS) -> list[tuple[str, str, int]]:
    """The (address, method, status) of a place's objects that are answered with anything but 404."""
    found = []
    for name in OBJECT:
        for method in methods:
            response = getattr(client, method)(address(name, place))
            if response.status_code != 404:
                found.append((name, method, response.status_code))
    return found


def test_every_address_has_a_policy():
    assert undeclared(patterns()) == set()
    assert set(OBJECT) | OWN <= {pattern.name for pattern in patterns()}


def test_an_address_without_a_policy_is_noticed():
    assert undeclared(iter([path("leak/<int:pk>/", print, name="leak")])) == {"leak"}


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("role", ["accountant", "reviewer"])
def test_another_department_finds_nothing(here, beside, role):
    assert leaks(beside.client(role), here) == []


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("role", ["bureau_officer", "bureau_administrator", "auditor"])
def test_another_region_finds_nothing(here, elsewhere, role):
    assert leaks(elsewhere.client(role), here) == []


def test_a_missing_object_answers_as_a_foreign_one(here, beside):
    """By the same bytes after the same queries: neither the page nor the time of a 404 tells that something is there."""
    client, costs = beside.client(), {}
    client.get(address("budgets_disclosure_change", here))  # what is asked once for a session
    for name in OBJECT:
        with CaptureQueriesContext(connection) as first:
            foreign = client.get(address(name, here))
        with CaptureQueriesContext(connection) as second:
            missing = client.get(address(name, here, object_id=10**9))
        assert (foreign.status_code, plain(foreign)) == (missing.status_code, plain(missing))
        asked = [
            [each for each in some.captured_queries if "signin" not in each["sql"]]
            for some in (first, second)
        ]
        if len(asked[0]) != len(
            asked[1]
        ):  # that a session is in use is noted once a minute, whatever is asked
            costs[name] = asked
    assert costs == {}


def plain(response) -> str:
    """A page without what is new in every answer: the nonce of its styles, the token of the button that signs out."""
    return re.sub(r'(nonce|value)="[A-Za-z0-9_-]{20,}"', "", response.text)


def test_the_own_department_is_not_shut_out(here):
    client = here.client()
    shut = {"budgets_department_change", "budgets_department_history", "budgets_person_change"}
    shut |= {
        "budgets_region_change",
        "budgets_region_history",
        "budgets_person_history",
        "budgets_person_password",
        "roster_import",
        "subject_list",
        "budgets_person_sign_in",
        "budgets_person_hand_over",
        "budgets_disclosure_preview_file",
        "budgets_disclosure_pending_pdf",
        "download_state",
        "download_file",
        "batch",
        "batch_progress",
    }
    for name in set(OBJECT) - shut:
        assert client.get(address(name, here)).status_code in (200, 302), name


@pytest.mark.sweep(1)
@pytest.mark.parametrize("model", [Disclosure, Department, Person, Publication, LogEntry])
def test_a_filter_switched_off_is_noticed(here, beside, monkeypatch, model):
    """The negative control: the sweep above fails as soon as one scope lets everything through."""

    def everything(user):
        return model.objects.all()

    monkeypatch.setitem(base.SCOPES, model, everything)
    assert leaks(beside.client(), here, ["get"]) != []


@pytest.mark.parametrize(("name", "key"), CHILDREN)
def test_a_foreign_part_does_not_hang_on_an_own_disclosure(here, beside, name, key):
    part = getattr(here, OBJECT[name][key]).pk
    for method in METHODS:
        response = getattr(beside.client(), method)(address(name, beside, **{key: part}))
        assert response.status_code in (404, 405)
    assert beside.client().get(address(name, beside, **{key: part})).status_code == 404


def test_nobody_signed_in_is_sent_to_the_login(here):
    for name in OBJECT:
        response = Client().get(address(name, here))
        assert response.status_code == 302
        assert response.url.startswith(reverse("admin:login"))


def test_a_deactivated_person_is_out_at_the_next_request(here):
    client = here.client()
    assert client.get(reverse("admin:index")).status_code == 200
    Person.objects.filter(pk=here.people["accountant"].pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_draft_is_no_page_for_the_public(here):
    region, unit = here.department.region.code, here.department.code
    draft = Client().get(f"/{region}/{unit}/2023/budget/")
    nothing = Client().get(f"/{region}/{unit}/2031/budget/")
    assert draft.status_code == nothing.status_code == 404
    assert draft.content == nothing.content


LISTS = [
    "index", "budgets_disclosure_changelist", "budgets_publication_changelist", "budgets_logentry_changelist",
    "budgets_disclosure_add",
]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_lists_and_filters_do_not_name_other_departments(here, beside, name):
    client = beside.client()
    for query in ("", f"?q={CANARY}", "?e=1", "?all="):
        page = client.get(reverse(f"admin:{name}") + query, follow=True)
        assert here.department.name not in page.text


@pytest.mark.parametrize("role", ["bureau_officer", "bureau_administrator", "auditor"])
def test_lists_and_filters_do_not_name_other_regions(here, elsewhere, role):
    client = elsewhere.client(role)
    names = [
        *LISTS[:4],
        "overview",
        "downloads",
        "budgets_department_changelist",
        "budgets_person_changelist",
        "budgets_person_add",
    ]
    for name in [*names, "budgets_department_add"]:
        assert CANARY not in client.get(reverse(f"admin:{name}"), follow=True).text


@pytest.mark.parametrize(
    ("model", "field"),
    [("disclosure", "department"), ("logentry", "disclosure"), ("publication", "published_by")],
)
def test_autocomplete_names_nothing(here, beside, model, field):
    query = {"app_label": "budgets", "model_name": model, "field_name": field, "term": CANARY}
    response = beside.client().get(reverse("admin:autocomplete"), query)
    assert response.status_code == 403 or response.json()["results"] == []
    assert CANARY not in response.text


def test_autocomplete_names_the_own(beside):
    """So that the test above does not pass because nothing is ever found."""
    query = {"app_label": "budgets", "model_name": "logentry", "field_name": "disclosure", "term": "邻局"}
    response = beside.client().get(reverse("admin:autocomplete"), query)
    assert [result["id"] for result in response.json()["results"]] == [str(beside.disclosure.pk)]


def test_actions_reach_nothing(here, beside):
    for action in ("delete_selected", "submit", "approve"):
        data = {"action": action, "_selected_action": [here.disclosure.pk], "post": "yes", "index": 0}
        response = beside.client().post(reverse("admin:budgets_disclosure_changelist"), data)
        assert CANARY not in response.text
    assert Disclosure.objects.filter(pk=here.disclosure.pk, status="draft").exists()


def test_a_new_year_does_not_take_over_from_another_department(here, beside):
    an_open_year(2024)
    data = {"year": 2024, "like": here.disclosure.pk}
    response = beside.client().post(reverse("admin:budgets_disclosure_add"), data)
    assert response.status_code == 200
    assert not Disclosure.objects.filter(fiscal_year=2024).exists()
    assert beside.client().post(reverse("admin:budgets_disclosure_add"), {"year": 2024}).status_code == 302


def test_a_person_is_not_put_into_another_region(here, elsewhere):
    data = {"username": "spy", "name": "密探", "role": "accountant", "department": here.department.pk}
    data |= {"password": "chang-mi-ma-2023"}
    response = elsewhere.client("bureau_administrator").post(reverse("admin:budgets_person_add"), data)
    assert response.status_code == 200
    assert not Person.objects.filter(username="spy").exists()


def test_a_department_gets_no_supervisor_of_another_region(here, elsewhere):
    data = {"name": "新名", "supervising_department": here.department.pk, "active": "on"}
    url = reverse("admin:budgets_department_change", args=[elsewhere.department.pk])
    response = elsewhere.client("bureau_administrator").post(url, data)
    assert response.status_code == 200
    elsewhere.department.refresh_from_db()
    assert (elsewhere.department.name, elsewhere.department.supervising_department) == ("远局", None)


def test_every_model_of_a_page_has_a_scope():
    from django.contrib import admin

    assert set(admin.site._registry) == set(base.SCOPES)
