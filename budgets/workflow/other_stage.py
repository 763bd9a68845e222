"""The published account of the other stage that a disclosure is held against: accounts against their budget, a budget against the accounts before it."""

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
    department = disclosure.department
    return of_place(department.region.code, department.code, disclosure.fiscal_year, disclosure.stage)


def of_place(region: str, unit: str, year: int, stage: str) -> Ledger | None:
    """The same for the address of a disclosure."""
    then, other = sought(year, stage)
    public = Publication.objects.filter(
        department__region__code=region,
        department__code=unit,
        stage=other,
        fiscal_year=then,
        state__status=PublicationStatus.CURRENT,
    ).first()
    return loads(public.content)[0] if public else None
