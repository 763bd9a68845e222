"""Last year's amounts out of matched tables: the typed cells of the columns of last year that the set prints."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP

from budgets.domain.ledgers import LastYear
from budgets.domain.money import CENT, to_yuan
from budgets.domain.places import CellRef
from budgets.domain.tables import Table, TableSet
from budgets.domain.year_columns import typed_cells
from budgets.importing.taking.table_bodies import Body


def take_last_year(table_set: TableSet, bodies: Mapping[str, Body]) -> tuple[LastYear, ...]:
    """The amounts in yuan at the places that print, in order; sums are left to be derived and compared, as those of this year are."""
    return tuple(
        sorted(
            cell
            for table in table_set.tables
            if table.key in bodies
            for cell in _cells(table, bodies[table.key], table.unit or table_set.unit)
        )
    )


def _cells(table: Table, body: Body, unit: str) -> Iterator[LastYear]:
    for line, column in typed_cells(table, dict.fromkeys(ref.row for ref in body.cells)):
        given = body.cells.get(CellRef(table.key, line.key, column.key))
        if given and given.amount:
            printed = given.amount.quantize(CENT, ROUND_HALF_UP)
            if printed:
                yield LastYear(table.key, column.of, line.key, to_yuan(printed, unit))
