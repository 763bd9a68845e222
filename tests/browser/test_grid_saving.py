"""The entry grid in Chromium while it saves by itself: nothing typed is lost, two people are joined."""

import random
import re
from contextlib import suppress
from decimal import Decimal

import pytest
from playwright.sync_api import TimeoutError

from budgets.models import ExpenditureLine, Role
from tests.makers.disclosures import a_department, a_disclosure, a_person

from .desk import PASSWORD, Desk
from .grid_pages import open_grid, saved, theirs
from .waiting import away

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("seed", range(2))  # 5 were run
def test_network_cut_session_gone_or_page_dead_nothing_typed_is_lost(page, office, seed):
    """At random moments the network goes, the session ends or the page dies: every figure is there afterwards."""
    url, disclosure, person = office
    desk = Desk(page, url)
    desk.sign_in(person)
    rng = random.Random(seed)
    page.on("dialog", lambda d: d.accept())
    page = open_grid(desk, disclosure)
    wanted = {}
    for moment in range(10):
        n, name = rng.randrange(1, 3), rng.choice(("基本支出", "项目支出"))
        typed = f"{rng.randint(1, 99999) / 100:.2f}"
        fault = rng.choice(["network", "session", "crash", "back"])
        if fault == "network":
            page.context.set_offline(True)
        elif fault == "session":
            page.context.clear_cookies()
        page.get_by_label(f"第{n}行 {name}").fill(typed)
        page.wait_for_timeout(rng.choice([0, 200, 1700, 2500]))
        code = page.locator("tr[data-entry]").nth(n - 1).locator("input.code").input_value()
        wanted[code, "basic" if name == "基本支出" else "project"] = Decimal(typed) * 10000
        if fault == "network":
            page.context.set_offline(False)
        elif fault == "session":
            desk.sign_in(person)
            page = open_grid(desk, disclosure)
        elif fault == "crash":
            fresh = page.context.new_page()
            page.close(run_before_unload=False)
            page = desk.page = fresh
            page.on("dialog", lambda d: d.accept())
            page = open_grid(desk, disclosure)
        else:
            away(page, f"{url}/admin/")
            page = open_grid(desk, disclosure)
        button = page.get_by_role("button", name="放回来")
        with suppress(TimeoutError):  # what arrives late makes the page anew, and takes the offer back
            button.click(timeout=1500)
        if page.evaluate("Grid.changes().length"):
            page.evaluate("Grid.saveNow()")
            saved(page)
        for (code, name), value in wanted.items():
            assert (
                getattr(ExpenditureLine.objects.get(function=code, fund="general_public"), name) == value
            ), (moment, fault)


def test_two_people_in_one_table_are_joined_cell_by_cell(page, browser, office):
    url, disclosure, person = office
    other = a_person(Role.ACCOUNTANT.value, password=PASSWORD, department=a_department())
    mine, others = Desk(page, url), Desk(browser.new_context().new_page(), url)
    mine.sign_in(person)
    others.sign_in(other)
    first, second = open_grid(mine, disclosure), open_grid(others, disclosure)
    # Different cells: both are kept, nobody is asked.
    second.get_by_label("第1行 基本支出").fill("81.00")
    saved(second)
    first.get_by_label("第2行 基本支出").fill("82.00")
    first.wait_for_timeout(2500)
    saved(first)
    assert first.get_by_label("第1行 基本支出").input_value() == "81.00"
    line = {x.function: x.basic for x in ExpenditureLine.objects.filter(fund="general_public")}
    assert (line["2010301"], line["2080505"]) == (Decimal("810000.00"), Decimal("820000.00"))
    # One cell: the second keeps what was typed, sees both, and decides.
    second.reload()
    second.get_by_label("第1行 项目支出").fill("5.00")
    saved(second)
    first.get_by_label("第1行 项目支出").fill("6.00")
    assert theirs(mine).inner_text().startswith("现为 5.00")
    assert first.get_by_label("第1行 项目支出").input_value() == "6.00"
    assert ExpenditureLine.objects.get(function="2010301").project == Decimal("50000.00")
    mine.look()
    first.get_by_role("button", name="按格子里的保存").click()
    saved(first)
    assert ExpenditureLine.objects.get(function="2010301").project == Decimal("60000.00")


def test_signing_out_leaves_nothing_in_the_browser(desk, office):
    _, disclosure, _ = office
    page = open_grid(desk, disclosure)
    page.evaluate("document.querySelectorAll('form').forEach(() => {})")
    page.context.set_offline(True)
    page.get_by_label("第1行 基本支出").fill("3")
    page.wait_for_timeout(1800)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('mz:')).length") == 1
    page.context.set_offline(False)
    page.once("dialog", lambda d: d.accept())
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/logout/**")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('mz:')).length") == 0


def test_pages_of_words_save_by_themselves_and_keep_what_the_network_loses(desk, office):
    _, disclosure, _ = office
    page = desk.page
    address = f"{desk.url}/admin/budgets/disclosure/{disclosure.pk}/"
    page.goto(f"{address}basics/")
    page.locator("#id_contact").fill("0315-123")
    saved(page)
    page.goto(f"{address}chapters/overview/")
    page.locator("#id_text").fill("一句。")
    saved(page)
    disclosure.refresh_from_db()
    assert disclosure.contact == "0315-123" and disclosure.narratives.get(key="overview").text == "一句。"
    page.context.set_offline(True)
    page.locator("#id_text").fill("一句，又一句。")
    page.wait_for_timeout(2000)
    fresh = page.context.new_page()
    page.close(run_before_unload=False)
    desk.page = fresh
    fresh.context.set_offline(False)
    fresh.goto(f"{address}chapters/overview/")
    fresh.get_by_role("button", name="放回来").click()
    saved(fresh)
    assert disclosure.narratives.get(key="overview").text == "一句，又一句。"
    desk.complaints.clear()  # the browser's own, while the network was away
    desk.look()


def test_what_the_browser_itself_puts_back_is_saved(desk, office):
    """A page that is opened again may come with fields as they were left: before any script, and without an input event."""
    _, disclosure, _ = office
    page = desk.page
    page.add_init_script("""document.addEventListener("readystatechange", () => {
      const field = document.getElementById("id_text");
      if (field && document.readyState === "interactive") field.value = "浏览器放回来的一句。";
    });""")
    page.goto(f"{desk.url}/admin/budgets/disclosure/{disclosure.pk}/chapters/overview/")
    saved(page)
    assert disclosure.narratives.get(key="overview").text == "浏览器放回来的一句。"


def test_a_mistake_of_the_page_itself_is_said_and_loses_nothing(desk, office):
    """The script fails while it lays what was typed over what somebody else saved: not the network, and nothing is lost."""
    _, disclosure, _ = office
    page = open_grid(desk, disclosure)
    lines = ExpenditureLine.objects.filter(disclosure=disclosure, fund="general_public")
    before = page.get_by_label("第1行 基本支出").input_value()
    page.evaluate("() => { Grid.replay = () => null.nothing; }")
    lines.filter(function="2010301").update(project=Decimal("90000.00"))  # by somebody else
    page.get_by_label("第1行 基本支出").fill("81.00")
    page.locator("#save-alarm", has_text="这一页出了错").wait_for()
    assert page.locator("#save-state").inner_text() == "没有保存"
    assert page.get_by_label("第2行 基本支出").is_disabled(), "what is typed now would be lost"
    assert before != "81.00" and lines.get(function="2010301").basic != Decimal("810000.00")
    assert any("null" in words for words in desk.complaints), "the mistake itself is heard"
    page.on("dialog", lambda d: d.accept())
    page = open_grid(desk, disclosure)
    page.get_by_role("button", name="放回来").click()
    saved(page)
    line = lines.get(function="2010301")
    assert (line.basic, line.project) == (Decimal("810000.00"), Decimal("90000.00"))


def test_last_years_amount_stands_beside_a_row_that_was_deleted_or_is_typed_anew(desk, office):
    _, disclosure, _ = office
    a_disclosure(disclosure.department, year=2022)
    spent = ExpenditureLine.objects.filter(disclosure=disclosure, fund="general_public")
    spent.filter(function="2080505").delete()
    page = open_grid(desk, disclosure)
    was = page.locator("tr[data-row='2010301'] td.was").all_inner_texts()
    assert re.fullmatch(r"[\d,.]+", was[0]) and was[1]
    spent.filter(function="2010301").delete()  # by somebody else
    page.get_by_label("第1行 项目支出").fill("9.00")
    theirs(desk)
    kept = page.locator("tr[data-entry]", has=page.locator(".theirs")).locator("td.was")
    assert kept.all_inner_texts()[0] == was[0] and kept.all_inner_texts()[1] != was[1]
    page.get_by_role("button", name="按格子里的保存").click()
    saved(page)
    page.locator("input.code").last.fill("2080505")
    assert re.fullmatch(r"[\d,.]+", page.locator("tr[data-entry]").last.locator("td.was").first.inner_text())
    desk.look()
