"""Departments by their names: as they are written, as they are spoken, by their abbreviation; and those that are like."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import combinations

from django.db.models import Exists, OuterRef, Q

from budgets.data.initials import spoken
from budgets.domain.word_grams import CHINESE, needed, pattern
from budgets.models.publications import Publication
from budgets.models.regions import Department, Region
from budgets.models.search_names import OF_REGION
from budgets.public.typed import Question, Word
from budgets.publishing.word_index import DEPARTMENTS, Clause

MOST_DEPARTMENTS = 12
MOST_LIKE = 5
MOST_WALKED = 200  # rows of the index that are looked at for one question
LIKE_ENOUGH = 0.34
LIKE_BUT_TWO = 0.6
WITH_TWO_WRONG = re.compile(rf"[{CHINESE}]{{5,10}}")
SHORTEST_ABBREVIATION = 3
ABBREVIATION = re.compile(rf"[{CHINESE}]{{{SHORTEST_ABBREVIATION},8}}")
# A department that was closed is found as long as something of it is public.
IN_USE = Q(active=True) | Exists(Publication.objects.filter(department=OuterRef("pk")))


@dataclass(frozen=True, slots=True)
class Named:
    """A department with the address of its page."""

    key: int
    name: str
    code: str
    region: str
    region_name: str

    @property
    def href(self) -> str:
        return f"/{self.region}/{self.code}/"

    @property
    def place(self) -> str:
        """The region's name, where that of the department does not begin with it."""
        return "" if self.name.startswith(self.region_name) else self.region_name


def departments(question: Question) -> tuple[list[Named], Question]:
    """The departments whose names hold every word, or every word that names one at all; the nearest names first.

    The question comes back with the departments that its words mean. At most MOST_WALKED rows a word are looked at.
    """
    words, within = question.words, in_regions(question.regions)
    if not words:
        return [], question

    def walked(*clauses: Clause) -> list[int]:
        return DEPARTMENTS.holding([*within, *clauses], MOST_WALKED, newest=False)

    found = rows(walked(*map(written, words)))
    together = {key for key, row in found.items() if all(is_named(row, word) for word in words)}
    named = [together] * len(words)
    if not together:
        asked = [walked([*written(word), *abbreviated(word)]) for word in words]
        found = rows({key for keys in asked for key in keys})
        named = [
            {
                key
                for key in found.keys() & set(keys)
                if is_named(found[key], word) or shortened(found[key], word)
            }
            for keys, word in zip(asked, words, strict=True)
        ]
    naming = [keys for keys in named if keys]
    if not naming:
        return [], question
    best = sorted(
        (found[key] for key in set.intersection(*naming) or naming[0]), key=lambda row: nearness(row, words)
    )
    return best, replace(
        question, words=tuple(meaning(word, keys, best) for word, keys in zip(words, named, strict=True))
    )


def meaning(word: Word, keys: set[int], best: Sequence[Named]) -> Word:
    """The word with the best of the departments that it names, unless it stands in a name as it is written."""
    own = [row for row in best if row.key in keys]
    if any(pattern(word.said).search(row.name) for row in own):
        return word
    return replace(word, departments=tuple(row.key for row in own[:MOST_DEPARTMENTS]))


def in_regions(regions: Iterable[Region]) -> list[Clause]:
    keys = [frozenset([f"{OF_REGION}{region.pk}"]) for region in regions]
    return [keys] if keys else []


def written(word: Word) -> Clause:
    return [needed(word.said)]


def abbreviated(word: Word) -> Clause:
    """卫健局 stands for a name that has its characters in this order."""
    return [frozenset(word.said)] if ABBREVIATION.fullmatch(word.said) else []


def is_named(row: Named, word: Word) -> bool:
    """One gram alone is held by what the index found for it, be it a code, a sound or a character."""
    return len(needed(word.said)) == 1 or bool(pattern(word.said).search(row.name))


def shortened(row: Named, word: Word) -> bool:
    letters = iter(row.name)
    return bool(abbreviated(word)) and all(letter in letters for letter in word.said)


def nearness(row: Named, words: Sequence[Word]) -> tuple[bool, int, str, str]:
    """Names that end as was typed first (教育局 before 教育局招生办公室), then the shorter ones."""
    return not row.name.endswith(words[-1].said), len(row.name), row.region, row.code


def like(question: Question) -> list[Named]:
    """Departments whose names are like what was typed, best first: of the same sound, or with one half of it; else those with
    all of its characters but two."""
    said = "".join(word.said for word in question.words)
    halves = (said[: (len(said) + 1) // 2], said[(len(said) + 1) // 2 :])
    near = [frozenset([sound]) for sound in spoken(said) if len(sound) > 3]
    near += [needed(half) for half in halves if len(half) > 1 and needed(half)]
    return _likest(question, said, near, LIKE_ENOUGH) or _likest(question, said, but_two(said), LIKE_BUT_TWO)


def but_two(said: str) -> Clause:
    """All of the characters but two of them; nothing for a word so short that little is left, or so long that it is none."""
    if not WITH_TWO_WRONG.fullmatch(said):
        return []
    return [frozenset(left) for left in combinations(said, len(said) - 2)]


def _likest(question: Question, said: str, clause: Clause, enough: float) -> list[Named]:
    if not clause:
        return []
    out: dict[int, tuple[float, Named]] = {}
    walked = DEPARTMENTS.holding([*in_regions(question.regions), clause], MOST_WALKED, newest=False)
    for key, row in rows(walked).items():
        sounds_alike = bool(spoken(said) & spoken(row.name[-len(said) :]))
        out[key] = likeness(said, row.name) + sounds_alike, row
    best = sorted(out.values(), key=lambda scored: (-scored[0], scored[1].region, scored[1].code))
    return [row for score, row in best[:MOST_LIKE] if score >= enough]


def likeness(typed: str, name: str) -> float:
    """From 0 to 1: how much of what was typed stands in the name, in order."""
    matcher = SequenceMatcher(None, typed, name, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(typed) if typed else 0.0


def rows(keys: Iterable[int]) -> dict[int, Named]:
    """The departments of these keys that are in use. One query, none for no key."""
    found = Department.objects.filter(IN_USE, pk__in=list(keys)).order_by()
    return (
        {
            row[0]: Named(*row)
            for row in found.values_list("pk", "name", "code", "region__code", "region__name")
        }
        if keys
        else {}
    )
