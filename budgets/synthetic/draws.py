"""The facts of a budget drawn at random, tied in every table: several funds on one item, carry-over, non-fiscal money."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from budgets import tablesets
from budgets.domain.declared_sums import probes
from budgets.domain.facts import Fact
from budgets.domain.families import FISCAL
from budgets.domain.leaf_cells import as_fact, leaves
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, ThreePublicItem, Use
from budgets.tablesets.common import BY_FUND, CURRENT_ORIGINS

FUNCTIONS = (
    "2010301", "2010302", "2010350", "2080501", "2080505", "2101101", "2101103", "2120801", "2130135",
    "2150517", "2210201", "2230105", "2240101", "2299999",
)  # fmt: skip
ECONOMICS = {
    BasicKind.PERSONNEL: ("30101", "30102", "30108", "30110", "30113", "30199", "30301", "30309"),
    BasicKind.RUNNING_COSTS: ("30201", "30207", "30217", "30231", "30299", "31002"),
}
NON_FISCAL_ORIGINS = tuple(o for o in CURRENT_ORIGINS if o is not Origin.FISCAL_APPROPRIATION)


class Form:
    """What the tables of a set can print, in the order of the terms. KeyError for a set that is not declared."""

    def __init__(self, key: str) -> None:
        declared = tablesets.get(key)
        codes = (*FUNCTIONS, *(code for group in ECONOMICS.values() for code in group))
        inside = [leaf.inside for table in declared.tables for leaf in leaves(table, codes)]
        of_family = {family: [c for c in inside if family in c.codes("family")] for family in Family}
        probed = probes(inside, declared.no_column_for)
        facts = [fact for fact in probed if any(fact in cell for cell in of_family[fact.family])]
        # Yuan. A form in yuan and cents spends as much as one in hundreds of yuan, to the odd cent.
        self.smallest = declared.quantum if declared.quantum >= 1 else declared.quantum * 9973
        non_fiscal = {fact.use for fact in facts if fact.fund is Fund.NON_FISCAL}
        three_public = [fact for fact in facts if fact.family is Family.THREE_PUBLIC]
        self.origins = [o for o in NON_FISCAL_ORIGINS if o in {fact.origin for fact in facts}]
        self.uses = [use for use in Use if use in non_fiscal]
        general = {fact.use for fact in facts if fact.fund is Fund.GENERAL_PUBLIC}
        self.fiscal_uses = [use for use in (Use.BASIC, Use.PROJECT, Use.RESERVE) if use in general]
        self.by_fund = any(fact.origin in BY_FUND.values() for fact in facts)
        self.fiscal = [fund for fund in FISCAL if any(f.fund is fund and f.use for f in facts)]
        self.carry_over = any(fact.flow is Flow.OPENING for fact in facts)
        self.funds = [fund for fund in FISCAL if fund in {fact.fund for fact in three_public}]
        self.items = [item for item in ThreePublicItem if item in {fact.item for fact in three_public}]
        self.by_class = any(fact.family is Family.BASIC_BY_CLASS for fact in facts)
        self.agency = any(fact.family is Family.AGENCY for fact in facts)
        self.by_item = {fact.fund for fact in facts if fact.family is Family.FUND_ITEM}
        self.brought_forward = any(fact.origin is Origin.BROUGHT_FORWARD for fact in facts)
        self.surplus = any(fact.flow is Flow.SURPLUS_USED for fact in facts)
        self.events = [fact for fact in facts if fact.family is Family.EVENTS]
        pinned = [as_fact(cell, Decimal(0), coded=True) for cell in inside]
        self.by_economic = {
            use: sorted({f.economic for f in pinned if f and f.family is Family.BY_ECONOMIC and f.use is use})
            for use in (Use.BASIC, Use.PROJECT)
        }
        self.planned = [fact for fact in facts if fact.family is Family.THREE_PUBLIC_BUDGETED]


form_of = cache(Form)
IN_TEN_THOUSANDS = (
    Family.THREE_PUBLIC,
    Family.AGENCY,
    Family.EVENTS,
    Family.THREE_PUBLIC_BUDGETED,
)  # printed in 万元 by every set


def split(chance: random.Random, amount: int, parts: int) -> list[int]:
    """`amount` in `parts` positive pieces, or fewer when it is too small."""
    cuts = sorted(chance.sample(range(1, amount), min(parts, amount) - 1)) if amount > 1 else []
    return [b - a for a, b in zip([0, *cuts], [*cuts, amount], strict=True)]


def shared_out(chance: random.Random, amount: int, names: Iterable[str]) -> dict[str, int]:
    names = list(names)
    chosen = chance.sample(names, chance.randint(1, len(names)))
    return dict(zip(chosen, split(chance, amount, len(chosen)), strict=False)) if amount else {}


def random_facts(
    seed: int, table_set: str = "hebei_2023", functions: Sequence[str] = FUNCTIONS, items: int = 5
) -> tuple[Fact, ...]:
    """The facts of a budget in which every table of the set ties; amounts are multiples of what it prints.

    Each fund pays for one to `items` of the functional items, all of them where more than five are asked for: so the
    size of a budget grows with `items`.
    """
    chance = random.Random(seed)  # noqa: S311
    form = form_of(table_set)
    out: list[Fact] = []

    def put(family: Family, amount: int, **dimensions: Any) -> None:
        if amount:
            smallest = Decimal(100) if family in IN_TEN_THOUSANDS else form.smallest
            out.append(Fact(family, (amount * smallest).quantize(Decimal("0.01")), **dimensions))

    fiscal_revenue = brought_forward = 0
    funds = [Fund.GENERAL_PUBLIC, *(f for f in (*form.fiscal[1:], Fund.NON_FISCAL) if chance.random() < 0.5)]
    for fund in funds:
        uses = form.fiscal_uses if fund in FISCAL else form.uses
        spent = 0
        by_item: dict[str, int] = {}
        for function in chance.sample(functions, items if items > 5 else chance.randint(1, items)):
            for use in chance.sample(uses, chance.randint(1, len(uses))):
                amount = chance.randint(1, 500_000)
                spent += amount
                by_item[function] = by_item.get(function, 0) + amount
                put(Family.EXPENDITURE, amount, fund=fund, function=function, use=use)
                if fund is Fund.GENERAL_PUBLIC and use is Use.BASIC:
                    kind = chance.choice(list(BasicKind))
                    for economic, part in shared_out(chance, amount, ECONOMICS[kind]).items():
                        put(Family.BASIC_EXPENDITURE, part, economic=economic, kind=kind)
                        if form.by_economic[use]:
                            column = next(c for c in form.by_economic[use] if economic.startswith(c))
                            put(Family.BY_ECONOMIC, part, function=function, economic=column, use=use)
                if fund is Fund.GENERAL_PUBLIC and use is Use.PROJECT and form.by_economic[use]:
                    for column, part in shared_out(chance, amount, form.by_economic[use]).items():
                        put(Family.BY_ECONOMIC, part, function=function, economic=column, use=use)
        opening = chance.randint(0, spent) if form.carry_over and chance.random() < 0.4 else 0
        closing = chance.randint(1, 90_000) if form.carry_over and chance.random() < 0.3 else 0
        revenue = spent + closing - opening
        if fund in form.by_item:
            revenue = spent
            for function, amount in by_item.items():
                put(Family.FUND_ITEM, amount, function=function, fund=fund, flow=Flow.REVENUE)
            for flow in (Flow.OPENING, Flow.CLOSING) if opening and closing else ():
                put(Family.FUND_ITEM, opening, function=next(iter(by_item)), fund=fund, flow=flow)
        else:
            put(Family.FUND, opening, fund=fund, flow=Flow.OPENING)
            put(Family.FUND, closing, fund=fund, flow=Flow.CLOSING)
            brought_forward += opening
        if fund in FISCAL:
            if fund not in form.by_item:
                put(Family.FUND, revenue, fund=fund, flow=Flow.REVENUE)
            if form.by_fund:
                for function, part in shared_out(chance, revenue, FUNCTIONS).items():
                    put(Family.REVENUE, part, function=function, origin=BY_FUND[fund])
            else:
                fiscal_revenue += revenue
        else:
            if form.surplus:
                used, kept = chance.randint(0, revenue // 3), chance.randint(0, 9_000)
                put(Family.FUND, used, fund=fund, flow=Flow.SURPLUS_USED)
                put(Family.FUND, kept, fund=fund, flow=Flow.DISTRIBUTED)
                revenue += kept - used
            for origin, amount in shared_out(chance, revenue, form.origins).items():
                for function, part in shared_out(chance, amount, FUNCTIONS[:4]).items():
                    put(Family.REVENUE, part, function=function, origin=Origin(origin))
    if form.by_class:
        basic: dict[str, int] = {}
        for fact in out:
            if fact.use is Use.BASIC:
                code = fact.function[:3]
                basic[code] = basic.get(code, 0) + int(fact.amount / form.smallest)
        for code, amount in basic.items():
            for half, part in shared_out(chance, amount, BasicKind).items():
                put(Family.BASIC_BY_CLASS, part, function=code, kind=BasicKind(half))
    for origin, amount in (
        (Origin.FISCAL_APPROPRIATION, fiscal_revenue),
        (Origin.BROUGHT_FORWARD, brought_forward if form.brought_forward else 0),
    ):
        for function, part in shared_out(chance, amount, FUNCTIONS).items():
            put(Family.REVENUE, part, function=function, origin=origin)
    for item in chance.sample(form.items, chance.randint(0, len(form.items))):
        for fund in chance.sample(form.funds, chance.randint(1, len(form.funds))):
            put(Family.THREE_PUBLIC, chance.randint(1, 9_000), item=item, fund=fund)
    for fact in form.planned:
        put(fact.family, chance.randint(0, 9_000), item=fact.item, measure=fact.measure)
    for fact in form.events:
        put(fact.family, chance.randint(0, 9_000), economic=fact.economic, fund=fact.fund)
    if form.agency:
        put(Family.AGENCY, chance.randint(0, 90_000))
    return tuple(_merged(out))


def _merged(facts: list[Fact]) -> list[Fact]:
    """One fact per meaning, as the database keeps them."""
    sums: dict[Fact, Decimal] = {}
    for fact in facts:
        meaning = replace(fact, amount=Decimal(0))
        sums[meaning] = sums.get(meaning, Decimal(0)) + fact.amount
    return [replace(meaning, amount=amount) for meaning, amount in sums.items()]
