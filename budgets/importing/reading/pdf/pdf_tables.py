"""Ruled tables of pages as grids: parts on following pages joined, repeated headers once, the title above them."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from budgets.importing.captions.caption_norms import FORM_NUMBER, norm
from budgets.importing.captions.meta_lines import kinds
from budgets.importing.reading.grids import Grid, GridCell, Merge
from budgets.importing.reading.pdf.pdf_pages import Box, Line, Ruled

NEAR = 4.0  # points: edges that belong together
MOST_ABOVE = 5  # lines above a table that may belong to it
TITLE = re.compile(r"表\s*(?:[)）”》]|[(（](?:续|[^()（）]*元[^()（）]*|[一二三四五六七八九十\d]+)[)）])?$")
AGAIN = re.compile(r"[(（]续表?[)）]|续表|\s+")
LONGEST_TITLE = 60


@dataclass
class Joined:
    """One table: its parts on one page or several, and the lines above its first part."""

    parts: list[Ruled]
    lead: list[Line] = field(default_factory=list)

    def goes_on(self, part: Ruled, lead: list[Line]) -> bool:
        """True when a part on the next page has the same columns and nothing above it, or the same lines again."""
        last = self.parts[-1]
        if part.page != last.page + 1 or abs(part.x0 - last.x0) > NEAR or abs(part.x1 - last.x1) > NEAR:
            return False
        fewer, more = sorted((edges(self.parts), edges([part])), key=len)
        alike = all(any(abs(x - other) <= NEAR for other in more) for x in fewer)
        said = {AGAIN.sub("", line.text) for line in self.lead}
        return alike and {AGAIN.sub("", line.text) for line in lead} <= {*said, ""}


def edges(parts: Iterable[Ruled]) -> list[float]:
    """The left edges of the columns, and the right edge of the last."""
    return clusters(x for part in parts for box in part.boxes for x in (box.x0, box.x1))


def clusters(values: Iterable[float]) -> list[float]:
    """Values in order, each group of near ones once."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NEAR:
            found.append(value)
    return found


def is_form_number(text: str) -> bool:
    return bool(FORM_NUMBER.fullmatch(norm(text)))


def belongs_above(line: Line) -> bool:
    """True for what stands above a table as its own: title, form number, department, unit of money, year."""
    texts = [text for _, text in line.parts]
    if all(kinds(text) or is_form_number(text) for text in texts):
        return True
    return len(line.text) <= LONGEST_TITLE and any(TITLE.search(text) for text in texts)


def lead_of(lines: list[Line]) -> list[Line]:
    """The lines right above a table that belong to it, out of those between it and what comes before."""
    near = list(takewhile(belongs_above, reversed(lines[-MOST_ABOVE:])))
    return near[::-1]


def as_grid(table: Joined) -> Grid:
    """The table as a grid, its lines above in rows above its first; named by its title and pages."""
    grid = Grid(name_of(table))
    columns = edges(table.parts)
    height = -len(table.lead)
    for line in table.lead:
        height += 1
        column = 0
        # A form number (表1) only counts the tables, as a page number does the pages.
        for x, text in (part for part in line.parts if not is_form_number(part[1])):
            column = max(column + 1, bisect_right(columns, x + NEAR))
            grid.put(GridCell(height, column, text))
    header: list[str] = []
    for part in table.parts:
        rows = rows_of(part)
        words = [wording(row, columns) for row in rows]
        again = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(header, words, strict=False)))
        header = header or words
        tops = [row[0].top for row in rows]
        for row in rows[again:]:
            height += 1
            for box in row:
                left, right = column_of(columns, box.x0), column_of(columns, box.x1) - 1
                bottom = height + sum(row[0].top + NEAR < top < box.bottom - NEAR for top in tops)
                if box.text:
                    grid.put(GridCell(height, left, box.text, problem=box.problem))
                if (bottom, right) != (height, left):
                    grid.merges.append(Merge(height, left, bottom, right))
    return grid


def name_of(table: Joined) -> str:
    """The title of a table with its pages, as a person finds it: 部门预算收入总表（第10—11页）."""
    first, last = table.parts[0].page, table.parts[-1].page
    pages = f"第{first}页" if first == last else f"第{first}—{last}页"
    title = next((text for line in table.lead for _, text in line.parts if TITLE.search(text)), "")
    return f"{title}（{pages}）" if title else pages


def rows_of(part: Ruled) -> list[list[Box]]:
    """The boxes of each row from left to right; a box that spans rows stands in its first."""
    rows: list[list[Box]] = []
    for box in sorted(part.boxes, key=lambda box: (box.top, box.x0)):
        if rows and abs(rows[-1][0].top - box.top) < 1:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows


def wording(row: list[Box], columns: list[float]) -> str:
    return "|".join(f"{column_of(columns, box.x0)}:{''.join(box.text.split())}" for box in row)


def column_of(columns: list[float], x: float) -> int:
    """The 1-based column that begins at an edge."""
    return min(range(len(columns)), key=lambda i: abs(columns[i] - x)) + 1
