"""The one schema of families, and facts filed by it."""

import random
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.domain.facts import CODES, KINDS, Box, Fact, Filed, Slice, order_of, total, where
from budgets.domain.families import FAMILIES
from budgets.domain.ledgers import Ledger
from budgets.domain.snapshots import ledger_dumps
from budgets.domain.tables import Amount, Balance, Table, Tree
from budgets.domain.terms import Family, Fund, Use
from budgets.synthetic.draws import random_facts
from tests.makers.large_budgets import large_facts

D = Decimal


def test_every_family_is_declared_of_dimensions_that_facts_have():
    assert set(FAMILIES) == set(Family)
    for shape in FAMILIES.values():
        assert set(shape.dimensions) <= {*CODES, *KINDS}
        assert len(shape.dimensions) == len(set(shape.dimensions))
        assert bool(shape.across) == bool(shape.amounts)
        if shape.laid_out:
            (row,) = shape.named_by
            assert row in KINDS


def test_a_tree_of_codes_is_named_as_the_dimension_that_holds_them():
    for table_set in tablesets.SETS.values():
        assert {t.rows.scheme for t in table_set.tables if isinstance(t.rows, Tree)} <= set(CODES)


def slices_of(table: Table) -> list[Slice]:
    columns = [leaf.word.where for leaf in table.leaves() if isinstance(leaf.word, Amount)]
    rows = [where(**{code: start}) for code in CODES for start in ("2", "20", "20103", "2010301", "30", "9")]
    if isinstance(table.rows, Balance):
        rows += [line.where for side in (0, 1) for line in table.rows.lines(side)]
    return [table.where & row & column for row in (*rows, table.where) for column in columns]


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", tablesets.SETS.values(), ids=list(tablesets.SETS))
@pytest.mark.parametrize("seed", range(5))
def test_filed_facts_add_up_as_facts_one_by_one_do(table_set, seed):
    odd = [
        Fact(Family.EXPENDITURE, D("7"), fund=Fund.GENERAL_PUBLIC, function=code, use=Use.BASIC)
        for code in ("", "2", "2010", "20103015", "２０１")
    ]
    zero = Fact(Family.REVENUE, D("0"), function="9990101")
    facts = [*random_facts(seed, table_set.key), *odd, zero]
    random.Random(seed).shuffle(facts)
    filed = Filed(facts)
    for inside in (inside for table in table_set.tables for inside in slices_of(table)):
        assert filed.total(inside) == total(facts, inside), inside
        assert sorted(filed.within(inside), key=order_of) == sorted(
            (fact for fact in facts if fact in inside), key=order_of
        )


@pytest.mark.parametrize(
    "inside",
    [
        where(function=("201", "20103", "2010301")),  # one lies in the other: counted once
        where(function=""),
        where(function=()),
        where(family=()),
        where(use=Use.BASIC),
        where(economic="301", function="201"),
        Slice(frozenset()),
        Slice(frozenset({Box(())})),
    ],
)
def test_filed_facts_add_up_in_every_kind_of_slice(inside):
    facts = large_facts(40)
    assert Filed(facts).total(inside) == total(facts, inside)


def test_equal_facts_have_equal_bytes():
    def written(amount: str) -> bytes:
        fact = Fact(Family.AGENCY, D(amount))
        return ledger_dumps(Ledger("hebei_2023", "1", "一", "2", "二", 2023, facts=(fact,)))

    assert written("100") == written("100.0") == written("1E+2") == written("100.00")
    assert written("0") == written("0.00")
    assert written("100.005") != written("100.00")  # what is finer than a cent is kept as it is
    thirty = "1" * 30
    assert Fact(Family.AGENCY, D(thirty)).amount == D(thirty)
