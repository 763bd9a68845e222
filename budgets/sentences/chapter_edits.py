"""The edits and marks of one chapter while last year's text is made this year's: what stands in whose place, what is read again."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from operator import attrgetter

from budgets.domain.ledgers import Narrative
from budgets.domain.passages import lines_of
from budgets.domain.quantities import SENTENCES, plain_digits
from budgets.sentences.references import references

START = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Reread:
    """A sentence that a person must read again, as it now stands, and why; without a sentence the whole chapter."""

    sentence: str
    why: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the old text and what stands in their place."""

    start: int
    end: int
    new: str


class ChapterEdits:
    """The text of a chapter, what is put in place of its words, and the places that somebody must read again.

    `plain` is the text with ASCII digits, place for place. References that stand in it already stay.
    """

    def __init__(self, narrative: Narrative) -> None:
        self.narrative = narrative
        self.typed = narrative.text
        self.plain = plain_digits(narrative.text)
        self._sentences = [
            (start + match.start(), start + match.end())
            for start, line in lines_of(replace(narrative, text=self.plain))
            for match in SENTENCES.finditer(line)
        ]
        self.marks: list[tuple[int, str]] = []
        # In order, none over another.
        self.edits = [Edit(r.start, r.end, self.typed[r.start : r.end]) for r in references(self.typed)]

    def text(self) -> str:
        """The chapter with its edits made."""
        return "".join(self.made(0, len(self.typed)))

    def reread(self) -> Iterator[Reread]:
        """The marked sentences as they now stand, each once with all that is to be said of it."""
        told: dict[tuple[int, int], list[str]] = {}
        for at, why in sorted(self.marks, key=lambda mark: mark[0]):
            whys = told.setdefault(self.sentence(at), [])
            whys += [why] * (why not in whys)
        for (start, end), whys in told.items():
            yield Reread("".join(self.made(start, end)).strip(), "；".join(whys))

    def made(self, start: int, end: int) -> Iterator[str]:
        """A stretch of the text with its edits made."""
        after = start
        for edit in self._from(start):
            if edit.end > end:
                break
            yield self.typed[after : edit.start]
            yield edit.new
            after = edit.end
        yield self.typed[after:end]

    def sentence(self, at: int) -> tuple[int, int]:
        """Start and end of the sentence around a place, within its line."""
        n = bisect_right(self._sentences, at, key=lambda span: span[0]) - 1
        return self._sentences[max(n, 0)] if self._sentences else (0, len(self.plain))

    def free(self, start: int, end: int) -> bool:
        """True where nothing was put in place of these words."""
        n = bisect_right(self.edits, start, key=START)
        taken = n > 0 and self.edits[n - 1].end > start
        return not taken and (n == len(self.edits) or end <= self.edits[n].start)

    def _from(self, start: int) -> Iterator[Edit]:
        yield from islice(self.edits, bisect_left(self.edits, start, key=START), None)

    def put(self, start: int, end: int, new: str) -> bool:
        """Put a reference in place of words; False where another stands already."""
        if not self.free(start, end):
            return False
        insort(self.edits, Edit(start, end, new), key=START)
        return True

    def mark(self, at: int, why: str) -> None:
        """Say that the sentence around a place must be read again."""
        self.marks.append((at, why))

    def undo(self, start: int, end: int) -> None:
        """Take back the edits and marks within a stretch."""
        self.edits = [edit for edit in self.edits if not (start <= edit.start and edit.end <= end)]
        self.marks = [(place, why) for place, why in self.marks if not start <= place < end]
