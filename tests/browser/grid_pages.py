"""The entry grid as tests work it: open a page, paste a block, wait until it says that all is saved, or by whom else."""

import re

import pytest
from playwright.sync_api import TimeoutError

from .desk import Desk

GENERAL = "expenditure-general_public"
PASTE = """([text, html]) => {
    const data = new DataTransfer();
    if (text !== null) data.setData("text/plain", text);
    if (html !== null) data.setData("text/html", html);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def open_grid(desk: Desk, disclosure, key: str = GENERAL):
    desk.page.goto(f"{desk.url}/admin/budgets/disclosure/{disclosure.pk}/enter/{key}/")
    desk.page.wait_for_selector("#subject-codes, table:not(:has(input.code))", state="attached")
    # A page on which nothing was typed is made anew when its findings, which come a little later, speak of newer rows.
    desk.page.wait_for_selector("body:not(:has(#grid-findings)), #grid-findings > *", state="attached")
    return desk.page


def label(page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def saved(page) -> None:
    """Wait until the page says that all is saved."""
    _wait(page, page.locator("#save-state", has_text=re.compile("^已保存")), 10)


def theirs(desk: Desk, words: str = ""):
    """Wait until what somebody else saved, which says these words, stands beside what was typed; where it stands."""
    found = desk.page.locator(".theirs", has_text=words)
    _wait(desk.page, found.first, 30, desk.complaints)
    return found


def _wait(page, what, seconds: int, complaints=()) -> None:
    """Fail with what the page says of its saving, its table and the browser's complaints when time is up."""
    try:
        what.wait_for(timeout=seconds * 1000)
    except TimeoutError:
        told = page.evaluate(
            """[...document.querySelectorAll('#save-state, #save-alarm, .errorlist, tr[data-entry]')].map(
                each => [each.textContent, ...[...each.querySelectorAll('input')].map(i => i.value)].join(' ').trim())"""
        )
        pytest.fail(f"never there: {what}; the page says {told}; complaints: {list(complaints)}")


def derived(page, row: str, column: str) -> str:
    return page.locator(f"tr[data-row='{row}'] [data-column='{column}']").inner_text().strip()
