"""A row of the lists that lead to disclosures: a department, what it published and what that is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from budgets import tablesets
from budgets.domain.key_figures import SPENT, KeyFigure, covered
from budgets.domain.name_order import spoken
from budgets.domain.plain_words import percent
from budgets.public.lists import Entry


@dataclass(frozen=True, slots=True)
class Row:
    """A department with one disclosure of its own, if it has one; `before` is the same of the year before.

    `inside` names the department whose document contains this one's.
    """

    href: str
    code: str
    name: str
    entry: Entry | None = None
    before: Entry | None = None
    inside: str = ""
    years: Mapping[int, Entry] = field(default_factory=dict)  # its budgets, where a list is of several years

    @property
    def spoken(self) -> bytes:
        """What the name sorts by."""
        return spoken(self.name)

    @property
    def figures(self) -> Mapping[str, KeyFigure]:
        return self.entry.figures if self.entry else {}

    @property
    def spent(self) -> dict[int, Decimal]:
        """What it spends by year."""
        return {year: one.figures[SPENT].amount for year, one in self.years.items() if SPENT in one.figures}

    @property
    def earlier(self) -> Mapping[str, KeyFigure]:
        """Last year's figures that mean the same in its form as in this year's; empty where last year is not public."""
        if self.entry is None or self.before is None:
            return {}
        shared = tablesets.shared(self.entry.table_set, self.before.table_set).figures
        return {key: figure for key, figure in self.before.figures.items() if key in shared}

    def both(self, key: str) -> tuple[Decimal, Decimal] | None:
        """A figure this year and the year before; None where they cannot be compared."""
        now, before = self.figures.get(key), self.earlier.get(key)
        return (now.amount, before.amount) if now and before else None

    def rate(self, key: str) -> Decimal | None:
        """By how many percent a figure is more than the year before."""
        found = self.both(key)
        return percent(found[0] - found[1], found[1]) if found and found[1] > 0 else None

    @property
    def compared(self) -> tuple[Decimal, Decimal] | None:
        """What it spends this year and the year before; None where they cannot be compared."""
        return self.both(SPENT)

    @property
    def change(self) -> Decimal | None:
        """By how many percent it spends more than the year before."""
        return self.rate(SPENT)

    @property
    def coverage(self) -> Decimal | None:
        """Of how many percent of its project expenditure the goals say what it may cost."""
        found = covered(self.figures)
        return percent(*found) if found else None

    def with_each(self, entries: list[Entry], earlier: list[Entry] | None = None) -> list["Row"]:
        """A row for each disclosure, beside that of the same kind a year earlier; the row as it is when there is none."""
        before = {entry.stage: entry for entry in earlier or [] if not entry.withdrawn}
        return [replace(self, entry=entry, before=before.get(entry.stage)) for entry in entries] or [self]
