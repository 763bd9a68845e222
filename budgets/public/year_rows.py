"""The years of a region as rows, from what lists keep of each publication: who is public, what adds up, what compares."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from budgets.domain.key_figures import EVERY, SPENT, USES, Sum, amounts, parts, sums
from budgets.domain.terms import Stage
from budgets.models.regions import Department, Region
from budgets.public.list_rows import Row
from budgets.public.lists import Entry, kept_entries
from budgets.publishing.containing import inside

OF_COUNTY = (SPENT, "three_public", "basic", *USES, "goal_costs")


@dataclass(frozen=True)
class Year:
    """The departments of a region in a year, by code, a row for each disclosure."""

    region: Region
    year: int
    rows: tuple[Row, ...]
    known: int

    @cached_property
    def public(self) -> list[Row]:
        """What can be read now."""
        return [row for row in self.rows if row.entry and not row.entry.withdrawn]

    @property
    def listed(self) -> list[Row]:
        """A row for each department's budget, one without an entry where there is none."""
        own = [row for row in self.rows if not row.entry or row.entry.stage == Stage.BUDGET]
        others = {row.code: replace(row, entry=None, before=None) for row in self.rows}
        return sorted({**others, **{row.code: row for row in own}}.values(), key=attrgetter("code"))

    @property
    def finals(self) -> list[Row]:
        """The final accounts that can be read now: beside the budgets, never among them."""
        return [row for row in self.public if row.entry and row.entry.stage == Stage.FINAL]

    @cached_property
    def budgets(self) -> list[Row]:
        """The budgets among them."""
        return [row for row in self.public if row.entry and row.entry.stage == Stage.BUDGET]

    @cached_property
    def counted(self) -> list[Row]:
        """What is added up: budgets, and nothing that another department's document contains."""
        return [row for row in self.budgets if not row.inside]

    @cached_property
    def sums(self) -> dict[str, Sum]:
        return sums(row.figures for row in self.counted)

    @cached_property
    def uses(self) -> dict[str, Decimal]:
        """What the money is spent on, of those documents that divide it."""
        out: dict[str, Decimal] = {}
        for row in self.counted:
            for key, amount in parts(amounts(row.figures)).items():
                out[key] = out.get(key, Decimal(0)) + amount
        return out

    @property
    def divided(self) -> int:
        """Of how many documents `uses` is."""
        return sum(bool(parts(amounts(row.figures))) for row in self.counted)

    @cached_property
    def compared(self) -> list[tuple[Decimal, Decimal]]:
        return [pair for row in self.counted if (pair := row.compared)]

    @property
    def late(self) -> int:
        return sum(row.entry.late for row in self.budgets if row.entry)


@dataclass(frozen=True)
class Years:
    """All years of a region, the latest first, and a row for each department."""

    years: tuple[Year, ...]
    rows: tuple[Row, ...]


def year_of(region: Region, year: int) -> Year | None:
    """The year beside the one before it, from what lists keep; None when nobody has published in it. Two queries."""
    departments = list(Department.objects.filter(region=region).order_by("code"))
    published = kept_entries(region, departments, EVERY, year, year - 1)
    if not any(entry.year == year for entry in published):
        return None
    return _year(region, year, published, departments)


def years_of(region: Region) -> Years:
    """Every year of the region, with the figures of its sentences, bars and columns alone. Two queries."""
    departments = list(Department.objects.filter(region=region).order_by("code"))
    published = kept_entries(region, departments, OF_COUNTY)
    own = _by_unit(published)
    rows = (
        Row(
            f"/{region.code}/{each.code}/", each.code, each.name,
            years={one.year: one for one in own.get(each.code, []) if one.stage == Stage.BUDGET},
        )
        for each in departments
        if each.active or each.code in own
    )  # fmt: skip
    years = sorted({one.year for one in published}, reverse=True)
    return Years(tuple(_year(region, year, published, departments) for year in years), tuple(rows))


def _year(region: Region, year: int, published: list[Entry], departments: list[Department]) -> Year:
    now = _by_unit(entry for entry in published if entry.year == year)
    before = _by_unit(entry for entry in published if entry.year == year - 1)
    there = {each.pk for each in departments if any(not entry.withdrawn for entry in now.get(each.code, []))}
    within = inside(departments, there)
    rows: list[Row] = []
    known = [each for each in departments if each.active or each.code in now]
    for each in known:
        above = within[each.pk].name if each.pk in within else ""
        row = Row(f"/{region.code}/{each.code}/", each.code, each.name, inside=above)
        rows += row.with_each(now.get(each.code, []), before.get(each.code, []))
    return Year(region, year, tuple(rows), len(known))


def _by_unit(found: Iterable[Entry]) -> dict[str, list[Entry]]:
    return {unit: list(own) for unit, own in groupby(found, key=attrgetter("unit"))}
