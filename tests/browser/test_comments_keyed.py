"""A comment by keyboard: made on a cell from the review page, answered by the department, closed; every page checked."""

import re

import pytest

from budgets.models import Comment, Disclosure, Reply
from tests.makers.disclosures import a_department, a_person, submitted

from .desk import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_comment_on_a_cell_is_made_answered_and_closed_by_keyboard(page, office):
    url, disclosure, accountant = office
    desk = Desk(page, url)
    submitted(disclosure, accountant)
    reviewer = a_person("reviewer", password=PASSWORD, department=a_department())
    review = f"{url}/admin/budgets/disclosure/{disclosure.pk}/review/"
    desk.sign_in(reviewer)
    page.goto(review)
    table = page.locator("section:has(#r-expenditure)")
    table.get_by_role("link", name=re.compile(r"提意见\s*：\s*2010301")).focus()
    desk.enter()
    desk.look()
    page.get_by_role("radio", name="基本支出").focus()
    page.keyboard.press("Space")
    page.locator("#id_text").focus()
    page.keyboard.type("请核对这一格")
    desk.press("记下意见", "button")
    made = Comment.objects.get()
    assert made.place.startswith("cell/") and made.place.endswith("/basic") and "/2010301/" in made.place
    assert page.url.endswith(f"#at-{made.pk}")  # beside the row that it is on
    desk.look()  # the review page with a comment
    desk.press("意见 1")
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == f"c-{made.pk}"

    desk.sign_in(accountant)
    desk.press("审核意见 1 条")
    assert page.locator(".marked input, .marked").count() and "请核对这一格" in page.content()
    desk.press("答复")
    page.get_by_role("textbox", name=re.compile(r"改了什么，或者为什么不改\s*意见 1")).focus()
    page.keyboard.type("已核对")
    desk.press(re.compile(r"答复\s*意见 1"), "button")
    desk.look()
    assert Reply.objects.get().text == "已核对"

    desk.sign_in(reviewer)
    page.goto(f"{url}/admin/budgets/disclosure/{disclosure.pk}/comments/")
    desk.press(re.compile(r"关闭\s*意见 1"), "button")
    assert Reply.objects.filter(kind="close").count() == 1
    assert "已关闭" in page.content()
    assert Disclosure.objects.get(pk=disclosure.pk).status == "submitted"
