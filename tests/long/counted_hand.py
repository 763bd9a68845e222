"""Somebody at the mouse and keyboard of a page in Chromium: what they press is counted."""

import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Download, Locator, Page

PATIENCE = 60_000  # milliseconds for a page on a busy machine
PASSWORD = "zhang-mu-2023-ok"  # noqa: S105 - of people who live as long as the script


class Hand:
    """A person at a page. A file that is chosen and a tick are a click each, a character a key press (Chinese too, whose
    input takes more), an address that is opened by hand its characters and Enter."""

    def __init__(self, page: Page, url: str, ends: float) -> None:
        """`ends`, by the monotonic clock, is when nothing is waited for any longer."""
        self.page, self.url, self.ends = page, url, ends
        self.clicks = self.keys = 0
        self.began = time.monotonic()
        page.set_default_timeout(PATIENCE)

    @property
    def patience(self) -> float:
        """Milliseconds left for what is made of many departments."""
        return max(1.0, self.ends - time.monotonic()) * 1000

    @property
    def seconds(self) -> float:
        """Since the person sat down."""
        return time.monotonic() - self.began

    def open(self, address: str) -> None:
        """Type an address: of the portal, or whole as a slip says it."""
        self.keys += len(address) + 1
        self.page.goto(address if address.startswith("http") else self.url + address)

    def click(self, words: str, role: Any = "button", **more: Any) -> None:
        """Click the button or link of that name."""
        self._click(self.page.get_by_role(role, name=words, **more).first)

    def tick(self, label: str) -> None:
        """Set or take away a tick."""
        self._click(self.page.get_by_label(label, exact=True))

    def _click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def type(self, label: str, text: str) -> None:
        """Click into the field of that label, over what stands there, and type."""
        self._type(self.page.get_by_label(label, exact=True), text)

    def _type(self, field: Locator, text: str) -> None:
        self._click(field)
        field.select_text()
        self.page.keyboard.type(text)
        self.keys += len(text)

    def fill_date(self, label: str, day: str) -> None:
        """Type a date (YYYY-MM-DD) into a field of dates, in whatever order its parts stand there."""
        self.clicks += 1
        self.keys += len(day.replace("-", ""))
        self.page.get_by_label(label, exact=True).fill(day)

    def choose(self, name: str, files: Any) -> None:
        """Choose files in the field of that name."""
        self.clicks += 1
        self.page.set_input_files(f"[name={name}]", files)

    def see(self, words: str, role: Any = None) -> None:
        """Wait until the page says so, or has a link or button of that name."""
        found = self.page.get_by_role(role, name=words) if role else self.page.get_by_text(words)
        found.first.wait_for(timeout=self.patience)

    def download(self, words: str, role: Any = "button") -> tuple[Path, float]:
        """Click and wait for the whole file: where it is, and the seconds."""
        began = time.monotonic()
        with self.page.expect_download(timeout=self.patience) as coming:
            self.click(words, role)
        file: Download = coming.value
        return file.path(), time.monotonic() - began

    def sign_in(self, username: str) -> None:
        """Sign in as that person, whose password is PASSWORD."""
        self.page.context.clear_cookies()
        self.open("/admin/")
        self._type(self.page.locator("#id_username"), username)
        self._type(self.page.locator("#id_password"), PASSWORD)
        self.page.keyboard.press("Enter")
        self.keys += 1
        self.page.wait_for_selector("nav.portal")
