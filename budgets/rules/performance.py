"""Rules on performance goals and money (domain rules R46, R48)."""

from decimal import Decimal

from budgets.domain.account_words import heard
from budgets.domain.facts import ZERO, where
from budgets.domain.findings import Severity
from budgets.domain.law import GOAL_GUIDANCE
from budgets.domain.money import CENT, money
from budgets.domain.places import GOALS, CellRef, Place, Record
from budgets.domain.quantities import UNITS
from budgets.domain.terms import Family, Stage, Use
from budgets.rules.naming import cost, goal_tables, project_money, project_places, told_goals
from budgets.rules.registry import Case, Found, Report, rule

DIMENSIONS = ("产出", "效益", "满意度")
PROJECTS = where(family=Family.EXPENDITURE, use=Use.PROJECT)
PROJECT_CELL = CellRef("expenditure", "total", "project")


def _goal_money(case: Case) -> tuple[str, Place, Decimal] | None:
    """Words, place and yuan of the money under goals: the caps of the goal tables, else what a chapter says."""
    caps = [cap for goal in case.ledger.goals if (cap := cost(goal)) is not None]
    if caps:
        return f"{len(caps)} 个项目绩效目标的成本指标合计", GOALS, sum(caps, ZERO)
    if told := told_goals(case):
        return f"编报绩效目标的 {told.count} 个项目资金", told.whole.place, told.whole.quantity.yuan
    return None


@rule(
    "goals-cover-projects",
    Severity.WARNING,
    source=GOAL_GUIDANCE,
    formula="编报绩效目标的项目资金（成本指标合计）＝项目支出",
)
def goals_cover_projects(case: Case, report: Report) -> Found:
    """The money under goals is the project expenditure (R46). Accounts state what was budgeted beside what was spent."""
    if case.table_set.stage is Stage.FINAL or (told := _goal_money(case)) is None:
        return
    words, at, goals = told
    spent, unit = case.facts.total(PROJECTS) or ZERO, case.table_set.unit
    if goals != spent:
        gap = (
            f"有 {money(spent - goals, unit)}项目支出没有绩效目标"
            if spent > goals
            else f"绩效目标比项目支出多 {money(goals - spent, unit)}"
        )
        yield report(
            f"{words} {money(goals, unit)}，项目支出为 {money(spent, unit)}，{gap}。请补齐绩效目标或说明原因。",
            at=at,
            cells=[PROJECT_CELL],
            meant=[place for goal, place in goal_tables(case) if cost(goal) is not None]
            if at == GOALS
            else (),
        )


@rule(
    "goal-money-adds-up",
    Severity.ERROR,
    source=GOAL_GUIDANCE,
    formula="文中逐项列出的绩效目标项目资金之和＝合计",
)
def goal_money_adds_up(case: Case, report: Report) -> Found:
    """The projects that a chapter lists one by one add up to the money under goals that it says."""
    told = told_goals(case)
    if told is None or len(told.parts) != told.count:
        return
    whole, unit = told.whole.quantity, case.table_set.unit
    parts = sum((one.quantity.yuan for one in told.parts), ZERO)
    if gap := whole.yuan - parts:
        tail = abs(gap) <= CENT * UNITS[whole.unit] * (told.count + 1) / 2
        yield report(
            f"{told.whole.quote}与逐项列出的 {told.count} 个项目之和 {money(parts, unit)}"
            f"{'有尾差' if tail else '不符'}，相差 {money(gap, unit)}。请核对。",
            at=told.whole.place,
            severity=Severity.WARNING if tail else None,
        )


@rule("project-money-alike", Severity.WARNING, source=GOAL_GUIDANCE, formula="同一项目在各处的金额相同")
def project_money_alike(case: Case, report: Report) -> Found:
    """A project has one amount in the list of projects, its goal table and the words."""
    for name, sums in sorted(case.once(project_money).items()):
        if len(sums) > 1:
            told = "、".join(money(yuan, case.table_set.unit) for yuan in sorted(sums))
            yield report(
                f"项目“{name}”在各处的金额不同：{told}，相差 {money(max(sums) - min(sums), case.table_set.unit)}。"
                "请核对或说明原因。",
                at=_project(case, name),
                meant=case.once(project_places).get(name, ()),
            )


def _project(case: Case, name: str) -> Record:
    """The goal table of a project, else its row in the list of projects."""
    return Record("goal" if any(goal.project == name for goal in case.ledger.goals) else "project", name)


@rule(
    "goals-complete",
    Severity.WARNING,
    source=GOAL_GUIDANCE,
    formula="每张绩效目标表有产出指标、效益指标和满意度指标",
)
def goals_complete(case: Case, report: Report) -> Found:
    """Every goal table has indicators of output, benefit and satisfaction (R48)."""
    for wanted in DIMENSIONS:
        lacking = [
            place
            for goal, place in goal_tables(case)
            if not any(indicator.dimension.startswith(wanted) for indicator in goal.indicators)
        ]
        if lacking:
            names = "、".join(place.name for place in lacking)
            yield report(
                f"{len(lacking)} 张绩效目标表没有{wanted}指标：{names}。请补充指标或说明原因。",
                at=GOALS,
                apart=wanted,
                meant=lacking,
            )


@rule(
    "projects-have-goals", Severity.WARNING, source=GOAL_GUIDANCE, formula="有项目支出的部门公开项目绩效目标"
)
def projects_have_goals(case: Case, report: Report) -> Found:
    """A department with project expenditure publishes goals, in tables of their own or at least in words."""
    spent = case.facts.total(PROJECTS) or ZERO
    told = told_goals(case) is not None or "goals_set" in heard(case.ledger.narratives)
    if spent and not case.ledger.goals and not told:
        yield report(
            f"项目支出 {money(spent, case.table_set.unit)}，没有填报项目绩效目标。请填报绩效目标或说明原因。",
            at=GOALS,
            meant=(GOALS, PROJECT_CELL),
        )
