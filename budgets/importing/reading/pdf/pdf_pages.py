"""One page of a PDF as plain values: lines of text, and ruled cells with their text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pdfplumber.table import TableFinder

from budgets.importing.reading.look_alikes import as_meant
from budgets.importing.reading.pdf.visible_marks import Area, Page

GAP = 2.5  # blank widths of a character: more is another column
SPLIT_NUMBER = "单元格中有几段数字，无法确定是一个金额还是几个"
NO_LETTERS = "字体没有文字编码，无法确定是什么字"
LOST = "�"
UNKNOWN = re.compile(r"\(cid:\d+\)")
NUMBER = re.compile(r"[-−－(（]?[\d０-９,，.．]*[)）]?")
WHOLE = re.compile(r"[-(]?(?:\d+|\d{1,3}(?:,\d{3})+)\.\d\d\)?|[2-5]\d{4}(?:\d\d)?")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
SHORTEST = 100  # points: a rule across a table
NEAR = 6  # points: rules that are one
LOWEST = 6  # points: what is ruled more closely is a drawing, such as a QR code
PICTURE = 0.5  # of the page's area
SENTENCE_END = re.compile(r"[。；：;:！!？?]\s*[”」』）)]?$")
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


def read_page(page: Page) -> Content:
    """The content of a page, top to bottom. Raises PdfminerException for what is wrong with it."""
    left, top, right, bottom = page.cropbox
    everything = [
        c for c in page.chars if left <= (c["x0"] + c["x1"]) / 2 <= right and top <= middle(c) <= bottom
    ]
    characters = list(single(c for c in everything if c["upright"]))
    content = Content(page.page_number, float(page.width), float(page.height))
    content.slanted = "".join(c["text"] for c in everything if not c["upright"]).strip()
    area = sum((i["x1"] - i["x0"]) * (i["bottom"] - i["top"]) for i in page.images)
    content.picture = len(characters) < FEW and area > PICTURE * content.width * content.height
    tables = ruled_cells(page)
    groups = [cells for cells in tables if rows_in(cells) > 1]
    inside: dict[Area, list[Any]] = {cell: [] for cells in groups for cell in cells}
    outside: list[Any] = []
    for c in characters:
        x, y = (c["x0"] + c["x1"]) / 2, middle(c)
        cell = next((b for b in inside if b[0] <= x <= b[2] and b[1] <= y <= b[3]), None)
        (inside[cell] if cell else outside).append(c)
    content.lines = lines_of(outside)
    content.tables = [
        Ruled(content.number, tuple(as_box(cell, inside[cell]) for cell in cells)) for cells in groups
    ]
    for cells in (cells for cells in tables if rows_in(cells) == 1):
        boxes = [as_box(cell, [c for c in outside if _within(c, cell)]) for cell in cells]
        content.alone.append(Ruled(content.number, tuple(boxes)))
    return content


def rows_in(cells: list[Area]) -> int:
    return len({cell[1] for cell in cells})


def _within(c: Any, cell: Area) -> bool:
    return cell[0] <= (c["x0"] + c["x1"]) / 2 <= cell[2] and cell[1] <= middle(c) <= cell[3]


def middle(c: Any) -> float:
    return float(c["top"] + c["bottom"]) / 2


def single(characters: Iterable[Any]) -> Iterator[Any]:
    """Each character once: bold print is often the same character drawn twice a hair apart."""
    seen: set[tuple[str, int, int]] = set()
    for c in characters:
        x, y = round(c["x0"]), round(c["top"])
        if not any((c["text"], x + dx, y + dy) in seen for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            seen.add((c["text"], x, y))
            yield c


def ruled_cells(page: Page) -> list[list[Area]]:
    """The cells of each ruled table; a table has at least two columns, high enough for text.

    Where the outer rules are left out, the ends of the horizontal ones stand for them.
    """
    tables = [
        table.cells for table in TableFinder(page, {"explicit_vertical_lines": open_sides(page)}).tables
    ]
    tables = [cells for cells in tables if sorted(c[3] - c[1] for c in cells)[len(cells) // 2] > LOWEST]
    return [
        sorted(cells, key=lambda cell: (cell[1], cell[0]))
        for cells in sorted(tables, key=lambda cells: (min(cell[1] for cell in cells), min(cells)[0]))
        if len({cell[0] for cell in cells}) > 1
    ]


def open_sides(page: Page) -> list[Any]:
    """The outer rules of tables that leave them out: where several horizontal rules begin and end alike."""
    alike: dict[tuple[int, int], list[Any]] = {}
    for edge in page.horizontal_edges:
        if edge["x1"] - edge["x0"] > SHORTEST:
            alike.setdefault((round(edge["x0"] / 2), round(edge["x1"] / 2)), []).append(edge)
    ruled = [edge["x0"] for edge in page.vertical_edges]
    sides = []
    for edges in alike.values():
        top, bottom = min(edge["top"] for edge in edges), max(edge["top"] for edge in edges)
        for x in (edges[0]["x0"], edges[0]["x1"]):
            if len(edges) > 2 and not any(abs(x - known) < NEAR for known in ruled):
                side = {"x0": x, "x1": x, "top": top, "bottom": bottom, "height": bottom - top, "width": 0}
                sides.append({**side, "orientation": "v", "object_type": "rect_edge"})
    return sides


def lines_of(characters: list[Any]) -> list[Line]:
    """Characters as lines, top to bottom."""
    rows: list[list[Any]] = []
    for c in sorted(characters, key=middle):
        if rows and middle(c) - middle(rows[-1][0]) < 0.5 * min(c["size"], rows[-1][0]["size"]):
            rows[-1].append(c)
        else:
            rows.append([c])
    return [line for row in rows if (line := as_line(row))]


def as_line(characters: list[Any]) -> Line | None:
    """One line of text; None when it holds blanks only."""
    shown = sorted((c for c in characters if c["text"].strip()), key=lambda c: c["x0"])
    if not shown:
        return None
    blanks = sorted(c["x0"] for c in characters if not c["text"].strip())
    parts: list[tuple[float, str]] = [(shown[0]["x0"], clean(shown[0]["text"]))]
    for before, c in pairwise(shown):
        gap = c["x0"] - before["x1"]
        if gap > GAP * min(before["size"], c["size"]):
            parts.append((c["x0"], clean(c["text"])))
            continue
        blank = any(before["x0"] < x < c["x0"] for x in blanks) and gap > 0.1 * c["size"]
        parted = blank or (gap > 0.25 * c["size"] and is_latin(before["text"]) and is_latin(c["text"]))
        parts[-1] = (parts[-1][0], parts[-1][1] + " " * parted + clean(c["text"]))
    return Line(
        shown[0]["x0"],
        min(c["top"] for c in shown),
        max(c["x1"] for c in shown),
        max(c["bottom"] for c in shown),
        sorted(c["size"] for c in shown)[len(shown) // 2],
        tuple(parts),
    )


def clean(text: str) -> str:
    """The characters meant: without control characters, forms of one character as that character."""
    plain = as_meant(UNKNOWN.sub(LOST, text))
    return "".join(c for c in plain if c == LOST or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn"))


def is_latin(text: str) -> bool:
    return text.isascii() and text.isalpha()


def joined(before: str, after: str) -> str:
    """A line that goes on in the next one: Chinese without a blank, words of letters with one."""
    parted = bool(before) and bool(after) and is_latin(before[-1]) and is_latin(after[0])
    return f"{before}{' ' * parted}{after}"


def as_box(cell: Area, characters: list[Any]) -> Box:
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
