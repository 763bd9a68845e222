"""Facts and slices: one amount with its meaning, and the sets of facts that a cell sums."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, ThreePublicItem, Use

ZERO = Decimal("0.00")
DIMENSIONS = ("family", "function", "economic", "fund", "item", "origin", "use", "kind", "flow")
CODED = frozenset({"function", "economic"})  # codes nest: 2010301 lies in 20103 lies in 201


@dataclass(frozen=True, slots=True)
class Fact:
    """One entered amount in yuan; the dimensions that its family does not use stay empty."""

    family: Family
    amount: Decimal
    fund: Fund | None = None
    function: str = ""
    economic: str = ""
    origin: Origin | None = None
    use: Use | None = None
    kind: BasicKind | None = None
    item: ThreePublicItem | None = None
    flow: Flow | None = None


def order_of(fact: Fact) -> tuple[str, ...]:
    """Where a fact stands in the canonical order: the same content gives the same ledger, however it was typed or read."""
    return tuple(str(getattr(fact, name) or "") for name in DIMENSIONS)


def narrower(dimension: str, left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    """The values allowed by both sides; codes are prefixes, so the longer of two nested codes stays."""
    if dimension not in CODED:
        return left & right
    return frozenset(
        a if a.startswith(b) else b for a in left for b in right if a.startswith(b) or b.startswith(a)
    )


@dataclass(frozen=True, slots=True)
class Box:
    """Facts whose every named dimension has one of the allowed values (codes: starts with one)."""

    conditions: tuple[tuple[str, frozenset[str]], ...]

    def __contains__(self, fact: Fact) -> bool:
        for dimension, allowed in self.conditions:
            value = getattr(fact, dimension)
            if dimension in CODED:
                if not value.startswith(tuple(allowed)):
                    return False
            elif value not in allowed:
                return False
        return True

    def __and__(self, other: "Box") -> "Box | None":
        merged = dict(self.conditions)
        for dimension, allowed in other.conditions:
            merged[dimension] = (
                narrower(dimension, merged[dimension], allowed) if dimension in merged else allowed
            )
            if not merged[dimension]:
                return None
        return Box(tuple(sorted(merged.items())))

    def without(self, dimension: str) -> "Box":
        return Box(tuple(c for c in self.conditions if c[0] != dimension))

    def get(self, dimension: str) -> frozenset[str]:
        return dict(self.conditions).get(dimension, frozenset())


@dataclass(frozen=True, slots=True)
class Slice:
    """A set of facts: a union of disjoint boxes. No box at all holds no fact (a cell that is always blank)."""

    boxes: frozenset[Box]

    def __contains__(self, fact: Fact) -> bool:
        return any(fact in box for box in self.boxes)

    def __and__(self, other: "Slice") -> "Slice":
        return Slice(frozenset(both for a in self.boxes for b in other.boxes if (both := a & b) is not None))

    def __or__(self, other: "Slice") -> "Slice":
        return Slice(self.boxes | other.boxes)

    def without(self, dimension: str) -> "Slice":
        """The same slice with `dimension` left open."""
        return Slice(frozenset(box.without(dimension) for box in self.boxes))

    def codes(self, dimension: str) -> frozenset[str]:
        """The code prefixes this slice is limited to in `dimension`; empty when it is open there."""
        return frozenset(code for box in self.boxes for code in box.get(dimension))


EVERYTHING = Slice(frozenset({Box(())}))
NOTHING = Slice(frozenset())


def where(**conditions: str | Iterable[str]) -> Slice:
    """A slice of one box, for example `where(family=Family.REVENUE, origin=[Origin.SERVICE])`."""
    pairs = {k: frozenset([v]) if isinstance(v, str) else frozenset(v) for k, v in conditions.items()}
    return Slice(frozenset({Box(tuple(sorted(pairs.items())))}))


def total(facts: Iterable[Fact], inside: Slice) -> Decimal | None:
    """Sum the facts that lie inside a slice.

    Amounts are in yuan. None, printed as a blank cell, means that no fact lies there; an entered zero stays
    Decimal("0.00").
    """
    amounts = [fact.amount for fact in facts if fact in inside]
    return sum(amounts, ZERO) if amounts else None
