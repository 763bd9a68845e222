"""A desk worked with Tab, Shift+Tab, arrows, Space, Enter and typed words alone; each stop of the way is looked at."""

from .desk import Desk

FARTHEST = 120  # stops of a page, beyond which the keyboard goes in circles
STOP = """back => {
  const at = document.activeElement, before = window.stopBefore;
  if (!at || at === document.body) { window.stopBefore = null; return null; }
  window.stopBefore = at;
  const style = getComputedStyle(at), box = at.getBoundingClientRect(), faults = [];
  const shown = at.closest("label") || at;
  if (!(box.width > 0 && box.height > 0)) faults.push("has no size");
  const inside = !at.matches(":focus") && at.type === "date";  // its own button has the focus, and Chromium's ring
  if (!inside && style.outlineStyle === "none" && style.boxShadow === "none") faults.push("does not look focused");
  if (!(box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth)) faults.push("is off the screen");
  else {
    const x = Math.min(Math.max(box.left + Math.min(box.width, 20) / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height, 20) / 2, 1), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    if (top && !at.contains(top) && !top.contains(at) && !shown.contains(top)) faults.push("is covered");
  }
  if (before && before.isConnected && before !== at) {
    const after = before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (back ? after : !after) faults.push("comes out of order");
  }
  const label = at.ariaLabel || (at.labels && at.labels[0] ? at.labels[0].innerText : at.innerText) || at.value || "";
  return [label.replace(/\\s+/g, " ").trim(), at.tagName.toLowerCase(), faults];
}"""


class Keyboard(Desk):
    """A desk at which nothing is pressed that the keyboard did not come to by itself."""

    def __init__(self, page, url: str) -> None:
        super().__init__(page, url)
        self.stops, self.faults = 0, []

    def reach(self, words: str, tag: str = "", *, back: bool = False) -> None:
        """Tab on (or back) to the control whose label begins with these words."""
        seen = []
        for _ in range(FARTHEST):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            stop = self.page.evaluate(STOP, back)
            if stop is None:  # past the end: on from the top
                continue
            label, name, faults = stop
            self.stops += 1
            self.faults += [(self.page.url, label, fault) for fault in faults]
            if label.startswith(words) and tag in ("", name):
                return
            seen.append(label)
        raise AssertionError(f"the keyboard does not reach {words}: {seen[:60]}")

    def follow(self, words: str, tag: str = "", *, back: bool = False) -> None:
        """To a link or button, and on to the page behind it."""
        self.reach(words, tag, back=back)
        self.enter()

    def typed(self, words: str, text: str) -> None:
        self.reach(words)
        self.page.keyboard.type(text)

    def at(self) -> str:
        """The control that has the focus, or the place the next Tab starts from."""
        return self.page.evaluate("document.activeElement.id || location.hash.slice(1)")
