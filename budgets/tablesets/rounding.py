"""Amounts finer than the tables of a set print: which they are, and what they are rounded to."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.facts import ZERO, Fact
from budgets.domain.ledgers import Ledger
from budgets.domain.record_amounts import RecordAmount, record_amounts, with_amounts
from budgets.tablesets import get


def off_quantum(ledger: Ledger) -> list[Fact]:
    """The facts finer than the set prints (for 万元 with two places: no multiple of 100 yuan)."""
    quantum = get(ledger.table_set).quantum
    return [fact for fact in ledger.facts if fact.amount % quantum]


def fine_records(ledger: Ledger) -> list[RecordAmount]:
    """The same of the amounts of procurement, projects and assets."""
    quantum = get(ledger.table_set).quantum
    return [each for each in record_amounts(ledger) if each.amount % quantum]


def to_quantum(ledger: Ledger) -> Ledger:
    """The ledger with amounts finer than the set prints brought to the nearest that it does, half up.

    A fact that comes to nothing is left out; an amount of a record (a small 单价) that would is kept as it is.
    """
    quantum = get(ledger.table_set).quantum

    def nearest(amount: Decimal) -> Decimal:
        return ((amount / quantum).quantize(Decimal(1), ROUND_HALF_UP) * quantum).quantize(ZERO)

    facts = tuple(replace(fact, amount=amount) for fact in ledger.facts if (amount := nearest(fact.amount)))
    return with_amounts(replace(ledger, facts=facts), lambda amount: nearest(amount) or amount)
