"""The entry grid in Chromium by keys: moving, choosing, typing with an input method, rows, codes."""

import re
from decimal import Decimal

import pytest

from budgets.models import ExpenditureLine, Organization
from tests.makers.disclosures import some_subjects

from .grid_pages import derived, label, open_grid, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_moving_typing_undoing(desk, office):
    _, disclosure, _ = office
    page = open_grid(desk, disclosure)
    assert page.locator("script[src*='/entry.joined.']").count() == 1, "not as production delivers it"
    page.get_by_label("第1行 基本支出").focus()
    page.keyboard.type("100")
    page.keyboard.press("Enter")
    assert label(page) == "第2行 基本支出"
    page.keyboard.press("Shift+Enter")
    assert label(page) == "第1行 基本支出"
    page.keyboard.press("ArrowRight")
    assert label(page) == "第1行 项目支出"
    page.keyboard.type("7")
    assert derived(page, "201", "total") == "107.00"
    page.keyboard.press("Escape")
    assert page.get_by_label("第1行 项目支出").input_value() == "300.00"
    page.keyboard.press("Delete")
    assert derived(page, "201", "total") == "100.00"
    page.keyboard.press("ControlOrMeta+z")
    assert derived(page, "201", "total") == "400.00"
    page.keyboard.press("ControlOrMeta+z")
    assert derived(page, "201", "total") == "1,120.00"
    page.keyboard.press("ControlOrMeta+y")
    page.keyboard.press("ControlOrMeta+y")
    assert derived(page, "201", "total") == "100.00"
    page.keyboard.press("F2")
    page.keyboard.type("5")
    page.keyboard.press("ArrowLeft")
    assert label(page) == "第1行 项目支出", "after F2 the arrows are the caret's"
    page.keyboard.press("Tab")
    assert label(page) == "第2行 功能分类科目 科目编码"
    saved(page)
    line = ExpenditureLine.objects.get(function="2010301", fund="general_public")
    assert (line.basic, line.project) == (Decimal("1000000.00"), Decimal("50000.00"))
    desk.look()


def test_ranges_are_chosen_summed_copied_filled_and_emptied(desk, office):
    _, disclosure, _ = office
    page = open_grid(desk, disclosure)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.url)
    page.get_by_label("第1行 基本支出").focus()
    page.keyboard.press("Shift+ArrowRight")
    assert page.locator("#grid-chosen").inner_text() == "选中 2 格，和 1,120.00"
    page.keyboard.press("ControlOrMeta+c")
    assert page.evaluate("navigator.clipboard.readText()") == "820.00\t300.00"
    page.get_by_label("第2行 基本支出").focus()
    page.keyboard.press("ControlOrMeta+v")
    assert page.get_by_label("第2行 项目支出").input_value() == "300.00"
    page.keyboard.press("ControlOrMeta+d")
    assert page.get_by_label("第2行 基本支出").input_value() == "820.00"
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Delete")
    assert page.get_by_label("第2行 项目支出").input_value() == ""
    page.keyboard.press("ControlOrMeta+z")
    assert page.get_by_label("第2行 项目支出").input_value() == "300.00"


def test_an_input_method_is_left_alone(desk, office):
    """The first letter of an IME goes into the cell, and its Enter chooses a word instead of moving."""
    _, disclosure, _ = office
    page = open_grid(desk, disclosure, "organizations")
    page.locator("tr[data-entry] input:visible").first.focus()
    here = label(page)
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "x", "selectionStart": 1, "selectionEnd": 1})
    client.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Enter", "windowsVirtualKeyCode": 229})
    assert label(page) == here
    client.send("Input.insertText", {"text": "行政审批局"})
    assert page.evaluate("document.activeElement.value") == "行政审批局"
    page.keyboard.press("Enter")
    assert label(page) != here


def test_codes_by_name_and_letters(desk, office):
    _, disclosure, _ = office
    some_subjects()
    ExpenditureLine.objects.filter(function="2010301").delete()
    page = open_grid(desk, disclosure)
    for typed in ("行政运行", "xzyx"):
        box = page.locator("input.code").last
        box.fill(typed)
        box.press("Tab")
        assert box.input_value() == "2010301"
        box.fill("")


def test_rows_are_removed_moved_and_brought_back_without_a_reload(desk, office):
    _, disclosure, _ = office
    page = open_grid(desk, disclosure, "organizations")
    for n, name in enumerate(("甲", "乙", "丙"), 1):
        page.get_by_label(re.compile(f"^第{n}行 .*名称")).fill(name)
    saved(page)
    page.get_by_label(re.compile("^第3行 .*名称")).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_timeout(2200)
    saved(page)
    assert list(Organization.objects.order_by("position").values_list("name", flat=True)) == [
        "甲",
        "丙",
        "乙",
    ]
    page.keyboard.press("Alt+Delete")
    page.wait_for_timeout(2200)
    saved(page)
    assert list(Organization.objects.order_by("position").values_list("name", flat=True)) == ["甲", "乙"]
    page.keyboard.press("ControlOrMeta+z")
    page.wait_for_timeout(2200)
    saved(page)
    assert sorted(Organization.objects.values_list("name", flat=True)) == sorted(["甲", "丙", "乙"])
