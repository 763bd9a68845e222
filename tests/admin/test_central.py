"""The central administrator keeps regions, codes and the regions' administrators, and sees no draft."""

import pytest
from django.test import Client
from django.urls import reverse

from budgets import access
from budgets.models import Person, Region, Subject
from tests.makers.disclosures import a_person, a_region, some_subjects

from .policies import OBJECT, address

pytestmark = pytest.mark.django_db
MINE = {"budgets_region_change", "budgets_region_history", "subject_list"}


@pytest.fixture
def central(client):
    client.force_login(a_person("central_administrator"))
    return client


@pytest.mark.slow
def test_nothing_of_a_department_exists_for_it(here, beside, central):
    found = {name: central.get(address(name, here)).status_code for name in OBJECT}
    assert {name for name, status in found.items() if status != 404} == MINE


def test_its_first_page_and_lists_show_no_department(here, central):
    for name in (
        "index",
        "budgets_region_changelist",
        "budgets_subject_changelist",
        "budgets_person_changelist",
    ):
        page = central.get(reverse(f"admin:{name}"))
        assert page.status_code == 200 and here.department.name not in page.text
    for name in (
        "overview",
        "budgets_disclosure_changelist",
        "budgets_logentry_changelist",
        "budgets_department_changelist",
    ):
        assert central.get(reverse(f"admin:{name}")).status_code in (403, 404)


def test_it_makes_a_region_and_its_administrator_and_nobody_else(central):
    assert (
        central.post(reverse("admin:budgets_region_add"), {"code": "130223", "name": "滦州市"}).status_code
        == 302
    )
    region = Region.objects.get(code="130223")
    data = {
        "username": "guan",
        "name": "管理员",
        "role": "bureau_administrator",
        "region": region.pk,
    }
    assert central.post(reverse("admin:budgets_person_add"), data).status_code == 302
    assert Person.objects.get(username="guan").region == region
    for role in ("accountant", "bureau_officer", "central_administrator"):
        refused = central.post(reverse("admin:budgets_person_add"), data | {"username": role, "role": role})
        assert refused.status_code == 200 and not Person.objects.filter(username=role).exists()


def test_a_region_keeps_its_code(central):
    region = a_region()
    central.post(reverse("admin:budgets_region_change", args=[region.pk]), {"code": "999999", "name": "新名"})
    region.refresh_from_db()
    assert (region.code, region.name) == ("130225", "新名")


@pytest.mark.parametrize(
    "role", ["accountant", "reviewer", "bureau_officer", "bureau_administrator", "auditor"]
)
def test_nobody_of_a_region_changes_what_all_regions_share(role):
    some_subjects()
    client = Client()
    client.force_login(a_person(role))
    subject = Subject.objects.get(code="2010301")
    url = reverse("admin:budgets_subject_change", args=[subject.pk])
    assert client.post(url, {"name": "改名", "level": "3", "confidence": "high"}).status_code == 403
    assert client.get(reverse("admin:budgets_subject_add")).status_code == 403
    assert client.get(reverse("admin:budgets_region_add")).status_code == 403
    subject.refresh_from_db()
    assert subject.name == "行政运行"


def test_with_the_rule_switched_off_a_region_could(monkeypatch):
    """The negative control of the test above."""
    some_subjects()
    for room in (access, access.rights, access.scopes):
        monkeypatch.setattr(room, "keeps_regions", access.keeps_departments)
    client = Client()
    client.force_login(a_person("bureau_administrator"))
    assert client.get(reverse("admin:budgets_subject_add")).status_code == 200


def test_what_nobody_changed_here_says_so(central):
    region, words = a_region(), "在管理页面上还没有改动过"
    history = reverse("admin:budgets_region_history", args=[region.pk])
    assert words in central.get(history).text
    change = reverse("admin:budgets_region_change", args=[region.pk])
    form = central.get(change).context["adminform"].form
    central.post(change, {name: form[name].value() or "" for name in form.fields} | {"name": "乐亭县城"})
    region.refresh_from_db()
    assert region.name == "乐亭县城" and words not in central.get(history).text
