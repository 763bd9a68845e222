"""Wait for what a page says of itself, also where its policy refuses scripts."""

import time

from playwright.sync_api import Error

PATIENCE = 30  # seconds
PAUSE = 50  # milliseconds


def until(page, expression: str, arg=None) -> None:
    """Return when the JavaScript expression (or function of `arg`) is true; fail when time is up.

    Playwright's own waiting evaluates the expression inside the page, where a policy without 'unsafe-eval' refuses it
    on each look but the first.
    """
    limit = time.monotonic() + PATIENCE
    while not page.evaluate(expression, arg):
        assert time.monotonic() < limit, f"never true: {expression}"
        page.wait_for_timeout(PAUSE)


def away(page, address: str) -> None:
    """To another page: asked for again where the page was just making itself anew, which ends the first asking."""
    try:
        page.goto(address)
    except Error as error:
        if "ERR_ABORTED" not in str(error):
            raise
        page.wait_for_load_state()
        page.goto(address)
