"""A person at the keyboard of the admin: every page that is looked at is checked."""

import re

from axe_playwright_python.sync_playwright import Axe

from .waiting import away

PASSWORD = "zhang-mu-2023-ok"


class Desk:
    """One person at the keyboard. Every page that is looked at is checked."""

    def __init__(self, page, url: str) -> None:
        self.page, self.url, self.complaints = page, url, []
        page.on("console", self.hear)
        page.on("pageerror", self.fall)

    def hear(self, message) -> None:
        if "Content Security Policy" in message.text or message.type == "error" and "409" not in message.text:
            self.complaints.append(message.text)

    def fall(self, error) -> None:
        self.complaints.append(str(error))

    def sign_in(self, person) -> None:
        self.page.context.clear_cookies()
        away(self.page, f"{self.url}/admin/")
        self.page.wait_for_selector("#id_username:focus")
        self.page.keyboard.type(person.username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.enter()
        self.page.wait_for_selector("nav.portal")

    def press(self, words: "str | re.Pattern[str]", role: str = "link", *, exact: bool = False) -> None:
        """Go to a link or button and press Enter on it."""
        target = self.page.get_by_role(role, name=words, exact=exact).first
        target.focus()
        self.enter()

    def enter(self) -> None:
        """Press Enter and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def look(self) -> None:
        """No violation on the page as it stands, wide and narrow, and nothing wider than the window."""
        for width in (1280, 360):
            self.page.set_viewport_size({"width": width, "height": 800})
            found = Axe().run(self.page).response["violations"]
            assert found == [], (self.page.url, [(v["id"], v["nodes"][0]["html"]) for v in found])
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, self.wide(width)
        self.page.set_viewport_size({"width": 1280, "height": 800})
        assert self.complaints == []

    def wide(self, width: int) -> tuple[str, list[str]]:
        """The page and what on it reaches beyond the window."""
        script = """width => [...document.querySelectorAll("#container *")]
            .filter(each => each.getBoundingClientRect().right > width).map(each => each.outerHTML.slice(0, 120))"""
        return self.page.url, self.page.evaluate(script, width)[:5]
