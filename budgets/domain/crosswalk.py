"""The crosswalk of codes (科目对照): which codes of a later year took the place of those of an earlier one."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from budgets.domain.classification import Subjects, ancestors, is_leaf
from budgets.domain.facts import CODES, Fact


class Move(NamedTuple):
    """From `year` on, what was `old` is `new`; several moves from one code split it, several to one merge them."""

    year: int
    scheme: str
    old: str
    new: str


class Crosswalk:
    """The moves from one year to another; those of several years are followed one year after the other."""

    def __init__(self, moves: Iterable[Move] = ()) -> None:
        self._years: dict[int, dict[tuple[str, str], set[str]]] = {}
        for move in sorted(moves):
            year = self._years.setdefault(move.year, {})
            year.setdefault((move.scheme, move.old), set()).add(move.new)

    def __bool__(self) -> bool:
        return bool(self._years)

    def successors(self, code: str, scheme: str) -> tuple[str, ...]:
        """The codes that took its place, sorted: itself alone where it did not move, several where it was split."""
        codes = {code}
        for moves in self._years.values():
            codes = {new for old in codes for new in moves.get((scheme, old), {old})}
        return tuple(sorted(codes))

    def carried(self, fact: Fact) -> Fact:
        """The fact in the later year's codes: what was split stands at the narrowest code above all of its parts, so
        that no part has it and every sum that holds all parts is right."""
        codes: dict[str, Any] = {
            scheme: _common(self.successors(code, scheme), scheme)
            for scheme in CODES
            if (code := getattr(fact, scheme))
        }
        return replace(fact, **codes) if codes else fact


class Succession:
    """What became of the codes that one table of an earlier year has amounts at; `then` and `now` are the years' lists.

    `splits` are those that became several, `origins` the codes that each later one took the place of.
    """

    def __init__(
        self, moves: Crosswalk, scheme: str, codes: Iterable[str], then: Subjects, now: Subjects
    ) -> None:
        self.scheme, self.then, self.now = scheme, then, now
        self.became = {code: moves.successors(code, scheme) for code in codes if is_leaf(code, scheme)}
        self.splits = {code: became for code, became in self.became.items() if len(became) > 1}
        self.origins: dict[str, list[str]] = {}
        for code, became in self.became.items():
            if len(became) == 1:
                self.origins.setdefault(became[0], []).append(code)

    def split_in(self, code: str) -> list[str]:
        """The earlier codes of which a later one, or one above it, holds some parts but not all."""
        return [old for old, parts in self.splits.items() if parted(code, parts)]

    def is_new(self, code: str) -> bool:
        """True for a code of the later list that took no other's place, and that the earlier list had not."""
        return (
            is_leaf(code, self.scheme)
            and code not in self.origins
            and self.now.get(code, self.scheme) is not None
            and self.then.get(code, self.scheme) is None
        )

    def unlike(self, code: str) -> bool:
        """True where the two years cannot be compared (不可比)."""
        return bool(self.split_in(code)) or self.is_new(code)


def parted(code: str, parts: tuple[str, ...]) -> bool:
    """Whether a code holds some of the parts that one code was split into, but not all of them."""
    return 0 < sum(part.startswith(code) for part in parts) < len(parts)


def _common(codes: tuple[str, ...], scheme: str) -> str:
    if len(codes) == 1:
        return codes[0]
    above = [code for code in ancestors(codes[0], scheme) if all(each.startswith(code) for each in codes)]
    return above[-1] if above else ""
