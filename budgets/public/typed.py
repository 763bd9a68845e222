"""What somebody typed, understood: the words that are looked for, and the county and year that were meant by some of them."""

import re
from dataclasses import dataclass, replace
from functools import cache

from opencc import OpenCC

from budgets.data.search_words import ENDS_OF_NAMES, JOINING, QUESTIONS, SYNONYMS, TERMS
from budgets.domain.word_grams import folded, needed, pattern
from budgets.models.regions import Region
from budgets.publishing.word_index import REGIONS, Clause

LONGEST = 100
MOST_WORDS = 6
MOST_VARIANTS = 4
LONGEST_CALLING = 14
MOST_CALLINGS = 400
MOST_REGIONS = 12
MOST_ASKED = 50
PLACE_LETTERS = re.compile(r"[^\W_]+")
YEAR = re.compile(r"(?<![0-9.,])(20[0-9]{2})(?:财年|年度|年)?(?![0-9.,])")
ASKING = re.compile("|".join(sorted(map(re.escape, QUESTIONS), key=len, reverse=True)))
JOINED = re.compile(JOINING)
KNOWN = re.compile(
    f"({'|'.join(sorted({folded(term) for term in (*TERMS, *SYNONYMS) if len(term) > 1}, key=len, reverse=True))})"
)
NAME_ENDS = re.compile(f"(?<=[^ ])({'|'.join(ENDS_OF_NAMES)})(?=[^ ]{{2}})")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with what disclosures print for it; `departments` are those that it means by an abbreviation or by sound."""

    said: str
    variants: tuple[str, ...]
    departments: tuple[int, ...] = ()

    @property
    def clause(self) -> Clause:
        return [needed(variant) for variant in self.variants]

    @property
    def exact(self) -> bool:
        """Whether what has its grams holds it, without a look at the text."""
        return all(len(alternative) == 1 for alternative in self.clause)

    @property
    def patterns(self) -> list[re.Pattern[str]]:
        return [pattern(variant) for variant in self.variants]


@dataclass(frozen=True, slots=True)
class Question:
    """The words, all of which must occur, in these regions (anywhere, when there is none) and this year (or 0).

    `meant` are the parts of what was typed that were taken for a place or a year.
    """

    words: tuple[Word, ...]
    regions: tuple[Region, ...] = ()
    year: int = 0
    meant: tuple[str, ...] = ()


def clean(typed: str) -> str:
    """What was typed without control characters, cut to the longest search; blank when nothing is left."""
    return "".join(letter if letter.isprintable() else " " for letter in typed).strip()[:LONGEST]


def understand(
    typed: str, region: Region | None = None, year: int = 0, *, as_typed: bool = False
) -> Question:
    """The question behind what was typed; a region and a year that were chosen stand before those that were typed.

    With `as_typed` no place and no year are read out of the words. At most two queries.
    """
    text = " ".join(map(folded, simplified(typed).split()))
    regions: tuple[Region, ...] = (region,) if region else ()
    meant: list[str] = []
    if not as_typed:
        called, places = places_in(text)
        if called and (region is None or region in places):
            regions, meant, text = regions or places, [called], text.replace(called, " ", 1)
        if found := YEAR.search(text):
            year, text = year or int(found[1]), text.replace(found[0], " ", 1)
            meant.append(found[0])
    return Question(words_of(text), regions, year, tuple(meant))


def simplified(typed: str) -> str:
    """Traditional characters as simplified ones, by what stands around them."""
    return str(converter().convert(typed))


@cache
def converter() -> OpenCC:
    return OpenCC("t2s")


def places_in(text: str) -> tuple[str, tuple[Region, ...]]:
    """The longest part of the text that regions are called, and these; blank and none when there is none."""
    parts = dict.fromkeys(
        run[0][start:end]
        for run in PLACE_LETTERS.finditer(text)
        for start in range(len(run[0]))
        for end in range(start + 2, min(start + LONGEST_CALLING, len(run[0])) + 1)
        if whole(run[0], start, end)
    )
    asked = [frozenset([part]) for part in list(parts)[:MOST_CALLINGS]]
    keys = REGIONS.holding([asked], MOST_ASKED) if asked else []
    if not keys:
        return "", ()
    rows = [(row, parts.keys() & set(row.callings.split())) for row in Region.objects.filter(pk__in=keys)]
    longest = max((part for _, called in rows for part in called), key=len, default="")
    return longest, tuple(row for row, called in rows if longest in called)[:MOST_REGIONS]


def whole(run: str, start: int, end: int) -> bool:
    """Whether a part of a run ends within no number and no Latin word."""
    return all(
        not (0 < at < len(run)) or not (kind(run[at - 1]) == kind(run[at]) != "") for at in (start, end)
    )


def kind(letter: str) -> str:
    return "number" if letter.isdigit() else "latin" if letter.isascii() else ""


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, without those of a question that say nothing, unless it has no others."""
    parted = JOINED.sub(" ", text)
    said = [word for word in ASKING.sub(" ", parted).split() if needed(word)]
    said = said or [word for word in parted.split() if needed(word)]
    return tuple(Word(word, variants(word)) for word in list(dict.fromkeys(said))[:MOST_WORDS])


def variants(word: str) -> tuple[str, ...]:
    """The word, and what disclosures print for it or for the longest of its parts that have another name."""
    printed = [word]
    for typed in sorted(SYNONYMS, key=len, reverse=True):
        if typed == word or (len(typed) > 1 and typed in word):
            printed += [
                word.replace(typed, each)
                for each in SYNONYMS[typed]
                if typed == word or folded(each) not in word
            ]
            break
    return tuple(dict.fromkeys(printed))[:MOST_VARIANTS]


def cut(question: Question) -> Question | None:
    """The words parted behind the name of a department and around a word of the field; None when nothing is gained.

    Each part keeps two characters at least: a wrong character parts nothing.
    """
    out: list[str] = []
    for word in question.words:
        parts = KNOWN.sub(r" \1 ", NAME_ENDS.sub(r"\1 ", word.said)).split()
        out += parts if all(len(part) > 1 for part in parts) else [word.said]
    found = words_of(" ".join(out))
    return replace(question, words=found) if found != question.words else None
