"""Changed tables and chapters as pages show them: the rows and columns that say what is different, or all of them."""

from dataclasses import dataclass, field
from typing import Any

from budgets.domain.document_changes import ChapterChange, RowChange, SheetChange
from budgets.domain.documents import Column, ColumnKind, HeadCell, Row, header_grid
from budgets.domain.same_rows import COUNTS
from budgets.domain.sentence_changes import How, SentenceChange

NUMBERS = {ColumnKind.AMOUNT, ColumnKind.NUMBER}
NAMES = {ColumnKind.CAPTION, ColumnKind.GROUP, ColumnKind.CODE}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as the page shows it: `was` what it held where it differs, None where it does not; `kind` its class."""

    text: str
    was: str | None
    kind: str
    heads: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the page shows it; a review adds where to comment on it (`ask`) and what was said there (`said`)."""

    how: How
    row: Row
    cells: list[ShownCell]
    ask: str = ""
    said: list[Any] = field(default_factory=list)

    @property
    def total(self) -> bool:
        return self.row.total

    @property
    def label(self) -> str:
        """What names the row: its code and its captions."""
        return " ".join(cell.text for cell in self.cells if cell.text and (cell.heads or cell.kind == "name"))


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A table with the rows that are shown; `left_out` are those without a change, when they are not."""

    change: SheetChange
    head: list[list[HeadCell]]
    rows: list[ShownRow]
    left_out: int
    numbers: frozenset[int]  # places of the columns of money and numbers

    @property
    def asks(self) -> bool:
        """True where rows lead to comments."""
        return any(row.ask or row.said for row in self.rows)


def shown_sheet(change: SheetChange, *, everything: bool) -> ShownSheet:
    """The table with all its rows, or the changed ones and of the columns those in which they say something."""
    rows = [row for row in change.rows if everything or row.how is not How.KEPT]
    columns = list(enumerate(change.sheet.columns))
    if not everything:
        columns = [(n, column) for n, column in columns if _says(n, column, rows)]
    shown = [
        ShownRow(row.how, row.row, [_cell(row, column, n, n == _head(row, columns)) for n, column in columns])
        for row in rows
    ]
    numbers = frozenset(at for at, (_, column) in enumerate(columns) if column.kind in NUMBERS)
    head = header_grid(tuple(column for _, column in columns))
    return ShownSheet(change, head, shown, len(change.rows) - len(rows), numbers)


def _head(row: RowChange, columns: list[tuple[int, Column]]) -> int:
    """The first column that names this row: a total has no code. -1 where nothing does."""
    return next((n for n, c in columns if c.kind in NAMES and row.row.cells[n].text), -1)


def _says(n: int, column: Column, rows: list[RowChange]) -> bool:
    if column.kind in COUNTS:
        return False
    return column.kind in NAMES or any(row.row.cells[n].text or column.key in row.before for row in rows)


def _cell(row: RowChange, column: Column, n: int, heads: bool) -> ShownCell:
    was = row.before.get(column.key)
    kind = "n" if column.kind in NUMBERS else "name" if column.kind in NAMES - {ColumnKind.CODE} else ""
    return ShownCell(row.row.cells[n].text, was.text if was else None, kind, heads)


def shown_sentences(change: ChapterChange, *, everything: bool) -> list[SentenceChange]:
    return [one for one in change.sentences if everything or one.how is not How.KEPT]
