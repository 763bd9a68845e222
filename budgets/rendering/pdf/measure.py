"""How a sheet fits on paper: orientation, type size, row pitch and column widths, from the length of its texts.

All lengths are in points. Texts are measured by their characters, not by a font, so the same sheet is always laid
out in the same way and no font is needed to plan it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

from budgets.domain.documents import ColumnKind, Sheet, header_grid

MM = 72 / 25.4
SIZES = (10.5, 10.0, 9.5, 9.0)  # 五号 down to the least that a published table may be set in
PAD = {True: 9.0, False: 7.0}  # both sides of a cell and its rule, in statutory tables and in annexes
CODE_EMS = 4.1  # 科目编码 on one line, in statutory tables
CAPTION_EMS = 12.0  # of a statutory table without rows
RULE = 0.4
TITLE = 62.0  # number, title and the line above the table
NOTE = 18.0
HEAD_LINE = 1.3  # of a header cell, in ems
HEAD_PAD = 6.5
TIGHTEST, EASIEST = 1.5, 2.2  # row pitch, in ems
EMPTY_ROWS = 3  # ruled for a table that has none
BESIDE = frozenset({ColumnKind.SERIAL, ColumnKind.CODE, ColumnKind.AMOUNT, ColumnKind.NUMBER})


@dataclass(frozen=True, slots=True)
class Paper:
    """The text area of a kind of page; `name` is its @page in paper.css."""

    name: str
    width: float
    height: float


PORTRAIT = Paper("portrait", 180 * MM, 256 * MM)
LANDSCAPE = Paper("landscape", 261 * MM, 170 * MM)
NARRATIVE = Paper("narrative", 158 * MM, 225 * MM)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one sheet is set. `single` says that it is meant to fill no more than one page."""

    paper: Paper
    size: float
    pitch: float
    widths: tuple[float, ...]
    single: bool
    height: float  # of the whole sheet with title and notes


def pad(sheet: Sheet) -> float:
    return PAD[sheet.number is not None]


def ems(text: str) -> float:
    """The width of a line of text in ems, rounded up to what the bold face needs."""
    return sum(1.0 if ord(letter) > 0x7F else 0.34 if letter in ".,:;|' " else 0.6 for letter in text)


def indent(sheet: Sheet, level: int) -> int:
    """How far a caption of that level is set in, in ems: 款 one and 项 two; 其中 lines align behind the word."""
    tree = any(column.kind == ColumnKind.CODE for column in sheet.columns)
    return max(level - 1, 0) if tree else {2: 1, 3: 4}.get(level, 0)


def body_ems(sheet: Sheet, column: int) -> float:
    """The longest body text of a column on one line, in ems."""
    kind = sheet.columns[column].kind
    named = kind == ColumnKind.CAPTION
    if named and sheet.number and not sheet.rows:
        return CAPTION_EMS
    return max(
        (
            ems(row.cells[column].text) + (indent(sheet, row.level) if named else 0)
            for row in sheet.rows
            if row.cells[column].text
        ),
        default=0.0,
    )


def needs(sheet: Sheet, head_lines: int, *, equal: bool) -> list[float]:
    """What each column needs in ems when no body text wraps and no head takes more than so many lines.

    With `equal` all amount columns get the same.
    """
    out = []
    for index, column in enumerate(sheet.columns):
        least = CODE_EMS if column.kind == ColumnKind.CODE and sheet.number else 2.0
        head = max(least, ceil(ems(column.path[-1]) / head_lines))
        out.append(max(body_ems(sheet, index), head))
    money = [index for index, column in enumerate(sheet.columns) if column.kind == ColumnKind.AMOUNT]
    widest = max((out[index] for index in money), default=0.0)
    return [widest if equal and index in money else need for index, need in enumerate(out)]


def spread(sheet: Sheet, wanted: Sequence[float], width: float) -> tuple[float, ...]:
    """Hand the width that is left to the columns in proportion; 序号 and 科目编码 stay as they are."""
    stiff = (ColumnKind.SERIAL, ColumnKind.CODE)
    grows = [
        0.0 if column.kind in stiff else want for want, column in zip(wanted, sheet.columns, strict=True)
    ]
    left = (width - sum(wanted)) / (sum(grows) or 1)
    return tuple(round(want + grow * left, 2) for want, grow in zip(wanted, grows, strict=True))


def unwrapped(sheet: Sheet, width: float, size: float) -> tuple[float, ...] | None:
    """Column widths at which no body text wraps; None when the width does not suffice."""
    for head_lines, equal in ((2, True), (3, True), (4, True), (4, False), (5, False)):
        wanted = [need * size + pad(sheet) for need in needs(sheet, head_lines, equal=equal)]
        if sum(wanted) <= width:
            return spread(sheet, wanted, width)
    return None


def wrapped(sheet: Sheet, width: float, size: float, least: float) -> tuple[float, ...] | None:
    """Column widths where long texts wrap but numbers do not; None when a text column would get fewer ems."""
    wanted = []
    for need, column in zip(needs(sheet, 4, equal=False), sheet.columns, strict=True):
        halved = ceil(need / 2) if column.kind == ColumnKind.GROUP and need > 6 else need
        wanted.append(halved * size + pad(sheet))
    rigid = sum(w for w, c in zip(wanted, sheet.columns, strict=True) if c.kind in BESIDE)
    soft = [w for w, c in zip(wanted, sheet.columns, strict=True) if c.kind not in BESIDE]
    cap = _cap(soft, width - rigid)
    if cap < least * size + pad(sheet):
        return None
    cut = [w if c.kind in BESIDE else min(w, cap) for w, c in zip(wanted, sheet.columns, strict=True)]
    return spread(sheet, cut, width)


def _cap(wanted: Iterable[float], width: float) -> float:
    """The largest width such that columns cut down to it fit together; infinite when none need be cut."""
    rest = sorted(wanted)
    while rest:
        share = width / len(rest)
        if rest[0] >= share:
            return share
        width -= rest.pop(0)
    return inf


def squeezed(sheet: Sheet, width: float) -> tuple[float, ...]:
    """Column widths for a table that fits in no way: in proportion to what its columns need."""
    wanted = needs(sheet, 5, equal=False)
    return tuple(round(want * width / sum(wanted), 2) for want in wanted)


def head_height(sheet: Sheet, widths: Sequence[float], size: float) -> float:
    """The height of the header rows and the 栏次 row."""
    rows = header_grid(sheet.columns)
    heights = [HEAD_LINE * size + HEAD_PAD] * len(rows)
    # Narrow spans first: a caption over several rows takes what those of one row leave to it.
    for cell in sorted((cell for row in rows for cell in row), key=lambda cell: cell.rowspan):
        room = sum(widths[cell.column : cell.column + cell.colspan]) - pad(sheet)
        needed = wrap(cell.text, room / size) * HEAD_LINE * size + HEAD_PAD
        bottom = cell.row + cell.rowspan
        heights[bottom - 1] += max(needed - sum(heights[cell.row : bottom]), 0.0)
    return sum(heights) + (1.8 * size if sheet.numbered else 0)


def plan_statutory(sheet: Sheet) -> Plan:
    """The plan of a statutory table: on one page when its rows allow it, in the largest type that does."""
    papers = (LANDSCAPE, PORTRAIT) if sheet.wide else (PORTRAIT, LANDSCAPE)
    rows = len(sheet.rows) or EMPTY_ROWS
    notes = NOTE * len(sheet.notes)
    roomy: Plan | None = None
    for paper in papers:
        for size in SIZES:
            widths = unwrapped(sheet, paper.width, size)
            if widths is None:
                continue
            around = TITLE + notes + head_height(sheet, widths, size)
            pitch = min((paper.height - around) / rows - RULE, EASIEST * size)
            if pitch >= TIGHTEST * size:
                return Plan(
                    paper, size, floor(pitch * 100) / 100, widths, True, around + rows * (pitch + RULE)
                )
            if roomy is None:
                pitch = 1.8 * size
                roomy = Plan(paper, size, pitch, widths, False, around + rows * (pitch + RULE))
    if roomy is not None:
        return roomy
    size = SIZES[-1]
    return Plan(LANDSCAPE, size, 1.8 * size, squeezed(sheet, LANDSCAPE.width), False, LANDSCAPE.height)


def plan_annex(sheet: Sheet) -> Plan:
    """The plan of a table among the words: in the width of the text, turned only when that is too narrow."""
    single = len(sheet.rows) <= 12
    for size in SIZES:
        if widths := unwrapped(sheet, NARRATIVE.width, size):
            return Plan(NARRATIVE, size, 1.35 * size, widths, single, 0.0)
    for paper, size, least in ((NARRATIVE, 9.5, 7.0), (NARRATIVE, 9.0, 6.0), (LANDSCAPE, 9.5, 6.0)):
        if widths := wrapped(sheet, paper.width, size, least):
            return Plan(paper, size, 1.35 * size, widths, single, 0.0)
    return Plan(LANDSCAPE, SIZES[-1], 1.35 * SIZES[-1], squeezed(sheet, LANDSCAPE.width), single, 0.0)


def balance(text: str, size: float, width: float, gap: float) -> float:
    """How much narrower than `width` a cell may be set, so that the lines of a wrapped text come out even.

    `gap` is the padding of the cell; 0 when the text takes one line.
    """
    room = (width - gap) / size
    lines = wrap(text, room)
    if lines < 2:
        return 0.0
    narrow = next(
        tenths / 10 for tenths in range(10, ceil(room * 10) + 1) if wrap(text, tenths / 10) <= lines
    )
    return max(room - narrow - 0.1, 0.0) * size


def wrap(text: str, room: float) -> int:
    """How many lines of so many ems a text takes; figures and Latin words are not divided."""
    lines, used = 1, 0.0
    for part in re.findall(r"[!-~]+|.", text):
        length = ems(part)
        if used and used + length > room + 1e-6:
            lines, used = lines + 1, 0.0
        used += length
    return lines
