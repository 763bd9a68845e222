"""Lines of text as paragraphs, and what of a page is no content: page numbers, running heads, contents."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from budgets.domain.paragraphs import rank
from budgets.importing.reading.pdf.pdf_pages import SENTENCE_END, Content, Line, joined
from budgets.importing.reading.pdf.pdf_tables import belongs_above

MARGIN = 0.1  # of the height: where page numbers and running heads stand
PAGE_NUMBER = re.compile(
    r"[-—–－·~\s]*(?:第\s*)?\d{1,4}\s*(?:页)?\s*(?:[,，/／]?\s*共?\s*\d{1,4}\s*页?)?[-—–－·~\s]*"
)
LEADER = re.compile(r"(?:…{2,}|[.．·•‥_]{4,}|(?:[.．·•]\s){4,})\s*[-—]?\d*[-—]?$")
CONTENTS = "目录"
STARTS = re.compile(
    r"第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}[、.．]|[（(](?:[一二三四五六七八九十]+|\d+)[）)]|\d{1,2}[、.．](?!\d)"
)
FAR = 0.85  # of the width: a line this long without an end goes on
TOKEN = re.compile(r"[!-~]+")
OFTEN = 3  # pages
SPREAD = 0.75  # of the width: lines of text reach further


@dataclass(frozen=True, slots=True)
class Page:
    """The measures by which lines of a page are told apart."""

    number: int
    width: float
    left: float
    right: float
    size: float  # of most characters

    def centred(self, line: Line) -> bool:
        """True for a line in the middle, with room on both sides; larger print may take more of the width."""
        aside = min(line.x0 - self.left, self.right - line.x1)
        middles = (self.width / 2, (self.left + self.right) / 2)
        off = min(abs((line.x0 + line.x1) / 2 - middle) for middle in middles)
        return off < 0.02 * self.width and aside > (1.5 if line.size > 1.2 * self.size else 3) * line.size

    def full(self, line: Line, following: Line) -> bool:
        """True when the next line's first word would not have found room on this one."""
        word = TOKEN.match(following.text)
        wanted = len(word[0]) * following.size / 2 if word else following.size
        return line.x1 + wanted + line.size > self.right


def measures(pages: Iterable[Content]) -> dict[int, Page]:
    """The measures of each page; where its lines are few and short, those of the pages as wide."""
    pages = list(pages)
    widest: dict[int, float] = {}
    for page in pages:
        for line in page.lines:
            widest[round(page.width)] = max(widest.get(round(page.width), 0), line.x1)
    found = {}
    for page in pages:
        right = max((line.x1 for line in page.lines), default=0.0)
        left = min((line.x0 for line in page.lines), default=0.0)
        if right < SPREAD * page.width:  # all its lines are short: where do those of other pages end?
            right = widest.get(round(page.width), right)
        if right < SPREAD * page.width:
            right = page.width - left
        sizes = sorted(line.size for line in page.lines for _ in line.text)
        size = sizes[len(sizes) // 2] if sizes else 0
        found[page.number] = Page(page.number, page.width, left, right, size)
    return found


def leave_out_furniture(pages: list[Content]) -> Iterator[tuple[int, str]]:
    """Take page numbers, contents and running heads out of the pages' lines; gives each running head once.

    Page numbers and contents say nothing of their own. A running head may: it comes back with its first page.
    """
    repeated = Counter(key for page in pages for key in {_head(page, line) for line in page.lines} if key)
    heads: set[tuple[str, bool]] = set()
    for page in pages:
        contents = set(contents_of(page))
        kept = []
        for i, line in enumerate(page.lines):
            key = _head(page, line)
            if i in contents or (key and PAGE_NUMBER.fullmatch(line.text)):
                continue
            if key and repeated[key] >= OFTEN:
                if key not in heads:
                    yield page.number, line.text
                heads.add(key)
            else:
                kept.append(line)
        page.lines = kept


def _head(page: Content, line: Line) -> tuple[str, bool] | None:
    """What makes lines of several pages one running head; None for a line that does not stand in the margin.

    Facing pages have the page number on the other side, and lying ones have other measures.
    """
    high, low = line.bottom < MARGIN * page.height, line.top > (1 - MARGIN) * page.height
    if not (high or low) or belongs_above(line):
        return None
    return "".join(sorted(re.sub(r"[\W\d_]+", "", text) for _, text in line.parts)), high


def contents_of(page: Content) -> list[int]:
    """Which lines of a page are a table of contents."""
    if page.tables:
        return []
    texts = [line.text for line in page.lines]
    led = [i for i, text in enumerate(texts) if LEADER.search(text)]
    named = next((i for i, text in enumerate(texts[:3]) if "".join(text.split()) == CONTENTS), None)
    if named is None:
        return led if len(led) >= max(3, len(texts) / 2) else []
    if led:
        return list(range(named, led[-1] + 1))
    return [] if any("。" in text for text in texts) else list(range(named, len(texts)))


class Paragraphs:
    """Puts lines together as they come, over page breaks; `take` gives what is complete."""

    def __init__(self) -> None:
        self.text = ""
        self.page = 0
        self.last: tuple[Line, Page] | None = None

    def add(self, line: Line, page: Page) -> Iterator[tuple[int, str]]:
        """Take the next line; gives the paragraph before it when that has ended."""
        if self.last is None or begins(line, page, *self.last):
            yield from self.end()
            self.text, self.page = line.text, page.number
        else:
            self.text = joined(self.text, line.text)
        self.last = (line, page)

    def end(self) -> Iterator[tuple[int, str]]:
        """The paragraph under way, with the page it began on; nothing when there is none."""
        if self.last:
            yield self.page, self.text
        self.last = None


def begins(line: Line, page: Page, before: Line, its: Page) -> bool:
    """True when a line begins a paragraph rather than going on with the one before.

    A line that filled its width goes on, and so does a long one that ends in mid-sentence; numbering begins anew.
    Centred lines of one size close together are a title of several lines.
    """
    if abs(line.size - before.size) > 1.5 or page.centred(line) or its.centred(before):
        together = page.number == its.number and line.top - before.bottom < line.size
        return not (together and line.size == before.size and page.centred(line) and its.centred(before))
    if STARTS.match(line.text):
        return True
    ended = bool(SENTENCE_END.search(before.text))
    indented = line.x0 - page.left > 1.5 * line.size
    apart = page.number == its.number and line.top - before.bottom > 1.2 * line.size
    heading = rank(before.text) is not None
    if its.full(before, line):
        return (ended or heading) and (indented or apart)
    if ended or heading:
        return True
    return before.x1 - its.left < FAR * (its.right - its.left)
