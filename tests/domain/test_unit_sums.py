"""A department is the sum of its units: drawn departments of two to six units tie, and what differs is named."""

import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.documents import ColumnKind, Document
from budgets.domain.facts import Fact
from budgets.domain.places import CellRef
from budgets.domain.terms import Family, Fund, Origin, Use
from budgets.domain.unit_sums import INTERNAL, units_added
from budgets.synthetic.draws import random_facts
from tests.makers.documents import a_ledger
from tests.makers.workers import YEAR

SETS = [table_set.key for table_set in tablesets.DECLARED]
SEEDS = range(1000)
SUBJECTS = subjects_of(YEAR)


def merged(facts: list[Fact]) -> tuple[Fact, ...]:
    sums: Counter[Fact] = Counter()
    for fact in facts:
        sums[replace(fact, amount=Decimal(0))] += fact.amount
    return tuple(replace(fact, amount=amount) for fact, amount in sums.items() if amount)


def a_department(seed: int, table_set: str) -> tuple[Document, list[Document], Decimal]:
    """A department, its units, and what these pay each other in yuan (in a set that prints it)."""
    chance = random.Random(f"{seed} {table_set}")  # noqa: S311
    of_units = tablesets.of_body(table_set, unit=True)
    units = [list(random_facts(seed * 10 + n, of_units)) for n in range(chance.randint(2, 6))]
    whole = [fact for facts in units for fact in facts if fact.family is not Family.BASIC_BY_CLASS]
    paid = Decimal(0)
    for origin, use in INTERNAL if table_set == "hebei_2023" else ():
        if chance.random() < 0.6:
            amount = Decimal(100 * chance.randint(1, 90_000))
            giver, taker = chance.sample(units, 2)
            given = Fact(Family.REVENUE, amount, function="2010302", origin=Origin.OTHER)
            spent = Fact(
                Family.EXPENDITURE, amount, function="2080501", fund=Fund.NON_FISCAL, use=Use.PROJECT
            )
            giver += [
                given,
                Fact(Family.EXPENDITURE, amount, function="2010302", fund=Fund.NON_FISCAL, use=use),
            ]
            taker += [Fact(Family.REVENUE, amount, function="2080501", origin=origin), spent]
            whole += [given, spent]
            paid += amount
    documents = [
        compose(tablesets.get(of_units), a_ledger(of_units, merged(facts)), SUBJECTS) for facts in units
    ]
    return (
        compose(tablesets.get(table_set), a_ledger(table_set, merged(whole)), SUBJECTS),
        documents,
        paid,
    )


def changed(document: Document, chance: random.Random) -> tuple[Document, CellRef, Decimal]:
    """The document with one printed amount another."""
    n = chance.randrange(len(document.tables))
    sheet = document.tables[n]
    while not sheet.rows:
        n = chance.randrange(len(document.tables))
        sheet = document.tables[n]
    r = chance.randrange(len(sheet.rows))
    c = chance.choice([i for i, col in enumerate(sheet.columns) if col.kind is ColumnKind.AMOUNT])
    row, gap = sheet.rows[r], Decimal(chance.choice(("0.01", "-0.01", "10.00")))
    cell = replace(row.cells[c], amount=(row.cells[c].amount or 0) + gap)
    rows = list(sheet.rows)
    rows[r] = replace(row, cells=(*row.cells[:c], cell, *row.cells[c + 1 :]))
    tables = list(document.tables)
    tables[n] = replace(sheet, rows=tuple(rows))
    place = CellRef(sheet.key, row.named(sheet.columns[c]), sheet.columns[c].key)
    return replace(document, tables=tuple(tables)), place, gap


@pytest.mark.sweep(4, 40)
@pytest.mark.parametrize("table_set", SETS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_department_of_units_ties_and_one_changed_cell_is_named(seed, table_set):
    department, units, paid = a_department(seed, table_set)
    declared = tablesets.get(table_set)
    found = units_added(declared, department, units)
    assert found.gaps == ()
    assert sum(each.amount for each in found.eliminations) == paid
    wrong, place, gap = changed(department, random.Random(seed))  # noqa: S311
    told = {each.cell: each.amount for each in units_added(declared, wrong, units).gaps}
    # More received than paid, or less, may be told of either side.
    internal = place.column in {term.value for pair in INTERNAL for term in pair}
    assert (told == {place: gap}) or (internal and told)


@pytest.mark.parametrize("table_set", SETS)
def test_a_unit_that_is_left_out_is_a_gap(table_set):
    """The negative control: without one of its units a department is not their sum."""
    department, units, _ = a_department(1, table_set)
    assert units_added(tablesets.get(table_set), department, units[1:]).gaps


def test_money_received_that_no_unit_paid_is_no_elimination():
    """上级补助收入 from outside of the department stands in the department's budget, too; if it does not, it is a gap."""
    facts = [
        *random_facts(1),
        Fact(Family.REVENUE, Decimal(500), function="2010302", origin=Origin.SUPERIOR_SUBSIDY),
    ]
    declared = tablesets.get("hebei_2023")
    with_it, without = (
        compose(declared, a_ledger(declared.key, merged(these)), SUBJECTS) for these in (facts, facts[:-1])
    )
    assert units_added(declared, with_it, [with_it]).gaps == ()
    found = units_added(declared, without, [with_it])
    assert found.eliminations == ()
    assert CellRef("revenue", "2010302", "superior_subsidy") in {gap.cell for gap in found.gaps}
