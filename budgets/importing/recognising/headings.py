"""Header rows of a declared table found in a grid, by their captions alone."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from budgets.domain.classification import FUNCTION
from budgets.domain.documents import ColumnKind
from budgets.domain.tables import Beside, Field, Leaf, Listing, Table, Tree
from budgets.importing.captions.caption_norms import header, norm
from budgets.importing.reading.grids import Grid
from budgets.importing.recognising.years import first_year

DEEPEST = 4  # header rows
ENOUGH = 0.8  # of a table's columns must be there
MOST = 60  # rows of one sheet that are tried as header of a table
NUMBERS_CAPTION = "栏次"
TOTAL = "合计"

LEVELS = (("类", (0, 3)), ("款", (3, 5)), ("项", (5, 7)))  # of a code, with its digits

COMPARED = re.compile(r"^(?:上年|去年)(?!结[转余])|增减|同比|比上年|比去年")
OF_UNITS = re.compile(r"(?:预算)?单位(?:编码|名称)?")
OF_ANOTHER_YEAR = "“{}”列是 {} 年的数，不是本年的，没有读取"
OF_COMPARISON = "“{}”列是上年数或与上年的比较，本表不收，没有读取"
NAMES_UNITS = "“{}”列是预算单位，不是金额，没有读取"

LAST_YEAR = "{last_year}"

type Word = Table | Listing
type Normed = tuple[tuple[Leaf, tuple[str, ...]], ...]  # leaf columns with their paths as compared


@lru_cache(maxsize=100)
def forms(word: Word) -> tuple[Normed, ...]:
    """The columns of a declared table, and the same ones with 科目编码 joined or split, whichever is not declared."""
    own = tuple(word.leaves())
    found = [own]
    codes = [leaf for leaf in own if _is(leaf, ColumnKind.CODE)]
    if isinstance(word, Table) and isinstance(word.rows, Tree) and codes:
        at = own.index(codes[0])
        path = codes[0].path if len(codes) == 1 else codes[0].path[:-1]
        levels = LEVELS if word.rows.scheme == FUNCTION else LEVELS[:2]
        parts = [Field(f"code_{n}", name, ColumnKind.CODE, digits=at) for n, (name, at) in enumerate(levels)]
        for paths in (
            [(Field("code", path[-1], ColumnKind.CODE), path)],
            [(part, (*path, part.caption)) for part in parts],
            [(part, path) for part in parts],  # one caption over all of them
        ):
            leaves = [Leaf(field, path) for field, path in paths]
            found.append((*own[:at], *leaves, *own[at + len(codes) :]))
    return tuple(
        tuple((leaf, tuple(header(caption) for caption in leaf.path)) for leaf in leaves) for leaves in found
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """The header of one declared table at rows `top` to `bottom`: which grid column holds which declared one."""

    word: Word
    top: int
    bottom: int
    columns: dict[str, int]
    paths: dict[str, tuple[str, ...]]  # header captions as printed, by column key
    missing: tuple[str, ...]  # keys of declared columns that are not there
    extra: tuple[int, ...]  # grid columns with a caption that the table does not have
    aside: dict[int, str]  # such columns of another year, or of its units: why they are not read
    agreement: float  # captions that agree, those of groups included
    leaves: tuple[Leaf, ...]  # the declared columns, with the code as it is kept here

    @property
    def score(self) -> float:
        return self.agreement - (len(self.missing) + len(self.extra)) / 2


@dataclass(frozen=True, slots=True)
class Head:
    """Rows of a grid read as a header, the same for every table that is looked for there."""

    paths: dict[int, tuple[str, ...]]
    normed: dict[int, tuple[str, ...]]  # as compared
    aside: dict[int, str]
    ending: dict[str, list[int]]  # columns by their lowest caption
    totals: dict[str, list[int]]  # by the caption over a 合计 that is the lowest


class Headings:
    """Looks for the headers of declared tables in one grid."""

    def __init__(self, grid: Grid, words: Iterable[Word], year: int = 0) -> None:
        self.grid, self.words, self.year = grid, list(words), year
        self.shown = grid.shown()
        self.rows = {number: {header(cell.text) for cell in cells} for number, cells in grid.rows()}
        self.width = grid.width
        self._heads: dict[tuple[int, int], Head] = {}

    def find(self) -> list[Heading]:
        """The best header of each table at each place that could be one, top to bottom."""
        found: list[Heading] = []
        for word in self.words:
            ways = forms(word)
            vocabulary = {caption for leaves in ways for _, path in leaves for caption in path}
            over_all = {path[0] for _, path in ways[0]}  # one caption over every column
            likely = [
                top
                for top, captions in self.rows.items()
                if (len(captions & vocabulary) >= min(2, len(ways[0])) or captions == over_all)
                and self._enough(top, ways[0])
            ]
            for top in likely[:MOST]:
                found += self._at(word, ways, top)
        return sorted(found, key=lambda heading: (heading.top, -heading.score))

    def _enough(self, top: int, leaves: Normed) -> bool:
        """True when the rows from here on hold enough of the table's captions, in whatever columns."""
        there = set().union(*(self.rows.get(row, ()) for row in range(top, top + DEEPEST)))
        wanted = [path[-1] for leaf, path in leaves if not _is(leaf, ColumnKind.CODE)]
        return sum(caption in there for caption in wanted) >= (ENOUGH - 0.1) * len(wanted)

    def _at(self, word: Word, ways: tuple[Normed, ...], top: int) -> Iterator[Heading]:
        headings = [
            self._match(word, leaves, top, top + depth) for depth in range(DEEPEST) for leaves in ways
        ]
        usable = [heading for heading in headings if heading]
        if usable:
            yield max(usable, key=lambda heading: (heading.score, -heading.bottom))

    def _match(self, word: Word, leaves: Normed, top: int, bottom: int) -> Heading | None:
        head = self._head(top, bottom)
        paths, normed = head.paths, head.normed
        aside = head.aside if isinstance(word, Table) else {}
        columns: dict[str, int] = {}
        last, agreement = 0, 0.0
        for leaf, declared in leaves:
            named = _is(leaf, ColumnKind.CODE) or _is(leaf, ColumnKind.CAPTION)
            ending = head.ending.get(declared[-1], [])
            fits = {
                column: _fit(normed[column], declared)
                for column in (sorted((*ending, *head.totals.get(declared[-1], []))) if named else ending)
                if column not in columns.values() and _of_its_year(leaf, column in aside)
            }
            if fits:
                best = max(fits.values())
                places = [column for column, fit in fits.items() if fit == best]
                last = next((column for column in places if column > last), places[0])
                columns[leaf.word.key] = last
                agreement += best
        missing = tuple(leaf.word.key for leaf, _ in leaves if leaf.word.key not in columns)
        serial = {leaf.word.key for leaf, _ in leaves if _is(leaf, ColumnKind.SERIAL)}
        captions = {leaf.word.key for leaf, _ in leaves if _is(leaf, ColumnKind.CAPTION)}
        if len(set(missing) - serial) > (1 - ENOUGH) * len(leaves) or not captions <= columns.keys():
            return None
        return Heading(
            word,
            top,
            bottom,
            columns,
            {key: paths[column] for key, column in columns.items()},
            missing,
            tuple(sorted(set(paths) - set(columns.values()) - set(aside))),
            {column: why for column, why in aside.items() if column not in columns.values()},
            agreement,
            tuple(leaf for leaf, _ in leaves),
        )

    def _head(self, top: int, bottom: int) -> Head:
        if (top, bottom) not in self._heads:
            paths = self.paths(top, bottom)
            normed = {column: tuple(header(caption) for caption in path) for column, path in paths.items()}
            head = Head(paths, normed, asides(paths, self.year), {}, {})
            for column, path in normed.items():
                head.ending.setdefault(path[-1], []).append(column)
                if path[-1] == TOTAL and len(path) > 1:  # of a table whose word 合计 stands in its header
                    head.totals.setdefault(path[-2], []).append(column)
            self._heads[top, bottom] = head
        return self._heads[top, bottom]

    def paths(self, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
        """The header captions above each column, top to bottom, each merged or repeated one once."""
        out: dict[int, tuple[str, ...]] = {}
        for column in range(1, self.width + 1):
            path: list[str] = []
            for row in range(top, bottom + 1):
                text = self.shown.get((row, column), "") or self._from_left(row, column, bottom)
                if text and (not path or path[-1] != text):
                    path.append(text)
            if path:
                out[column] = tuple(path)
        return out

    def _from_left(self, row: int, column: int, bottom: int) -> str:
        """The group caption that a blank cell continues when its merge was lost: the one to its left."""
        if not self._goes_on(row, column, bottom):
            return ""
        for left in range(column - 1, 0, -1):
            if text := self.shown.get((row, left), ""):
                return text if self._goes_on(row, left, bottom) else ""
        return ""

    def _goes_on(self, row: int, column: int, bottom: int) -> bool:
        """True when another caption stands below in the header."""
        here = self.shown.get((row, column), "")
        below = (self.shown.get((lower, column), "") for lower in range(row + 1, bottom + 1))
        return any(text and text != here for text in below)

    def numbered(self, row: int) -> bool:
        """True for a 栏次 row: that word, or the numbers 1, 2, 3 … in order."""
        cells = self.grid.row(row)
        if any(norm(cell.text) == NUMBERS_CAPTION for cell in cells):
            return True
        return len(cells) > 2 and [cell.text for cell in cells] == [str(n) for n in range(1, len(cells) + 1)]


def asides(paths: dict[int, tuple[str, ...]], year: int) -> dict[int, str]:
    """The columns that are not this year's amounts: of another year, compared with one, or naming its units."""
    years = {column: first_year(reversed(path)) for column, path in paths.items()}
    own = year or max(years.values(), default=0)
    found: dict[int, str] = {}
    for column, path in paths.items():
        caption = "·".join(path)
        if years[column] not in (0, own):
            found[column] = OF_ANOTHER_YEAR.format(caption, years[column])
        elif COMPARED.search("".join(path[-1].split())):
            found[column] = OF_COMPARISON.format(caption)
        elif OF_UNITS.fullmatch(norm(path[-1])):
            found[column] = NAMES_UNITS.format(caption)
    return found


def _is(leaf: Leaf, kind: ColumnKind) -> bool:
    return isinstance(leaf.word, Field) and leaf.word.kind is kind


def _of_its_year(leaf: Leaf, other: bool) -> bool:
    """False where a caption that names a year stands in a column of another one."""
    if isinstance(leaf.word, Beside):
        return other or LAST_YEAR not in leaf.word.caption
    return not other


def _fit(path: tuple[str, ...], declared: tuple[str, ...]) -> float:
    """How well a header path whose last caption agrees is the declared one: more for every group that agrees too."""
    above, wanted = set(path[:-1]), set(declared[:-1])
    return 1 + len(above & wanted) - 0.25 * bool(above - wanted)
