"""Rows of units within a department's own table, held against the department and against what each unit published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.facts import ZERO, Slice, total, where
from budgets.domain.ledgers import Ledger, UnitRow
from budgets.domain.tables import Amount, TableSet
from budgets.domain.terms import Family, Use

SOURCE = "unit_rows"
# What each column of such a table is of all expenditure. What units pay each other is no part: the department prints it in
# no column of its own.
MEANS: dict[str, Slice] = {
    use.value: where(family=Family.EXPENDITURE, use=use) for use in (Use.BASIC, Use.PROJECT, Use.BUSINESS)
}


@dataclass(frozen=True, slots=True)
class RowGap:
    """A unit's amount in the department's table that is not what the unit itself published; both in yuan."""

    row: UnitRow
    field: str
    unit: Decimal

    @property
    def printed(self) -> Decimal:
        amount: Decimal | None = getattr(self.row, self.field)
        return amount or ZERO


def columns(table_set: TableSet) -> list[str]:
    """The amounts of a unit's row that the forms print, in their order; all where no table lists units."""
    listings = [annex for annex in table_set.annexes if annex.source == SOURCE]
    words = [leaf.word for annex in listings for leaf in annex.leaves()]
    return [w.key for w in words if isinstance(w, Amount) and w.key in MEANS] if listings else list(MEANS)


def spent(ledger: Ledger, field: str) -> Decimal:
    """What a disclosure spends in such a column, in yuan."""
    return total(ledger.facts, MEANS[field]) or ZERO


def added(ledger: Ledger, field: str) -> Decimal:
    """What the rows of units add up to in a column, in yuan."""
    return sum((getattr(row, field) or ZERO for row in ledger.unit_rows), ZERO)


def row_gaps(ledger: Ledger, table_set: TableSet, units: Mapping[str, Ledger]) -> Iterator[RowGap]:
    """Where rows differ from what is known of their units, by code; rows of other units are left out."""
    for row in ledger.unit_rows:
        if row.code in units:
            for field in columns(table_set):
                gap = RowGap(row, field, spent(units[row.code], field))
                if gap.printed != gap.unit:
                    yield gap
