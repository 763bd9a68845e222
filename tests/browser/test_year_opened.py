"""A year in Chromium: opened and dated by the bureau; locked while a chapter stands open, nothing typed is lost."""

import pytest

from budgets.models import Disclosure, FiscalYear, Narrative
from tests.makers.disclosures import a_department, a_person

from .desk import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_year_is_opened_dated_started_and_locked(page, office):
    url, disclosure, accountant = office
    other = a_department("484", "乐亭县水务局")
    officer = a_person("bureau_officer", password=PASSWORD)
    desk = Desk(page, url)
    desk.sign_in(officer)
    page.goto(f"{url}/admin/years/")
    page.get_by_label("预算年度", exact=True).fill("2023")
    desk.press("开放", "button", exact=True)
    page.get_by_label("编码和批复日期").fill("483 2023-01-16\n484 2023年1月18日")
    desk.press("按清单填", "button")
    page.get_by_text("已填 2 个部门的批复日期").wait_for()
    assert page.get_by_label(f"{other.name}的批复日期").input_value() == "2023-01-18"
    desk.look()
    page.goto(f"{url}/admin/overview/2023/")
    page.locator("summary", has_text=f"给{other.name}的提醒").click()
    assert "应在 2023-02-07 前公开" in page.get_by_label(f"给{other.name}的提醒").input_value()
    page.locator("summary", has_text="给全部逾期部门的提醒").click()
    desk.look()
    desk.sign_in(accountant)
    chapter = f"{url}/admin/budgets/disclosure/{disclosure.pk}/chapters/overview/"
    page.goto(chapter)
    year = FiscalYear.objects.get()
    FiscalYear.objects.filter(pk=year.pk).update(locked_at=year.opened_at, locked_by=officer)
    page.locator("#id_text").fill("写了半天的一章。")
    page.locator("#save-alarm", has_text="年度已由财政局锁定").wait_for()
    # By way of another page: into one that is opened twice a browser may put its own copy of a field back.
    page.goto(f"{url}/admin/")
    page.goto(chapter)
    page.get_by_text("2023年度已由财政局锁定").wait_for()
    assert Narrative.objects.get(disclosure=disclosure, key="overview").text == "无。"
    FiscalYear.objects.update(locked_at=None, locked_by=None)
    page.goto(f"{url}/admin/")
    page.goto(chapter)
    page.get_by_role("button", name="放回来").click()
    page.locator("#save-state.good").wait_for()
    assert Narrative.objects.get(disclosure=disclosure, key="overview").text == "写了半天的一章。"
    assert Disclosure.objects.count() == 1
