"""Search over departments and the words of what is public: every word must occur, Latin letters in either case.

Chinese is not cut into words, so plain containment is the exact answer on both databases.
"""

import heapq
import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from budgets.models.publications import Publication, PublicationStatus
from budgets.models.regions import Department
from budgets.public.lists import FIELDS, Entry, entry
from budgets.publishing.listing import passages

LONGEST = 100
MOST_WORDS = 6
MOST_DEPARTMENTS = 12
MOST_DISCLOSURES = 20
MOST_PASSAGES = 3
AROUND = 46  # characters shown on each side of the first hit
MOST_COMPARED = 200
LIKE_ENOUGH = 0.34
# A department that was closed is found as long as something of it is public.
IN_USE = Q(active=True) | Exists(Publication.objects.filter(department=OuterRef("pk")))


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
class Result:
    """`more` says that there are disclosures beyond those shown; `near` are departments with a similar name."""

    departments: list[tuple[SafeString, str]]
    hits: list[Hit]
    more: bool
    near: list[tuple[SafeString, str]]

    @property
    def nothing(self) -> bool:
        return not self.departments and not self.hits


def clean(typed: str) -> str:
    """What was typed without control characters, cut to the longest search; blank when nothing is left."""
    return "".join(letter if letter.isprintable() else " " for letter in typed).strip()[:LONGEST]


def find(typed: str) -> Result:
    """Departments by name or code, and the current disclosures that hold every word. At most three queries."""
    words = typed.split()[:MOST_WORDS]
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.I)
    found = departments(words, pattern)
    texts = Publication.objects.filter(state__status=PublicationStatus.CURRENT)
    for word in words:
        texts = texts.filter(state__text__icontains=word)
    rows = list(
        texts.order_by("-fiscal_year", "department__code").values(*FIELDS, "state__text")[
            : MOST_DISCLOSURES + 1
        ]
    )
    hits = [hit(row, words, pattern) for row in rows[:MOST_DISCLOSURES]]
    near = [] if found or hits else similar(typed)
    return Result(found, hits, len(rows) > MOST_DISCLOSURES, near)


def departments(words: list[str], pattern: re.Pattern[str]) -> list[tuple[SafeString, str]]:
    """(marked name, address) of the departments whose name holds every word, or whose code is the only word."""
    rows = Department.objects.filter(IN_USE)
    if len(words) == 1 and words[0].isdecimal():
        rows = rows.filter(code=words[0])
    else:
        for word in words:
            rows = rows.filter(name__icontains=word)
    listed = rows.order_by("region__code", "code").values_list("name", "code", "region__code")
    return [(marked(name, pattern), f"/{region}/{code}/") for name, code, region in listed[:MOST_DEPARTMENTS]]


def hit(row: dict[str, Any], words: list[str], pattern: re.Pattern[str]) -> Hit:
    """A disclosure with the passages that hold the most of the words, in their order on the page.

    Words that its title holds already choose no passage, unless all of them do.
    """
    found = entry(row)
    title = f"{found.department}{found.title}".casefold()
    telling = [word for word in words if word.casefold() not in title] or words
    scored = [
        (-score, position, anchor, heading, body)
        for position, (anchor, heading, body) in enumerate(passages(row["state__text"]))
        if anchor and (score := held(telling, heading, body))
    ]
    best = sorted(sorted(scored)[:MOST_PASSAGES], key=place)
    return Hit(
        found,
        tuple(
            Passage(f"{found.href}#{anchor}", marked(heading, pattern), marked(cut(body, pattern), pattern))
            for _, _, anchor, heading, body in best
        ),
    )


def held(words: list[str], heading: str, body: str) -> int:
    """How many of the words the passage holds; one in its own text counts for two in its heading."""
    heading, body = heading.casefold(), body.casefold()
    return sum(2 if word.casefold() in body else word.casefold() in heading for word in words)


def place(scored: tuple[int, int, str, str, str]) -> int:
    return scored[1]


def cut(text: str, pattern: re.Pattern[str]) -> str:
    """The text around its first hit, with an ellipsis where something is left out."""
    first = pattern.search(text)
    middle = first.start() if first else 0
    start, end = max(0, middle - AROUND), middle + 2 * AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def marked(text: str, pattern: re.Pattern[str]) -> SafeString:
    """The text, escaped, with every hit in a mark."""
    out, last = [], 0
    for found in pattern.finditer(text):
        out += [conditional_escape(text[last : found.start()]), format_html("<mark>{}</mark>", found[0])]
        last = found.end()
    return mark_safe("".join([*out, conditional_escape(text[last:])]))  # noqa: S308 every part is escaped


def similar(typed: str) -> list[tuple[SafeString, str]]:
    """Departments whose names share most with what was typed, best first, whatever their number and order.

    Every name is looked at for the characters that it shares; those that share most are compared.
    """
    wanted = "".join(typed.split())
    letters = Counter(wanted)
    names = Department.objects.filter(IN_USE).values_list("name", "code", "region__code")
    sharing = ((sum((letters & Counter(name)).values()), name, code, region) for name, code, region in names)
    nearest = heapq.nlargest(MOST_COMPARED, sharing)
    scored = sorted(
        ((likeness(wanted, name), name, code, region) for _, name, code, region in nearest), reverse=True
    )
    return [
        (conditional_escape(name), f"/{region}/{code}/")
        for score, name, code, region in scored[:5]
        if score >= LIKE_ENOUGH
    ]


def likeness(typed: str, name: str) -> float:
    """From 0 to 1: how much of what was typed stands in the name, in order."""
    matching = sum(
        block.size for block in SequenceMatcher(None, typed, name, autojunk=False).get_matching_blocks()
    )
    return matching / len(typed) if typed else 0.0
