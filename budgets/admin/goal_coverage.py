"""Which projects have performance goals: their money and the goals' cost caps beside each other, and the share covered."""

from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.facts import ZERO, total, where
from budgets.domain.law import GOALS_PUBLISHED
from budgets.domain.ledgers import Ledger
from budgets.domain.money import in_unit, print_amount
from budgets.domain.terms import Family, Use
from budgets.rules.naming import cost

PROJECTS = where(family=Family.EXPENDITURE, use=Use.PROJECT)


@dataclass(frozen=True, slots=True)
class Covered:
    """One project: its money and its goals' cost cap as printed, blank where it has none; `gap` where they differ."""

    name: str
    money: str
    cap: str
    gap: str
    has_goals: bool
    known: bool  # it is among the projects that count


@dataclass(frozen=True, slots=True)
class Coverage:
    """All projects in order; `share` in whole percent of their number, rounded down, None without projects."""

    rows: tuple[Covered, ...]
    spent: str
    caps: str
    projects: int
    with_goals: int
    share: int | None
    wanted: int  # percent that are to be published, 0 for years without such a rule

    @property
    def enough(self) -> bool:
        return self.share is None or self.share >= self.wanted


def coverage(ledger: Ledger, unit: str) -> Coverage:
    """The projects of a ledger, those that only have goals among them; amounts in `unit`."""
    money = {project.name: project.amount for project in ledger.projects}
    caps = {goal.project: cost(goal) for goal in ledger.goals}
    names = [name for name in dict.fromkeys([*money, *caps]) if name]
    # A goal under another name than any project has covers none of them.
    counted = [name for name in money if name] or names
    with_goals = [name for name in counted if name in caps]

    def shown(yuan: Decimal | None) -> str:
        return "" if yuan is None else print_amount(in_unit(yuan, unit), grouped=True, zero="0.00")

    def gap(name: str) -> str:
        one, other = money.get(name), caps.get(name)
        return "" if one is None or other is None or one == other else shown(other - one)

    rows = tuple(
        Covered(n, shown(money.get(n)), shown(caps.get(n)), gap(n), n in caps, n in counted) for n in names
    )
    return Coverage(
        rows=rows,
        spent=shown(total(ledger.facts, PROJECTS) or ZERO),
        caps=shown(sum(filter(None, caps.values()), ZERO)),
        with_goals=len(with_goals),
        projects=len(counted),
        share=len(with_goals) * 100 // len(counted) if counted else None,
        wanted=GOALS_PUBLISHED.percent if ledger.year >= GOALS_PUBLISHED.since else 0,
    )
