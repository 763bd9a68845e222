"""Tables that stand beside each other on one sheet: the sheet cut where a whole column is blank."""

from collections.abc import Iterator
from dataclasses import replace

from budgets.importing.reading.grids import Grid

MOST = 6  # blank stretches: a sheet of more is no sheet of tables


def cuts(grid: Grid) -> Iterator[tuple[Grid, Grid]]:
    """What stands left and right of each stretch of blank columns, cells at their own addresses."""
    used = sorted({column for _, column in grid.cells})
    starts = [right for left, right in zip(used, used[1:], strict=False) if right > left + 1]
    for start in starts if len(starts) <= MOST else ():
        yield piece(grid, 0, start), piece(grid, start, grid.width + 1)


def piece(grid: Grid, start: int, end: int) -> Grid:
    """The columns from `start` to before `end`. What is merged on beyond, as a title over two tables, ends there."""
    cells = {place: cell for place, cell in grid.cells.items() if start <= place[1] < end}
    merges = [
        replace(merge, right=min(merge.right, end - 1)) for merge in grid.merges if start <= merge.left < end
    ]
    return Grid(grid.name, cells, merges, grid.hidden)
