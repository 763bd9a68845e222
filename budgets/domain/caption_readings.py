"""How the captions and codes of a list nest: which rows are sums of which others, in each way that they can be read."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

SUBTOTAL = re.compile(r"小计$")
TOTAL = re.compile(r"^(?:合计|总计|共计)$|(?:合计|总计)$")
OF_WHICH = re.compile(r"^(?:其中|#)")
LEVELS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^[一二三四五六七八九十]+[、.．]",
        r"^[（(][一二三四五六七八九十]+[)）]",
        r"^\d+[、.．](?!\d)",
        r"^[（(]\d+[)）]|^\d+[)）]",
    )
)


@dataclass(slots=True)
class Reading:
    """One way to read the rows of a list: each sum with its parts, by the index of rows. `sure` ones leave nothing open."""

    sums: list[tuple[int, list[int]]] = field(default_factory=list)
    sure: bool = True
    way: str = "lines"


def numbered_level(caption: str) -> int | None:
    """How deep the number before a caption is: 0 for 一、, 1 for （一）, 2 for 1., 3 for (1); None without one."""
    return next((n for n, mark in enumerate(LEVELS) if mark.match(caption)), None)


def is_total(caption: str) -> bool:
    return bool(TOTAL.search(caption) or SUBTOTAL.search(caption))


def unsure(reading: Reading) -> Reading:
    return Reading(reading.sums, False, reading.way)


def code_above(code: str, codes: Collection[str]) -> str:
    """The longest other code that a code begins with; blank for none."""
    return next((code[:n] for n in range(len(code) - 1, 0, -1) if code[:n] in codes), "")


def by_code(codes: dict[int, str]) -> Reading:
    """类 is the sum of its 款, 款 of its 项."""
    row_of = {code: row for row, code in codes.items()}
    below: dict[str, list[int]] = {}
    for row, code in codes.items():
        if above := code_above(code, row_of):
            below.setdefault(above, []).append(row)
    return Reading([(row_of[code], rows) for code, rows in below.items()], way="children")


def by_number(captions: dict[int, str], levels: dict[int, int | None]) -> Reading:
    """A numbered line is the sum of the numbered lines one step below it, where there are two or more."""
    sums: list[tuple[int, list[int]]] = []
    rows = list(captions)
    for n, row in enumerate(rows):
        level, parts = levels[row], list[int]()
        for later in rows[n + 1 :] if level is not None else []:
            below = levels[later]
            if is_total(captions[later]) or (below is not None and level is not None and below <= level):
                break
            if below is not None:
                parts.append(later)
        nearest = min((levels[each] or 0 for each in parts), default=0)
        parts = [each for each in parts if levels[each] == nearest and not OF_WHICH.match(captions[each])]
        if len(parts) > 1:
            sums.append((row, parts))
    return Reading(sums, sure=False, way="children")


def without_parts(captions: dict[int, str], more: int) -> dict[int, str]:
    """The lines without each 其中 and up to `more` lines behind it, which may be parts, too; a total ends them."""
    kept: dict[int, str] = {}
    left = 0
    for row, caption in captions.items():
        left = more + 1 if OF_WHICH.match(caption) else 0 if is_total(caption) else left
        if not left:
            kept[row] = caption
        left = max(0, left - 1)
    return kept


def as_list(captions: dict[int, str]) -> Reading:
    """A list with its totals: before all others, or each behind what it adds up; 小计 before or behind its items."""
    rows = list(captions)
    reading = Reading()
    reading.sure = sum(bool(TOTAL.search(captions[row])) for row in rows[1:]) == 0 or not (
        rows and TOTAL.search(captions[rows[0]])
    )
    first_is_total = bool(rows) and bool(TOTAL.search(captions[rows[0]]))
    rest = rows[1:] if first_is_total else rows
    leads = bool(rest) and bool(SUBTOTAL.search(captions[rest[0]]))
    upper: list[int] = []
    pending: list[int] = []
    head: int | None = None
    for row in rest:
        caption = captions[row]
        if SUBTOTAL.search(caption):
            if leads:
                if head is not None and pending:
                    reading.sums.append((head, pending))
                head = row
            elif pending:
                reading.sums.append((row, pending))
            upper.append(row)
            pending = []
        elif TOTAL.search(caption):
            if leads and head is not None and pending:
                reading.sums.append((head, pending))
                head, pending = None, []
            if parts := [*upper, *pending]:
                reading.sums.append((row, parts))
            upper, pending = [row], []
        else:
            pending.append(row)
    if leads and head is not None and pending:
        reading.sums.append((head, pending))
        pending = []
    if first_is_total and (parts := [*upper, *pending]):
        reading.sums.append((rows[0], parts))
    return reading
