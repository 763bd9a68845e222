"""Which rows and tables of two documents are the same thing: by key, or by what they say where they are only counted."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from budgets.domain.documents import ColumnKind, Row, Sheet

COUNTS = {ColumnKind.SERIAL}  # a number that only counts the rows


def same_sheets(before: Sequence[Sheet], after: Sequence[Sheet]) -> list[tuple[int, int]]:
    """Which tables are the same one, as places in both lists."""
    return _pairs([_named(sheet) for sheet in before], [_named(sheet) for sheet in after])


def _named(sheet: Sheet) -> tuple[str, str]:
    """What a table is known by: its key, and its title where there is one for each record (a goal, in any order)."""
    return re.sub(r"_\d+$", "", sheet.key), sheet.title


def _pairs(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Which of two lists are the same thing: those that say the same, then in order those that begin alike."""
    left = list(range(len(old)))
    found: dict[int, int] = {}
    for words in (None, 1):
        for n in (n for n in range(len(new)) if n not in found):
            match = next((m for m in left if old[m][:words] == new[n][:words]), None)
            if match is not None:
                left.remove(match)
                found[n] = match
    return [(m, n) for n, m in found.items()]


def same_rows(before: Sheet, after: Sheet) -> Iterator[tuple[int, int]]:
    """Which rows are the same one, as places in both tables: by key where it names them; a list that only counts its rows, by what they say."""
    if not all(row.key == str(n) for sheet in (before, after) for n, row in enumerate(sheet.rows, 1)):
        place = {row.key: n for n, row in enumerate(before.rows)}
        yield from ((place[row.key], n) for n, row in enumerate(after.rows) if row.key in place)
        return
    old, new = ([_words(sheet, row) for row in sheet.rows] for sheet in (before, after))
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal" or (what == "replace" and b - a == d - c):
            yield from zip(range(a, b), range(c, d), strict=True)
        elif what == "replace":
            yield from ((a + m, c + n) for m, n in _pairs(old[a:b], new[c:d]) if old[a + m][:1] != ("",))


def _words(sheet: Sheet, row: Row) -> tuple[str, ...]:
    cells = zip(sheet.columns, row.cells, strict=True)
    return tuple(cell.text for column, cell in cells if column.kind not in COUNTS)
