"""What a Word file's styles say of a paragraph: the level of a heading, a list, an entry of the contents."""

import re
from typing import Any

from docx.oxml.ns import qn

HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
CONTENTS = re.compile(r"(?:toc|目录)\s*(?:[1-9]|heading|标题)?", re.IGNORECASE)
PROPERTIES = qn("w:pPr")
DEEPEST = 20  # styles that are based on each other


def value(element: Any, tag: str) -> str:
    """The value of a child element; blank when there is none."""
    child = element.find(qn(tag))
    return "" if child is None else str(child.get(qn("w:val"), ""))


class Styles:
    """The paragraph styles of one file, by their ids."""

    def __init__(self, part: Any | None) -> None:
        entries = [] if part is None else list(part.iter(qn("w:style")))
        self.by_id = {entry.get(qn("w:styleId"), ""): entry for entry in entries}
        self._inherited: dict[str, list[Any]] = {}

    def style_of(self, paragraph: Any) -> str:
        """The id of a paragraph's style; blank for the standard one."""
        properties = paragraph.find(PROPERTIES)
        return "" if properties is None else value(properties, "w:pStyle")

    def above(self, style: str) -> list[Any]:
        """A style and those that it is based on, nearest first."""
        found: list[Any] = []
        while style in self.by_id and len(found) < DEEPEST:
            found.append(self.by_id[style])
            style = value(self.by_id[style], "w:basedOn")
        return found

    def properties(self, paragraph: Any) -> list[Any]:
        """The paragraph properties that count, the paragraph's own first."""
        style = self.style_of(paragraph)
        if style not in self._inherited:
            found = (entry.find(PROPERTIES) for entry in self.above(style))
            self._inherited[style] = [properties for properties in found if properties is not None]
        own = paragraph.find(PROPERTIES)
        return self._inherited[style] if own is None else [own, *self._inherited[style]]

    def level(self, paragraph: Any) -> int:
        """The level of a heading, 1 the widest; 0 for body text."""
        for properties in self.properties(paragraph):
            level = value(properties, "w:outlineLvl")
            if level.isdecimal():
                return int(level) + 1 if int(level) < 9 else 0
        names = (value(style, "w:name") for style in self.above(self.style_of(paragraph)))
        return next((int(match[1]) for name in names if (match := HEADING.fullmatch(name))), 0)

    def in_contents(self, paragraph: Any) -> bool:
        """True for an entry of a list of contents, by its style."""
        style = self.by_id.get(self.style_of(paragraph))
        return style is not None and bool(CONTENTS.fullmatch(value(style, "w:name")))

    def list_of(self, paragraph: Any) -> tuple[str, int | None]:
        """The number of the list that a paragraph belongs to, blank for none, and its level there when that is said."""
        for properties in self.properties(paragraph):
            numbers = properties.find(qn("w:numPr"))
            if numbers is not None and (number := value(numbers, "w:numId")):
                level = value(numbers, "w:ilvl")
                return number, int(level) if level.isdecimal() else None
        return "", None
