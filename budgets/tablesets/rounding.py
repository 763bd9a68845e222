"""Amounts finer than the tables of a set print: which they are, and what they are rounded to."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.facts import ZERO, Fact
from budgets.domain.ledgers import Ledger
from budgets.tablesets import get


def off_quantum(ledger: Ledger) -> list[Fact]:
    """The facts finer than the set prints (for 万元 with two places: no multiple of 100 yuan)."""
    quantum = get(ledger.table_set).quantum
    return [fact for fact in ledger.facts if fact.amount % quantum]


def to_quantum(ledger: Ledger) -> Ledger:
    """The ledger with facts finer than the set prints brought to the nearest amount that it does, half up."""
    quantum = get(ledger.table_set).quantum
    amounts = [
        ((fact.amount / quantum).quantize(Decimal(1), ROUND_HALF_UP) * quantum).quantize(ZERO)
        for fact in ledger.facts
    ]
    facts = tuple(
        replace(fact, amount=amount) for fact, amount in zip(ledger.facts, amounts, strict=True) if amount
    )
    return replace(ledger, facts=facts)
