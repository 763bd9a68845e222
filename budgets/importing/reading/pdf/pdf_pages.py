"""One page of a PDF as plain values: lines of text, and ruled cells with their text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from operator import attrgetter

from budgets.importing.reading.look_alikes import as_meant
from budgets.importing.reading.pdf.pdfium_objects import LOST
from budgets.importing.reading.pdf.places_on_page import Area
from budgets.importing.reading.pdf.ruled_cells import ruled_cells
from budgets.importing.reading.pdf.visible_marks import Character, Marks

GAP = 2.5  # blank widths of a character: more is another column
SPLIT_NUMBER = "单元格中有几段数字，无法确定是一个金额还是几个"
NO_LETTERS = "字体没有文字编码，无法确定是什么字"
NUMBER = re.compile(r"[-−－(（]?[\d０-９,，.．]*[)）]?")
WHOLE = re.compile(r"[-(]?(?:\d+|\d{1,3}(?:,\d{3})+)\.\d\d\)?|[2-5]\d{4}(?:\d\d)?")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
PICTURE = 0.5  # of the page's area
SENTENCE_END = re.compile(r"[。；：;:！!？?]\s*[”」』）)]?$")
PLACE = (60, 30)  # points: about a cell
FEW = 10  # characters that a page number may have


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. Coordinates are points from the top left of the page; `parts` stand far apart in it."""

    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    parts: tuple[tuple[float, str], ...]  # left edge, text

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.parts)


@dataclass(frozen=True, slots=True)
class Box:
    """A ruled cell with its text; `problem` says why the text is not certain."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table of one page."""

    page: int
    boxes: tuple[Box, ...]

    @property
    def x0(self) -> float:
        return min(box.x0 for box in self.boxes)

    @property
    def x1(self) -> float:
        return max(box.x1 for box in self.boxes)

    @property
    def top(self) -> float:
        return min(box.top for box in self.boxes)

    @property
    def bottom(self) -> float:
        return max(box.bottom for box in self.boxes)


@dataclass(slots=True)
class Content:
    """What one page shows."""

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    tables: list[Ruled] = field(default_factory=list)
    alone: list[Ruled] = field(default_factory=list)  # single ruled rows; their words stand in `lines`, too
    slanted: str = ""  # text that does not stand upright, as watermarks
    picture: bool = False  # the page is a picture without text


def read_page(number: int, width: float, height: float, crop: Area, marks: Marks) -> Content:
    """The content of a page, top to bottom, out of the marks that lie inside `crop`."""
    everything = [c for c in marks.characters if c.inside(crop)]
    characters = list(single(c for c in everything if c.upright))
    content = Content(number, width, height)
    content.slanted = "".join(c.text for c in everything if not c.upright).strip()
    area = sum((x1 - x0) * (bottom - top) for x0, top, x1, bottom in marks.pictures)
    content.picture = len(characters) < FEW and area > PICTURE * width * height
    tables = ruled_cells(marks.rules)
    groups = [cells for cells in tables if rows_in(cells) > 1]
    inside: dict[Area, list[Character]] = {cell: [] for cells in groups for cell in cells}
    outside: list[Character] = []
    cells_near = by_place(inside)
    for c in characters:
        near = cells_near.get(place_of(c.across, c.middle), [])
        cell = next((b for b in near if c.inside(b)), None)
        (inside[cell] if cell else outside).append(c)
    content.lines = lines_of(outside)
    content.tables = [Ruled(number, tuple(as_box(cell, inside[cell]) for cell in cells)) for cells in groups]
    for cells in (cells for cells in tables if rows_in(cells) == 1):
        boxes = [as_box(cell, [c for c in outside if c.inside(cell)]) for cell in cells]
        content.alone.append(Ruled(number, tuple(boxes)))
    return content


def place_of(x: float, y: float) -> tuple[int, int]:
    return int(x // PLACE[0]), int(y // PLACE[1])


def by_place(cells: Iterable[Area]) -> dict[tuple[int, int], list[Area]]:
    """The cells that lie in each part of a page: a full page has a thousand, and ten times as many characters."""
    found: dict[tuple[int, int], list[Area]] = {}
    for cell in cells:
        (left, top), (right, bottom) = place_of(cell[0], cell[1]), place_of(cell[2], cell[3])
        for across in range(left, right + 1):
            for down in range(top, bottom + 1):
                found.setdefault((across, down), []).append(cell)
    return found


def rows_in(cells: list[Area]) -> int:
    return len({cell[1] for cell in cells})


def single(characters: Iterable[Character]) -> Iterator[Character]:
    """Each character once: bold print is often the same character drawn twice a hair apart."""
    seen: set[tuple[str, int, int]] = set()
    for c in characters:
        x, y = round(c.x0), round(c.top)
        if not any((c.text, x + dx, y + dy) in seen for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            seen.add((c.text, x, y))
            yield c


def lines_of(characters: list[Character]) -> list[Line]:
    """Characters as lines, top to bottom."""
    rows: list[list[Character]] = []
    for c in sorted(characters, key=attrgetter("middle")):
        if rows and c.middle - rows[-1][0].middle < 0.5 * min(c.size, rows[-1][0].size):
            rows[-1].append(c)
        else:
            rows.append([c])
    return [line for row in rows if (line := as_line(row))]


def as_line(characters: list[Character]) -> Line | None:
    """One line of text; None when it holds blanks only."""
    shown = sorted((c for c in characters if c.text.strip()), key=attrgetter("x0"))
    if not shown:
        return None
    blanks = sorted(c.x0 for c in characters if not c.text.strip())
    parts: list[tuple[float, str]] = [(shown[0].x0, clean(shown[0].text))]
    for before, c in pairwise(shown):
        gap = c.x0 - before.x1
        if gap > GAP * min(before.size, c.size):
            parts.append((c.x0, clean(c.text)))
            continue
        blank = any(before.x0 < x < c.x0 for x in blanks) and gap > 0.1 * c.size
        parted = blank or (gap > 0.25 * c.size and is_latin(before.text) and is_latin(c.text))
        parts[-1] = (parts[-1][0], parts[-1][1] + " " * parted + clean(c.text))
    return Line(
        shown[0].x0,
        min(c.top for c in shown),
        max(c.x1 for c in shown),
        max(c.bottom for c in shown),
        sorted(c.size for c in shown)[len(shown) // 2],
        tuple(parts),
    )


@cache
def clean(text: str) -> str:
    """The characters meant: without control characters, forms of one character as that character."""
    plain = as_meant(text)
    return "".join(c for c in plain if c == LOST or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn"))


def is_latin(text: str) -> bool:
    return text.isascii() and text.isalpha()


def joined(before: str, after: str) -> str:
    """A line that goes on in the next one: Chinese without a blank, words of letters with one."""
    parted = bool(before) and bool(after) and is_latin(before[-1]) and is_latin(after[0])
    return f"{before}{' ' * parted}{after}"


def as_box(cell: Area, characters: list[Character]) -> Box:
    """A cell with the text in it, its lines joined."""
    lines = lines_of(characters)
    chunks = [chunk for line in lines for _, part in line.parts for chunk in part.split()]
    if len(chunks) > 1 and all(NUMBER.fullmatch(chunk) for chunk in chunks):
        text = "".join(chunks)
        sure = one_number(chunks) or (len(chunks) == len(lines) and wrapped(cell, lines))
        return Box(*cell, text if sure else "\n".join(chunks), "" if sure else SPLIT_NUMBER)
    text = ""
    for before, line in pairwise([None, *lines_of(characters)]):
        assert line is not None
        ended = before and SENTENCE_END.search(before.text) and before.x1 + 2 * before.size < cell[2]
        text = f"{text}\n{line.text}" if ended else joined(text, line.text)
    return Box(*cell, text, NO_LETTERS if LOST in text else "")


def wrapped(cell: Area, lines: list[Line]) -> bool:
    """True when lines of digits are one number that the cell was too narrow for.

    Each line but the last is so full that the next digit found no room, and together they are an amount with its two
    places, or the code of a subject.
    """
    if not WHOLE.fullmatch(unicodedata.normalize("NFKC", "".join(line.text for line in lines))):
        return False
    aside = min(min(line.x0 - cell[0], cell[2] - line.x1) for line in lines)
    room = cell[2] - cell[0] - 2 * max(aside, 0)
    return all(
        line.x1 - line.x0 + (following.x1 - following.x0) / len(following.text) > room
        for line, following in pairwise(lines)
    )


def one_number(chunks: list[str]) -> bool:
    """True when pieces of digits can only be one amount: a sign apart, or broken at a separator."""
    plain = [unicodedata.normalize("NFKC", chunk) for chunk in chunks]
    if plain[0] in "-−(":
        plain = plain[1:]
    if plain and plain[-1] == ")":
        plain = plain[:-1]
    broken = all(a[-1] in ",." or b[0] in ",." for a, b in pairwise(plain))
    return len(plain) == 1 or (broken and bool(GROUPED.fullmatch("".join(plain).strip("-−()"))))
