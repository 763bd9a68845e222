"""No test waits in a way that a page's policy may refuse."""

from pathlib import Path

import pytest

from .waiting import until

REFUSED = ".wait_for_" + "function("


def waits(source: str) -> bool:
    return REFUSED in source


def test_tests_wait_from_outside_of_the_page():
    assert [path.name for path in Path(__file__).parent.glob("*.py") if waits(path.read_text("utf-8"))] == []


def test_the_way_that_is_refused_would_be_noticed():
    assert waits(f"page{REFUSED}'true')")


@pytest.mark.browser
def test_what_comes_late_is_waited_for_under_a_strict_policy(page):
    page.route(
        "**/*",
        lambda route: route.fulfill(
            body="<p>", content_type="text/html", headers={"content-security-policy": "default-src 'none'"}
        ),
    )
    page.goto("http://127.0.0.1/")
    page.evaluate("() => { setTimeout(() => document.querySelector('p').textContent = 'here', 300) }")
    until(page, "document.querySelector('p').textContent === 'here'")
