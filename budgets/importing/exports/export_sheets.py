"""The sheets of an export as a list: one heading a column, and the rows below it."""

from collections.abc import Iterable
from dataclasses import dataclass

from budgets.importing.captions.caption_norms import norm
from budgets.importing.reading.grids import Grid, GridCell

FEWEST_HEADINGS = 2
MOST_VALUES = 60  # different ones of a column that the bureau is asked about


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One sheet: its headings by column, and its rows."""

    name: str
    headings: dict[int, str]
    rows: tuple[tuple[int, dict[int, GridCell]], ...]

    def values(self, column: int) -> list[str]:
        """The different texts of a column as they come, at most so many as anybody is asked about."""
        found = dict.fromkeys(cells[column].text for _, cells in self.rows if column in cells)
        return list(found)[:MOST_VALUES]


def list_sheets(grids: Iterable[Grid]) -> list[ListSheet]:
    """The sheets that are lists, hidden ones left out; a sheet without headings over numbers is none."""
    return [sheet for grid in grids if not grid.hidden and (sheet := _list_sheet(grid))]


def _list_sheet(grid: Grid) -> ListSheet | None:
    """The heading is the last run of rows of words above the first row with a number; groups stand before their columns."""
    heads: list[int] = []
    rows = list(grid.rows())
    first = None
    for number, cells in rows:
        if any(cell.number is not None for cell in cells):
            first = number
            break
        heads = [*heads, number] if _is_head(grid, cells) else []
    if first is None or not heads:
        return None
    shown = grid.shown()
    headings: dict[int, str] = {}
    for column in range(1, grid.width + 1):
        path = dict.fromkeys(text for row in heads if (text := shown.get((row, column), "")))
        if path:
            headings[column] = "·".join(path)
    body = tuple((number, {cell.column: cell for cell in cells}) for number, cells in rows if number >= first)
    return ListSheet(grid.name, headings, body) if len(headings) >= FEWEST_HEADINGS else None


def _is_head(grid: Grid, cells: list[GridCell]) -> bool:
    """True for a row of several headings, or of one over some of the columns; a title stands over all of them."""
    if len(cells) >= FEWEST_HEADINGS:
        return True
    over = (merge for merge in grid.merges if (merge.top, merge.left) == (cells[0].row, cells[0].column))
    return cells[0].column > 1 and any(merge.right > merge.left for merge in over)


def same_headings(sheet: ListSheet, headings: Iterable[str]) -> bool:
    """True for a sheet with just these headings in this order; blanks and brackets make no difference."""
    return [norm(text) for text in sheet.headings.values()] == [norm(text) for text in headings]
