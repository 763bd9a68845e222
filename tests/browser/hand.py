"""A hand at the keyboard whose every key and click is counted."""

from urllib.parse import urlsplit

from .grid_pages import saved


class Hand:
    """Works a page by keyboard, clipboard and mouse.

    A key is one, with or without Ctrl, Alt or Shift, so a paste is one; typed text is one for each character, a click
    is one. `sent` holds the paths of the forms that were sent by hand: pages that the browser asked for by POST.
    """

    def __init__(self, page) -> None:
        self.page, self.keys, self.clicks, self.sent = page, 0, 0, []
        page.on("request", self._hear)

    def _hear(self, request) -> None:
        if request.method == "POST" and request.is_navigation_request():
            self.sent.append(urlsplit(request.url).path)

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def paste(self, text: str) -> None:
        """Somebody copied the text elsewhere: that is not counted, the paste is."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.press("ControlOrMeta+v")

    def click(self, words: str, role: str = "link") -> None:
        """Click what is called exactly so, and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=words, exact=True).first.click()
        self.clicks += 1

    def turn(self, *, at_once: bool = False) -> None:
        """To the next page of the draft; what was typed on this one is saved by itself first, `at_once` without looking."""
        if not at_once and self.page.evaluate("document.querySelector('#save-state')?.textContent"):
            saved(self.page)
        with self.page.expect_navigation():
            self.press("Alt+PageDown")
        self.page.wait_for_load_state("load")
