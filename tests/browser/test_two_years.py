"""Pages of two years and of two departments in Chromium: accessible, nothing wider than the screen, every amount leads on."""

import pytest

from .test_public import overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_years_and_two_departments_are_for_everybody(county, page):
    url, units = county
    places = [f"/990001/{unit}/2024/budget/compare/" for unit in units[:2]]
    places += [
        "/990001/2024/compare/",
        f"/990001/2024/compare/?unit={units[0]}&unit={units[1]}",
        f"/990001/{units[0]}/2024/budget/",
    ]
    for width in (1280, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for place in places:
            assert page.goto(url + place).ok, place
            assert (violations(page), overflow(page)) == ([], 0), (width, place)
            off = page.evaluate(
                """() => [...document.querySelectorAll('.compared td')].filter(e => e.getClientRects().length
                && e.getBoundingClientRect().right > innerWidth).length"""
            )
            assert off == 0, f"amounts beside the screen at {width}: {place}"


def test_an_amount_leads_to_its_cell_and_the_choice_is_made_by_keyboard(county, page):
    url, units = county
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{url}/990001/{units[0]}/2024/budget/")
    page.locator(".lede a", has_text="上年").first.click()
    assert page.url.endswith("/compare/")
    page.locator(".compared td a").first.click()
    page.locator(":target").wait_for()
    page.goto(f"{url}/990001/{units[0]}/2024/budget/compare/")
    page.get_by_role("link", name="与别的部门比").press("Enter")
    page.get_by_label("部门2").press("ArrowDown")
    page.get_by_role("button", name="对比").press("Enter")
    assert f"unit={units[0]}" in page.url and page.locator(".compared").count() == 1
