"""Of which year a file, a table and a column are, by their own words."""

import re
from collections import Counter
from collections.abc import Iterable

from budgets.domain.numerals import read_numeral
from budgets.importing.reading.grids import Grid, Source, Text

DIGITS = r"(2\s?0\s?\d\s?\d)"  # a blank or a line's end within a year is layout: 202 2年预算数
SAID = re.compile(
    rf"年度\s*[:：]?\s*{DIGITS}|(?<!\d){DIGITS}\s*年(?!\d*月|起)|(二[〇零○][〇零一二三四五六七八九]{{2}})年"
)
TITLED = re.compile(r"[预决]算|收支|支出|收入|经费")
LONGEST_TITLE = 60
ROWS = 6  # at the top of a sheet, in which its title and the line of its year stand


def year_in(text: str) -> int:
    """The first year that a text names, in digits or characters; 0 for none, or for a date."""
    found = SAID.search(text)
    if not found:
        return 0
    digits = found[1] or found[2]
    return int("".join(digits.split())) if digits else int(read_numeral(found[3]))


def file_year(source: Source, asked: int = 0) -> int:
    """The year that most tables and titles of a file name; of several equally often the one asked for, else the latest.

    0 when none is named. Each table has one voice, so that a table of last year does not make the file one.
    """
    votes: Counter[int] = Counter()
    for block in source.blocks:
        if isinstance(block, Text):
            said = (
                year_in(block.text) if len(block.text) <= LONGEST_TITLE and TITLED.search(block.text) else 0
            )
        else:
            said = _of_grid(block)
        votes[said] += bool(said)
    most = max(votes.values(), default=0)
    likeliest = [year for year, count in votes.items() if most and count == most]
    return asked if asked in likeliest else max(likeliest, default=0)


def _of_grid(grid: Grid) -> int:
    lines = [cell.text for (row, _), cell in sorted(grid.cells.items()) if row <= ROWS]
    labelled = [line for line in lines if "年度" in line and year_in(line)]
    titles = [line for line in lines if TITLED.search(line) and len(line) <= LONGEST_TITLE]
    return first_year((*labelled, grid.name, *titles[:1])) or max(map(year_in, lines), default=0)


def first_year(texts: Iterable[str]) -> int:
    """The year that the first of some texts names that names one; 0 for none."""
    return next((year for text in texts if (year := year_in(text))), 0)
