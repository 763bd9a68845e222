"""The crosswalk of codes (科目对照): which codes of a later year took the place of those of an earlier one."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from budgets.domain.classification import ancestors
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


def parted(code: str, parts: tuple[str, ...]) -> bool:
    """Whether a code holds some of the parts that one code was split into, but not all of them."""
    return 0 < sum(part.startswith(code) for part in parts) < len(parts)


def _common(codes: tuple[str, ...], scheme: str) -> str:
    if len(codes) == 1:
        return codes[0]
    above = [code for code in ancestors(codes[0], scheme) if all(each.startswith(code) for each in codes)]
    return above[-1] if above else ""
