"""What recognising a file gives: its tables, each with the cells that were understood, and the flow they stand in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from budgets.domain.tables import Listing, Table
from budgets.importing.reading.grids import Grid, GridCell, Text
from budgets.importing.recognising.headings import Heading, Word


@dataclass
class Match:
    """One recognised table. `used` are the cells that were understood; what is left is reported."""

    key: str  # of the sheet: goal_2 for the second goal table
    word: Word
    grid: Grid
    heading: Heading
    title: str
    sheet: str
    first: int  # body rows
    last: int
    unit: str = ""
    units: set[str] = field(default_factory=set)  # all that is said, in lines and captions
    meta: dict[int, str] = field(default_factory=dict)  # by index of the declared line
    said: dict[str, str] = field(default_factory=dict)  # department code and name, year, date, as written
    preface: list[GridCell] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    used: set[tuple[int, int]] = field(default_factory=set)

    def body(self) -> Iterator[tuple[int, list[GridCell]]]:
        """The non-blank body rows."""
        for number, cells in self.grid.rows():
            if self.first <= number <= self.last:
                yield number, cells

    def cell(self, row: int, key: str) -> GridCell | None:
        """The cell of a declared column in a body row; None when it is blank or the column is not there."""
        return self.grid.cells.get((row, self.heading.columns.get(key, 0)))

    def use(self, cells: Iterable[GridCell]) -> None:
        self.used |= {(cell.row, cell.column) for cell in cells}


@dataclass
class Recognition:
    """What a file holds: its matches, its flow of paragraphs and tables, and grids that were not recognised."""

    matches: list[Match] = field(default_factory=list)
    flow: list[Text | Match] = field(default_factory=list)
    strange: list[tuple[Grid, str, str]] = field(default_factory=list)  # grid, name, why
    unknown_units: list[tuple[str, str]] = field(
        default_factory=list
    )  # sheet, unit: none of its amounts is read
    year: int = 0  # that the file's own titles name

    def statutory(self) -> list[Match]:
        return [match for match in self.matches if isinstance(match.word, Table)]

    def annexes(self, source: str = "") -> list[Match]:
        """The annex tables, those of one kind of records when `source` is given."""
        return [m for m in self.matches if isinstance(m.word, Listing) and source in ("", m.word.source)]
