"""What annex tables add up, by their declarations: columns of their parts, the total of its records, a line of its lines."""

from collections.abc import Iterator

from budgets.domain.documents import Sheet
from budgets.domain.identities import Identity, Kind
from budgets.domain.places import CellRef
from budgets.domain.tables import Amount, Listing


def annex_identities(listing: Listing, sheet: Sheet) -> Iterator[Identity]:
    """The identities of one printed annex table. The document names them where they can be read: prices add up to nothing."""
    printed = {column.key for column in sheet.columns}
    lines = {line.key: line.members for line in listing.lines}
    for word in (leaf.word for leaf in listing.leaves() if isinstance(leaf.word, Amount)):
        if not word.adds_up:
            continue
        cells = {row.key: CellRef(sheet.key, row.key, word.key) for row in sheet.rows}
        if word.parts and printed.issuperset(word.parts):
            for key, cell in cells.items():
                parts = tuple(CellRef(sheet.key, key, part) for part in word.parts)
                yield Identity(Kind.COLUMNS, (cell,), parts)
        for row in sheet.rows:
            below = [key for key in cells if key != row.key] if row.total and not lines else []
            if len(lines.get(row.key, ())) > 1:
                below = [key for key in cells if len(lines[key]) == 1 and {*lines[key]} < {*lines[row.key]}]
            if below:
                yield Identity(Kind.LINES, (cells[row.key],), tuple(cells[key] for key in below))
