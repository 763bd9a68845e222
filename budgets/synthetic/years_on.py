"""A budget one year later: the same items with amounts a little higher or lower, tied in every table as before."""

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from budgets.domain.facts import Fact
from budgets.domain.families import FISCAL
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, Use

STEP = Decimal(100)  # yuan: what every set prints exactly
LEAST, MOST = -0.06, 0.12  # of an amount that changes


def a_year_on(facts: Sequence[Fact], seed: int) -> tuple[Fact, ...]:
    """The facts of the next year.

    What is spent from a fiscal fund on a project or on what can be split changes, and with it where the money comes from and
    what it buys; “三公”经费 changes by itself. A budget that cannot be changed so stays as it is.
    """
    chance = random.Random(f"a year on {seed}")  # noqa: S311
    now = dict.fromkeys(facts, Decimal(0))
    by_class = any(fact.family is Family.BASIC_BY_CLASS for fact in facts)
    by_economic = any(fact.family is Family.BY_ECONOMIC for fact in facts)

    def first(family: Family, **more: object) -> Fact | None:
        of = (f for f in facts if f.family is family)
        return next((f for f in of if all(getattr(f, key) == value for key, value in more.items())), None)

    for fact in facts:
        change = (fact.amount * Decimal(chance.uniform(LEAST, MOST)) / STEP).quantize(Decimal(1)) * STEP
        if fact.family is Family.THREE_PUBLIC:
            now[fact] += max(change, -fact.amount + STEP)
        if fact.family is not Family.EXPENDITURE or fact.fund not in FISCAL or chance.random() < 0.3:
            continue
        tied = [
            fact,
            first(Family.FUND, fund=fact.fund, flow=Flow.REVENUE),
            first(Family.REVENUE, origin=Origin.FISCAL_APPROPRIATION),
        ]
        if by_class and fact.use is Use.BASIC:
            tied.append(first(Family.BASIC_BY_CLASS, function=fact.function[:3]))
        divided = fact.fund is Fund.GENERAL_PUBLIC and by_economic
        part = first(Family.BY_ECONOMIC, function=fact.function, use=fact.use) if divided else None
        if divided:
            tied.append(part)
        if fact.fund is Fund.GENERAL_PUBLIC and fact.use is Use.BASIC:
            kind = chance.choice(list(BasicKind))
            of_part = [
                f for f in facts if part and f.family is Family.BASIC_EXPENDITURE
                and f.economic.startswith(part.economic)
            ]  # fmt: skip
            tied.append(next(iter(of_part), None) if divided else first(Family.BASIC_EXPENDITURE, kind=kind))
        if None not in tied and all(f.amount + now[f] + change > 0 for f in tied if f):
            for f in tied:
                if f:
                    now[f] += change
    return tuple(replace(fact, amount=fact.amount + more) for fact, more in now.items())
