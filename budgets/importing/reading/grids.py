"""Cells and paragraphs of a file in one plain shape, whatever kind of file they came from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from budgets.domain.money import LARGEST, QUOTED, NotAnAmount, parse_amount

ABOVE = "表上方"  # where the lines above a table stand that are no row of it
BLANKS = re.compile(r"\s+")
QUOTE = re.compile(r"“[^”]*”")
MANY = 12  # cells that a report still names one by one


def fold(text: str) -> str:
    """The text on one line: runs of blanks, full-width ones and line breaks included, become one space."""
    return BLANKS.sub(" ", text).strip()


def column_letter(column: int) -> str:
    """The letters of a 1-based column, as spreadsheets name it: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class GridCell:
    """One non-blank cell, 1-based; rows up to 0 stand above the table. `number` is set for cells that hold a number; `problem` says why one cannot be read."""

    row: int
    column: int
    raw: str
    number: Decimal | None = None
    problem: str = ""

    @property
    def text(self) -> str:
        return fold(self.raw)

    @property
    def address(self) -> str:
        return f"{column_letter(self.column)}{self.row}" if self.row > 0 else ABOVE

    def amount(self, unit: str = "") -> Decimal | None:
        """The amount in `unit`, that of its table, None for a dash. Raises NotAnAmount with a reason in Chinese."""
        if self.problem:
            raise NotAnAmount(self.problem)
        if self.number is None:
            return parse_amount(self.raw, unit)
        if not (self.number.is_finite() and abs(self.number) < LARGEST):
            raise NotAnAmount(f"“{self.text[:QUOTED]}”超出金额的范围，请核对")
        return self.number


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, 1-based, ends included; its text stands in the top left cell."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> int:
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)

    def places(self) -> Iterator[tuple[int, int]]:
        for row in range(self.top, self.bottom + 1):
            yield from ((row, column) for column in range(self.left, self.right + 1))


@dataclass(slots=True)
class Grid:
    """The cells of one worksheet or of one table in a Word file or PDF.

    `name` is the sheet's name, blank in Word, the pages in a PDF (第10—11页).
    """

    name: str
    cells: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    formulas: set[tuple[int, int]] = field(default_factory=set, compare=False)  # places, of an .xlsx file

    def put(self, cell: GridCell) -> None:
        self.cells[cell.row, cell.column] = cell

    @property
    def height(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @property
    def width(self) -> int:
        return max((column for _, column in self.cells), default=0)

    def text(self, row: int, column: int) -> str:
        """The folded text of a cell itself; blank inside a merged range but at its first cell."""
        cell = self.cells.get((row, column))
        return cell.text if cell else ""

    def shown(self) -> dict[tuple[int, int], str]:
        """The text that a reader sees at each place: a merged range shows its text everywhere in it."""
        seen = {place: cell.text for place, cell in self.cells.items()}
        for merge in self.merges:
            if text := self.text(merge.top, merge.left):
                seen.update(dict.fromkeys(merge.places(), text))
        return seen

    def row(self, number: int) -> list[GridCell]:
        """The non-blank cells of a row from left to right."""
        return [self.cells[place] for place in sorted(place for place in self.cells if place[0] == number)]

    def rows(self) -> Iterator[tuple[int, list[GridCell]]]:
        """Every row that is not blank, top to bottom."""
        places = sorted(self.cells)
        for number, row in groupby(places, key=itemgetter(0)):
            yield number, [self.cells[place] for place in row]


@dataclass(frozen=True, slots=True)
class Text:
    """One non-blank paragraph of a Word file or PDF; `place` says where it stands (第12段, 第3页, 页眉)."""

    text: str
    place: str
    body: bool = True  # False in page headers, footers and footnotes
    level: int = 0  # of a heading by its style, 1 the widest
    chapter: str = ""  # the key of the chapter that it heads, in a narrative that the portal wrote


@dataclass(frozen=True, slots=True)
class Unread:
    """A non-blank cell or paragraph that was not understood, and why."""

    sheet: str
    cell: str
    text: str
    why: str


def by_cause(unread: Iterable[Unread]) -> list[Unread]:
    """The same told once for each sheet and cause, with all its cells and the first words of each."""
    return [as_one(group) for group in causes(unread)]


def causes(unread: Iterable[Unread]) -> list[list[Unread]]:
    """The entries of each sheet and cause; what a cause quotes makes no other of it."""
    groups: dict[tuple[str, str], list[Unread]] = {}
    for entry in unread:
        groups.setdefault((entry.sheet, QUOTE.sub("“”", entry.why)), []).append(entry)
    return list(groups.values())


def as_one(group: list[Unread]) -> Unread:
    """One entry for all of a cause."""
    if len(group) == 1:
        return group[0]
    texts = list(dict.fromkeys(entry.text for entry in group))
    shown = "、".join(texts[:MANY]) + ("…" if len(texts) > MANY else "")
    cells = cells_in_words([entry.cell for entry in group if entry.cell])
    # What one of them says is not what all of them say.
    why = group[0].why if len({entry.why for entry in group}) == 1 else QUOTE.sub("", group[0].why)
    return Unread(group[0].sheet, cells, shown, why)


def cells_in_words(cells: list[str]) -> str:
    """Addresses one after the other, each once; of many the first, and how many there are."""
    cells = list(dict.fromkeys(cells))
    named = "、".join(cells[:MANY])
    return f"{named} 等 {len(cells)} 格" if len(cells) > MANY else named


type Block = Grid | Text


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: its blocks in order."""

    name: str
    kind: str  # how its tables are addressed: "xlsx" for worksheets of any format, "docx", "html" or "pdf"
    digest: str  # SHA-256 of the bytes, hex
    blocks: tuple[Block, ...]
    content: bytes = field(default=b"", repr=False)
    unread: tuple[Unread, ...] = ()  # what no block holds, because it could not be read for certain

    @property
    def grids(self) -> list[Grid]:
        return [block for block in self.blocks if isinstance(block, Grid)]
