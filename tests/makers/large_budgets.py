"""Large budgets that tie: n functional items of the real code list, one sentence for each of them."""

import random
from dataclasses import dataclass
from decimal import Decimal

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.classification import ECONOMIC
from budgets.domain.facts import Fact
from budgets.domain.ledgers import Asset, Goal, Indicator, Ledger, Narrative, Procurement, Project
from budgets.domain.money import in_unit
from budgets.domain.terms import (
    AssetItem,
    BasicKind,
    Comparator,
    Family,
    Flow,
    Fund,
    Origin,
    ThreePublicItem,
    Use,
)
from budgets.synthetic.draws import form_of
from budgets.tablesets.common import CLASSES

YEAR = 2023
KINDS = {"301": BasicKind.PERSONNEL, "303": BasicKind.PERSONNEL, "302": BasicKind.RUNNING_COSTS}
LETTERS = {3: "类", 5: "款", 7: "项"}


@dataclass(frozen=True)
class Drawn:
    """One item: its code and the yuan of its basic and project expenditure."""

    function: str
    basic: Decimal
    project: Decimal


def drawn(items: int, seed: int) -> list[Drawn]:
    """Different items of the classes that both sets print, drawn by a seed."""
    chance = random.Random(seed)
    classes = {code for code, _ in CLASSES}
    known = [s.code for s in subjects_of(YEAR).all() if s.level == 3 and s.code[:3] in classes]
    amounts = (Decimal(100) * chance.randint(1, 500_000) for _ in range(2 * items))
    return [Drawn(code, next(amounts), next(amounts)) for code in sorted(chance.sample(known, items))]


def large_facts(items: int, seed: int = 1, table_set: str = "hebei_2023") -> tuple[Fact, ...]:
    """The facts of a budget of that many items: every tenth is paid by the government fund, the rest is general.

    Revenue of a fund that the set tells item by item is that of each of its items.
    """
    by_item = form_of(table_set).by_item
    facts: list[Fact] = []
    paid = {Fund.GENERAL_PUBLIC: Decimal(0), Fund.GOVERNMENT_FUND: Decimal(0)}
    basic = Decimal(0)
    for n, item in enumerate(drawn(items, seed)):
        fund = Fund.GOVERNMENT_FUND if n % 10 == 9 else Fund.GENERAL_PUBLIC
        for use, amount in ((Use.BASIC, item.basic), (Use.PROJECT, item.project)):
            facts.append(Fact(Family.EXPENDITURE, amount, fund=fund, function=item.function, use=use))
            paid[fund] += amount
        if fund in by_item:
            facts.append(
                Fact(
                    Family.FUND_ITEM,
                    item.basic + item.project,
                    fund=fund,
                    function=item.function,
                    flow=Flow.REVENUE,
                )
            )
        basic += item.basic if fund is Fund.GENERAL_PUBLIC else 0
        facts.append(
            Fact(
                Family.REVENUE,
                item.basic + item.project,
                function=item.function,
                origin=Origin.FISCAL_APPROPRIATION,
            )
        )
    facts += [
        Fact(Family.FUND, amount, fund=fund, flow=Flow.REVENUE)
        for fund, amount in paid.items()
        if amount and fund not in by_item
    ]
    economics = [s.code for s in subjects_of(YEAR).all(ECONOMIC) if s.level == 2 and s.code[:3] in KINDS]
    shares = economics[: max(2, min(items, len(economics)))]
    each = basic // 100 // len(shares) * 100
    for code in shares:
        amount = each if code != shares[0] else basic - each * (len(shares) - 1)
        facts.append(Fact(Family.BASIC_EXPENDITURE, amount, economic=code, kind=KINDS[code[:3]]))
    facts.append(
        Fact(
            Family.THREE_PUBLIC,
            Decimal(20000),
            item=ThreePublicItem.VEHICLE_RUNNING,
            fund=Fund.GENERAL_PUBLIC,
        )
    )
    return tuple(facts)


def _sentences(items: list[Drawn], unit: str) -> str:
    """每个科目一句: 一般公共服务支出（类）…（款）行政运行（项）12.34万元，主要用于日常工作。"""
    subjects = subjects_of(YEAR)
    lines = []
    for item in items:
        path = "".join(
            f"{subjects.name(item.function[:length])}（{letter}）" for length, letter in LETTERS.items()
        )
        lines.append(f"{path}{in_unit(item.basic + item.project, unit)}{unit}，主要用于日常工作。")
    return "\n".join(lines)


def large_ledger(items: int, table_set: str = "hebei_2023", seed: int = 1) -> Ledger:
    """A disclosure of that many items, with as many sentences, a project, a goal and a purchase for each tenth."""
    word = tablesets.get(table_set)
    chosen = drawn(items, seed)
    narratives = [Narrative(chapter.key, chapter.title, "无。") for chapter in word.chapters]
    places = [n.key for n in narratives]
    at = places.index("overview") if "overview" in places else 0
    narratives[at] = Narrative(places[at], narratives[at].title, _sentences(chosen, word.unit))
    names = [f"项目{n}" for n in range(items // 10 + 1)]
    indicator = Indicator("产出指标", "数量指标", "完成数量", "达标", Comparator.AT_LEAST, "95", "%", "计划")
    return Ledger(
        table_set=table_set,
        region_code="130225",
        region_name="乐亭县",
        unit_code="483",
        unit_name="乐亭县行政审批局",
        year=YEAR,
        facts=large_facts(items, seed, table_set),
        projects=tuple(Project(name, item.project) for name, item in zip(names, chosen, strict=False)),
        goals=tuple(Goal(name, ("完成任务",), (indicator,) * 3) for name in names),
        procurements=tuple(Procurement(name, general_public=Decimal(10000)) for name in names),
        assets=(Asset(AssetItem.VEHICLES, Decimal(1), Decimal(180000)),),
        narratives=tuple(narratives),
        # A fifth of the captions of the tables are worded by the disclosure itself.
        wording={f"expenditure/row/{item.function}": f"{item.function}的名称" for item in chosen[::5]},
    )
