"""A click on 去改 in Chromium: the page opens at the cell, row or sentence, wide and narrow, and it has the focus."""

from dataclasses import replace

import pytest

from budgets import ledger as rows
from budgets.domain.ledgers import Indicator, Procurement
from budgets.domain.terms import Comparator
from budgets.models import Explanation
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure
from tests.makers.facts import basic, yuan

from .desk import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "这一段没有金额，只说明情况，用来占去屏幕。" * 12
TEXT = f"{LONG}\n{LONG}\n今年𠮷祥。人员经费预算801.00万元，用于人员支出。\n{LONG}"
WIDTHS = (1280, 360)
ACTIVE = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const seen = box.top < innerHeight && box.bottom > 0;
  const text = "selectionStart" in at && at.tagName === "TEXTAREA" ? at.value.slice(at.selectionStart, at.selectionEnd) : "";
  return {id: at.id, row: at.closest("tr")?.id ?? "", label: at.getAttribute("aria-label") ?? "", seen, text, tag: at.tagName};
}"""


@pytest.fixture
def office(live_server, settings):
    """A draft with a fault of every kind of place, and its accountant."""
    settings.SITE_ADDRESS, settings.ALLOWED_HOSTS = live_server.url, ["*"]
    disclosure = a_sound_disclosure(a_department(), approved_on=None)
    ledger = rows.read(disclosure)
    bare = Indicator("产出指标", "成本指标", "控制数", "控制数", Comparator.AT_MOST, "11", "万")
    goal = replace(ledger.goals[0], indicators=(*ledger.goals[0].indicators, bare))
    wrong = replace(
        ledger,
        facts=(*ledger.facts, basic("2010301", "1.00", "non_fiscal"), basic("20103", "1.00")),
        narratives=tuple(replace(n, text=TEXT) if n.key == "overview" else n for n in ledger.narratives),
        goals=(goal,),
        procurements=tuple(
            Procurement(name, item="电脑", quantity=yuan("0.0002"), unit_price=yuan("1.00"), general_public=yuan(sum_))
            for name, sum_ in (("甲", "2.00"), ("乙", "2.50"))
        ),
    )  # fmt: skip
    rows.write(disclosure, wrong)
    Explanation.objects.all().delete()
    return live_server.url, disclosure, a_person("accountant", password=PASSWORD, department=a_department())


# What a finding says -> the link in it, and what has the focus then.
KINDS = {
    "cell": ("2010301 行政运行列有项目支出", "支出明细（一般公共预算）", {"id": "c-2010301-project", "row": "r-2010301"}),
    "derived": ("项目支出为 300.00万元", "支出明细（一般公共预算）", {"row": "r-total", "tag": "TR"}),
    "missing row": ("2080506", "支出明细（一般公共预算）", {"id": "c-2080506-basic", "row": "r-2080506"}),
    "row of a code": ("它的下级科目", "支出明细（一般公共预算）", {"row": "r-20103"}),
    "sentence": ("人员经费预算801.00万元", "部门预算安排的总体情况", {"id": "id_text", "text": "人员经费预算801.00万元，用于人员支出。"}),
    "indicator": ("没有写“元”", "窗口运行绩效目标表", {"row": "r-4"}),
    "record": ("“乙·电脑”", "政府采购", {"row": "r-2"}),
    "field": ("没有填批复日期", "基本信息：批复日期", {"id": "id_approved_on"}),
}  # fmt: skip


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("width", WIDTHS)
def test_each_kind_of_link_has_the_focus_on_what_is_meant(page, office, width, tmp_path_factory):
    url, disclosure, person = office
    from budgets.models import BasicExpenditureLine

    BasicExpenditureLine.objects.create(disclosure=disclosure, economic="30109", personnel=yuan("3.00"))
    desk = Desk(page, url)
    desk.sign_in(person)
    page.set_viewport_size({"width": width, "height": 800})
    wrong = {}
    for kind, (words, link, wanted) in KINDS.items():
        page.goto(f"{url}/admin/budgets/disclosure/{disclosure.pk}/change/")
        finding = page.locator("article.finding", has_text=words).first
        finding.locator("xpath=ancestor::details/summary").click()
        with page.expect_navigation():
            finding.get_by_role("link", name=link, exact=True).click()
        page.wait_for_selector("#content :focus")
        at = page.evaluate(ACTIVE)
        if {name: at[name] for name in wanted} != wanted or not at["seen"]:
            wrong[kind] = at
        desk.look()
        page.set_viewport_size({"width": width, "height": 800})
    assert wrong == {}


def test_without_script_the_sentence_stands_above_the_field(browser, office):
    url, disclosure, person = office
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/admin/")
    page.fill("#id_username", person.username)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.goto(f"{url}/admin/budgets/disclosure/{disclosure.pk}/change/")
    finding = page.locator("article.finding", has_text="人员经费预算801.00万元").first
    finding.locator("xpath=ancestor::details/summary").click()
    finding.get_by_role("link", name="部门预算安排的总体情况", exact=True).click()
    page.wait_for_selector("#sentence")
    assert page.locator("#sentence mark").inner_text() == "人员经费预算"
    assert page.locator("#sentence").inner_text().endswith("人员经费预算801.00万元，用于人员支出。")
    context.close()


def test_the_refusal_of_a_submission_leads_on(page, office):
    url, disclosure, person = office
    desk = Desk(page, url)
    desk.sign_in(person)
    page.goto(f"{url}/admin/budgets/disclosure/{disclosure.pk}/steps/submit/")
    desk.press("确认提交", "button")
    page.wait_for_selector("[role=alert]")
    desk.press("政府采购", exact=True)
    page.wait_for_selector("#content :focus")
    assert page.evaluate(ACTIVE)["row"] == "r-2"
