"""What money is spent on, by class, every amount with the cell that it stands in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets.domain.addresses import address
from budgets.domain.documents import ColumnKind, Document, Sheet
from budgets.domain.headlines import unit_of
from budgets.domain.money import TENTH, in_unit, percentage, separated, to_yuan

SHOWN_PARTS = 5  # more would not be told apart; the rest is summed


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the whole; `share` is a percentage with one place."""

    label: str
    amount: Decimal
    share: Decimal
    text: str  # the amount as its table prints it, with separators; of 元 in 万元
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts of a whole in falling order; they add up to it."""

    whole: Decimal
    unit: str
    parts: tuple[Part, ...]


def breakdown(document: Document) -> Breakdown | None:
    """Expenditure by class (类) from the table that basic and project expenditure stand in.

    None when the document has no such table, or its classes do not add up to the total (a given sheet may not).
    """
    figure = document.figure("project")
    if figure is None:
        return None
    sheet = next(sheet for sheet in document.tables if sheet.key == figure.sheet)
    column = next(i for i, column in enumerate(sheet.columns) if column.kind == ColumnKind.AMOUNT)
    whole = sheet.rows[figure.row].cells[column].amount
    parts = sorted(classes(sheet, column), key=by_amount, reverse=True)
    if not whole or any(part.amount < 0 for part in parts) or sum(part.amount for part in parts) != whole:
        return None
    shown, rest = parts[:SHOWN_PARTS], parts[SHOWN_PARTS:]
    if rest:
        left = sum((part.amount for part in rest), Decimal(0))
        shown.append(Part(f"其余 {len(rest)} 类", left, TENTH, f"{left:,.2f}"))
    unit = unit_of(figure)
    told = (
        {}
        if unit == sheet.unit
        else {p.label: f"{in_unit(to_yuan(p.amount, sheet.unit), unit):,.2f}" for p in shown}
    )
    return Breakdown(
        whole,
        unit,
        tuple(
            replace(part, share=percentage(part.amount, whole), text=told.get(part.label, part.text))
            for part in shown
        ),
    )


def by_amount(part: Part) -> Decimal:
    return part.amount


def classes(sheet: Sheet, column: int) -> Iterator[Part]:
    """The rows of the first level with an amount in that column."""
    for index, row in enumerate(sheet.rows):
        amount = row.cells[column].amount
        if row.level == 1 and not row.total and amount:
            caption = row.cells[sheet.columns[column].caption].text
            yield Part(
                caption, amount, Decimal(0), separated(row.cells[column].text), address(sheet, index, column)
            )
