"""Errors and messages of the back office: its own head and way back, in Chinese, and histories that name values."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from tests.makers.disclosures import a_department, a_disclosure, a_person

from .forms import of, page_of
from .test_pages import read

pytestmark = pytest.mark.django_db
NOWHERE = "/admin/budgets/disclosure/999999/change/"


def test_at_work_an_error_keeps_the_head_and_leads_back(client):
    disclosure = a_disclosure()
    client.force_login(a_person("auditor"))
    for status, url, method in (
        (404, NOWHERE, "get"), (404, "/admin/no/such/", "get"), (403, page_of(disclosure, "revenue"), "post"),
        (400, "/admin/budgets/disclosure/?q=%00", "get"),
    ):  # fmt: skip
        response = getattr(client, method)(url)
        assert response.status_code == status, url
        page = read(response)
        assert page.english() <= set(), page.english()
        assert 'class="portal"' in response.text and f'href="{reverse("admin:index")}"' in response.text
        assert "部门预算公开平台" not in response.text and 'name="q"' not in response.text
        assert "no-store" in response["Cache-Control"]


def test_everybody_else_gets_the_public_page(client):
    anonymous = client.get("/no/such/").content
    client.force_login(a_person("auditor"))
    assert client.get("/no/such/").content == anonymous
    assert "管理端" not in client.get("/130225/999/2023/budget/").text


def test_an_expired_form_in_the_back_office_keeps_its_head():
    client = Client(enforce_csrf_checks=True)
    client.force_login(a_person("accountant"))
    response = client.post(of(a_disclosure(), "basics"), {"contact": "x"})
    assert response.status_code == 403 and "表单已过期" in response.text and 'class="portal"' in response.text


def test_the_history_of_a_person_names_old_and_new_values_in_chinese(client):
    client.force_login(a_person("bureau_administrator"))
    person = a_person("accountant", name="张三")
    other = a_department("484", "乐亭县水务局")
    url = reverse("admin:budgets_person_change", args=[person.pk])
    client.post(
        url, {"username": person.username, "name": "张山", "role": "reviewer", "department": other.pk}
    )
    entry = LogEntry.objects.get(object_id=str(person.pk))
    message = entry.get_change_message()
    for words in (
        "姓名：张三 → 张山",
        "角色：部门会计 → 部门审核",
        "483 乐亭县行政审批局 → 484 乐亭县水务局",
        "是 → 否",
    ):
        assert words in message, message
    page = read(client.get(reverse("admin:budgets_person_history", args=[person.pk])))
    assert page.english() <= set(), page.english()


def test_a_secret_stands_in_no_history(client):
    person = a_person("accountant", password="wan-yuan-2023")
    client.force_login(person)
    new = {"old_password": "wan-yuan-2023", "new_password1": "qing-qi-4567", "new_password2": "qing-qi-4567"}
    assert client.post(reverse("admin:password_change"), new).status_code == 302
    assert not any("qing-qi" in entry.change_message for entry in LogEntry.objects.all())


def test_what_does_not_fit_is_told_in_our_words(client):
    disclosure = a_disclosure()
    client.force_login(a_person("accountant"))
    url = page_of(disclosure, "organizations")
    from .forms import fields

    data = fields(client.get(url)) | {"rows-0-name": "名" * 121}
    text = client.post(url, data).text
    assert "最多 120 个字，现在有 121 个，请缩短" in text and "确保" not in text
    url = page_of(disclosure, "revenue")
    data = fields(client.get(url)) | {"rows-0-other": "9" * 30}
    text = client.post(url, data).text
    assert re.search(r"金额太大，最多 999,999,999\.99|金额太大|超出金额的范围", text) and "确保" not in text
