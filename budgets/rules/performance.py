"""Rules on performance goals (domain rules R46, R48)."""

import re
from decimal import Decimal

from ..domain.facts import ZERO, total, where
from ..domain.findings import Case, CellRef, Found, Report, Severity, rule
from ..domain.ledgers import Goal
from ..domain.money import YUAN_IN
from ..domain.places import money
from ..domain.terms import Family, Use

GUIDANCE = "财预〔2021〕101号《中央部门项目支出核心绩效目标和指标设置及取值指引》"
PLAIN_VALUE = re.compile(r"\d+(?:\.\d+)?")
COST = "成本指标"
DIMENSIONS = ("产出", "效益", "满意度")


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


@rule(
    "goals-cover-projects",
    Severity.WARNING,
    source=GUIDANCE,
    formula="各项目绩效目标的成本指标合计＝项目支出",
)
def goals_cover_projects(case: Case, report: Report) -> Found:
    """The cost caps of the goal tables add up to the project expenditure (R46)."""
    caps = [cap for goal in case.ledger.goals if (cap := cost(goal)) is not None]
    if not caps:
        return
    goals = sum(caps, ZERO)
    spent = total(case.ledger.facts, where(family=Family.EXPENDITURE, use=Use.PROJECT)) or ZERO
    if goals != spent:
        unit = case.table_set.unit
        gap = (
            f"有 {money(spent - goals, unit)}项目支出没有绩效目标"
            if spent > goals
            else "绩效目标多于项目支出"
        )
        yield report(
            f"{len(caps)} 个项目绩效目标的成本指标合计 {money(goals, unit)}，项目支出为 {money(spent, unit)}，{gap}。"
            "请补齐绩效目标或说明原因。",
            at="项目绩效目标表",
            cells=[CellRef("expenditure", "total", "project")],
        )


@rule(
    "goals-complete",
    Severity.WARNING,
    source=GUIDANCE,
    formula="每张绩效目标表有产出指标、效益指标和满意度指标",
)
def goals_complete(case: Case, report: Report) -> Found:
    """Every goal table has indicators of output, benefit and satisfaction (R48)."""
    for wanted in DIMENSIONS:
        lacking = [
            goal.project
            for goal in case.ledger.goals
            if not any(indicator.dimension.startswith(wanted) for indicator in goal.indicators)
        ]
        if lacking:
            yield report(
                f"{len(lacking)} 张绩效目标表没有{wanted}指标：{'、'.join(lacking)}。请补充指标或说明原因。",
                at="项目绩效目标表",
                key=wanted,
            )


@rule(
    "projects-have-goals",
    Severity.WARNING,
    source=GUIDANCE,
    formula="有项目支出的部门公开项目绩效目标",
)
def projects_have_goals(case: Case, report: Report) -> Found:
    """A department with project expenditure publishes goals."""
    spent = total(case.ledger.facts, where(family=Family.EXPENDITURE, use=Use.PROJECT)) or ZERO
    if spent and not case.ledger.goals:
        yield report(
            f"项目支出 {money(spent, case.table_set.unit)}，没有填报项目绩效目标。请填报绩效目标或说明原因。",
            at="项目绩效目标表",
        )
