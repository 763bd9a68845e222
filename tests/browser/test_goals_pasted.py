"""The table of a goal copied from a document and pasted: 指标值 comes apart as the importer takes it apart."""

import itertools
import re

import pytest

from budgets.domain.terms import Comparator
from budgets.importing.taking.annex_records import split_target

from .grid_pages import PASTE, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PRINTED = """一级指标\t二级指标\t三级指标\t绩效指标描述\t指标值\t指标值确定依据
产出指标\t数量指标\t办件量\t年度办件\t≥5000件\t年度计划
\t\t窗口\t开放窗口\t8-10个\t年度计划
\t质量指标\t办结率\t按时办结\t不低于98%\t年度计划
效益指标\t社会效益指标\t便民\t群众方便\t长期有效\t年度计划"""
ROWS = [
    ("产出指标", "数量指标", "≥", "5000", "件"),
    ("产出指标", "数量指标", "", "8-10", "个"),
    ("产出指标", "质量指标", "不低于", "98", "%"),
    ("效益指标", "社会效益指标", "", "长期有效", ""),
]


@pytest.fixture
def goal_page(desk, office):
    _, disclosure, _ = office
    goal = disclosure.goals.create(position=9, project="窗口")
    desk.page.goto(f"{desk.url}/admin/budgets/disclosure/{disclosure.pk}/goals/{goal.pk}/")
    desk.page.wait_for_selector("table[data-grid] :focus")
    return desk, goal


def typed(goal) -> list[tuple[str, ...]]:
    return list(goal.indicators.values_list("dimension", "aspect", "comparator", "value", "unit"))


def test_the_printed_table_fills_the_columns_and_names_stand_over_their_rows(goal_page):
    desk, goal = goal_page
    desk.page.evaluate(PASTE, [PRINTED, None])
    saved(desk.page)
    assert typed(goal) == ROWS
    assert set(goal.indicators.values_list("basis", flat=True)) == {"年度计划"}
    desk.look()


def test_the_columns_of_the_page_itself_stay_as_they_are(goal_page):
    """The negative control: a comparator of its own is not taken apart, nor a block that begins behind it."""
    desk, goal = goal_page
    desk.page.evaluate(PASTE, ["产出指标\t数量指标\t办件量\t年度办件\t≥\t5000\t件\t年度计划", None])
    saved(desk.page)
    desk.page.locator("tr[data-entry]").first.locator("[data-column=value]").focus()
    desk.page.evaluate(PASTE, ["98\t%", None])
    saved(desk.page)
    assert typed(goal) == [("产出指标", "数量指标", "≥", "98", "%")]


def test_every_usual_target_comes_apart_as_when_it_is_imported(goal_page):
    desk, _ = goal_page
    values = ("5", "98.5", "3~5", "3—5", "1,000", "一", "")
    texts = [
        "".join(parts)
        for parts in itertools.product([*Comparator, "约", "大于"], values, ("", "件", "万元/年", "m2"))
    ]
    texts = [text for text in texts if re.search(r"\d", text)]
    got = desk.page.evaluate("all => all.map(text => Grid.printed([[text]], 4)[0])", texts)
    assert got == [[str(part) for part in split_target(text).values()] for text in texts]


@pytest.mark.parametrize("way", ["key", "mouse"])
def test_the_list_leads_to_the_first_goal_typed_there_at_once(desk, office, way):
    """Nobody waits for the saving: the page to turn to is one that the list is only about to make."""
    _, disclosure, _ = office
    disclosure.goals.all().delete()
    page = desk.page
    page.goto(f"{desk.url}/admin/budgets/disclosure/{disclosure.pk}/goals/")
    page.wait_for_selector("table[data-grid] :focus")
    page.evaluate(PASTE, ["窗口运行\n系统维护", None])
    with page.expect_navigation():
        if way == "key":
            page.keyboard.press("Alt+PageDown")
        else:
            page.get_by_role("link", name="下一章：").click()
    page.get_by_role("heading", name="窗口运行").wait_for()
    assert list(disclosure.goals.values_list("project", flat=True)) == ["窗口运行", "系统维护"]


def test_a_list_that_cannot_be_saved_holds_nobody_up(desk, office):
    """The negative control: the server does not answer the saving, and the page turns all the same."""
    _, disclosure, _ = office
    page = desk.page
    page.goto(f"{desk.url}/admin/budgets/disclosure/{disclosure.pk}/goals/")
    page.wait_for_selector("table[data-grid] :focus")
    page.route(
        "**/goals/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate(PASTE, ["系统维护", None])
    with page.expect_navigation():
        page.keyboard.press("Alt+PageDown")
    assert "/goals/" in page.url and page.url.rstrip("/").rpartition("/")[2] == str(disclosure.goals.get().pk)
