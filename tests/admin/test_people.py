"""People, departments, codes: who may keep them, which roles may be given, and what no form accepts."""

import pytest
from django.test import Client
from django.urls import reverse

from budgets.models import Department, Person, Subject
from tests.makers.disclosures import a_department, a_person, a_region, some_subjects

pytestmark = pytest.mark.django_db
PASSWORD = "wan-yuan-2023"


@pytest.fixture
def administrator():
    return a_person("bureau_administrator", name="管理员")


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


def new(**other) -> dict[str, object]:
    data = {"username": "xin", "name": "新会计", "role": "accountant"}
    return data | {"department": a_department().pk} | other


def add(client, **other):
    return client.post(reverse("admin:budgets_person_add"), new(**other))


def test_an_accountant_is_created_without_a_password(office):
    answer = add(office, password=PASSWORD)  # a password that a request carries is nobody's
    person = Person.objects.get(username="xin")
    assert answer.url == reverse("admin:budgets_person_password", args=[person.pk])
    assert (person.role, person.department, person.region) == ("accountant", a_department(), None)
    assert not person.has_usable_password()
    assert Client().post(reverse("admin:login"), {"username": "xin", "password": PASSWORD}).status_code == 200


def test_an_officer_gets_the_administrators_region(office):
    assert add(office, role="bureau_officer", department="").status_code == 302
    assert Person.objects.get(username="xin").region == a_region()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"department": ""}, "请选择部门"),
        ({"role": "auditor"}, "请留空"),
        ({"role": ""}, "必填"),
        ({"role": "bureau_administrator", "department": ""}, "选择一个有效的选项"),
    ],
)
def test_what_does_not_fit_is_refused_in_chinese(office, wrong, words):
    response = add(office, **wrong)
    assert response.status_code == 200
    assert words in response.text
    assert not Person.objects.filter(username="xin").exists()


def test_no_form_takes_rights(office):
    forged = {
        "is_superuser": "on",
        "is_staff": "",
        "user_permissions": ["1"],
        "groups": ["1"],
        "region": a_region().pk,
    }
    add(office, **forged)
    person = Person.objects.get(username="xin")
    assert (person.is_superuser, person.is_staff, person.region) == (False, True, None)
    url = reverse("admin:budgets_person_change", args=[person.pk])
    data = {
        "username": "xin",
        "name": "新会计",
        "role": "accountant",
        "department": a_department().pk,
        "is_active": "on",
    }
    assert (
        office.post(url, data | forged | {"password": "plain", "last_login_0": "2020-01-01"}).status_code
        == 302
    )
    person.refresh_from_db()
    assert (person.is_superuser, person.user_permissions.count()) == (False, 0)
    assert not person.has_usable_password()


def test_nobody_changes_the_own_role_or_that_of_a_peer(office, administrator):
    peer = a_person("bureau_administrator")
    for person in (administrator, peer):
        url = reverse("admin:budgets_person_change", args=[person.pk])
        page = office.get(url)
        assert page.status_code == 200 and "<select" not in page.text and "True" not in page.text
        data = {"username": person.username, "name": "改名", "role": "auditor"}
        assert office.post(url, data).status_code == 403
        assert office.get(reverse("admin:budgets_person_password", args=[person.pk])).status_code == 403
        assert Person.objects.get(pk=person.pk).role == "bureau_administrator"


@pytest.mark.parametrize("role", ["accountant", "reviewer", "bureau_officer", "auditor"])
def test_others_keep_neither_people_nor_departments_nor_codes(client, role):
    some_subjects()
    client.force_login(a_person(role))
    for model in ("person", "department", "subject"):
        add_url = reverse(f"admin:budgets_{model}_add")
        assert client.get(add_url).status_code == 403
        assert client.post(add_url, new()).status_code == 403
    assert client.get(reverse("admin:budgets_person_changelist")).status_code == 403
    subject = Subject.objects.first()
    url = reverse("admin:budgets_subject_change", args=[subject.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"name": "改名", "level": "1", "confidence": "high"}).status_code == 403


def test_departments_are_added_and_keep_their_code(office):
    data = {"region": a_region().pk, "code": "512", "name": "水务局", "active": "on"}
    url = reverse("admin:budgets_department_add")
    assert "当作年度" in office.post(url, data | {"code": "2023"}).text
    assert office.post(url, data).status_code == 302
    department = Department.objects.get(code="512")
    url = reverse("admin:budgets_department_change", args=[department.pk])
    assert office.post(url, {"code": "999", "name": "水利局", "active": "on"}).status_code == 302
    department.refresh_from_db()
    assert (department.code, department.name) == ("512", "水利局")


def test_the_central_administrator_searches_adds_and_retires_codes(client):
    office = client
    office.force_login(a_person("central_administrator"))
    some_subjects()
    page = office.get(reverse("admin:budgets_subject_changelist"), {"q": "2080505"})
    assert page.context["cl"].result_count == 1
    data = {
        "fiscal_year": 2023,
        "scheme": "function",
        "code": "2080599",
        "name": "其他养老支出",
        "level": "3",
    }
    data |= {"parent_code": "20805", "confidence": "high", "active": "on"}
    assert office.post(reverse("admin:budgets_subject_add"), data).status_code == 302
    subject = Subject.objects.get(code="2080599")
    url = reverse("admin:budgets_subject_change", args=[subject.pk])
    office.post(url, {"name": subject.name, "level": "3", "parent_code": "20805", "confidence": "high"})
    codes = office.get(reverse("admin:budgets_subject_codes", args=[2023, "function"])).json()
    assert "2080599" not in codes and "2080505" in codes


def test_a_person_without_a_role_stays_outside(client):
    person = Person(username="wu", name="无角色", role="")
    client.force_login(a_person("auditor"))
    assert client.get(reverse("admin:index")).status_code == 200
    from django.contrib import admin

    request = type("Request", (), {"user": person})()
    assert admin.site.has_permission(request) is False
