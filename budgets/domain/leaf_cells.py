"""Cells that pin down one fact: the leaf cells of declared tables, and the fact that each stands for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.domain.classification import is_leaf
from budgets.domain.facts import Fact, Slice, typed, where
from budgets.domain.families import FAMILIES
from budgets.domain.places import CellRef
from budgets.domain.tables import Amount, Balance, Line, Lines, Table, Tree
from budgets.domain.terms import Family

# Families whose tables of all money hold non-fiscal money besides what the fiscal tables print.
WITH_NON_FISCAL = tuple(family for family, shape in FAMILIES.items() if shape.beside_fiscal)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A money cell that is no sum of others in its table, and the slice that it stands for."""

    ref: CellRef
    inside: Slice


def leaves(table: Table, rows: Iterable[str]) -> Iterator[Leaf]:
    """The leaf cells of a table that prints these rows (codes, or line keys, which the declaration knows)."""
    columns = [
        word for leaf in table.leaves() if isinstance(word := leaf.word, Amount) and not _follows(word)
    ]
    for line, side in leaf_lines(table, list(rows)):
        for column in columns:
            if column.side == side or not isinstance(table.rows, Balance):
                inside = table.where & line.where & column.where
                if inside.boxes:
                    entered = inside & table.entered_as
                    yield Leaf(CellRef(table.key, line.key, column.key), entered if entered.boxes else inside)


def _follows(word: Line | Amount) -> bool:
    """True for a sum, and for a share of one (其中): what other cells say already."""
    return bool(word.parts or word.of_which)


def leaf_lines(table: Table, rows: list[str]) -> Iterator[tuple[Line, int]]:
    """The rows of a table that are no sums of others, each with its side (0 but for the right list of a balance)."""
    if isinstance(table.rows, Tree):
        above = {code[:length] for code in rows for length in range(len(code))}
        for code in rows:
            if code != "total" and code not in above:
                yield Line(code, code, where(**{table.rows.scheme: code})), 0
    elif isinstance(table.rows, Lines):
        yield from ((line, 0) for line in table.rows.lines if not _follows(line))
    else:
        for pair in table.rows.pairs():
            yield from ((line, side) for side, line in enumerate(pair) if not _follows(line))


def told(inside: Slice) -> dict[str, str]:
    """The one value of each dimension that the slice is limited to, with its family; empty for a union."""
    if len(inside.boxes) != 1:
        return {}
    (box,) = inside.boxes
    return {name: next(iter(values)) for name, values in box.conditions if len(values) == 1}


def as_fact(inside: Slice, amount: Decimal, *, coded: bool) -> Fact | None:
    """The fact that a slice of one box pins down; None while a dimension of its family is open."""
    values = told(inside)
    family = values.pop("family", "")
    if not family:
        return None
    shape = FAMILIES[Family(family)]
    if set(values) != set(shape.dimensions):
        return None
    if shape.code and not (coded or shape.by_class or is_leaf(values[shape.code], shape.code)):
        return None
    dimensions: dict[str, Any] = {name: typed(name, value) for name, value in values.items()}
    return Fact(Family(family), amount, **dimensions)
