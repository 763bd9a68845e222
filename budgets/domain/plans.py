"""What accounts print beside what was spent: the amounts of the published budget of the same year, item by item."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from budgets.domain.facts import Fact
from budgets.domain.families import FISCAL
from budgets.domain.ledgers import Ledger
from budgets.domain.terms import Family, Fund, Measure, ThreePublicItem


def planned(budget: Ledger) -> Iterator[Fact]:
    """The budget's fiscal expenditure by item and fund, and its “三公”经费 by item, as 年初预算数 of the accounts. Yuan."""
    by_item: dict[tuple[str, Fund], Decimal] = defaultdict(Decimal)
    three_public: dict[ThreePublicItem, Decimal] = defaultdict(Decimal)
    for fact in budget.facts:
        if fact.family is Family.EXPENDITURE and fact.fund in FISCAL:
            by_item[fact.function, fact.fund] += fact.amount
        elif fact.family is Family.THREE_PUBLIC and fact.item:
            three_public[fact.item] += fact.amount
    for (function, fund), amount in by_item.items():
        yield Fact(Family.BUDGETED, amount, function=function, fund=fund, measure=Measure.INITIAL)
    for item, amount in three_public.items():
        yield Fact(Family.THREE_PUBLIC_BUDGETED, amount, item=item, measure=Measure.INITIAL)
