"""Every desk in Chromium as those whose it is: each kind of page, wide and narrow; their main forms by keyboard.

What the tests of a single part look at already (set-up, comments, a year's first opening, passkeys) is not looked at again.
"""

import pytest

from budgets.models import Disclosure, Export, FiscalYear, Status
from budgets.workflow.commenting import comment
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, an_open_year, submitted

from .desk import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OWN = "/admin/budgets/disclosure"


def walk(desk: Desk, *names: str) -> None:
    """Tab from where the keyboard is; every control of these names is reached, in this order, and seen to be."""
    left = list(names)
    for _ in range(80):
        if not left:
            return
        desk.page.keyboard.press("Tab")
        name, seen = desk.page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
            return [e.ariaLabel || (e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText) || "",
                    r.width > 0 && (s.outlineStyle !== "none" || s.boxShadow !== "none")]; }"""
        )
        if left[0] in name:
            assert seen, name
            left.pop(0)
    raise AssertionError(f"the keyboard does not reach {left[0]}")


def start_at(desk: Desk, selector: str) -> None:
    """The keyboard stands before what the selector names."""
    desk.page.eval_on_selector(selector, "e => { e.tabIndex = -1; e.focus(); }")


@pytest.fixture
def county(live_server, settings, no_pdf):
    """Two departments handed in, one not begun, an open year, and somebody in each office."""
    settings.SITE_ADDRESS = url = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    accountant = a_person("accountant", password=PASSWORD, department=a_department())
    disclosure = a_sound_disclosure(a_department())
    an_open_year()
    other = a_sound_disclosure(a_department("484", "乐亭县水务局"))
    a_department("485", "乐亭县林业局")
    submitted(disclosure, accountant)
    submitted(other)
    people = {
        role: a_person(role, password=PASSWORD)
        for role in ("bureau_officer", "bureau_administrator", "auditor")
    }
    return url, disclosure, accountant, people


def test_the_officers_pages(page, county):
    url, disclosure, _, people = county
    desk = Desk(page, url)
    desk.sign_in(people["bureau_officer"])
    desk.press("年度总览")
    desk.press("已提交 2")
    desk.look()
    start_at(desk, "nav[aria-label=只看]")
    walk(desk, "全选", "批准", "选择乐亭县行政审批局")
    page.get_by_label("全选").focus()
    page.keyboard.press("Space")
    desk.press("批准", "button", exact=True)
    assert Disclosure.objects.filter(status=Status.APPROVED).count() == 2
    assert "已批准 2 个部门" in page.content()
    desk.press("公开检查预演")
    start_at(desk, "nav[aria-label=标准]")
    walk(desk, "及时", "方式", "全部部门", "有问题的")
    desk.press("完整")
    desk.look()
    page.goto(f"{url}/admin/overview/2023/")
    desk.press("汇总表")
    desk.look()
    page.goto(f"{url}/admin/overview/2023/")
    desk.press("全县汇编（PDF）", "button")
    desk.look()  # my exports
    assert Export.objects.get().fiscal_year == 2023
    start_at(desk, "h1")
    for path in ("/admin/batches/", f"{OWN}/{disclosure.pk}/steps/publish/"):
        page.goto(url + path)
        desk.look()


def test_the_administrators_and_the_auditors_pages(page, county):
    url, _, accountant, people = county
    desk = Desk(page, url)
    desk.sign_in(people["bureau_administrator"])
    desk.press("年度总览")
    desk.press("年度设置")
    start_at(desk, "#terms")
    walk(
        desk,
        "表样（全部部门）",
        "批复日期（全部部门）",
        "乐亭县行政审批局的表样",
        "乐亭县行政审批局的批复日期",
    )
    desk.press("锁定2023年度", "button")
    desk.look()
    assert FiscalYear.objects.get().locked
    person = f"/admin/budgets/person/{accountant.pk}"
    for path in (
        "/admin/region-settings/",
        f"{person}/hand-over/",
        f"{person}/sign-in/",
        f"{person}/change/",
    ):
        page.goto(url + path)
        desk.look()
    desk.sign_in(people["auditor"])
    desk.press("审计日志")
    desk.look()
    start_at(desk, "form.filters")
    walk(
        desk,
        "人员",
        "事项",
        "部门或对象",
        "自",
        "至",
        "改动里的文字",
        "查找",
        "看全部",
        "导出这些天的全部记录",
    )
    page.get_by_label("人员").fill("没有这个人")
    desk.press("查找", "button")
    assert "没有这样的记录" in page.content()


def test_the_departments_pages(page, county):
    url, disclosure, accountant, _ = county
    desk = Desk(page, url)
    comment(disclosure, place="whole", text="请核对", by=a_person("reviewer", department=a_department()))
    desk.sign_in(accountant)
    for path in ("comments/", "sign-off/", "change/"):
        page.goto(f"{url}{OWN}/{disclosure.pk}/{path}")
        desk.look()
    page.goto(f"{url}{OWN}/{disclosure.pk}/comments/")
    start_at(desk, "#content-main")
    walk(desk, "答复", "答复")
    with pytest.raises(AssertionError, match="does not reach"):
        walk(desk, "没有这个按钮")
    page.goto(f"{url}/admin/sign-in/")
    desk.press("设置手机验证码", "button")
    desk.look()
