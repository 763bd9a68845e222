"""What is shown of a disclosure that was found: its passages that say most of the words, with these marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from budgets.domain.key_figures import amounts
from budgets.domain.plain_words import Sentence, unit_words
from budgets.domain.terms import Stage
from budgets.domain.word_grams import pattern
from budgets.public.lists import Entry, entry
from budgets.public.typed import Question, Word
from budgets.publishing.listing import FIELD, PASSAGE, passages

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
    said: tuple[Sentence, ...]  # what it spends, each amount a link to its cell
    passages: tuple[Passage, ...]


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
    telling_most = max(
        scores.values(), default=0
    )  # a line whose heading alone says it is shown beside no better one
    worth = [start for start, score in scores.items() if 2 * score > telling_most]
    best = sorted(sorted(worth, key=lambda start: (-scores[start], start))[:MOST_PASSAGES])
    marks = marking(question.words)
    shown = [passages(text[start:].partition(PASSAGE)[0])[0] for start in best]
    links = {key: f"{found.href}#{figure.at}" for key, figure in found.figures.items()}
    final = found.stage == Stage.FINAL
    return Hit(
        found,
        unit_words(found.year, amounts(found.figures), {}, links, final=final),
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
