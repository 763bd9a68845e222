"""On a screen of 1280 nothing of an entry grid lies out of sight: every table of both sets, with last year beside."""

import pytest

from budgets import tablesets
from budgets.admin.declaring import grids_of
from budgets.models import Disclosure
from tests.admin.test_live_sums import drawn

from .grid_pages import open_grid, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Every amount of the first row as large as a county's department has them.
FILL = """() => { const unit = Grid.sums.unit;
    for (const input of document.querySelector("tr[data-entry]").querySelectorAll("input.amount"))
        Grid.put(input, !Grid.sums.money.includes(input.dataset.column) ? "120" : unit === "元" ? "45,678,900" : "4,567.89"); }"""
HIDDEN = """() => { const box = document.querySelector(".grid.scroll");
    const cut = [...box.querySelectorAll("input.amount")].filter(input => input.scrollWidth > input.clientWidth);
    return [box.scrollWidth - box.clientWidth, cut.length]; }"""


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_nothing_lies_out_of_sight_at_1280(desk, office, table_set):
    Disclosure.objects.all().delete()
    drawn(table_set, 5, year=2022)
    disclosure = drawn(table_set, 7)
    desk.page.set_viewport_size({"width": 1280, "height": 800})
    found = {}
    for key in grids_of(tablesets.get(table_set)):
        page = open_grid(desk, disclosure, key)
        page.evaluate(FILL)
        found[key] = page.evaluate(HIDDEN)
        if page.locator("#save-state").inner_text():
            saved(page)
    assert found == dict.fromkeys(found, [0, 0])
    page = open_grid(desk, disclosure, "revenue")
    page.evaluate("document.body.classList.remove('wide')")
    assert page.evaluate(HIDDEN)[0] > 0, "a table that is not made to fit is seen not to"
