"""Amounts that texts call by a name of their own, and lists of them: subjects, projects with goals, kinds of procurement."""

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.facts import ZERO
from budgets.domain.figures import Known, same
from budgets.domain.items import LIST_NUMBER
from budgets.domain.ledgers import Goal, Indicator
from budgets.domain.money import YUAN_IN
from budgets.domain.places import CellRef, Place, Record, counted
from budgets.domain.quantities import told_in
from budgets.rules.registry import Case
from budgets.rules.text_amounts import Said, said

DECORATION = re.compile(r"^其中|[“”\"《》\s]|^\d{4}年度?|(?:预算|安排|合计|共计|支出为|为|共)+$")
AMONG = re.compile("其中")
GOALS_TOLD = re.compile(r"绩效目标的?(?:\d{4}年度?)?项目[^。；;\d]*(?P<count>\d+)\s*[个项]")
NAMED_ROWS = (
    "balance", "expenditure", "general_public_expenditure", "government_fund_expenditure", "basic_expenditure",
)  # fmt: skip
KINDS = ("货物", "工程", "服务")
COST = "成本指标"
PLAIN_VALUE = re.compile(r"\d+(?:\.\d+)?")


def cost(goal: Goal) -> Decimal | None:
    """The cost cap of a project in yuan, None when no cost indicator gives an amount of money.

    A unit that lacks its 元 (`≤11万`) is read as meant.
    """
    caps = [
        Decimal(indicator.value) * YUAN_IN[unit]
        for indicator in goal.indicators
        if indicator.aspect == COST and PLAIN_VALUE.fullmatch(indicator.value)
        if (unit := indicator.unit if indicator.unit in YUAN_IN else f"{indicator.unit}元") in YUAN_IN
    ]
    return sum(caps, ZERO) if caps else None


def plain_name(called: str) -> str:
    """The name in the words before an amount: without its number in a list, quotes and 安排, 为, 共."""
    return DECORATION.sub("", LIST_NUMBER.sub("", called).strip()).strip("：:（）()")


@dataclass(frozen=True, slots=True)
class ToldGoals:
    """How many projects have goals and with what money, in words; `parts` are the projects listed behind it."""

    whole: Said
    count: int
    parts: tuple[Said, ...]


def told_goals(case: Case) -> ToldGoals | None:
    """What a chapter says in words about the projects with goals; None when it says nothing."""
    return case.once(_told_goals)


def _told_goals(case: Case) -> ToldGoals | None:
    whole: Said | None = None
    parts: list[Said] = []
    count = 0
    for one in said(case):
        if whole is None:
            if match := told_in(GOALS_TOLD, one.quantity.sentence):
                whole, count = one, int(match["count"])
        elif one.narrative is whole.narrative and len(parts) < count and _listed(one, whole, bool(parts)):
            parts.append(one)
        else:
            break
    return ToldGoals(whole, count, tuple(parts)) if whole else None


def _listed(one: Said, whole: Said, begun: bool) -> bool:
    sentence = one.quantity.sentence
    return (
        one.own
        and not one.figures
        and (begun or bool(told_in(AMONG, sentence)) or sentence == whole.quantity.sentence)
    )


def told_procurement(case: Case) -> list[tuple[Said, list[Said]]]:
    """Each procurement total in words that names goods, works and services behind it, with the three."""
    return case.once(_told_procurement)


def _told_procurement(case: Case) -> list[tuple[Said, list[Said]]]:
    told: list[tuple[Said, list[Said]]] = []
    whole: Said | None = None
    parts: dict[str, Said] = {}
    for one in (one for one in said(case) if one.own):
        called = one.quantity.called
        kind = next((kind for kind in KINDS if kind in called), None)
        if "采购" in called and kind is None:
            whole, parts = one, {}
        elif kind and whole is not None and one.narrative is whole.narrative:
            parts.setdefault(kind, one)
            if len(parts) == len(KINDS):
                told.append((whole, list(parts.values())))
                whole = None
    return told


def goal_tables(case: Case) -> list[tuple[Goal, Record]]:
    """The goal tables, each with its place."""
    nth = counted([goal.project for goal in case.ledger.goals])
    return [
        (goal, Record("goal", goal.project, "", n)) for goal, n in zip(case.ledger.goals, nth, strict=True)
    ]


def indicators(case: Case) -> list[tuple[Goal, Indicator, Record]]:
    """The indicators of every goal table, each with its place."""
    every = [(goal, indicator) for goal in case.ledger.goals for indicator in goal.indicators]
    nth = counted([(goal.project, indicator.name) for goal, indicator in every])
    return [
        (goal, indicator, Record("indicator", goal.project, indicator.name, n))
        for (goal, indicator), n in zip(every, nth, strict=True)
    ]


def project_places(case: Case) -> dict[str, list[Place]]:
    """Where the money of each project stands: its goal tables, its row in the list of projects, the words."""
    found: dict[str, list[Place]] = defaultdict(list)
    for goal, place in goal_tables(case):
        if cost(goal) is not None:
            found[goal.project].append(place)
    for project in case.ledger.projects:
        if project.amount is not None and Record("project", project.name) not in found[project.name]:
            found[project.name].append(Record("project", project.name))
    for one in said(case):
        if one.own and not one.figures and (name := plain_name(one.quantity.called)) in found:
            found[name].append(one.place)
    return found


def project_money(case: Case) -> dict[str, set[Decimal]]:
    """The money of projects by name in yuan: in the list of projects, the goal tables, and wherever words name them."""
    found: dict[str, set[Decimal]] = defaultdict(set)
    for project in case.ledger.projects:
        if project.amount is not None:
            found[project.name].add(project.amount)
    for goal in case.ledger.goals:
        if (cap := cost(goal)) is not None:
            found[goal.project].add(cap)
    told = told_goals(case)
    for one in told.parts if told else ():
        found[plain_name(one.quantity.called)].add(one.quantity.yuan)
    for one in said(case):
        if one.own and not one.figures and (name := plain_name(one.quantity.called)) in found:
            found[name].add(one.quantity.yuan)
    return found


def named_rows(case: Case) -> dict[str, list[Known]]:
    """The amounts of the rows that a subject's name heads, in every column."""
    found: dict[str, list[Known]] = defaultdict(list)
    for sheet in case.document.tables:
        for row in sheet.rows if sheet.key in NAMED_ROWS else ():
            for c, column in enumerate(sheet.columns):
                amount = row.cells[c].amount
                if amount is not None and not row.total:
                    name = LIST_NUMBER.sub("", row.cells[column.caption].text)
                    cell = CellRef(sheet.key, row.named(column), column.key)
                    found[name].append(Known("", name, amount * YUAN_IN[sheet.unit], cell, sheet.unit))
    return found


def tied_by_name(case: Case) -> set[tuple[str, int]]:
    """Where the amounts stand that equal a row or a project of the name that they are called by.

    Such a name may mean a part of the row, money of another fund or another year's project: an amount that differs is
    no fault, it is left untied.
    """
    rows, projects, told = case.once(named_rows), case.once(project_money), told_goals(case)
    tied = {one.where for one in told.parts} if told else set()
    tied |= {whole.where for whole, _ in told_procurement(case)}
    for one in said(case):
        name = plain_name(one.quantity.called)
        if one.quantity.yuan in projects.get(name, ()) or any(
            same(one.quantity, k) for k in rows.get(name, ())
        ):
            tied.add(one.where)
    return tied
