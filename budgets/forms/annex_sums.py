"""Formulas of an annex table's form: what its records add up to, and the lines that add up others."""

from collections.abc import Iterator
from decimal import Decimal

from openpyxl.utils import get_column_letter

from budgets.domain.documents import Sheet
from budgets.domain.facts import ZERO
from budgets.domain.tables import Amount, Listing, RecordLine


def annex_sums(listing: Listing, sheet: Sheet, body: int) -> Iterator[tuple[str, tuple[str, Decimal]]]:
    """The cells that follow from others, each with formula and result; `body` is the first row below the head.

    None in a table in which nothing was typed: with a sum of nothing it would say that there is nothing.
    """
    if not any(cell.amount is not None for row in sheet.rows for cell in row.cells):
        return
    words = {leaf.word.key: leaf.word for leaf in listing.leaves()}
    letters = {column.key: get_column_letter(n) for n, column in enumerate(sheet.columns, 1)}
    lines = {line.key: line for line in listing.lines}
    typed = {lines[row.key].members[0]: body + n for n, row in enumerate(sheet.rows) if _one(lines, row.key)}
    for n, row in enumerate(sheet.rows):
        for column, cell in zip(sheet.columns, row.cells, strict=True):
            word, letter = words[column.key], letters[column.key]
            if not isinstance(word, Amount):
                continue
            if row.total and not listing.lines:
                added = f"{letter}{body + n + 1}:{letter}{body + len(sheet.rows) - 1}" if word.adds_up else ""
            elif word.parts and any(cell.text for cell in row.cells):
                added = ",".join(f"{letters[key]}{body + n}" for key in word.parts)
            elif row.key in lines and not _one(lines, row.key):
                added = ",".join(f"{letter}{typed[member]}" for member in lines[row.key].members)
            else:
                continue
            if added:
                yield f"{letter}{body + n}", (f"=ROUND(SUM({added}),2)", cell.amount or ZERO)


def _one(lines: dict[str, RecordLine], key: str) -> bool:
    """True for a line of one kind of records: it is typed."""
    return key in lines and len(lines[key].members) == 1
