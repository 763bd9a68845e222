"""The cells that hold a fact are those that change with it, in every set."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.composing import compose
from budgets.domain.fact_cells import holding
from budgets.domain.identities import amounts
from budgets.domain.ledgers import Ledger
from budgets.synthetic.draws import random_facts


def printed(table_set, facts):
    ledger = Ledger(table_set.key, "130225", "某县", "483", "某局", 2023, facts=tuple(facts))
    return compose(table_set, ledger, Subjects()).tables


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", tablesets.SETS.values(), ids=list(tablesets.SETS))
@pytest.mark.parametrize("seed", range(3))
def test_a_cell_holds_a_fact_when_it_changes_with_it(table_set, seed):
    facts = list(random_facts(seed, table_set.key))
    before = printed(table_set, facts)
    for n in range(0, len(facts), max(1, len(facts) // 8)):
        more = replace(facts[n], amount=facts[n].amount + Decimal(1_000_000))
        after = amounts(printed(table_set, [*facts[:n], more, *facts[n + 1 :]]))
        changed = {cell for cell, amount in amounts(before).items() if after[cell] != amount}
        assert holding(table_set, before, [facts[n]]) == changed
    assert holding(table_set, before, []) == frozenset()
