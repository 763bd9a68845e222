"""Disclosures that hold the words: those of a title first, then the newest, each with the passages that say most."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from budgets.domain.word_grams import pattern
from budgets.models.publications import Publication, PublicationStatus
from budgets.models.search_names import OF_DEPARTMENT, OF_TITLE
from budgets.public.found_names import in_regions
from budgets.public.lists import FIELDS, Entry, entry
from budgets.public.typed import Question, Word
from budgets.publishing.listing import FIELD, PASSAGE, passages
from budgets.publishing.word_index import TEXTS, YEARS_APART, Clause, years

A_PAGE = 20
MOST = 200  # that are counted, and that can be paged through
FEW = 40  # of which each is proven for the sake of their number
MOST_PASSAGES = 3
MOST_LINES = 60  # of one text that are weighed for one word
AROUND = 46  # characters shown on each side of the first hit


@dataclass(frozen=True, slots=True)
class Passage:
    """Where in a disclosure the words stand; `words` has the hits marked."""

    href: str
    heading: SafeString
    words: SafeString


@dataclass(frozen=True, slots=True)
class Hit:
    entry: Entry
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of hits; `count` says in words how many there are, `last` is the number of the last page.

    `over` is how many can be paged through, where there are more; else 0.
    """

    hits: tuple[Hit, ...] = ()
    count: str = ""
    number: int = 1
    last: int = 1
    over: int = 0


def disclosures(question: Question, number: int) -> Page:
    """The page of that number, or the last one. Three looks into the index at most, and a query for twenty texts.

    What the index gives is proven by the texts, unless every word is one gram: then a page of long words needs those
    before it, and all where they are few, so that their number is known.
    """
    keys = candidates(question)
    shown = keys[:MOST]
    last = -(-len(shown) // A_PAGE) or 1
    number = min(max(number, 1), last)
    start, end = (number - 1) * A_PAGE, number * A_PAGE
    if all(word.exact for word in question.words):
        found, told = texts(shown[start:end]), f"共 {len(shown)} 份"
    else:
        few = len(shown) <= FEW
        found, seen = [], 0
        while seen < len(shown) and (few or len(found) < end):
            found += [row for row in texts(shown[seen : seen + A_PAGE]) if holds(row, question)]
            seen += A_PAGE
        told = f"共 {len(found)} 份" if few else f"约 {len(shown)} 份"
        last = -(-len(found) // A_PAGE) or 1 if seen >= len(shown) else last
        found = found[start:end]
    over = MOST if len(keys) > MOST else 0
    if over:
        told = f"{MOST} 份以上"
    return Page(tuple(hit(row, question) for row in found), told if found else "", number, last, over)


def candidates(question: Question) -> list[int]:
    """Keys of what has the grams, MOST and one at most: all words in the title, one of them there, in the text alone."""
    span = years(question.year, question.year) if question.year else None
    within, words = in_regions(question.regions), question.words
    titled = [[*title_clause(word)] for word in words]
    held = [[*word.clause, *meant(word)] for word in words]
    some = [alternative for clause in titled for alternative in clause]
    ways = [titled, [*held, some], held] if len(words) > 1 else [titled, held] if words else [[]]
    found: dict[int, None] = {}
    for way in ways:
        if len(found) <= MOST:
            found |= dict.fromkeys(TEXTS.holding([*within, *way], MOST + 1, span=span))
    return list(found)[: MOST + 1]


def title_clause(word: Word) -> Clause:
    return [
        *(frozenset(f"{OF_TITLE}{gram}" for gram in alternative) for alternative in word.clause),
        *meant(word),
    ]


def meant(word: Word) -> Clause:
    """The departments that a word means, though their names do not hold it."""
    return [frozenset([f"{OF_DEPARTMENT}{key}"]) for key in word.departments]


def texts(keys: Sequence[int]) -> list[dict[str, Any]]:
    """What is shown of these publications, with their texts, in this order; what does not stand is left out."""
    numbers = [key % YEARS_APART for key in keys]
    rows = Publication.objects.filter(pk__in=numbers).order_by()
    found = {
        row["pk"]: row
        for row in rows.values("pk", "department", *FIELDS, "state__text")
        # Not asked of the database, which would begin with the index of all that stand.
        if row["state__status"] == PublicationStatus.CURRENT
    }
    return [found[number] for number in numbers if number in found]


def holds(row: dict[str, Any], question: Question) -> bool:
    """Whether the text has every word as it was meant."""
    text = row["state__text"]
    return all(
        row["department"] in word.departments or any(each.search(text) for each in word.patterns)
        for word in question.words
    )


def hit(row: dict[str, Any], question: Question) -> Hit:
    """A disclosure with the passages that hold the most of the words, in their order on the page.

    Words that its title holds already choose no passage, unless all of them do.
    """
    found, text = entry(row), row["state__text"]
    title = text.partition(PASSAGE)[0]
    telling = [word for word in question.words if not any(each.search(title) for each in word.patterns)]
    scores: dict[int, int] = {}
    for word in telling or question.words:
        for start, score in lines(text, word, len(title)):
            scores[start] = scores.get(start, 0) + score
    best = sorted(sorted(scores, key=lambda start: (-scores[start], start))[:MOST_PASSAGES])
    marks = marking(question.words)
    shown = [passages(text[start:].partition(PASSAGE)[0])[0] for start in best]
    return Hit(
        found,
        tuple(
            Passage(f"{found.href}#{anchor}", marked(heading, marks), marked(cut(body, marks), marks))
            for anchor, heading, body in shown
        ),
    )


def lines(text: str, word: Word, start: int) -> Iterator[tuple[int, int]]:
    """Where the lines begin that hold the word, with 2 for one in its own words and 1 for one in its heading."""
    for each in word.patterns:
        at = start
        for _ in range(MOST_LINES):
            found = each.search(text, at)
            if found is None:
                break
            begin = text.rfind(PASSAGE, 0, found.start()) + 1
            end = text.find(PASSAGE, found.end())
            body = text.find(FIELD, text.find(FIELD, begin) + 1)
            yield (
                begin,
                2 if found.start() > body or each.search(text, body, end if end >= 0 else len(text)) else 1,
            )
            if end < 0:
                break
            at = end


def marking(words: Sequence[Word]) -> re.Pattern[str]:
    """Matches any of the words and of what is printed for them, the longer ones first."""
    variants = sorted({each for word in words for each in word.variants}, key=len, reverse=True)
    return re.compile("|".join(pattern(each).pattern for each in variants) or "(?!)")


def cut(text: str, marks: re.Pattern[str]) -> str:
    """The text around its first hit, with an ellipsis where something is left out."""
    first = marks.search(text)
    middle = first.start() if first else 0
    start, end = max(0, middle - AROUND), middle + 2 * AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def marked(text: str, marks: re.Pattern[str]) -> SafeString:
    """The text, escaped, with every hit in a mark."""
    out, last = [], 0
    for found in marks.finditer(text):
        out += [conditional_escape(text[last : found.start()]), format_html("<mark>{}</mark>", found[0])]
        last = found.end()
    return mark_safe("".join([*out, conditional_escape(text[last:])]))  # noqa: S308 every part is escaped
