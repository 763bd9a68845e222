"""Real disclosures as PDF: each cell of their lists, made with another reader, is read at its place."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from budgets.importing.reading.grids import Grid
from budgets.importing.reading.pdf_child import read_pdf
from tests.makers.sample_files import SAMPLE

REAL = {  # cells that hold something, of how many tables
    "shanghai-putuo-commerce-unit-2025": (820, 13),
    "shanghai-putuo-planning-final-2024": (764, 14),
}
CELL = re.compile(r"(?<!\\)\|")

type Row = list[tuple[int, str]]  # column and text of each cell that holds something


@cache
def listed(name: str) -> list[tuple[int, list[Row]]]:
    """The tables of a list, each of one page: the page, and its rows."""
    page, last, tables = 0, "", []
    for line in (SAMPLE / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## PDF page (\d+)", line):
            page = int(heading[1])
        if line.startswith("|"):
            if not last.startswith("|"):
                tables.append((page, []))
            cells = ["".join(text.split()) for text in CELL.split(line)[1:-1]]
            tables[-1][1].append([(i, text) for i, text in enumerate(cells, 1) if text])
        last = line
    return tables


@cache
def read_rows(name: str) -> dict[str, list[Row]]:
    """The rows of each grid by its name, which tells its pages."""
    found, unread = read_pdf(f"{name}.pdf", (SAMPLE / f"{name}.pdf").read_bytes())
    assert not unread
    grids = [block for block in found if isinstance(block, Grid)]
    return {
        grid.name: [[(c.column, "".join(c.raw.split())) for c in cells] for _, cells in grid.rows()]
        for grid in grids
    }


def on(page: int, rows: dict[str, list[Row]]) -> Iterator[list[Row]]:
    """The grids with a part on a page."""
    for name, grid in rows.items():
        pages = [int(number) for number in re.findall(r"\d+", name.rpartition("第")[2])]
        if pages[0] <= page <= pages[-1]:
            yield grid


def missing(rows: list[Row], grid: list[Row]) -> list[Row]:
    """The rows of a list that a grid does not have: as many cells, the same texts, each column one column."""
    texts = [[text for _, text in row] for row in grid]
    columns: dict[int, set[int]] = {}
    lost, at = [], 0
    for row in rows:
        wanted = [text for _, text in row]
        # A repeated header stands once, above; all else comes in order.
        place = next((i for i in [*range(at, len(grid)), *range(at)] if texts[i] == wanted), None)
        if place is None:
            lost.append(row)
            continue
        at = place + 1 if place >= at else at
        if len(row) == 1:
            continue  # a title, which stands in the middle above
        for (column, _), (seen, _) in zip(row, grid[place], strict=True):
            columns.setdefault(column, set()).add(seen)
    order = [columns[column] for column in sorted(columns)]
    apart = all(len(seen) == 1 for seen in order) and all(max(a) < min(b) for a, b in pairwise(order))
    return lost if apart else rows


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_each_cell_of_the_list_is_read_at_its_place(name):
    tables, read = listed(name), read_rows(name)
    assert (sum(len(row) for _, rows in tables for row in rows), len(tables)) == REAL[name]
    lost = [
        (page, row)
        for page, rows in tables
        for row in min((missing(rows, grid) for grid in on(page, read)), key=len)
        if row
    ]
    assert lost == []


@pytest.mark.slow
def test_a_changed_amount_or_place_is_noticed():
    name = "shanghai-putuo-planning-final-2024"
    page, rows = next((page, rows) for page, rows in listed(name) if len(rows) > 10)
    (grid,) = on(page, read_rows(name))
    assert missing(rows, grid) == []
    row = rows[-1]
    other = [*row[:-1], (row[-1][0], "0.01")]
    assert missing([*rows[:-1], other], grid) == [other]
    shifted = [(column + (column == row[-1][0]), text) for column, text in row]
    assert missing([*rows[:-1], shifted], grid)
