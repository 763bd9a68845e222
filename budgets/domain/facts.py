"""Facts and slices: one amount with its meaning, the sets of facts that a cell sums, and facts filed to be summed."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product
from operator import attrgetter

from budgets.domain.terms import BasicKind, Family, Flow, Fund, Measure, Origin, Term, ThreePublicItem, Use

ZERO = Decimal("0.00")
CODES = ("function", "economic")  # each named as the scheme of its codes, which nest: 2010301 in 20103 in 201
CODED = frozenset(CODES)
KINDS: dict[str, type[Term]] = {
    "fund": Fund, "item": ThreePublicItem, "origin": Origin, "use": Use, "kind": BasicKind, "flow": Flow,
    "measure": Measure,
}  # fmt: skip
PLACES = {name: n for n, name in enumerate(KINDS)}
OPEN = frozenset([""])  # the codes that start with nothing: all
LAST = "\U0010ffff"  # sorts behind every character
DIMENSIONS = ("family", *CODES, *KINDS)  # in the canonical order of facts, which published payloads keep


@dataclass(frozen=True, slots=True)
class Fact:
    """One entered amount in yuan, with two places or more; the dimensions that its family does not use stay empty."""

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
    measure: Measure | None = None

    def __post_init__(self) -> None:
        # 100 and 100.00 are the same amount: the same content has the same bytes.
        exponent = self.amount.as_tuple().exponent
        if isinstance(exponent, int) and exponent > -2:
            object.__setattr__(self, "amount", Decimal(f"{self.amount:.2f}"))


def typed(dimension: str, value: str) -> str | Term:
    """A stored value as facts hold it: a code as it is, else the term of that value. Raises ValueError for no such term."""
    return value if dimension in CODED else KINDS[dimension](value)


def order_of(fact: Fact) -> tuple[str, ...]:
    """Where a fact stands in the canonical order: the same content gives the same ledger, however it was typed or read."""
    return tuple(str(getattr(fact, name) or "") for name in DIMENSIONS)


def widest(codes: Iterable[str]) -> list[str]:
    """The codes that lie in no other one, sorted."""
    out: list[str] = []
    for code in sorted(codes):
        if not (out and code.startswith(out[-1])):
            out.append(code)
    return out


def starting(codes: Sequence[str], prefix: str) -> Sequence[str]:
    """Those of sorted codes that start with a prefix, itself included."""
    return codes[bisect_left(codes, prefix) : bisect_left(codes, prefix + LAST)]


def narrower(dimension: str, left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    """The values allowed by both sides; codes are prefixes, so the longer of two nested codes stays."""
    if dimension not in CODED:
        return left & right
    if left == OPEN:
        return right
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
        if not (self.conditions and other.conditions):
            return other if other.conditions else self
        merged = dict(self.conditions)
        for dimension, allowed in other.conditions:
            if dimension in merged and not (allowed := narrower(dimension, merged[dimension], allowed)):
                return None
            merged[dimension] = allowed
        return Box(tuple(sorted(merged.items())))

    def without(self, dimension: str) -> "Box":
        return Box(tuple([c for c in self.conditions if c[0] != dimension]))

    def get(self, dimension: str) -> frozenset[str]:
        for name, allowed in self.conditions:
            if name == dimension:
                return allowed
        return frozenset()


@dataclass(frozen=True, slots=True)
class Slice:
    """A set of facts: a union of disjoint boxes. No box at all holds no fact (a cell that is always blank)."""

    boxes: frozenset[Box]

    def __contains__(self, fact: Fact) -> bool:
        return any(fact in box for box in self.boxes)

    def __and__(self, other: "Slice") -> "Slice":
        return Slice(
            frozenset([both for a in self.boxes for b in other.boxes if (both := a & b) is not None])
        )

    def __or__(self, other: "Slice") -> "Slice":
        return Slice(self.boxes | other.boxes)

    def without(self, dimension: str) -> "Slice":
        """The same slice with `dimension` left open."""
        return Slice(frozenset([box.without(dimension) for box in self.boxes]))

    def codes(self, dimension: str) -> frozenset[str]:
        """The code prefixes this slice is limited to in `dimension`; empty when it is open there."""
        return frozenset().union(*[box.get(dimension) for box in self.boxes])

    def by_code(self) -> "Coded":
        """The slice without the one code that it is limited to in each scheme, and these codes, blank where there is
        none: equal for equal slices."""
        rest, codes = self, dict.fromkeys(CODES, "")
        for scheme in CODES:
            limits = {box.get(scheme) for box in self.boxes}
            if len(limits) == 1 and len(only := next(iter(limits))) == 1:
                rest, codes[scheme] = rest.without(scheme), next(iter(only))
        return rest, tuple(codes.values())


type Coded = tuple[Slice, tuple[str, ...]]
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


@lru_cache(maxsize=10_000)
def _prefixes(code: str) -> tuple[str, ...]:
    """Everything that a code starts with: nothing, 2, 20, 201, … itself."""
    return tuple(code[:length] for length in range(len(code) + 1))


type Sums = dict[tuple[str, ...], Decimal]  # by the start of the functional and of the economic code
type Asked = list[
    tuple[list[Sums], dict[str, frozenset[str]]]
]  # for each box: sums, starts of codes by scheme


class Filed:
    """Facts filed by family and by all of their meaning but the codes, added up there by what their codes start with.

    What a slice holds is then found in as many steps as there are funds, uses and origins, however many facts there are.
    """

    _rest = attrgetter(*KINDS)

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)
        self._by_family: dict[str, list[Fact]] = {}
        self._sums: dict[str, dict[tuple[Term | None, ...], Sums]] = {}  # by family and the other dimensions
        self._asked: dict[Slice, Asked] = {}
        for fact in self.facts:
            self._by_family.setdefault(fact.family, []).append(fact)
            sums = self._sums.setdefault(fact.family, {}).setdefault(Filed._rest(fact), {})
            for starts in product(_prefixes(fact.function), _prefixes(fact.economic)):
                sums[starts] = sums.get(starts, ZERO) + fact.amount

    def total(self, inside: Slice, scheme: str = "", code: str = "") -> Decimal | None:
        """As `total` of the facts: their sum inside a slice in yuan, None when no fact lies there.

        With a code of a scheme the sum of what lies under it, as of `inside & where(scheme=code)`.
        """
        if inside not in self._asked:
            self._asked[inside] = [self._ask(box) for box in inside.boxes]
        amounts: list[Decimal] = []
        for held, codes in self._asked[inside]:
            if scheme:
                codes = codes | {scheme: narrower(scheme, codes[scheme], frozenset((code,)))}
            for starts in product(*codes.values()):
                amounts += [sums[starts] for sums in held if starts in sums]
        return sum(amounts, ZERO) if amounts else None

    def _ask(self, box: Box) -> tuple[list[Sums], dict[str, frozenset[str]]]:
        """The sums that lie in a box but for its codes, and these."""
        conditions = dict(box.conditions)
        families = conditions.pop("family", self._sums)
        codes = {name: frozenset(widest(conditions.pop(name, OPEN))) for name in CODES}
        tests = [(PLACES[name], allowed) for name, allowed in conditions.items()]
        held = [
            sums
            for family in families
            for rest, sums in self._sums.get(family, {}).items()
            if all(rest[i] in allowed for i, allowed in tests)
        ]
        return held, codes

    def within(self, inside: Slice) -> Iterator[Fact]:
        """The facts that lie inside a slice; those of other families are not looked at."""
        limits = [box.get("family") for box in inside.boxes]
        families = {name for names in limits for name in names or self._by_family}
        for family in sorted(families):
            yield from (fact for fact in self._by_family.get(family, ()) if fact in inside)
