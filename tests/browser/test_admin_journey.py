"""From the login to the public page in Chromium: typed, mended, explained, previewed, submitted, approved, published.

By keyboard alone, without a violation of accessibility or of the Content-Security-Policy on any page on the way.
"""

from decimal import Decimal

import pytest

from budgets.models import ExpenditureLine, Explanation, Role, Status
from tests.makers.disclosures import a_department, a_person, a_region, a_sound_disclosure

from .desk import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EXPLAINED = "车辆为跨县执法用车，里程较多。"


@pytest.fixture
def office(live_server, settings, no_pdf):
    """A draft with one wrong amount and one warning without an explanation, and the people who bring it to light."""
    settings.SITE_ADDRESS = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    disclosure = a_sound_disclosure(a_department())
    ExpenditureLine.objects.filter(function="2080505").update(basic=Decimal("790000"))
    Explanation.objects.all().delete()
    places = {Role.ACCOUNTANT: {"department": a_department()}, Role.REVIEWER: {"department": a_department()}}
    people = {
        role: a_person(role.value, password=PASSWORD, **places.get(role, {"region": a_region()}))
        for role in Role
    }
    return live_server.url, disclosure, people


def test_from_login_to_publication(page, office):
    url, disclosure, people = office
    desk = Desk(page, url)
    page.goto(f"{url}/admin/")
    desk.look()

    desk.sign_in(people[Role.ACCOUNTANT])
    desk.look()
    desk.press("2023年部门预算")
    desk.look()
    assert page.locator("article.finding.error").count() > 0

    # The finding leads to the table and its row; what is no amount is refused and kept; then it is mended.
    desk.press("支出明细（一般公共预算）")
    cell = page.get_by_label("第2行 基本支出")
    cell.focus()
    cell.press("ControlOrMeta+a")
    page.keyboard.type("八十")
    desk.press("保存", "button", exact=True)
    page.wait_for_selector("[role=alert]")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert page.get_by_label("第2行 基本支出").input_value() == "八十"
    desk.look()
    cell = page.get_by_label("第2行 基本支出")
    cell.focus()
    cell.press("ControlOrMeta+a")
    page.keyboard.type("８０．００")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "第2行 项目支出"
    desk.press("保存", "button", exact=True)
    page.wait_for_selector("ul.messagelist")
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal("800000.00")
    desk.look()

    # A code is named while it is typed.
    row = page.locator("tr[data-entry]", has=page.get_by_label("第3行 功能分类科目 科目编码"))
    page.get_by_label("第3行 功能分类科目 科目编码").focus()
    page.wait_for_selector("#subject-codes", state="attached")
    page.keyboard.type("2010301")
    assert row.locator("[data-name]").inner_text() == "行政运行"
    page.get_by_label("第3行 功能分类科目 科目编码").fill("")

    # What stands is explained.
    desk.press("回到任务清单")
    assert page.locator("article.finding.error").count() == 0
    for fold in page.locator("details[id^=n-] summary").all():
        fold.focus()
        page.keyboard.press("Enter")
    desk.look()
    for area in page.locator("article.finding.warning textarea").all():
        area.focus()
        page.keyboard.type(EXPLAINED)
    assert page.locator("article.finding.warning .tick input").first.is_checked(), (
        "public unless decided otherwise"
    )
    desk.press("保存说明", "button")
    assert page.get_by_text("都已处理，可以提交").is_visible()
    desk.look()

    desk.press("预览公开页")
    assert page.get_by_text("未公开").first.is_visible()
    assert EXPLAINED in page.content()
    page.go_back()

    desk.press("提交", exact=True)
    desk.look()
    desk.press("确认提交", "button")
    assert page.get_by_text("等财政局审核").first.is_visible()
    assert page.get_by_role("link", name="收回").is_visible()
    desk.look()

    # The department's reviewer reads; the bureau approves and publishes.
    desk.sign_in(people[Role.REVIEWER])
    desk.press("2023年部门预算")
    assert page.get_by_role("link", name="批准").count() == 0
    desk.press("支出明细（一般公共预算）")
    assert page.locator("tbody input").count() == 0
    desk.look()

    desk.sign_in(people[Role.BUREAU_OFFICER])
    desk.look()
    desk.press(disclosure.department.name)
    desk.press("批准", exact=True)
    desk.press("确认批准", "button")
    desk.press("公开", exact=True)
    desk.press("确认公开", "button")
    disclosure.refresh_from_db()
    assert disclosure.status == Status.PUBLISHED
    desk.look()
    desk.press("第 1 版")
    desk.look()
    desk.press("看公开页")
    assert page.locator("h1").inner_text() == "2023年部门预算"
    assert "未公开" not in page.content() and EXPLAINED in page.content()
    desk.look()


@pytest.mark.parametrize("role", [Role.BUREAU_ADMINISTRATOR, Role.AUDITOR])
def test_lists_and_forms_of_the_bureau(page, office, role):
    url, disclosure, people = office
    desk = Desk(page, url)
    desk.sign_in(people[role])
    paths = [link.get_attribute("href") for link in page.locator("nav.portal a").all()]
    paths.append(f"/admin/budgets/disclosure/{disclosure.pk}/change/")
    paths.append(f"/admin/budgets/department/{disclosure.department.pk}/change/")
    if role == Role.BUREAU_ADMINISTRATOR:
        person = people[Role.ACCOUNTANT].pk
        paths += ["/admin/budgets/person/add/", f"/admin/budgets/person/{person}/change/"]
        paths.append(f"/admin/budgets/person/{person}/password/")
    for path in paths:
        page.goto(url + path)
        desk.look()
    assert len(paths) > 7


def test_help_and_deleting_by_keyboard(page, office):
    """The help of both table sets, the column help of a grid, and a draft that is deleted and brought back."""
    url, disclosure, people = office
    desk = Desk(page, url)
    desk.sign_in(people[Role.ACCOUNTANT])
    for table_set in ("hebei_2023", "shanghai_2023"):
        page.goto(f"{url}/admin/how-to-fill/{table_set}/")
        desk.look()
    page.goto(f"{url}/admin/budgets/disclosure/{disclosure.pk}/enter/revenue/")
    page.locator("details.here > summary").first.focus()
    page.keyboard.press("Enter")
    desk.look()
    desk.press("任务清单")
    desk.press("删除草稿")
    desk.look()
    desk.press("确认删除草稿", "button")
    desk.press("已删除的草稿")
    desk.look()
    desk.press("2023年部门预算")
    desk.look()
    desk.press("恢复", "button")
    assert page.locator("#todo").is_visible()
