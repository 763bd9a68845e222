"""Two versions of chapters held against each other sentence by sentence: kept, moved, changed, new, dropped."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from os.path import commonprefix

from budgets.domain.terms import Term

SENTENCES = re.compile(r"[^。；;]*[。；;]+[”』」）)]*|[^。；;]+")
WITHIN_NUMBER = re.compile(r"\d[\d.,，．%％]|[.,，．]\d")  # two neighbouring characters
ALIKE = 0.5  # of two sentences of which one became the other
MOST_PAIRS = (
    2_500  # of sentences that are held against each other one by one; of more, those at the same place
)
CARED_FOR = 2_000_000  # pairs of equal sentences looked through; in longer chapters frequent ones are not


class How(Term):
    """What became of a sentence."""

    KEPT = "kept", "未改"
    MOVED = "moved", "移动"
    CHANGED = "changed", "修改"
    NEW = "new", "新增"
    DROPPED = "dropped", "删去"


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """One sentence: how it stood before, how it stands now; blank where it did not or does not. `pieces` are its words,
    each with 同, 删 or 增, of a changed one. `elsewhere` is the chapter that a moved one comes from or went to."""

    how: How
    before: str
    after: str
    elsewhere: str = ""

    @property
    def pieces(self) -> list[tuple[str, str]]:
        return pieces(self.before, self.after) if self.how is How.CHANGED else []


def split_sentences(line: str) -> list[str]:
    """The sentences of a line, each with its mark; joined they are the line."""
    return SENTENCES.findall(line)


def sentences(text: str) -> list[str]:
    """The sentences of a text without the blanks around them."""
    found = (part.strip() for line in text.splitlines() for part in split_sentences(line))
    return [part for part in found if part]


def compared(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[SentenceChange]]:
    """What became of each sentence, by the key of its chapter in `after`, in its order; a dropped one stands where it was."""
    found = {key: list(_chapter(before.get(key, ""), text)) for key, text in after.items()}
    gone: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for key, changes in found.items():
        for n, change in enumerate(changes):
            if change.how is How.DROPPED:
                gone[change.before].append((key, n))
    for key, changes in found.items():
        for n, change in enumerate(changes):
            if change.how is How.NEW and gone[change.after]:
                place, at = gone[change.after].pop(0)
                other = place if place != key else ""
                changes[n] = replace(change, how=How.MOVED, before=change.after, elsewhere=other)
                found[place][at] = replace(found[place][at], how=How.MOVED, elsewhere=key)
    # Where a sentence was moved to says it; the place that it left says it only of another chapter.
    return {
        key: [c for c in changes if not (c.how is How.MOVED and not c.after and c.elsewhere == key)]
        for key, changes in found.items()
    }


def _chapter(before: str, after: str) -> Iterator[SentenceChange]:
    old, new = sentences(before), sentences(after)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > CARED_FOR)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield from (SentenceChange(How.KEPT, text, text) for text in new[c:d])
        else:
            yield from _gap(old[a:b], new[c:d])


def _gap(old: Sequence[str], new: Sequence[str]) -> Iterator[SentenceChange]:
    """Sentences between two that were kept: each new one with the first old one behind the last pair that it is like."""
    at = 0
    few = len(old) * len(new) <= MOST_PAIRS
    there = set(old)
    for n, text in enumerate(new):
        tried = range(at, len(old)) if few else range(max(at, n), min(n + 1, len(old)))
        likest = max(tried, key=lambda i: _likeness(old[i], text), default=-1) if text not in there else -1
        if likest >= 0 and old[likest] not in new and _likeness(old[likest], text) >= ALIKE:
            yield from (SentenceChange(How.DROPPED, gone, "") for gone in old[at:likest])
            yield SentenceChange(How.CHANGED, old[likest], text)
            at = likest + 1
        else:
            yield SentenceChange(How.NEW, "", text)
    yield from (SentenceChange(How.DROPPED, gone, "") for gone in old[at:])


def _likeness(one: str, other: str) -> float:
    """How many pairs of neighbouring characters two sentences share, 0 to 1."""
    left, right = (Counter(zip(text, text[1:], strict=False)) for text in (one, other))
    return 2 * (left & right).total() / max(1, left.total() + right.total())


def _within_number(text: str, at: int) -> bool:
    """Whether a number goes on over that place."""
    return bool(WITHIN_NUMBER.fullmatch(text[at - 1 : at + 1]))


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    """The words of a changed sentence, each with 同 (in both), 删 or 增: what is the same around what is not.

    A number is changed whole: 9.73 became 9.63, and not a 7 a 6 within it.
    """
    start = len(commonprefix((before, after)))
    while start and any(_within_number(text, start) for text in (before, after)):
        start -= 1
    rest, new = before[start:], after[start:]
    end = len(commonprefix((rest[::-1], new[::-1])))
    while end and any(_within_number(text, len(text) - end) for text in (rest, new)):
        end -= 1
    middle = (("删", rest[: len(rest) - end]), ("增", new[: len(new) - end]))
    found = (("同", before[:start]), *middle, ("同", rest[len(rest) - end :]))
    return [(mark, text) for mark, text in found if text]
