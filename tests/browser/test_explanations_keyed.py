"""Warnings explained by keyboard alone: from one to the next, and on to 提交."""

from datetime import date

import pytest

from budgets.models import Explanation

from .waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def task_list(desk, office) -> str:
    """The task page of a draft with several warnings, none of them explained."""
    _, disclosure, _ = office
    type(disclosure).objects.filter(pk=disclosure.pk).update(assets_as_of=date(2022, 6, 30))
    disclosure.projects.create(position=2, name="系统维护", amount=2_000_000)
    Explanation.objects.all().delete()
    return f"{desk.url}/admin/budgets/disclosure/{disclosure.pk}/change/"


def test_alt_page_down_leads_through_the_explanations_to_the_button(desk, task_list):
    page = desk.page
    page.goto(task_list)
    fields = page.locator("#findings textarea")
    count = fields.count()
    assert count > 1 and not fields.first.is_visible()
    for n in range(count):
        page.keyboard.press("Alt+PageDown")
        assert page.evaluate("document.activeElement.name") == fields.nth(n).get_attribute("name")
        page.keyboard.type("与批复一致，已核对。")
    page.keyboard.press("Alt+PageUp")
    assert page.evaluate("document.activeElement.name") == fields.nth(count - 2).get_attribute("name")
    page.keyboard.press("Alt+PageDown")
    page.get_by_role("heading", name="都已处理，可以提交").wait_for()
    page.keyboard.press("Alt+PageDown")
    desk.enter()
    assert page.url.endswith("/steps/submit/")
    page.go_back()
    desk.look()


def test_a_warning_on_the_list_leads_into_its_field(desk, task_list):
    page = desk.page
    page.goto(task_list)
    page.get_by_role("link", name="写说明").last.press("Enter")
    until(page, "document.activeElement.matches('#findings textarea')")
    assert page.locator("#findings textarea:focus").is_visible()
