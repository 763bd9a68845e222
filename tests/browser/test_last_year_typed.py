"""Last year's column typed in Chromium: its sums follow at once and it saves itself."""

import pytest

from budgets import tablesets
from budgets.ledger import read
from budgets.models import Disclosure
from tests.tablesets.synthetic.years_beside import YEARS_BESIDE

from .grid_pages import open_grid, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_sums_of_last_year_follow_and_are_saved(desk, office, monkeypatch):
    monkeypatch.setitem(tablesets.SETS, YEARS_BESIDE.key, YEARS_BESIDE)
    _, disclosure, _ = office
    Disclosure.objects.filter(pk=disclosure.pk).update(table_set=YEARS_BESIDE.key)
    page = open_grid(desk, disclosure, "last-balance-revenue")
    for row, amount in (("general_public", "100.00"), ("service", "20.50")):
        page.locator(f"#c-{row}-amount").fill(amount)
        page.keyboard.press("Tab")
    saved(page)
    total = page.locator('tr[data-row="total_resources"] td[data-column="amount"]')
    assert total.text_content().strip() == "120.50"
    disclosure.refresh_from_db()
    assert {(c.row, str(c.amount)) for c in read(disclosure).last_year} == {
        ("general_public", "1000000.00"), ("service", "205000.00"),
    }  # fmt: skip
    page = open_grid(desk, disclosure, "last-expenditure-total")
    page.locator("input.code").first.fill("2010301")
    page.keyboard.press("Tab")
    page.keyboard.type("33.00")
    page.keyboard.press("Tab")
    saved(page)
    for row in ("total", "201", "20103"):  # rows that were not there when the page was made, too
        assert (
            page.locator(f'tr[data-row="{row}"] td[data-column="amount"]').text_content().strip() == "33.00"
        )
