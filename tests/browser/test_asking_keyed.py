"""问这个数 in Chromium: asked by keyboard without script, answered and published at the desk, accessible on every page."""

import pytest
from django.test import Client

from budgets.models import Department, Person, Question, Region
from tests.makers.questions import a_question

from .test_public import BUDGET, LOOKS, overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = f"{BUDGET}figures/general_public_expenditure.2010301.basic/"


@pytest.fixture
def site(sample_site):
    Region.objects.update(questions_open=True)
    for state in ("published", "waiting", "answered", "refused"):
        a_question(
            Department.objects.get(code="483"),
            state=state,
            email="" if state in ("published", "refused") else "wo@example.com",
        )
    return sample_site


def signed_in(context, site: str, role: str) -> None:
    client = Client()
    client.force_login(Person.objects.filter(role=role).first())
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_questions_have_no_accessibility_violation(site, page, context, look):
    page.emulate_media(**LOOKS[look])
    desk = ["/admin/questions/", *(f"/admin/questions/{row.pk}/" for row in Question.objects.all())]
    public = [NUMBER, f"{NUMBER}ask/", f"{NUMBER}ask/?sent=1", f"{BUDGET}questions/"]
    faults = {}
    for role in ("", "bureau_officer", "accountant"):
        if role:
            signed_in(context, site, role)
        for address in desk if role else [*public, *(f"/care{each}" for each in public)]:
            for width in (1280, 360):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.goto(site + address).status == 200
                faults[role, address, width] = violations(page) + (
                    [f"{overflow(page)} px"] if overflow(page) else []
                )
    assert {at: found for at, found in faults.items() if found} == {}


def test_asked_by_keyboard_without_script_in_large_type(site, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{site}/care{NUMBER}")
    link = page.get_by_role("link", name="就这个数提问")
    assert link.bounding_box()["height"] >= 60
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask/")
    assert page.url.startswith(f"{site}/care/")
    page.locator("#id_text").focus()
    page.keyboard.type("行政运行为什么多？")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "提交问题", (
        "nobody tabs into the field for programs"
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask/?sent=1")
    assert "已经收到" in page.inner_text("main") and page.url.startswith(f"{site}/care/")
    assert Question.objects.get(text="行政运行为什么多？").state == "waiting" and context.cookies() == []
    context.close()


def test_answered_and_published_at_the_desk_it_stands_beside_the_number(site, page, context):
    row = Question.objects.get(state="waiting")
    signed_in(context, site, "accountant")
    page.goto(f"{site}/admin/questions/{row.pk}/")
    page.fill("#id_answer", "因为新增了三个人。")
    page.get_by_role("button", name="交财政局公开").click()
    page.wait_for_load_state()
    assert "等财政局公开" in page.inner_text("body")
    signed_in(context, site, "bureau_officer")
    page.goto(f"{site}/admin/questions/{row.pk}/")
    page.get_by_role("button", name="公开问题和答复").click()
    page.wait_for_load_state()
    page.goto(site + NUMBER)
    assert "因为新增了三个人。" in page.inner_text("main")
    row.refresh_from_db()
    assert (row.state, row.email) == ("published", "")
