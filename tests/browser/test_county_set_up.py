"""From nothing to people with passwords of their own in Chromium: set-up, list, slips, link; by keyboard, without a violation."""

import pytest

from budgets.models import Department, Person
from tests.makers.rosters import a_book, content_of

from .desk import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW = {"行政区划代码": "130225", "地区名称": "乐亭县", "管理员用户名": "guan", "管理员姓名": "王管理"}


def hand_in(page, desk, content: bytes) -> None:
    page.set_input_files("[name=file]", {"name": "名单.xlsx", "mimeType": XLSX, "buffer": content})
    desk.press("上传并对照", "button")


def test_a_county_is_set_up_without_a_shell(page, live_server):
    desk = Desk(page, live_server.url)
    page.goto(f"{live_server.url}/admin/")
    desk.look()
    for label, text in {**NEW, "密码": PASSWORD, "再输一次密码": PASSWORD}.items():
        page.get_by_label(label, exact=True).fill(text)
    desk.press("完成设置", "button")
    desk.look()
    desk.press("导入部门和人员")
    desk.look()
    spoilt = a_book()
    spoilt["人员"]["C4"] = "局长"
    hand_in(page, desk, content_of(spoilt))
    desk.look()
    assert page.get_by_role("row", name="C4").is_visible() and not Department.objects.exists()
    desk.press("重新上传")
    hand_in(page, desk, content_of(a_book()))
    desk.look()
    desk.press("确认导入", "button")
    desk.press("发设密码的链接")
    desk.look()
    desk.press("生成链接并列出", "button")
    desk.look()
    assert page.locator(".slips li").count() == Person.objects.count() - 1 == 5
    link = page.locator(".slip-address").first.inner_text()
    desk.press("退出", "button")
    page.goto(link)
    desk.look()
    for label in ("新密码", "新密码确认"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    desk.press("设好密码", "button")
    assert "密码已设好" in page.content()
    page.goto(link)
    assert "不能用了" in page.content()
