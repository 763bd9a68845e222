"""The wall of the inspection's rehearsal (公开检查预演): departments by criteria and by rules, each cell with its state."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from budgets import tablesets
from budgets.admin.home import YearRow
from budgets.domain.law import DISCLOSURE
from budgets.domain.terms import Term
from budgets.models import Department, Disclosure, Rehearsal
from budgets.rules.between_documents import all_rules
from budgets.rules.criteria import (
    CRITERION_OF,
    LAST_YEAR,
    MEANINGS,
    READ_AGAIN,
    SERVES,
    UNIT_ROWS,
    Criterion,
    without_object,
)

DEADLINE = "deadline"  # no rule of the registry: it depends on the day on which one looks
FORMULAS = {
    DEADLINE: f"批复后 {DISCLOSURE.days} 日内已公开，或期限未到",
    READ_AGAIN: "沿用上年的文字都已重新读过",
}
SOURCES = {
    DEADLINE: DISCLOSURE.article,
    READ_AGAIN: "本平台沿用规则",
}


class Mark(Term):
    """What a cell says, the worst last."""

    NOT_APPLICABLE = "none", "不适用"
    FITS = "fits", "符合"
    TOLD = "told", "提示"
    SAID = "said", "已说明"
    WAITING = "waiting", "待核对"
    NOTHING = "nothing", "未编报"
    OPEN = "open", "问题"


TONES = {Mark.FITS: "good", Mark.TOLD: "go", Mark.SAID: "go", Mark.NOTHING: "warn", Mark.OPEN: "bad"}
WEIGHT = {mark: n for n, mark in enumerate(Mark)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One department under one criterion or rule. `own` are words in place of the state's."""

    mark: Mark
    number: int = 0
    own: str = ""

    @property
    def words(self) -> str:
        if self.own:
            return self.own
        return f"{self.mark.label} {self.number}" if self.number else self.mark.label

    @property
    def tone(self) -> str:
        return TONES.get(self.mark, "")

    @property
    def leads(self) -> bool:
        """Whether there is something to look at."""
        return self.mark in (Mark.OPEN, Mark.SAID, Mark.TOLD)


@dataclass(frozen=True)
class WallRow:
    """A department with what is known of its disclosure; `kept` None while nothing is."""

    row: YearRow
    kept: Rehearsal | None

    @property
    def department(self) -> Department:
        return self.row.department

    @property
    def disclosure(self) -> Disclosure | None:
        return self.row.disclosure

    @property
    def without(self) -> Mark | None:
        """Why nothing can be said of any rule; None when it can."""
        if self.disclosure is None or (self.kept is not None and self.kept.blank):
            return Mark.NOTHING
        return Mark.WAITING if self.kept is None else None

    def under_rule(self, rule: str) -> Cell:
        """The state of one rule. An advice on time is a problem here: the inspection counts it."""
        if self.without is not None:
            return Cell(self.without)
        if rule == DEADLINE:
            return self._in_time()
        if rule in self._no_object:
            return Cell(Mark.NOT_APPLICABLE)
        assert self.kept is not None  # else `without` says why
        open_, said, told = self.kept.counts.get(rule, (0, 0, 0))
        if CRITERION_OF.get(rule) is Criterion.TIMELY:
            open_, told = open_ + told, 0
        for mark, number in ((Mark.OPEN, open_), (Mark.SAID, said), (Mark.TOLD, told)):
            if number:
                return Cell(mark, number)
        return Cell(Mark.FITS)

    def under(self, criterion: Criterion) -> Cell:
        """The worst state of its rules, with how many findings are in that state."""
        cells = [self.under_rule(rule) for rule in rules_of(criterion)]
        worst = max((cell.mark for cell in cells), key=WEIGHT.__getitem__)
        return Cell(worst, sum(cell.number for cell in cells if cell.mark is worst))

    @cached_property
    def open(self) -> int:
        """How many problems there are; of what is not filled in, none are counted."""
        cells = [self.under(criterion) for criterion in Criterion]
        return sum(cell.number for cell in cells if cell.mark is Mark.OPEN)

    @property
    def fits(self) -> bool:
        """Whether an inspection would find nothing."""
        return self.without is None and not self.open

    @cached_property
    def _no_object(self) -> frozenset[str]:
        assert self.disclosure is not None and self.kept is not None
        table_set = tablesets.get(self.disclosure.table_set)
        idle = frozenset() if table_set.prints_last_year else frozenset({LAST_YEAR})
        idle |= frozenset() if table_set.lists("unit_rows") else frozenset({UNIT_ROWS})
        return without_object(table_set, transcribed=self.kept.transcribed) | idle

    def _in_time(self) -> Cell:
        deadline = self.row.deadline
        if deadline.late:
            return Cell(Mark.OPEN, 1, deadline.words)
        # Without a date, and late once for all, other rules say so.
        return Cell(Mark.FITS, own="" if deadline.ended or deadline.left is None else deadline.words)


def rules_of(criterion: Criterion) -> Sequence[str]:
    """The columns of a criterion: its rules, before those of time the day itself."""
    return ((DEADLINE,) if criterion is Criterion.TIMELY else ()) + SERVES[criterion]


def formula_of(rule: str) -> str:
    """What a column asks, in words."""
    return FORMULAS.get(rule) or all_rules()[rule].formula


def source_of(rule: str) -> str:
    """Where that is written."""
    return SOURCES.get(rule) or all_rules()[rule].source


def wall(rows: Iterable[YearRow], kept: dict[int, Rehearsal]) -> list[WallRow]:
    """The departments in the order of their codes."""
    found = [WallRow(row, kept.get(row.disclosure.pk) if row.disclosure else None) for row in rows]
    return sorted(found, key=lambda each: each.department.code)


def heads(criterion: Criterion | None) -> list[tuple[str, str, str]]:
    """The columns of the whole wall, or of one criterion: key, words, and what lies behind them."""
    if criterion is None:
        return [(each.value, each.label, MEANINGS[each]) for each in Criterion]
    return [(rule, formula_of(rule), source_of(rule)) for rule in rules_of(criterion)]


def cells(row: WallRow, criterion: Criterion | None) -> list[tuple[str, Cell]]:
    """The cells of a row under these columns, with their keys."""
    if criterion is None:
        return [(each.value, row.under(each)) for each in Criterion]
    return [(rule, row.under_rule(rule)) for rule in rules_of(criterion)]


def waiting(rows: Collection[WallRow]) -> int:
    """How many are still to be checked."""
    return sum(row.without is Mark.WAITING for row in rows)
