"""The days within which an approved budget is made public (《预算法》第十四条): the first publication ends the count."""

from datetime import date, timedelta

from budgets.domain.law import DAYS


def due(approved_on: date) -> date:
    """The last day on which the budget is public in time."""
    return approved_on + timedelta(days=DAYS)


def days_late(approved_on: date, on: date) -> int:
    """How many days after its last day `on` lies; zero or less while there is time."""
    return (on - due(approved_on)).days
