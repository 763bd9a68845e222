"""Last year beside this year on an entry page: what each row was, and which rows of last year are gone."""

from dataclasses import dataclass
from decimal import Decimal

from budgets import ledger as ledgers
from budgets.admin.grid_layout import Layout
from budgets.domain.classification import level_of
from budgets.domain.documents import ColumnKind
from budgets.domain.money import print_amount
from budgets.domain.sheets import Filler
from budgets.domain.tables import Table
from budgets.workflow.drafts import earlier_year

LEAVES = {"function": 3, "economic": 2}  # the level at which amounts are entered


@dataclass(frozen=True, slots=True)
class Gone:
    """A row of last year that this year's list of codes, or this year's table, has not."""

    code: str
    name: str
    amount: str
    known: bool  # the code is in this year's list


@dataclass(frozen=True, slots=True)
class YearBeside:
    """`column` is the one whose amounts of last year stand beside each row, by the row's key in the set's unit."""

    year: int
    column: str
    amounts: dict[str, Decimal]
    gone: tuple[Gone, ...] = ()

    def of(self, key: str) -> str:
        """Last year's amount as printed; blank when there was none."""
        return print_amount(self.amounts.get(key), grouped=True)


def summing(columns: dict[str, list[str]]) -> str:
    """The column that sums up a row: the first that adds up every typed field; blank when none does."""
    typed = {field for fields in columns.values() for field in fields}
    return next((key for key, fields in columns.items() if typed and set(fields) == typed), "")


def year_beside(layout: Layout, columns: dict[str, list[str]]) -> YearBeside | None:
    """What the rows of a page were last year; None without last year, or where no one column sums up a row.

    `columns` are the typed fields that each column adds up, as `live_sums` tells them.
    """
    if not isinstance(layout.declaration, Table):
        return None
    column = summing(columns)
    previous = earlier_year(layout.disclosure, only="facts") if column else None
    if previous is None:
        return None
    subjects = ledgers.subjects_for(previous.year)
    sheet = Filler(layout.table_set, previous, subjects).fill(layout.declaration)
    place = [each.key for each in sheet.columns].index(column)
    amounts = {row.key: amount for row in sheet.rows if (amount := row.cells[place].amount)}
    if not amounts:
        return None
    scheme = layout.grid.scheme
    names = {
        row.key: cell.text
        for row in sheet.rows
        for cell, each in zip(row.cells, sheet.columns, strict=True)
        if each.kind is ColumnKind.CAPTION
    }
    present = {getattr(row, layout.grid.row) for row in layout.existing()} if scheme else set()
    gone = [
        Gone(
            key,
            names.get(key, key),
            print_amount(amount, grouped=True),
            layout.subjects.get(key, scheme) is not None,
        )
        for key, amount in amounts.items()
        if scheme and key not in present and level_of(key, scheme) == LEAVES[scheme]
    ]
    return YearBeside(previous.year, column, amounts, tuple(gone))
