"""Places in the text of a chapter: named by their words, found again in the text as it stands."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from budgets.domain.ledgers import Narrative
from budgets.domain.paragraphs import LONGEST_CHAPTER
from budgets.domain.places import Passage

LONGEST_QUOTE = 60  # characters: enough to know a place by
ENDS = re.compile(r"[。；;\n]")


def passage(narrative: Narrative, start: int, end: int) -> Passage:
    """The place of `text[start:end]`, known by its last characters.

    In a chapter that is too long to be read its offset stands for the count, so that it costs nothing to name.
    """
    text = narrative.text
    quote = text[max(start, end - LONGEST_QUOTE) : end]
    start = end - len(quote)
    read = quote and len(text) <= LONGEST_CHAPTER
    return Passage(narrative.key, quote, bisect_left(_starts(text, quote), start) + 1 if read else start + 1)


@lru_cache(maxsize=200)
def _starts(text: str, quote: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(quote), text)]


def first(narrative: Narrative, quote: str) -> Passage:
    """The place where words stand first; the chapter itself when they do not."""
    start = narrative.text.find(quote)
    return passage(narrative, start, start + len(quote)) if start >= 0 and quote else Passage(narrative.key)


def span(text: str, place: Passage) -> tuple[int, int] | None:
    """Start and end of a passage in a text; None for a whole chapter and for words that are gone."""
    starts = _starts(text, place.quote) if place.quote else []
    if not 0 < place.nth <= len(starts):
        return None
    return starts[place.nth - 1], starts[place.nth - 1] + len(place.quote)


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Start and end of the sentence around a passage: from the end of the one before to its own mark or line end."""
    before = max((text.rfind(mark, 0, start) for mark in "。；;\n"), default=-1) + 1
    before += len(text[before:start]) - len(text[before:start].lstrip())
    after = ENDS.search(text, max(end, before))
    if after is None:
        return before, len(text)
    return before, after.start() + (after[0] != "\n")


def lines_of(narrative: Narrative) -> Iterator[tuple[int, str]]:
    """The paragraphs of a chapter with where they start in its text."""
    start = 0
    for line in narrative.text.splitlines(keepends=True):
        yield start, line.rstrip("\r\n")
        start += len(line)
