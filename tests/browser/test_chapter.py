"""A chapter in Chromium: a figure found by its name goes in at the caret, and the sentence is shown as it will print."""

from dataclasses import replace

import pytest

from budgets import ledger as rows
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure

from .desk import PASSWORD, Desk

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
    page.wait_for_function("document.getElementById('id_text').value.includes('[[')")
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
