"""Disclosures that hold the words: those of a title first, then the newest, a page of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from budgets.models.publications import Publication, PublicationStatus
from budgets.models.search_names import OF_DEPARTMENT, OF_TITLE
from budgets.public.found_names import in_regions
from budgets.public.found_passages import Hit, hit
from budgets.public.lists import FIELDS
from budgets.public.typed import Question, Word
from budgets.publishing.word_index import TEXTS, YEARS_APART, Clause, years

A_PAGE = 20
MOST = 200  # that are counted, and that can be paged through
FEW = 40  # of which each is proven for the sake of their number


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
        for row in rows.values("pk", "department", *FIELDS, "state__figures", "state__text")
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
