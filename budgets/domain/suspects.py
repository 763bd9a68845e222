"""Which cells are wrong: the smallest set whose change would make every identity hold.

One wrong cell breaks every identity it stands in, by its own amount, and no other: so it can be told from all the rest.
For two and more the same question is asked again after each likely cell is mended.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from budgets.domain.identities import ZERO, Identity
from budgets.domain.places import CellRef

MOST = 4  # more wrong cells than this are not told apart

type Change = tuple[CellRef, Decimal]  # a cell, and what is added to it


class _System:
    """The identities as rows of a linear system, with the gaps that are left to explain."""

    def __init__(self, among: Iterable[Identity], cells: Mapping[CellRef, Decimal]) -> None:
        self.rows, self.cells = list(among), cells
        self.columns: dict[CellRef, dict[int, int]] = defaultdict(dict)
        for i, identity in enumerate(self.rows):
            for cell, sign in identity.terms():
                self.columns[cell][i] = self.columns[cell].get(i, 0) + sign
        for cell, column in self.columns.items():
            self.columns[cell] = {i: sign for i, sign in column.items() if sign}

    def mends(self, gaps: Mapping[int, Decimal]) -> list[Change]:
        """The cells whose change alone closes all gaps; last those that would become negative by it,
        and before them those that are not printed."""
        candidates = {cell for cell, _ in self.rows[min(gaps, key=self._size)].terms()}
        shifts = {cell: self._shift(gaps, cell) for cell in self._ordered(candidates)}
        found = [(cell, shift) for cell, shift in shifts.items() if not self._after(gaps, cell, shift)]
        return sorted(
            found,
            key=lambda each: (self.cells.get(each[0], ZERO) + each[1] < 0, each[0] not in self.cells),
        )

    def _size(self, i: int) -> int:
        return len(self.rows[i].left) + len(self.rows[i].right)

    def _shift(self, gaps: Mapping[int, Decimal], cell: CellRef) -> Decimal:
        i = next((i for i in self.columns[cell] if i in gaps), None)
        return ZERO if i is None else -gaps[i] / self.columns[cell][i]

    def _after(self, gaps: Mapping[int, Decimal], cell: CellRef, shift: Decimal) -> dict[int, Decimal]:
        left = dict(gaps)
        for i, sign in self.columns[cell].items():
            gap = left.get(i, ZERO) + sign * shift
            if gap:
                left[i] = gap
            else:
                del left[i]
        return left

    def _ordered(self, cells: Iterable[CellRef]) -> list[CellRef]:
        return sorted(cells, key=lambda cell: (-len(self.columns[cell]), cell))

    def solve(self, gaps: Mapping[int, Decimal], most: int) -> list[Change] | None:
        """A smallest set of at most `most` cells, or None."""
        if not gaps:
            return []
        for size in range(1, most + 1):
            if (found := self._sized(gaps, size)) is not None:
                return found
        return None

    def _sized(self, gaps: Mapping[int, Decimal], size: int) -> list[Change] | None:
        if size == 1:
            return self.mends(gaps)[:1] or None
        seed = min(gaps, key=self._size)
        for cell in self._ordered({cell for cell, _ in self.rows[seed].terms()}):
            for shift in {-gaps[i] / sign for i, sign in self.columns[cell].items() if i in gaps}:
                left = self._after(gaps, cell, shift)
                # A wrong cell explains more gaps than it opens, unless another one cancels it somewhere; three or more
                # that cancel are not worth following.
                if not left or (size > 2 and len(left) >= len(gaps)):
                    continue
                if (rest := self._sized(left, size - 1)) is not None:
                    return [(cell, shift), *rest]
        return None


def corrections(among: Iterable[Identity], cells: Mapping[CellRef, Decimal]) -> dict[CellRef, Decimal | None]:
    """The smallest set of cells whose change would settle everything, each with the amount that would; empty when
    every identity holds.

    Where more than four cells are wrong at once they are not told apart: every cell that stands in broken identities
    only is returned, with None.
    """
    system = _System(among, cells)
    gaps = {i: gap for i, identity in enumerate(system.rows) if (gap := identity.gap(cells))}
    found = system.solve(gaps, MOST)
    if found is None:
        doubtful = (c for c, column in system.columns.items() if column and all(i in gaps for i in column))
        return dict.fromkeys(sorted(doubtful))
    shifts: dict[CellRef, Decimal] = defaultdict(Decimal)
    for cell, shift in found:
        shifts[cell] += shift
    return {cell: cells.get(cell, ZERO) + shift for cell, shift in shifts.items()}


def instead(
    among: Iterable[Identity], cells: Mapping[CellRef, Decimal], right: Mapping[CellRef, Decimal]
) -> dict[CellRef, list[CellRef]]:
    """By each of the cells that `corrections` told with amounts those that might be wrong in its stead: changed alone beside
    the others they settle everything as well, and stay positive where it does. Empty for one that is told for sure."""
    system = _System(among, cells)
    found = {}
    for told in right:
        mended = {**cells, **{cell: amount for cell, amount in right.items() if cell != told}}
        gaps = {i: gap for i, identity in enumerate(system.rows) if (gap := identity.gap(mended))}
        settle = system.mends(gaps) if gaps else []
        positive = [cell for cell, shift in settle if mended.get(cell, ZERO) + shift >= 0]
        found[told] = [cell for cell in positive if cell not in right] if told in positive else []
    return found


def suspects(among: Iterable[Identity], cells: Mapping[CellRef, Decimal]) -> list[CellRef]:
    """The cells of `corrections`."""
    return list(corrections(among, cells))
