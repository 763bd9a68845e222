"""The printed cells that hold a fact: those whose sum it is in."""

from collections.abc import Iterable, Iterator

from budgets.domain.documents import Sheet
from budgets.domain.facts import Fact
from budgets.domain.identities import amounts
from budgets.domain.places import CellRef
from budgets.domain.tables import Amount, Balance, Line, Table, TableSet, Tree


def holding(table_set: TableSet, sheets: Iterable[Sheet], facts: Iterable[Fact]) -> frozenset[CellRef]:
    """The money cells of derived sheets in which one of the facts is added up; what no sheet prints is left out."""
    facts = tuple(facts)
    if not facts:
        return frozenset()
    printed = amounts(sheets).keys()
    found = {cell for table in table_set.tables for fact in facts for cell in _cells(table, fact)}
    return frozenset(found & printed)


def _cells(table: Table, fact: Fact) -> Iterator[CellRef]:
    if fact not in table.where:
        return
    for leaf in table.leaves():
        column = leaf.word
        if isinstance(column, Amount) and fact in column.where:
            yield from (CellRef(table.key, row, column.key) for row in _rows(table, column, fact))


def _rows(table: Table, column: Amount, fact: Fact) -> Iterator[str]:
    """The keys of the rows that a fact lies in: of a tree its code, whatever is above that, and the total."""
    if isinstance(table.rows, Tree):
        code = getattr(fact, table.rows.scheme)
        yield from ("total", *(code[:length] for length in range(1, len(code) + 1)))
        return
    lines: Iterable[Line] = (
        table.rows.lines(column.side) if isinstance(table.rows, Balance) else table.rows.lines
    )
    yield from (line.key for line in lines if fact in line.where)
