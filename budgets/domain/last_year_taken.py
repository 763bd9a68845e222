"""What last year's disclosure says in the columns of last year that this year's forms print."""

from collections.abc import Iterator
from dataclasses import replace

from budgets.domain.classification import Subjects
from budgets.domain.crosswalk import Crosswalk
from budgets.domain.facts import CODES, Fact
from budgets.domain.ledgers import LastYear, Ledger
from budgets.domain.sheets import Filler
from budgets.domain.tables import Amount, TableSet, Tree
from budgets.domain.year_columns import typed_cells


def last_year_of(
    table_set: TableSet, before: Ledger, moves: Crosswalk, subjects: Subjects
) -> tuple[LastYear, ...]:
    """The amounts of another year's ledger, whatever its forms, in the typed cells of last year of this year's, in order.

    A code that was renumbered or merged counts under its new one; of a code that was split the amount stays under the
    old one, which prints with last year's amount alone. Blank where last year has no money.
    """
    facts = tuple(_carried(fact, moves) for fact in before.facts)
    return tuple(sorted(_cells(Filler(table_set, replace(before, facts=facts, last_year=()), subjects))))


def _cells(filler: Filler) -> Iterator[LastYear]:
    for table in filler.set.tables:
        words = {leaf.word.key: leaf.word for leaf in table.leaves()}
        codes = filler.money_codes(table, table.rows) if isinstance(table.rows, Tree) else ()
        for line, column in typed_cells(table, codes):
            word = words[column.of]
            assert isinstance(word, Amount)
            amount = filler.filed.total(table.where & word.where & line.where)
            if amount:
                yield LastYear(table.key, column.of, line.key, amount)


def _carried(fact: Fact, moves: Crosswalk) -> Fact:
    codes = {scheme: moves.successors(code, scheme) for scheme in CODES if (code := getattr(fact, scheme))}
    return moves.carried(fact) if all(len(became) == 1 for became in codes.values()) else fact
