"""The published account of the other stage that a disclosure is held against: accounts against their budget, a budget against the accounts before it."""

from collections.abc import Collection
from functools import reduce
from operator import or_

from django.db.models import Q

from budgets.domain.ledgers import Ledger
from budgets.domain.snapshots import loads
from budgets.domain.terms import Stage
from budgets.models import Disclosure, Publication, PublicationStatus


def sought(year: int, stage: str) -> tuple[int, str]:
    """Year and stage of what a disclosure is held against."""
    return (year, Stage.BUDGET.value) if stage == Stage.FINAL else (year - 1, Stage.FINAL.value)


def beside(disclosure: Disclosure) -> Ledger | None:
    """What is public of the same department: for accounts the budget of their year, for a budget the accounts of the year before.

    None when nothing is.
    """
    return all_beside([disclosure]).get(disclosure.pk)


def all_beside(disclosures: Collection[Disclosure]) -> dict[int, Ledger]:
    """The same for each by its key, those without any left out. One query, however many disclosures they are."""
    wanted = {d.pk: (d.department_id, *sought(d.fiscal_year, d.stage)) for d in disclosures}
    places = [Q(department=unit, fiscal_year=year, stage=stage) for unit, year, stage in {*wanted.values()}]
    public = Publication.objects.filter(reduce(or_, places), state__status=PublicationStatus.CURRENT)
    found = {(each.department_id, each.fiscal_year, each.stage): each for each in public}
    return {key: loads(found[place].content)[0] for key, place in wanted.items() if place in found}


def of_place(region: str, unit: str, year: int, stage: str) -> Ledger | None:
    """The same for the address of one disclosure."""
    then, other = sought(year, stage)
    public = Publication.objects.filter(
        department__region__code=region,
        department__code=unit,
        stage=other,
        fiscal_year=then,
        state__status=PublicationStatus.CURRENT,
    ).first()
    return loads(public.content)[0] if public else None
