"""Amounts typed in another unit than their table's: 5231100 in a column of 万元."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets.domain.classification import Subjects
from budgets.domain.fact_cells import holding
from budgets.domain.facts import ZERO, Fact, Slice, total, where
from budgets.domain.findings import Severity
from budgets.domain.money import money
from budgets.domain.place_words import fact_words
from budgets.domain.places import CellRef, amount_place
from budgets.domain.tables import Meet
from budgets.domain.terms import Family, ThreePublicItem
from budgets.rules.registry import Case, Found, Report, rule

FACTORS = (Decimal(10_000), Decimal(100), Decimal("0.0001"), Decimal("0.01"))
ABOUT = {Decimal(10_000): Decimal(3), Decimal(100): Decimal("1.1")}  # how far a ratio may lie from the factor
APART = Decimal(1000)  # one amount this many times all others together
SURE = 20  # quanta: a smaller amount, divided, might as well be nothing
SMALL = Decimal(500_000)  # yuan: of a budget below, its total says nothing of an amount
MANY, MOSTLY = 3, Decimal("0.8")
PAID_AS = {ThreePublicItem.OFFICIAL_HOSPITALITY: "30217", ThreePublicItem.VEHICLE_RUNNING: "30231"}
SPENT = where(family=Family.EXPENDITURE)


@dataclass(frozen=True, slots=True)
class Mistyped:
    """Amounts that would be likely if they were divided by `factor`; `against` names the figure that says so, with
    its amount in yuan. `meets` are the keys of the ties between tables that they break."""

    facts: tuple[Fact, ...]
    factor: Decimal
    against: str
    likely: Decimal
    meets: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal:
        return sum((fact.amount for fact in self.facts), ZERO)


def mistyped(case: Case) -> tuple[Mistyped, ...]:
    """The amounts that were likely typed in another unit, each told once."""
    return case.once(_mistyped)


def _mistyped(case: Case) -> tuple[Mistyped, ...]:
    found = [] if case.ledger.given else list(_untied(case))
    told = {fact for each in found for fact in each.facts}
    for each in (*_beside_total(case, frozenset(told)), *_earlier_year(case)):
        if not told & set(each.facts):
            told |= set(each.facts)
            found.append(each)
    return tuple(found)


def mistyped_cells(case: Case) -> frozenset[CellRef]:
    """The printed cells that hold an amount which this year's other tables show to be in another unit."""
    facts = [
        f for each in mistyped(case) if each.meets or each.facts[0].family not in TIED for f in each.facts
    ]
    given = {sheet.key for sheet in case.ledger.given}
    return holding(case.table_set, [s for s in case.document.tables if s.key not in given], facts)


TIED = (Family.REVENUE, Family.EXPENDITURE, Family.BASIC_EXPENDITURE, Family.FUND)


def _untied(case: Case) -> Iterator[Mistyped]:
    """Groups of amounts whose division closes every tie between the tables that they stand in."""
    facts, quantum = case.ledger.facts, case.table_set.quantum
    parts = {meet.key: _contributions(meet, facts) for meet in case.table_set.meets}
    gaps = {key: gap for key, each in parts.items() if (gap := sum(each.values(), ZERO))}
    while gaps:
        best: tuple[int, Mistyped] | None = None
        for group in _groups(facts):
            own = _own(group, parts)
            for factor in FACTORS if own else ():
                closed = _closed(own, len(group), factor, gaps, quantum)
                if closed and (best is None or len(closed) > best[0]):
                    amount = sum((fact.amount for fact in group), ZERO)
                    meet = next(meet for meet in case.table_set.meets if meet.key in closed)
                    best = len(closed), Mistyped(group, factor, meet.label, amount / factor, tuple(closed))
        if best is None:
            return
        yield best[1]
        gaps = {key: gap for key, gap in gaps.items() if key not in best[1].meets}


def _contributions(meet: Meet, facts: Iterable[Fact]) -> dict[Fact, Decimal]:
    """What each fact adds to left minus right."""
    return {
        fact: fact.amount * sign
        for fact in facts
        if (sign := _within(fact, meet.left) - _within(fact, meet.right))
    }


def _within(fact: Fact, slices: Iterable[Slice]) -> int:
    return sum(fact in inside for inside in slices)


def _own(group: tuple[Fact, ...], parts: Mapping[str, Mapping[Fact, Decimal]]) -> dict[str, Decimal]:
    """What a group adds to left minus right of each tie that it stands in."""
    own = {key: sum((each.get(fact, ZERO) for fact in group), ZERO) for key, each in parts.items()}
    return {key: amount for key, amount in own.items() if amount}


def _groups(facts: Iterable[Fact]) -> Iterator[tuple[Fact, ...]]:
    """Each amount, then the amounts of a fund in a family, then those of a family."""
    tables: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.amount:
            yield (fact,)
            tables[fact.family, str(fact.fund)].append(fact)
            tables[(fact.family,)].append(fact)
    yield from (tuple(group) for group in tables.values() if len(group) > 1)


def _closed(
    own: Mapping[str, Decimal],
    size: int,
    factor: Decimal,
    gaps: Mapping[str, Decimal],
    quantum: Decimal,
) -> list[str]:
    """The broken ties that dividing a group of that size closes, by what it adds to each; none when it leaves or makes
    one of those it stands in open."""
    half = quantum * size / 2 * max(Decimal(1), 1 / factor)  # what was typed may have been rounded
    for key, amount in own.items():
        rest = abs(gaps.get(key, ZERO) - amount * (1 - 1 / factor))
        if rest and (rest > half or abs(amount / factor) < SURE * half):
            return []
    return list(own)


def _beside_total(case: Case, told: frozenset[Fact]) -> Iterator[Mistyped]:
    """Amounts that no tie holds: “三公”经费 and 机关运行经费 beside all that is spent; and one beside all others."""
    facts = [fact for fact in case.ledger.facts if fact not in told]
    spent = total(facts, SPENT) or ZERO
    for fact in facts:
        if fact.family in (Family.THREE_PUBLIC, Family.AGENCY):
            code = PAID_AS.get(fact.item) if fact.item else None
            inside = where(family=Family.BASIC_EXPENDITURE, economic=code) if code else None
            paid = (total(facts, inside) if inside else None) or ZERO
            if code and paid and fact.amount in (paid * 10_000, paid * 100):
                name = f"基本支出中 {code} {case.subjects.name(code, 'economic')}"
                yield Mistyped((fact,), fact.amount / paid, name, paid)
            elif spent >= SMALL and fact.amount > spent:
                yield Mistyped((fact,), FACTORS[0], "本部门支出总额", spent)
    rest = sum((fact.amount for fact in facts), ZERO)
    for fact in facts:
        if 0 < (rest - fact.amount) * APART <= fact.amount:
            yield Mistyped((fact,), FACTORS[0], "其余各项金额之和", rest - fact.amount)


def _earlier_year(case: Case) -> Iterator[Mistyped]:
    """Amounts about 10,000 or 100 times those of the same leaf in the latest year known before; most of a family, or
    of several, told as one."""
    if case.previous is None:
        return
    then = {replace(fact, amount=ZERO): fact.amount for fact in case.previous.facts}
    year = "上年" if case.last_year else f"{case.previous.year}年"
    likely: dict[Family, list[tuple[Fact, Decimal, Decimal]]] = defaultdict(list)
    compared: dict[Family, int] = defaultdict(int)
    for fact in case.ledger.facts:
        was = then.get(replace(fact, amount=ZERO), ZERO)
        if was > 0 < fact.amount:
            compared[fact.family] += 1
            if factor := _near(fact.amount / was):
                likely[fact.family].append((fact, was, factor))
    whole: dict[Decimal, list[tuple[Fact, Decimal]]] = defaultdict(list)
    for family, each in sorted(likely.items(), key=lambda item: -len(item[1])):
        factor = each[0][2]  # what is a fault of many families is that of one with few amounts, too
        if len(each) >= compared[family] * MOSTLY and (len(each) >= MANY or factor in whole):
            whole[factor] += [(fact, was) for fact, was, _ in each]
        else:
            yield from (Mistyped((fact,), by, f"{year}同一项", was) for fact, was, by in each)
    for factor, pairs in whole.items():
        before = sum((was for _, was in pairs), ZERO)
        yield Mistyped(tuple(fact for fact, _ in pairs), factor, f"{year}相同各项合计", before)


def _near(ratio: Decimal) -> Decimal | None:
    for factor in FACTORS:
        width = ABOUT.get(factor) or ABOUT[1 / factor]
        if factor / width <= ratio <= factor * width:
            return factor
    return None


@rule(
    "typed-in-its-unit",
    Severity.WARNING,
    source="公开表计量单位",
    formula="金额与上年（系统中没有的，最近一个年度）同一项、本部门总额和其他各表相比，不相差一万倍或一百倍",
)
def typed_in_its_unit(case: Case, report: Report) -> Found:
    """An amount 10,000 or 100 times what an earlier year, the total or the other tables make likely may be in another unit.

    Where a tie between this year's tables is broken by it, that is an ERROR, told here instead of there.
    """
    unit = case.table_set.unit
    for each in mistyped(case):
        name = named(case.subjects, each.facts)
        yield report(
            f"{name}{'' if len(each.facts) == 1 else '合计'}为 {money(each.amount, unit)}，"
            f"{_slip(each, unit)}：{_why(each, unit)}。请核对单位和小数点，属实的请说明。",
            at=amount_place(each.facts[0]),
            apart=name if len(each.facts) > 1 else "",
            severity=Severity.ERROR if each.meets else None,
        )


def _why(each: Mistyped, unit: str) -> str:
    if each.meets:
        return f"按 {money(each.likely, unit)} 计，{each.against}等即可相符"
    return f"{each.against}为 {money(each.likely, unit)}"


def _slip(each: Mistyped, unit: str) -> str:
    if each.factor == FACTORS[0]:
        return "可能以元填写" if unit != "元" or each.facts[0].family not in TIED else "可能多写了四位"
    if each.factor == FACTORS[2]:
        return "可能以万元填写" if unit == "元" else "可能少写了四位"
    return "小数点可能错了两位"


def named(subjects: Subjects, facts: tuple[Fact, ...]) -> str:
    """One amount as people call it, or the families of several with their number."""
    if len(facts) == 1:
        return fact_words(subjects, facts[0])
    funds = {fact.fund for fact in facts}
    fund = funds.pop() if len(funds) == 1 else None
    families = "、".join(dict.fromkeys(fact.family.label for fact in facts))
    return f"{families}{f'（{fund.label}）' if fund else ''}的 {len(facts)} 个金额"
