"""Worksheets of words: a chapter that stands on a sheet of its own, as some regions' workbooks have it."""

from collections.abc import Iterator

from budgets.domain.tables import TableSet
from budgets.importing.captions.chapter_titles import is_title
from budgets.importing.reading.grids import Grid, Text

HEADING = 1  # level of the title, as a heading's style would give it


def texts_of(grid: Grid, table_set: TableSet) -> list[Text]:
    """The lines of a sheet that begins with the title of a chapter; nothing for any other sheet.

    A sheet with a number in a cell of its own is no sheet of words.
    """
    lines = list(_lines(grid))
    if not lines or any(cell.number is not None for cell in grid.cells.values()):
        return []
    title, place = lines[0]
    if not any(is_title(title, chapter) for chapter in table_set.chapters):
        return []
    return [Text(title, place, level=HEADING), *(Text(*line) for line in lines[1:])]


def _lines(grid: Grid) -> Iterator[tuple[str, str]]:
    """Each line with its place, from top to bottom."""
    for place in sorted(grid.cells):
        cell = grid.cells[place]
        yield from (
            (line.strip(), f"{grid.name} {cell.address}") for line in cell.raw.splitlines() if line.strip()
        )
