"""Whether columns and lines add up as declared, tried on probes: one amount for every meaning that families allow.

Two slices overlap when a probe lies in both; a column adds up when each probe of it lies in exactly one of its parts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product
from typing import Any

from budgets.domain.classification import ECONOMIC, FUNCTION
from budgets.domain.facts import CODED, DIMENSIONS, KINDS, Fact, Slice
from budgets.domain.families import FAMILIES
from budgets.domain.tables import Amount, Line
from budgets.domain.terms import Term

ANY_CODE = {FUNCTION: "201", ECONOMIC: "301"}  # stands for all codes where no slice names one


class Flaw(Term):
    """A kind of fault in a declaration, with what to mend."""

    TWICE = "E002", "键（编号、名称）在同一处只能出现一次，请改名或删去其一。"
    NAMELESS = "E003", "请写上印出来的名称。"
    UNKNOWN = "E004", "请改成同一处已声明的键，或从 parts、of_which 中删去。"
    EMPTY = "E005", "请核对表、行、列的 where；表样上有而永远没有金额的行，请写 always_blank=True。"
    OVERLAP = (
        "E006",
        "同一笔钱会被数两次：请改其中一个 where，或把一个列入另一个的 parts；“其中”栏请写 of_which。",
    )
    SUM = "E007", "请改 where、parts 或 of_which，使每笔钱恰好属于一个分项，“其中”不超出所属的一项。"
    NO_CELL = "E008", "请改成本表套已声明的键。"
    NO_HOME = "E009", "没有一章收录的附表不会印出，收录两次的印两次：请恰好列入一章的 annexes。"
    UNSAYABLE = (
        "E010",
        "大括号中只能写 {year}、{last_year}、{unit}、{unit_code}、{unit_name}、{region}、{as_of}，附表标题还可写 {n} 和记录的名称。",
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its kind, where it stands, and what is wrong there, in words."""

    flaw: Flaw
    at: str
    message: str


def probes(slices: Sequence[Slice], never: Slice) -> list[Fact]:
    """An amount for every meaning that a family and a set allow, with each code that the slices name."""
    named = {name: narrowest(s.codes(name) for s in slices) or {ANY_CODE[name]} for name in CODED}
    found = []
    for family, shape in FAMILIES.items():
        values: list[Iterable[str]] = [sorted(named.get(name, ())) or KINDS[name] for name in shape.named_by]
        if shape.across:
            values.append(shape.values or KINDS[shape.across])
        for meaning in product(*values):
            dimensions: dict[str, Any] = dict(zip(shape.dimensions, meaning, strict=True))
            found.append(Fact(family, Decimal(1), **dimensions))
            if found[-1] in shape.impossible or found[-1] in never:
                found.pop()
    return found


def narrowest(codes: Iterable[Iterable[str]]) -> set[str]:
    """The codes that no other one lies in: amounts are entered there, not at a class whose items are named, too."""
    named = set().union(*codes)
    return {code for code in named if not any(other != code and other.startswith(code) for other in named)}


def sums(at: str, words: Sequence[Line] | Sequence[Amount], inside: Sequence[Fact]) -> Iterator[Fault]:
    """What does not add up among the columns or the lines of one list, tried on the probes of their table."""
    held = {word.key: {fact for fact in inside if fact in word.where} for word in words}
    parts = {word.key: [key for key in word.parts if key in held and key != word.key] for word in words}
    among = {word.key for word in words if word.of_which}  # 其中: money that other words count, too
    told: set[str] = set()  # whose sum is wrong: what else they meet follows from that
    for word in words:
        here = f"{at} {word.key}"
        whole = (word.of_which,) if word.of_which else ()
        for key in (*word.parts, *whole):
            if key not in held or key == word.key:
                yield Fault(Flaw.UNKNOWN, here, f"parts 或 of_which 中的 {key} 不是这里的另一个键。")
            elif key in whole and (
                outside := next((f for f in inside if f in held[word.key] - held[key]), None)
            ):
                yield Fault(Flaw.SUM, here, f"“{_money(outside)}”不在它所属的 {key} 之内。")
        blank = isinstance(word, Line) and word.always_blank
        if blank == bool(held[word.key]):
            message = "写了 always_blank，却有事实落入。" if blank else "没有一笔钱会落入这里。"
            yield Fault(Flaw.EMPTY, here, message)
        times = Counter(fact for key in parts[word.key] for fact in held[key])
        wrong = [f for f in inside if times[f] != (f in held[word.key])] if parts[word.key] else []
        if wrong:
            message = f"parts 加起来不等于它：“{_money(wrong[0])}”在各分项中共数了 {times[wrong[0]]} 次。"
            yield Fault(Flaw.SUM, here, message)
            told.add(word.key)
    together = {frozenset(pair) for keys in parts.values() for pair in combinations(keys, 2)}
    for a, b in combinations(held, 2):
        apart = b not in _below(a, parts) and a not in _below(b, parts) and {a, b} not in together
        if apart and not (told | among) & {a, b} and (both := held[a] & held[b]):
            money = _money(next(fact for fact in inside if fact in both))
            yield Fault(Flaw.OVERLAP, f"{at} {a}", f"与 {b} 有重叠：“{money}”同时落入两处。")


def _money(fact: Fact) -> str:
    """A probe in words: 支出 201 一般公共预算 基本支出."""
    return " ".join(getattr(value, "label", value) for name in DIMENSIONS if (value := getattr(fact, name)))


def _below(key: str, parts: dict[str, list[str]]) -> set[str]:
    """The keys that add up to a key, at whatever depth."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        fresh = set(parts[waiting.pop()]) - found
        found |= fresh
        waiting += fresh
    return found
