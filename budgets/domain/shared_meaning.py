"""Which figures mean the same in two forms, by their declarations: two cells with one slice are one number, whoever prints them.

Figures of records have no slice: procurement, assets and goals are counted as each form says, and shared by one form alone.
"""

from collections.abc import Collection
from dataclasses import dataclass

from budgets.domain.facts import Slice
from budgets.domain.key_figures import EVERY, SPENT, THREE_PUBLIC
from budgets.domain.tables import Amount, Balance, FigureWord, Table, TableSet, Tree


@dataclass(frozen=True, slots=True)
class Shared:
    """The keys of the figures that mean the same in both forms, and of those whose tables are divided by the same codes."""

    figures: Collection[str] = frozenset()
    divided: Collection[str] = frozenset()


EVERY_FIGURE = Shared(frozenset(EVERY), frozenset(EVERY))
# Where nobody declared a form, what captions and sums say beyond doubt (`captioned_figures`); 收入总计 may hold last year's money or not.
AS_CAPTIONED = Shared(frozenset((SPENT, "basic", "project", "three_public", "vehicles", *THREE_PUBLIC)))


def shared_meaning(one: TableSet, other: TableSet) -> Shared:
    """What two declared forms share."""
    ours, theirs = ({word.key: word for word in each.figures} for each in (one, other))
    pairs = {key: (ours[key], theirs[key]) for key in ours.keys() & theirs.keys()}
    return Shared(
        frozenset(key for key, (a, b) in pairs.items() if _slice(one, a) == _slice(other, b)),
        frozenset(
            key
            for key, (a, b) in pairs.items()
            if (firsts := _firsts(one.table(a.table))) and firsts == _firsts(other.table(b.table))
        ),
    )


def _slice(table_set: TableSet, figure: FigureWord) -> Slice:
    """What the cell of a figure adds up."""
    table = table_set.table(figure.table)
    column = next(word for word in _money(table) if word.key == figure.column)
    inside = table.where & column.where
    if isinstance(table.rows, Tree):  # a figure stands in its total
        return inside
    sides = (column.side,) if isinstance(table.rows, Balance) else ()
    return inside & next(line.where for line in table.lines(*sides) if line.key == figure.row)


def _firsts(table: Table) -> tuple[str, tuple[Slice, ...]] | None:
    """The scheme of a table of codes and what the first column of money of each of its blocks adds up; None of others."""
    if not isinstance(table.rows, Tree):
        return None
    firsts = {word.side: word for word in reversed(_money(table))}
    return table.rows.scheme, tuple(table.where & firsts[side].where for side in sorted(firsts))


def _money(table: Table) -> list[Amount]:
    return [leaf.word for leaf in table.leaves() if isinstance(leaf.word, Amount)]
