"""The address of every printed cell by what it means: `expenditure.2010301.basic`, the same in every revision and year.

Table, row and column by their keys. A row of records (a purchase, an indicator) has no code: it is known by the names
that it bears, and so is a table of one record, so that an address stays when others are put in before it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple
from unicodedata import normalize

from budgets.domain.documents import ColumnKind, Document, Figure, Sheet
from budgets.domain.items import LIST_NUMBER
from budgets.domain.places import CellRef

OF_ONE_RECORD = re.compile(r"(?P<listing>.+)_\d+")
NAMED_BY = (ColumnKind.GROUP, ColumnKind.CAPTION, ColumnKind.CODE)


class Found(NamedTuple):
    """A cell by its sheet and its 0-based row and column."""

    sheet: Sheet
    row: int
    column: int

    @property
    def ref(self) -> CellRef:
        """The cell as identities and sentences name it."""
        column = self.sheet.columns[self.column]
        return CellRef(self.sheet.key, self.sheet.rows[self.row].named(column), column.key)


def head(sheet: Sheet) -> str:
    """What the addresses of a table begin with: its key, for one of several tables of a record its name instead of its number."""
    match = OF_ONE_RECORD.fullmatch(sheet.key) if sheet.number is None else None
    return f"{match['listing']}_{_token(LIST_NUMBER.sub('', sheet.title))}" if match else sheet.key


def heads(sheets: Iterable[Sheet]) -> dict[str, str]:
    """What the addresses of each table begin with, by its key; of tables with one name each has its own."""
    seen, found = Counter[str](), dict[str, str]()
    for sheet in sheets:
        name = head(sheet)
        seen[name] += 1
        found[sheet.key] = name if seen[name] == 1 else f"{name}_{seen[name]}"
    return found


def kin(sheet: Sheet) -> re.Pattern[str]:
    """The keys under which another document may print the same table."""
    match = OF_ONE_RECORD.fullmatch(sheet.key) if sheet.number is None else None
    return re.compile(rf"{match['listing']}_\d+" if match else re.escape(sheet.key))


def addresses(sheet: Sheet, first: str = "") -> tuple[tuple[str, ...], ...]:
    """The address of each cell, row by row; no two are the same. They begin with `first`, or as `head` says."""
    first, seen = first or head(sheet), Counter[str]()
    names = list(_names(sheet)) if sheet.number is None else []
    grid = []
    for n, row in enumerate(sheet.rows):
        line = []
        for column in sheet.columns:
            name = row.named(column)
            if names and name.isdecimal():  # the serial number of a record
                name = f"r{_token(*names[n])}"
            seen[f"{name}.{column.key}"] += 1
            again = seen[f"{name}.{column.key}"]
            line.append(f"{first}.{name}{f'_{again}' if again > 1 else ''}.{column.key}")
        grid.append(tuple(line))
    return tuple(grid)


def address(sheet: Sheet, row: int, column: int) -> str:
    """The address of one cell."""
    return addresses(sheet)[row][column]


def address_of(document: Document, figure: Figure) -> str:
    """The address of the cell that a named figure stands in."""
    sheet = next(sheet for sheet in document.tables if sheet.key == figure.sheet)
    return address(sheet, figure.row, figure.column)


class Addressed:
    """The cells of some sheets, found by their addresses and by what other modules call them."""

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        self.cells: dict[str, Found] = {}
        self._by_ref: dict[CellRef, str] = {}
        sheets = list(sheets)
        begin = heads(sheets)
        for sheet in sheets:
            for r, line in enumerate(addresses(sheet, begin[sheet.key])):
                for c, name in enumerate(line):
                    found = self.cells[name] = Found(sheet, r, c)
                    self._by_ref.setdefault(found.ref, name)

    def find(self, address: str) -> Found | None:
        """The cell of that address; None where these sheets print none."""
        return self.cells.get(address)

    def of(self, cell: CellRef) -> str:
        """The address of a cell; blank where it is not printed."""
        return self._by_ref.get(cell, "")


def _names(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    """The words by which each record is known; a blank group cell continues the one above."""
    above: dict[int, str] = {}
    for row in sheet.rows:
        for c, column in enumerate(sheet.columns):
            if column.kind is ColumnKind.GROUP and row.cells[c].text:
                above[c] = row.cells[c].text
        yield tuple(
            row.cells[c].text or above.get(c, "")
            for c, column in enumerate(sheet.columns)
            if column.kind in NAMED_BY
        )


def _token(*names: str) -> str:
    """Eight letters that stand for some names, blanks and their width aside."""
    plain = "\t".join("".join(normalize("NFKC", name).split()) for name in names)
    return sha256(plain.encode()).hexdigest()[:8]
