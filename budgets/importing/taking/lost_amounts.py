"""Amounts of a file that were not read, put together by their cause."""

import re
from collections.abc import Mapping, Sequence

from budgets.domain.money import QUOTED
from budgets.importing.reading.grids import Unread
from budgets.importing.taking.table_bodies import Body

IN_QUOTES = re.compile("“[^”]*”")
SHOWN = 10  # cells that a message names; all of them stand beside it


def lost_amounts(bodies: Mapping[str, Body]) -> list[tuple[str, list[Unread]]]:
    """The amounts that were not read, by table and cause: a column of 24 such cells is one fault."""
    causes: dict[tuple[str, str], list[Unread]] = {}
    for key, body in bodies.items():
        for entry in body.doubtful:
            causes.setdefault((key, IN_QUOTES.sub("", entry.why)), []).append(entry)
    return [(key, entries) for (key, _), entries in causes.items()]


def not_read(entries: Sequence[Unread]) -> str:
    """Cells of one table that were not read for one cause, in words: 单元格 D9、D10 等 24 格…"""
    first = entries[0]
    cells = "、".join(entry.cell for entry in entries[:SHOWN])
    more = f" 等 {len(entries)} 格" if len(entries) > SHOWN else ""
    what = "" if first.text[:QUOTED] in first.why else f"“{first.text[:QUOTED]}”"
    if len(entries) == 1:
        return f"单元格 {cells} {what and f'的{what}'}没有读取：{first.why}"
    example = f"例如{what}{first.why}" if not what else f"例如{what}：{first.why}"
    return f"单元格 {cells}{more} 没有读取，{example}"
