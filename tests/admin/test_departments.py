"""Departments: two of one name in one region are refused, whatever was there before."""

import pytest
from django.urls import reverse

from budgets.models import Department
from tests.makers.disclosures import a_department, a_person, a_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(a_person("bureau_administrator"))
    return client


def add(office, code: str, name: str):
    data = {"region": a_region().pk, "code": code, "name": name, "active": "on"}
    return office.post(reverse("admin:budgets_department_add"), data)


@pytest.mark.parametrize("name", ["水务局（本级）", " 水务局（本级） ", "水 务局(本级)"])
def test_a_second_of_the_same_name_is_refused(office, name):
    a_department("904", "水务局（本级）")
    response = add(office, "905", name)
    assert response.status_code == 200 and "本地区已有同名的部门（编码 904）" in response.text
    assert Department.objects.filter(code="905").count() == 0


def test_another_name_another_region_and_a_closed_one_stand_in_nobodys_way(office):
    a_department("904", "水务局", a_region("130224", "滦南县"))
    Department.objects.filter(pk=a_department("903", "林业局").pk).update(active=False)
    assert add(office, "905", "水务局").status_code == 302
    assert add(office, "906", "林业局").status_code == 302


def test_two_that_are_there_already_are_kept_and_edited(office):
    """Their names stand in what is public: the rule must not lock them."""
    first, second = a_department("904", "水务局"), a_department("905", "水务局")
    url = reverse("admin:budgets_department_change", args=[second.pk])
    data = {"name": "水务局", "phone": "0315-1", "active": "on"}
    assert office.post(url, data).status_code == 302
    assert Department.objects.get(pk=second.pk).phone == "0315-1"
    Department.objects.filter(pk=first.pk).update(active=False)
    url = reverse("admin:budgets_department_change", args=[first.pk])
    assert "同名" in office.post(url, data).text  # it would come back into use
    assert not Department.objects.get(pk=first.pk).active


def test_a_code_that_is_not_in_the_list_is_marked_in_the_grid(client):
    from tests.makers.disclosures import a_disclosure, some_subjects
    from tests.makers.facts import revenue

    from .forms import page_of

    some_subjects()
    disclosure = a_disclosure(facts=(revenue("9999999", "5.00"), revenue("2010301", "5.00")))
    client.force_login(a_person("accountant"))
    page = client.get(page_of(disclosure, "revenue")).text
    assert page.count('<span class="unknown">没有这个科目</span>') == 1
