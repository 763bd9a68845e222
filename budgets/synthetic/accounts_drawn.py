"""Final accounts drawn from a budget: what was planned, spent in part or whole, tied in every table, with results of its goals."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from budgets import tablesets
from budgets.domain.facts import Fact
from budgets.domain.families import FISCAL
from budgets.domain.ledgers import Goal, Ledger, Narrative
from budgets.domain.plans import planned
from budgets.domain.tables import TableSet
from budgets.domain.terms import Family, Flow, Fund, Origin, ThreePublicItem, Use

HUNDRED = Decimal(100)
TEXTS = {
    "overview": "本年度收入支出总计[[收入总计]]万元。",
    "revenue_explained": "本年收入合计[[本年收入]]万元，其中：财政拨款收入[[财政拨款收入]]万元。",
    "expenditure_explained": "本年支出合计[[本年支出]]万元，其中：基本支出[[基本支出]]万元；项目支出[[项目支出]]万元。",
    "three_public": "“三公”经费财政拨款支出年初预算为[[“三公”经费预算数]]万元，支出决算为[[“三公”经费]]万元。",
}
JUDGED = (
    "编报绩效目标的{year}年度项目{n}个，涉及预算金额{money}万元；绩效跟踪评价的{year}年度项目{n}个，涉及预算金额{money}万元；"
    "绩效自评的{year}年度项目{n}个，涉及预算金额{money}万元，平均得分{score}分（其中，绩效评级为“优”的项目{n}个；"
    "绩效评级为“良”的项目0个；绩效评级为“合格”的项目0个；绩效评级为“不合格”的项目0个）。"
)


def account_of(budget: Ledger, seed: int) -> Ledger:
    """The accounts of a budget's year in the form that ends it; the same arguments give the same. KeyError without such a form."""
    declared = tablesets.accounts_of(budget.table_set)
    if declared is None:
        raise KeyError(budget.table_set)
    chance = random.Random(f"{seed} {budget.unit_code} {budget.year}")  # noqa: S311
    facts = tuple(_spent(chance, budget, declared))
    goals = tuple(_reached(chance, goal) for goal in budget.goals)
    return Ledger(
        table_set=declared.key,
        region_code=budget.region_code,
        region_name=budget.region_name,
        unit_code=budget.unit_code,
        unit_name=budget.unit_name,
        year=budget.year,
        stage=declared.stage.value,
        facts=facts,
        goals=goals,
        narratives=tuple(
            Narrative(word.key, word.title, _text(chance, word.key, budget, facts))
            for word in declared.chapters
        ),
        approved_on=date(budget.year + 1, 8, 10),
        contact=budget.contact,
    )


def _part(chance: random.Random, amount: Decimal, least: int = 80) -> Decimal:
    """So much of an amount was spent: whole hundreds of yuan, at least one."""
    spent = (amount * chance.randint(least, 100) / 100 / HUNDRED).quantize(Decimal(1), ROUND_DOWN) * HUNDRED
    return max(spent, HUNDRED).quantize(Decimal("0.01"))


def _spent(chance: random.Random, budget: Ledger, declared: TableSet) -> Iterator[Fact]:
    by_item: dict[tuple[Fund, str], Decimal] = defaultdict(Decimal)
    basic = not_fiscal = Decimal(0)
    for fact in budget.facts:
        if fact.family is not Family.EXPENDITURE or fact.fund is None:
            continue
        own = replace(fact, amount=_part(chance, fact.amount, 80 if fact.use is Use.PROJECT else 100))
        yield own
        if fact.fund in FISCAL:
            by_item[fact.fund, fact.function] += own.amount
            basic += own.amount if (fact.fund, fact.use) == (Fund.GENERAL_PUBLIC, Use.BASIC) else 0
        else:
            not_fiscal += own.amount
    yield from _basic(budget, basic)
    for function in sorted({function for _, function in by_item}):
        amount = sum((by_item[fund, function] for fund in FISCAL if (fund, function) in by_item), Decimal(0))
        yield Fact(Family.REVENUE, amount, function=function, origin=Origin.FISCAL_APPROPRIATION)
    for (fund, function), amount in by_item.items():
        if fund is not Fund.GENERAL_PUBLIC:
            yield Fact(Family.FUND_ITEM, amount, fund=fund, function=function, flow=Flow.REVENUE)
    general = sum((each for (fund, _), each in by_item.items() if fund is Fund.GENERAL_PUBLIC), Decimal(0))
    if general:
        yield Fact(Family.FUND, general, fund=Fund.GENERAL_PUBLIC, flow=Flow.REVENUE)
    if not_fiscal:  # paid from what was left of the years before, and from other income
        used = (not_fiscal / 3 / HUNDRED).quantize(Decimal(1), ROUND_DOWN) * HUNDRED
        function = next(f.function for f in budget.facts if f.fund is Fund.NON_FISCAL and f.function)
        yield Fact(Family.FUND, used, fund=Fund.NON_FISCAL, flow=Flow.SURPLUS_USED)
        yield Fact(Family.REVENUE, not_fiscal - used, function=function, origin=Origin.OTHER)
    spent: dict[ThreePublicItem, Decimal] = {}
    item: ThreePublicItem | None
    for fact in planned(budget):
        if declared.prints(fact.family):
            item = (
                ThreePublicItem.OVERSEAS_OTHER
                if fact.item is ThreePublicItem.OVERSEAS_RESEARCH
                else fact.item
            )
            yield fact
            if fact.item and item:
                spent[item] = spent.get(item, Decimal(0)) + _part(chance, fact.amount, 70)
    for item, amount in spent.items():
        yield Fact(Family.THREE_PUBLIC, amount, fund=Fund.GENERAL_PUBLIC, item=item)


def _basic(budget: Ledger, whole: Decimal) -> Iterator[Fact]:
    """The economic items of basic expenditure, the last of which takes what rounding left."""
    facts = [fact for fact in budget.facts if fact.family is Family.BASIC_EXPENDITURE]
    left = whole
    for n, fact in enumerate(sorted(facts, key=lambda fact: fact.amount), 1):
        amount = (
            left if n == len(facts) else (fact.amount / HUNDRED).quantize(Decimal(1), ROUND_DOWN) * HUNDRED
        )
        left -= amount
        if amount:
            yield replace(fact, amount=amount.quantize(Decimal("0.01")))


def _reached(chance: random.Random, goal: Goal) -> Goal:
    results = (replace(each, result=f"{chance.randint(95, 100)}{each.unit}") for each in goal.indicators)
    return replace(goal, indicators=tuple(results))


def _text(chance: random.Random, key: str, budget: Ledger, facts: tuple[Fact, ...]) -> str:
    if key != "performance":
        return TEXTS.get(key, "本年度没有其他需要说明的事项。")
    projects = sum((fact.amount for fact in budget.facts if fact.use is Use.PROJECT), Decimal(0))
    score = chance.randint(9000, 10000) / Decimal(100)
    return JUDGED.format(
        year=budget.year,
        n=max(len(budget.projects), 1),
        money=f"{projects / 10_000:.2f}",
        score=f"{score:.2f}",
    )
