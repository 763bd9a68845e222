"""Goal tables made of the projects that have none yet: the name and what was said of the project, nothing else.

The amount becomes the 成本指标 by which the checks hold goals against projects: no more than the budget (预算法 第十三条).
What it is based on, what is produced and how satisfied people are, is for the department to say; findings ask for it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from decimal import Decimal

from budgets import tablesets
from budgets.domain.money import YUAN_IN
from budgets.domain.terms import Comparator
from budgets.models import Disclosure, Goal, Indicator, Project
from budgets.rules.naming import COST

OUTPUT = "产出指标"
CAP = "经费预算控制数"
INDICATOR = ("dimension", "aspect", "name", "description", "comparator", "value", "unit", "basis")


def projects_without_goals(disclosure: Disclosure) -> list[Project]:
    """The named projects that no goal table is called after, each name once, in order."""
    named = {project.name: project for project in reversed(disclosure.projects.all()) if project.name}
    there = set(disclosure.goals.values_list("project", flat=True))
    return sorted((p for name, p in named.items() if name not in there), key=lambda p: (p.position, p.pk))


def make_goals(disclosure: Disclosure, names: Collection[str] | None = None) -> list[Goal]:
    """A goal table for each of those projects, behind the present ones; only for those of `names`, when given."""
    last = max(disclosure.goals.values_list("position", flat=True), default=0)
    made = []
    for project in projects_without_goals(disclosure):
        if names is not None and project.name not in names:
            continue
        last += 1
        goal = Goal.objects.create(
            disclosure=disclosure, position=last, project=project.name, goals=project.goals
        )
        Indicator.objects.bulk_create(Indicator(goal=goal, position=1, **row) for row in _caps(project))
        made.append(goal)
    return made


def untouched(disclosure: Disclosure, keys: Iterable[int]) -> list[Goal]:
    """The goal tables of a disclosure among `keys` that hold just what making them of their project gives now."""
    projects = {project.name: project for project in reversed(disclosure.projects.all())}
    goals = disclosure.goals.filter(pk__in=list(keys)).prefetch_related("indicators")
    return [goal for goal in goals if (p := projects.get(goal.project)) and _as_made(goal, p)]


def _as_made(goal: Goal, project: Project) -> bool:
    rows = [{name: getattr(row, name) for name in INDICATOR} for row in goal.indicators.all()]
    return goal.goals == project.goals and rows == [
        {name: row.get(name, "") for name in INDICATOR} for row in _caps(project)
    ]


def _caps(project: Project) -> list[dict[str, str]]:
    """The cost indicator; none of a project without an amount, or whose name has several."""
    disclosure = project.disclosure
    same = Counter(disclosure.projects.values_list("name", flat=True))[project.name]
    if not project.amount or same > 1:
        return []
    unit = tablesets.get(disclosure.table_set).unit
    return [
        {
            "dimension": OUTPUT,
            "aspect": COST,
            "name": CAP,
            "comparator": Comparator.AT_MOST.value,
            "value": _plain(project.amount / YUAN_IN[unit]),
            "unit": unit,
        }
    ]


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
