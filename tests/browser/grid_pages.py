"""The entry grid as tests work it: open a page, paste a block, wait until it says that all is saved."""

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
    return desk.page


def label(page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def saved(page) -> None:
    """Wait until the page says that all is saved."""
    try:
        page.locator("#save-state", has_text=re.compile("^已保存")).wait_for(timeout=10000)
    except TimeoutError:
        told = page.evaluate(
            "[...document.querySelectorAll('#save-state,#save-alarm,.errorlist')].map(e => e.textContent)"
        )
        pytest.fail(f"not saved: {told}")


def derived(page, row: str, column: str) -> str:
    return page.locator(f"tr[data-row='{row}'] [data-column='{column}']").inner_text().strip()
