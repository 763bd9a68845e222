"""Cells that pin down one fact: the leaf cells of declared tables, and the fact that each stands for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.domain.classification import FUNCTION
from budgets.domain.facts import CODED, Fact, Slice, where
from budgets.domain.places import CellRef
from budgets.domain.tables import Amount, Balance, Line, Lines, Table, Tree
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, ThreePublicItem, Use

# The dimensions that a fact of each family has, apart from its code.
DIMENSIONS: dict[str, dict[str, Any]] = {
    Family.REVENUE: {"origin": Origin},
    Family.EXPENDITURE: {"fund": Fund, "use": Use},
    Family.BASIC_EXPENDITURE: {"kind": BasicKind},
    Family.THREE_PUBLIC: {"item": ThreePublicItem, "fund": Fund},
    Family.FUND: {"fund": Fund, "flow": Flow},
    Family.AGENCY: {},
}
CODES = {Family.REVENUE: "function", Family.EXPENDITURE: "function", Family.BASIC_EXPENDITURE: "economic"}
# Families whose tables of all money hold non-fiscal money besides what the fiscal tables print.
WITH_NON_FISCAL = (Family.EXPENDITURE, Family.FUND)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A money cell that is no sum of others in its table, and the slice that it stands for."""

    ref: CellRef
    inside: Slice


def leaves(table: Table, rows: Iterable[str]) -> Iterator[Leaf]:
    """The leaf cells of a table that prints these rows (codes, or line keys, which the declaration knows)."""
    columns = [leaf.word for leaf in table.leaves() if isinstance(leaf.word, Amount) and not leaf.word.parts]
    for line, side in _leaf_lines(table, list(rows)):
        for column in columns:
            if column.side == side or not isinstance(table.rows, Balance):
                inside = table.where & line.where & column.where
                if inside.boxes:
                    entered = inside & table.entered_as
                    yield Leaf(CellRef(table.key, line.key, column.key), entered if entered.boxes else inside)


def _leaf_lines(table: Table, rows: list[str]) -> Iterator[tuple[Line, int]]:
    if isinstance(table.rows, Tree):
        dimension = "function" if table.rows.scheme == FUNCTION else "economic"
        for code in rows:
            if code != "total" and not any(other != code and other.startswith(code) for other in rows):
                yield Line(code, code, where(**{dimension: code})), 0
    elif isinstance(table.rows, Lines):
        yield from ((line, 0) for line in table.rows.lines if not line.parts)
    else:
        for pair in table.rows.pairs():
            yield from ((line, side) for side, line in enumerate(pair) if not line.parts)


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
    if family not in DIMENSIONS:
        return None
    code = CODES.get(Family(family), "")
    if set(values) != {*DIMENSIONS[family], *([code] if code else [])} or (code and not coded):
        return None
    typed: dict[str, Any] = {
        name: DIMENSIONS[family][name](value) for name, value in values.items() if name not in CODED
    }
    typed |= {name: values[name] for name in CODED & set(values)}
    return Fact(Family(family), amount, **typed)
