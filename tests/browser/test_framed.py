"""Figures and tables in a frame on another site: shown there, accessible, and nothing else of the portal is."""

import pytest

from .test_public import BUDGET, WIDTHS, overflow, violations

pytestmark = pytest.mark.browser
EMBEDDED = (f"{BUDGET}embed/", f"{BUDGET}tables/balance/embed/", f"{BUDGET}r1/tables/revenue/embed/")


@pytest.mark.parametrize("width", WIDTHS)
def test_embedded_pages_have_no_accessibility_violation(demo_site, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    faults = {}
    for address in EMBEDDED:
        page.goto(demo_site + address)
        faults[address] = (violations(page), overflow(page))
    assert faults == dict.fromkeys(EMBEDDED, ([], 0))


def test_another_site_may_frame_them_and_nothing_else(demo_site, page):
    for address in (*EMBEDDED, BUDGET, "/"):
        page.goto("about:blank")
        page.set_content(f'<iframe src="{demo_site}{address}"></iframe>')
        page.wait_for_load_state()
        shown = page.frames[1].locator("main").count() == 1
        assert shown == (address in EMBEDDED), address
