"""The accounts of a year beside its budget: figure by figure, item by item, goal by goal, and what the accounts say in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.account_words import SPOKEN, Heard, heard
from budgets.domain.documents import Document, Sheet
from budgets.domain.key_figures import MONEY, KeyFigure, key_figures
from budgets.domain.ledgers import Ledger
from budgets.domain.money import CENT
from budgets.domain.years_compared import LINES, OF_THREE, coded

ITEMS = "general_public_expenditure"


@dataclass(frozen=True, slots=True)
class Planned:
    """An amount in yuan as budgeted and as spent, each with its place; None where that document prints none."""

    key: str
    label: str
    level: int
    budget: KeyFigure | None
    final: KeyFigure | None

    @property
    def change(self) -> Decimal | None:
        """By how much more was spent than budgeted; None where one is not printed."""
        return self.final.amount - self.budget.amount if self.final and self.budget else None

    @property
    def done(self) -> Decimal | None:
        """完成年初预算的百分比; None of nothing."""
        if self.final is None or self.budget is None or self.budget.amount <= 0:
            return None
        return (self.final.amount / self.budget.amount * 100).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Reached:
    """An indicator of a project: what was aimed at, and what came of it; blank where a document does not say."""

    project: str
    name: str
    target: str
    result: str


@dataclass(frozen=True, slots=True)
class Told:
    """A number that the accounts state in words, with its chapter."""

    label: str
    number: Decimal
    unit: str
    chapter: str


@dataclass(frozen=True, slots=True)
class AccountsCompared:
    """Everything of a year's budget and accounts side by side."""

    figures: tuple[Planned, ...]
    three_public: tuple[Planned, ...]
    items: tuple[Planned, ...]
    goals: tuple[Reached, ...]
    told: tuple[Told, ...]


def accounts_compared(
    budget: tuple[Ledger, Document] | None, final: tuple[Ledger, Document]
) -> AccountsCompared:
    """The accounts beside their budget; with None the accounts alone."""
    ours, theirs = key_figures(final[1]), key_figures(budget[1]) if budget else {}
    labels = MONEY | {figure.key: figure.label for figure in final[1].figures}

    def lines(keys: tuple[tuple[str, int], ...]) -> tuple[Planned, ...]:
        return tuple(
            Planned(key, labels[key], level, theirs.get(key), ours.get(key))
            for key, level in keys
            if key in labels and (key in ours or key in theirs)
        )

    words = heard(final[0].narratives)
    return AccountsCompared(
        lines(LINES),
        lines(OF_THREE),
        tuple(_items(budget[1] if budget else None, final[1])),
        tuple(_goals(budget[0] if budget else None, final[0])),
        tuple(_told(key, words[key]) for key in SPOKEN if key in words),
    )


def _told(key: str, one: Heard) -> Told:
    return Told(SPOKEN[key].label, one.number, SPOKEN[key].unit, one.chapter)


def _table(document: Document | None) -> Sheet | None:
    return next((sheet for sheet in document.tables if sheet.key == ITEMS), None) if document else None


def _items(budget: Document | None, final: Document) -> Iterator[Planned]:
    """The items of 一般公共预算 of both, in the order of codes, the total last."""
    then, now = (coded(sheet) if (sheet := _table(each)) else {} for each in (budget, final))
    for code in sorted({*then, *now}, key=lambda code: (code == "", code)):
        name, level, _ = now.get(code) or then[code]
        planned, spent = (side[code][2] if code in side else None for side in (then, now))
        yield Planned(code, name, level, planned, spent)


def _goals(budget: Ledger | None, final: Ledger) -> Iterator[Reached]:
    """The indicators of the budget with their results, then those that the accounts alone have."""
    results = {(g.project, i.name): i for g in final.goals for i in g.indicators}
    for goal in budget.goals if budget else ():
        for indicator in goal.indicators:
            own = results.pop((goal.project, indicator.name), None)
            yield Reached(goal.project, indicator.name, indicator.target, own.result if own else "")
    for (project, name), indicator in results.items():
        yield Reached(project, name, indicator.target, indicator.result)
