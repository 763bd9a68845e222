"""What a code of one year is called in another: one step of the crosswalk (科目对照) after the other, to and fro."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from budgets.domain.crosswalk import Move


class Then(NamedTuple):
    """The codes whose amounts add up to the one that was asked for, none where the years cannot be compared; `words`
    says what is not as it was, blank where nothing is."""

    codes: tuple[str, ...]
    words: str = ""


def codes_in(year: int, code: str, own: int, moves: Iterable[Move]) -> Then:
    """The codes of `year` that stand for a code of the year `own`; `moves` are those of its scheme."""
    steps = sorted(move for move in moves if min(own, year) < move.year <= max(own, year))
    return _back(code, steps) if year < own else _on(code, steps)


def _back(code: str, moves: Sequence[Move]) -> Then:
    """What was split lies in several codes now: none of them can be compared."""
    codes = {code}
    for year in sorted({move.year for move in moves}, reverse=True):
        now = [move for move in moves if move.year == year]
        taken = {move.new: {each.old for each in now if each.new == move.new} for move in now}
        codes = {old for each in codes for old in taken.get(each, {each})}
        if any(len({move.new for move in now if move.old == old}) > 1 for old in codes):
            return Then((), "科目有拆分，不比")
    found = tuple(sorted(codes))
    if found == (code,):
        return Then(found)
    return Then(found, f"科目原为 {found[0]}" if len(found) == 1 else f"科目由 {'、'.join(found)} 合并")


def _on(code: str, moves: Sequence[Move]) -> Then:
    """Later codes that hold others' money, too, cannot be compared, and no more can parts."""
    then = code
    for year in sorted({move.year for move in moves}):
        now = [move for move in moves if move.year == year]
        became = {move.new for move in now if move.old == then} or {then}
        if len(became) > 1:
            return Then((), "科目已拆分，不比")
        then = became.pop()
        if len({move.old for move in now if move.new == then}) > 1:
            return Then((), f"科目并入 {then}，不比")
    return Then((then,), "" if then == code else f"科目改为 {then}")
