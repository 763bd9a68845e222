"""The amounts of one paragraph by where they stand: in the same clause, in the same period, before a list of parts."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from budgets.domain.quantities import plain_digits, told_in
from budgets.sentences.comparisons import ACTUAL, DONE, OPENER, PLAN, PLAN_BESIDE
from budgets.sentences.statements import Said

NEAR = 40  # amounts before a percentage, one of which may be its whole
PERIOD = re.compile(r"[。\n]")
CLAUSE = re.compile(r"[。；;\n]")


def place_in_line(one: Said) -> int:
    """Where an amount stands in its paragraph."""
    return one.quantity.begin + one.quantity.at


def is_plan(one: Said) -> bool:
    """True for 年初预算为…: what was to be spent, beside what was."""
    quantity = one.quantity
    beside = PLAN_BESIDE if told_in(ACTUAL, quantity.sentence) else PLAN
    return not quantity.change and bool(beside.search(quantity.called))


def is_done(one: Said) -> bool:
    """True for 支出决算为…: what was spent."""
    return not one.quantity.change and not is_plan(one) and bool(DONE.search(one.quantity.called))


class Spoken:
    """One paragraph: `start` is where it stands in its chapter, `amounts` are its own, in order."""

    def __init__(self, start: int, line: str, amounts: Sequence[Said]) -> None:
        self.start, self.text, self.amounts = start, plain_digits(line), amounts
        self.places = [place_in_line(one) for one in amounts]
        self.periods = [m.end() for m in PERIOD.finditer(self.text)]
        self.clauses = [m.end() for m in CLAUSE.finditer(self.text)]
        self.opens = [(m.start(), m.end()) for m in OPENER.finditer(self.text)]
        self._open_starts = [at for at, _ in self.opens]

    def period(self, place: int) -> int:
        """Where the period around a place begins: behind the last 。"""
        return _last(self.periods, place)

    def clause(self, place: int) -> int:
        """Where its part up to the last ； begins."""
        return _last(self.clauses, place)

    def period_end(self, place: int) -> int:
        """Where the period around a place ends, its mark included."""
        n = bisect_right(self.periods, place)
        return self.periods[n] if n < len(self.periods) else len(self.text)

    def between(self, start: int, end: int) -> Sequence[Said]:
        """The amounts that begin in a stretch, the last of them where there are many."""
        first, last = bisect_left(self.places, start), bisect_left(self.places, end)
        return self.amounts[max(first, last - NEAR) : last]

    def opener(self, place: int, since: int) -> tuple[int, int] | None:
        """The last 其中 before a place, not before `since`."""
        n = bisect_left(self._open_starts, place)
        return self.opens[n - 1] if n and self.opens[n - 1][0] >= since else None

    def openers(self, place: int, since: int) -> Sequence[tuple[int, int]]:
        """Every 其中 between, the nearest last; those of one period are few."""
        n, first = bisect_left(self._open_starts, place), bisect_left(self._open_starts, since)
        return self.opens[max(first, n - NEAR) : n]

    def heads(self, place: int, since: int) -> bool:
        """True when nothing but marks stands between `since` and a place."""
        return place - since < NEAR and not self.text[since:place].strip("，,、：: ")

    def head_before(self, place: int) -> Said | None:
        """What a list of parts that opens at a place divides: the last amount of its period, or of the one before."""
        start = self.period(place)
        within = [one for one in self.between(start, place) if not one.quantity.change]
        if not within and start and self.heads(place, start):
            within = [one for one in self.between(self.period(start - 1), start) if not one.quantity.change]
        return within[-1] if within else None


def _last(ends: list[int], place: int) -> int:
    n = bisect_right(ends, place)
    return ends[n - 1] if n else 0
