"""A whole disclosure drawn at random: facts, projects with goals, procurement, assets, chapters with figures in place."""

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from budgets.domain.facts import ZERO, Fact, total, where
from budgets.domain.ledgers import (
    Asset,
    Goal,
    Indicator,
    Ledger,
    Narrative,
    Organization,
    Procurement,
    Project,
    Service,
    UnitRow,
)
from budgets.domain.tables import Balance, ChapterWord, TableSet
from budgets.domain.terms import AssetItem, Comparator, Family, Use
from budgets.domain.unit_rows import MEANS
from budgets.synthetic.draws import FUNCTIONS, random_facts
from budgets.synthetic.years_on import a_year_on

WORK = (
    "窗口运行",
    "系统维护",
    "政策宣传",
    "业务培训",
    "档案整理",
    "设备更新",
    "专项检查",
    "便民服务",
    "法律服务",
    "安全生产",
)
DUTIES = (
    "贯彻执行国家和省、市有关法律法规和方针政策，拟订本行政区域相关规划并组织实施。",
    "负责本领域的监督管理和行政执法工作，依法查处违法行为。",
    "负责推进政务公开和便民服务，受理群众来信来访，接受社会监督。",
    "指导乡镇（街道）相关工作，组织开展业务培训和考核评价。",
    "负责统计分析和信息化建设，发布有关信息。",
    "承办县委、县政府交办的其他事项。",
)
SIDES = (
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("效益指标", "社会效益指标"),
    ("满意度指标", "服务对象满意度指标"),
)
HELD = {  # of the least body there is: square metres, vehicles, pieces
    AssetItem.BUILDINGS: 4000,
    AssetItem.OFFICE_SPACE: 500,
    AssetItem.VEHICLES: 1,
    AssetItem.MAJOR_EQUIPMENT: 2,
    AssetItem.OTHER: 30,
}
PROJECTS = where(family=Family.EXPENDITURE, use=Use.PROJECT)


def goal_of(name: str, table_set: TableSet) -> Goal:
    """A goal of a project with an indicator on each side that rules ask for, saying what the set prints of one."""
    forms = [annex for annex in table_set.annexes if annex.source == "goals"]
    printed = {leaf.word.key for annex in forms for leaf in annex.leaves()}
    return Goal(
        name,
        (f"保障{name}按计划完成。",),
        tuple(
            Indicator(
                dimension,
                aspect,
                f"{name}{aspect[:2]}达标率",
                "达标数占总数的比例" if "description" in printed else "",
                Comparator.AT_LEAST,
                "95",
                "%",
                "年度计划" if "basis" in printed else "",
            )
            for dimension, aspect in SIDES
        ),
    )


def projects_of(chance: random.Random, facts: Sequence[Fact]) -> tuple[Project, ...]:
    """Projects that share out the project expenditure, to the last hundred yuan in the last one."""
    rest = total(facts, PROJECTS) or Decimal(0)
    names = chance.sample(WORK, chance.randint(1, len(WORK)))
    out = []
    for name in names[:-1]:
        part = (rest * chance.randint(10, 50) / 100).quantize(Decimal("1E2"))
        out.append(Project(name, part.quantize(Decimal("0.01"))))
        rest -= part
    return (*out, Project(names[-1], rest.quantize(Decimal("0.01"))))


def chapter_of(chance: random.Random, word: ChapterWord, table_set: TableSet, length: int) -> Narrative:
    """A chapter of about `length` sentences; its figures are quoted from the tables, so that they are right."""
    # The lines of a balance are always printed; a code without money is not.
    printed = [word for word in table_set.figures if isinstance(table_set.table(word.table).rows, Balance)]
    figures = chance.sample(printed, min(3, len(printed)))
    quoted = "；".join(f"{figure.label}[[{figure.label}]]" for figure in figures)
    duties = [chance.choice(DUTIES) for _ in range(length)]
    return Narrative(word.key, word.title, "\n".join([f"本年预算：{quoted}。", *duties]))


def unit_rows_of(unit: tuple[str, str], facts: Sequence[Fact], smallest: Decimal) -> tuple[UnitRow, ...]:
    """Two units that together spend what the department does, in multiples of the smallest amount."""
    whole = {field: total(facts, inside) or ZERO for field, inside in MEANS.items()}
    center = {field: amount / 3 // smallest * smallest for field, amount in whole.items()}
    own = {field: amount - center[field] for field, amount in whole.items()}
    code, name = unit
    return (
        UnitRow(f"{name}本级", f"{code}001", **_given(own)),
        UnitRow("演示中心", f"{code}002", **_given(center)),
    )


def _given(amounts: dict[str, Decimal]) -> dict[str, Decimal | None]:
    return {field: amount.quantize(ZERO) if amount else None for field, amount in amounts.items()}


CLASS = 3  # digits


def random_ledger(
    seed: int,
    table_set: TableSet,
    *,
    region: tuple[str, str] = ("990001", "演示县"),
    unit: tuple[str, str] = ("101", "演示局"),
    year: int = 2023,
    functions: Sequence[str] = FUNCTIONS,
    items: int = 5,
    sentences: int = 6,
    years_on: int = 0,
) -> Ledger:
    """A disclosure of the set that no rule finds an ERROR in; the same arguments give the same one.

    `functions` are the items to draw from, `items` how many of them each fund pays for at most, `sentences` the length
    of a chapter, `years_on` for how many years the amounts went on. Amounts are in yuan.
    """
    chance = random.Random(f"{seed} {table_set.key}")  # noqa: S311
    lines = (line.key for table in table_set.tables for line in table.lines())
    if classes := {key for key in lines if key.isdigit() and len(key) == CLASS}:
        functions = [code for code in functions if code[:CLASS] in classes]  # what the set has a row for
    facts = random_facts(seed, table_set.key, functions, items)
    for passed in range(years_on):
        facts = a_year_on(facts, seed + passed)
    sources = {annex.source for annex in table_set.annexes}
    projects = projects_of(chance, facts)
    annexes: dict[str, Any] = {
        "organizations": (Organization(unit[1], "行政", "正科级", "财政拨款"),),
        "goals": tuple(goal_of(project.name, table_set) for project in projects),
        "procurements": (
            Procurement(
                projects[0].name, item="计算机", catalogue_number="A02010104", unit_of_measure="台",
                quantity=Decimal(5), unit_price=Decimal(5000), general_public=Decimal("25000.00"),
            ),
        ),
        "services": (Service(projects[0].name, "物业管理", "C0701", general_public=Decimal("10000.00")),),
        "unit_rows": unit_rows_of(unit, facts, table_set.quantum),
        "assets": tuple(
            Asset(item, Decimal(held * (size := chance.randint(1, 4))), Decimal(held * size * 1000))
            for item, held in HELD.items()
        ),
    }  # fmt: skip
    return Ledger(
        table_set=table_set.key,
        region_code=region[0],
        region_name=region[1],
        unit_code=unit[0],
        unit_name=unit[1],
        year=year,
        stage=table_set.stage.value,
        facts=facts,
        projects=projects,
        narratives=tuple(chapter_of(chance, word, table_set, sentences) for word in table_set.chapters),
        approved_on=date(year, 1, 16),
        contact="0000-1234567",
        **{source: records for source, records in annexes.items() if source in sources},
    )
