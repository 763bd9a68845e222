"""A chapter in Chromium: a figure found by its name goes in at the caret, and the sentence is shown as it will print."""

from dataclasses import replace

import pytest

from budgets import ledger as rows
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure

from .desk import PASSWORD, Desk
from .waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(live_server, settings):
    settings.SITE_ADDRESS, settings.ALLOWED_HOSTS = live_server.url, ["*"]
    disclosure = a_sound_disclosure(a_department())
    said = rows.read(disclosure)
    text = tuple(replace(n, text="人员经费，共计。") if n.key == "overview" else n for n in said.narratives)
    rows.write(disclosure, replace(said, narratives=text))
    return live_server.url, disclosure, a_person("accountant", password=PASSWORD, department=a_department())


def test_a_figure_is_found_inserted_and_printed(page, office):
    url, disclosure, person = office
    desk = Desk(page, url)
    desk.sign_in(person)
    page.goto(f"{url}/admin/budgets/disclosure/{disclosure.pk}/chapters/overview/")
    area = page.locator("#id_text")
    area.evaluate("area => { area.focus(); area.setSelectionRange(4, 4); }")
    page.locator("#insert-filter").fill("人员经费")
    assert page.locator("[data-insert]:visible").count() == 1
    page.locator("#insert-filter").press("Enter")
    assert area.input_value() == "人员经费[[人员经费]]万元，共计。"
    assert area.evaluate("area => area.selectionStart") == 14
    page.locator("#preview", has_text="人员经费800.00万元").wait_for()
    page.locator("#insert-form").select_option("·升降")
    page.locator("[data-insert]:visible").first.click()
    assert area.input_value() == "人员经费[[人员经费]]万元[[人员经费·升降]]，共计。"
    page.locator("#preview", has_text="系统中没有2022年的公开").wait_for()
    desk.look()


def test_an_emptied_chapter_is_offered_its_draft_at_once(page, office):
    url, disclosure, person = office
    desk = Desk(page, url)
    desk.sign_in(person)
    page.goto(f"{url}/admin/budgets/disclosure/{disclosure.pk}/chapters/overview/")
    draft = page.get_by_role("button", name="用范文起草")
    assert draft.count() == 0, "while the chapter has words"
    page.locator("#id_text").fill("")
    draft.click()
    until(page, "document.getElementById('id_text').value.includes('[[')")
    assert page.get_by_role("button", name="用范文起草").count() == 0
    desk.look()


def test_without_script_the_button_shows_the_print(browser, office):
    url, disclosure, person = office
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/admin/")
    page.fill("#id_username", person.username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.goto(f"{url}/admin/budgets/disclosure/{disclosure.pk}/chapters/overview/")
    page.fill("#id_text", "人员经费[[人员经费]]万元。")
    page.click("button[name=preview]")
    assert "人员经费800.00万元" in page.inner_text("#preview")
    assert page.input_value("#id_text") == "人员经费[[人员经费]]万元。"
    context.close()


def typing(page, office, text: str = ""):
    """The chapter's field with the caret at the end of that text, as its person has it."""
    url, disclosure, person = office
    desk = Desk(page, url)
    desk.sign_in(person)
    page.goto(f"{url}/admin/budgets/disclosure/{disclosure.pk}/chapters/overview/")
    area = page.locator("#id_text")
    area.fill(text)
    area.press("End")
    return desk, area


def test_brackets_offer_the_figures_by_name_letters_and_code(page, office):
    desk, area = typing(page, office, "其中")
    page.keyboard.type("[[")
    names = page.locator("#offered [role=option]")
    assert names.count() == 8 and area.get_attribute("aria-activedescendant") == "offered-0"
    assert page.get_by_role("listbox", name="可以引用的数字").is_visible()
    desk.look()
    page.keyboard.type("ryjf")
    assert names.first.inner_text().startswith("人员经费")
    assert names.first.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    assert area.input_value() == "其中[[人员经费]]万元" and not page.locator("#offered").is_visible()
    page.locator("#preview", has_text="其中800.00万元").wait_for()
    page.keyboard.press("Control+z")
    assert area.input_value() == "其中[[ryjf"
    page.keyboard.press("Escape")
    page.keyboard.type("x")
    assert not page.locator("#offered").is_visible()
    area.fill("")
    page.keyboard.type("[[2080505")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    assert area.input_value().startswith("[[2080505 ") and area.evaluate("e => e === document.activeElement")
    area.fill("")
    page.keyboard.type("[[人员经费·升")
    page.keyboard.press("Enter")
    assert area.input_value() == "[[人员经费·升降]]"
    assert desk.complaints == []


def test_a_name_within_its_brackets_is_replaced_whole_and_the_mouse_takes_one(page, office):
    _, area = typing(page, office, "[[人员]]万元，")
    area.evaluate("area => area.setSelectionRange(4, 4)")
    page.keyboard.type("经")
    page.locator("#offered [role=option]", has_text="人员经费").first.click()
    assert area.input_value() == "[[人员经费]]万元，"
    assert page.evaluate("document.activeElement.id") == "id_text"


def test_an_input_method_has_the_keys_while_it_composes(page, office):
    _, area = typing(page, office)
    page.keyboard.type("[[")
    session = page.context.new_cdp_session(page)
    compose = {"text": "renyuan", "selectionStart": 7, "selectionEnd": 7}
    session.send("Input.imeSetComposition", compose)
    assert not page.locator("#offered").is_visible()
    session.send("Input.insertText", {"text": "人员经费"})
    page.locator("#offered [role=option]").first.wait_for()
    assert area.input_value() == "[[人员经费"
    page.keyboard.press("Enter")
    assert area.input_value() == "[[人员经费]]万元"


def test_nothing_is_offered_where_nothing_matches_and_enter_is_a_new_line(page, office):
    """The negative control."""
    _, area = typing(page, office, "一")
    page.keyboard.type("[[没有这个数")
    assert not page.locator("#offered").is_visible()
    page.keyboard.press("Enter")
    assert area.input_value() == "一[[没有这个数\n"
