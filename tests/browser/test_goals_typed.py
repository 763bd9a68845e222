"""Goal tables and explanations in Chromium: made of projects in one click, saved by themselves, nothing lost on the way."""

import re
from datetime import date

import pytest

from budgets.models import Explanation, Role
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure

from .desk import PASSWORD, Desk
from .grid_pages import theirs
from .waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(live_server, settings, no_pdf):
    settings.SITE_ADDRESS, settings.ALLOWED_HOSTS = live_server.url, ["*"]
    disclosure = a_sound_disclosure(a_department(), assets_as_of=date(2022, 6, 30))
    Explanation.objects.all().delete()
    disclosure.projects.create(position=2, name="系统维护", amount=2_000_000)
    disclosure.projects.create(position=3, name="评审")
    person = a_person(Role.ACCOUNTANT.value, password=PASSWORD, department=a_department())
    return f"{live_server.url}/admin/budgets/disclosure/{disclosure.pk}/", disclosure, person


@pytest.fixture
def desk(page, office):
    desk = Desk(page, office[0].split("/admin/")[0])
    desk.sign_in(office[2])
    return desk


def saved(page) -> None:
    page.locator("#save-state", has_text=re.compile(r"^已保存 \d\d:\d\d$")).wait_for(timeout=10000)


def names(disclosure) -> list[str]:
    return list(disclosure.goals.values_list("project", flat=True))


def test_goals_are_made_typed_reordered_and_never_lose_their_indicators(desk, office):
    address, disclosure, _ = office
    page = desk.page
    page.goto(f"{address}goals/")
    page.get_by_role("button", name="为 2 个还没有目标的项目建目标").click()
    page.get_by_text("建了 2 张目标表").wait_for()
    assert names(disclosure) == ["窗口运行", "系统维护", "评审"]
    desk.look()
    page.get_by_role("button", name="撤销，删去没有填过的").click()
    page.get_by_text("撤销了").wait_for()
    assert names(disclosure) == ["窗口运行"]
    page.get_by_role("button", name="为“评审”建目标").click()
    page.get_by_text("建了 1 张目标表").wait_for()
    # Typed on: saved by itself, and the part beneath follows without a reload.
    page.get_by_label("第3行 项目名称").fill("系统维护")
    saved(page)
    page.get_by_role("link", name="填写“系统维护”的目标和指标").wait_for()
    assert names(disclosure) == ["窗口运行", "评审", "系统维护"]
    page.get_by_label("第3行 项目名称").press("Alt+ArrowUp")
    saved(page)
    page.wait_for_timeout(2500)
    assert names(disclosure) == ["窗口运行", "系统维护", "评审"]
    # Deleting what is filled waits for 保存, and Ctrl+Z takes it back.
    page.get_by_label("第1行 项目名称").press("Alt+Delete")
    page.locator("#save-alarm", has_text="“窗口运行”的目标表填过内容（3 条指标）").wait_for()
    assert disclosure.goals.get(project="窗口运行").indicators.count() == 3
    page.keyboard.press("Control+z")
    saved(page)
    page.get_by_label("第1行 项目名称").locator("visible=true").first.fill("窗口")
    saved(page)
    page.wait_for_timeout(2500)
    assert disclosure.goals.get(project="窗口").indicators.count() == 3
    desk.look()


def test_a_goal_page_saves_itself_and_turns_to_the_next(desk, office):
    address, disclosure, _ = office
    disclosure.goals.create(position=2, project="评审")
    page = desk.page
    page.goto(f"{address}goals/{disclosure.goals.first().pk}/")
    page.locator("#id_goals").fill("保障窗口运行\n办得更快")
    saved(page)
    assert disclosure.goals.first().goals == "保障窗口运行\n办得更快"
    page.locator("#id_goals").press("Alt+PageDown")
    page.get_by_role("heading", name="评审").wait_for()
    page.get_by_label("第1行 三级指标").fill("评审率")
    saved(page)
    assert disclosure.goals.get(project="评审").indicators.get().name == "评审率"
    desk.look()


def test_explanations_save_themselves_and_the_list_of_what_is_left_follows(desk, office, browser):
    address, disclosure, person = office
    page = desk.page
    page.goto(f"{address}change/")
    fields = page.locator("textarea[name^=text-]")
    left = page.locator("#todo-title").inner_text()
    for fold in page.locator("#findings details").all():
        fold.evaluate("fold => fold.open = true")
    fields.nth(0).fill("。")
    page.locator(".errorlist", has_text="没有说明原因").wait_for()
    fields.nth(0).fill("按年报日期填列，已核对。")
    saved(page)
    assert Explanation.objects.get().text == "按年报日期填列，已核对。"
    for n in range(1, fields.count()):
        fields.nth(n).fill(f"第{n}条：已核对无误。")
    saved(page)
    until(page, "left => document.getElementById('todo-title').innerText !== left", arg=left)
    desk.look()
    # A dead network loses nothing.
    page.context.set_offline(True)
    fields.nth(0).fill("改过的说明，也已核对。")
    page.wait_for_timeout(2000)
    fresh = page.context.new_page()
    page.close(run_before_unload=False)
    fresh.context.set_offline(False)
    fresh.goto(f"{address}change/")
    fresh.get_by_role("button", name="放回来").click()
    saved(fresh)
    assert Explanation.objects.filter(text="改过的说明，也已核对。").exists()


def test_two_explaining_one_warning_see_both(desk, office, browser):
    address, disclosure, person = office
    other = Desk(browser.new_context().new_page(), desk.url)
    other.sign_in(a_person(Role.ACCOUNTANT.value, password=PASSWORD, department=a_department()))
    for page in (desk.page, other.page):
        page.goto(f"{address}change/")
        page.locator("#findings details").first.wait_for()
        for fold in page.locator("#findings details").all():
            fold.evaluate("fold => fold.open = true")
    others, mine = (page.locator("textarea[name^=text-]").first for page in (other.page, desk.page))
    others.fill("他们写的说明。")
    saved(other.page)
    mine.fill("我写的说明。")
    theirs(desk, "现为 他们写的说明。")
    assert mine.input_value() == "我写的说明。" and Explanation.objects.get().text == "他们写的说明。"
    desk.page.get_by_role("button", name="按格子里的保存").click()
    saved(desk.page)
    assert Explanation.objects.get().text == "我写的说明。"


def test_without_script_everything_is_saved_by_its_button(office, browser):
    address, disclosure, person = office
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address.split('/budgets/')[0]}/")
    page.fill("#id_username", person.username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.goto(f"{address}goals/")
    page.get_by_label("第2行 项目名称").fill("另一个")
    page.get_by_role("button", name="为 2 个还没有目标的项目建目标").click()
    assert names(disclosure) == ["窗口运行", "另一个", "系统维护", "评审"]
    page.get_by_role("button", name="撤销，删去没有填过的").click()
    assert names(disclosure) == ["窗口运行", "另一个"]
    page.goto(f"{address}change/")
    page.locator("textarea[name^=text-]").first.evaluate("area => area.closest('details').open = true")
    page.locator("textarea[name^=text-]").first.fill("已核对，情况属实。")
    page.get_by_role("button", name="保存说明").first.click()
    assert Explanation.objects.get().text == "已核对，情况属实。"
