"""The facts that the tables of a file tell, from their amounts alone: bodies made of filled tables, spoiled one by one."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal as D

import pytest

from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.composing import compose
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import Fact, order_of
from budgets.domain.families import OF_ACCOUNTS
from budgets.domain.ledgers import Ledger
from budgets.domain.money import CENT, to_yuan
from budgets.domain.places import CellRef
from budgets.domain.terms import Family, Fund, ThreePublicItem, Use
from budgets.importing.taking.leaf_facts import families_told, take_facts
from budgets.importing.taking.table_bodies import Body, Given
from budgets.synthetic.draws import random_facts
from tests.makers.facts import basic, funded, project, spent, three_public

HEBEI = tablesets.get("hebei_2023")
FISCAL_TABLES = ("general_public_expenditure", "government_fund_expenditure", "state_capital_expenditure")
MONEY = (
    basic("2010301", "10.00"),
    project("2010301", "5.00", Fund.GOVERNMENT_FUND),
    spent("2010301", "3.00", Use.BASIC, Fund.NON_FISCAL),
    spent("2010302", "2.00", Use.BUSINESS, Fund.NON_FISCAL),
)


def bodies(facts: Iterable[Fact], key: str = "hebei_2023") -> dict[str, Body]:
    """The tables of these facts as a file holds them."""
    ledger = Ledger(key, "130225", "乐亭县", "483", "某局", 2023, facts=tuple(facts))
    found = {}
    for sheet in compose(tablesets.get(key), ledger, Subjects()).tables:
        body = found[sheet.key] = Body(match=None)
        for row in sheet.rows:
            for cell, column in zip(row.cells, sheet.columns, strict=True):
                if column.kind is ColumnKind.AMOUNT:
                    ref = CellRef(sheet.key, row.named(column), column.key)
                    body.cells[ref] = Given(ref, "A1", "", "", cell.amount, "")
    return found


def without(read: dict[str, Body], *keys: str) -> dict[str, Body]:
    return {key: body for key, body in read.items() if key not in keys}


def change(read: dict[str, Body], ref: CellRef, amount: str | None) -> dict[str, Body]:
    given = read[ref.table].cells.get(ref, Given(ref, "A1", "", "", None, ""))
    read[ref.table].cells[ref] = replace(given, amount=None if amount is None else D(amount))
    return read


def taken(read: dict[str, Body], family: Family, key: str = "hebei_2023") -> dict[Fact, CellRef]:
    found = take_facts(tablesets.get(key), read)
    return {fact: ref for fact, ref in found.items() if fact.family is family}


@pytest.mark.sweep(2)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("key", ["hebei_2023", "shanghai_2023"])
def test_the_tables_of_any_budget_tell_its_facts_in_order_each_with_its_cell(key, seed):
    facts = [fact for fact in random_facts(seed, table_set=key) if fact.amount]
    read = bodies(facts, key)
    found = take_facts(tablesets.get(key), read)
    assert list(found) == sorted(facts, key=order_of)
    units = {table.key: table.unit or tablesets.get(key).unit for table in tablesets.get(key).tables}
    for fact, ref in found.items():
        whole = to_yuan(read[ref.table].cells[ref].amount, units[ref.table])
        assert whole == fact.amount or (fact.fund is Fund.NON_FISCAL and whole > fact.amount)


def test_nothing_is_told_by_no_table_a_blank_or_a_zero():
    assert take_facts(HEBEI, {}) == {}
    assert take_facts(HEBEI, bodies(())) == {}
    read = bodies(MONEY)
    cell = CellRef("general_public_expenditure", "2010301", "basic")
    for amount in (None, "0", "0.00"):
        assert basic("2010301", "10.00") in taken(bodies(MONEY), Family.EXPENDITURE)
        found = taken(change(read, cell, amount), Family.EXPENDITURE)
        assert cell not in found.values()
        # What is left is more than the fiscal tables hold, and so not theirs.
        assert spent("2010301", "13.00", Use.BASIC, Fund.NON_FISCAL) in found


def test_amounts_are_taken_to_the_cent():
    read = change(bodies(()), CellRef("three_public", "official_hospitality", "fund_1"), "1.0000005")
    (fact,) = taken(read, Family.THREE_PUBLIC)
    assert (fact.amount, fact.amount.as_tuple().exponent) == (D("10000.01"), -2)
    assert fact == Fact(
        Family.THREE_PUBLIC, D("10000.01"), Fund.GENERAL_PUBLIC, item=ThreePublicItem.OFFICIAL_HOSPITALITY
    )
    assert fact.amount % CENT == 0


def test_of_two_tables_that_print_a_fact_the_one_that_prints_more_of_its_family_counts():
    facts = (funded("10.00"), funded("4.00", fund=Fund.GOVERNMENT_FUND))
    read = bodies(facts)
    cells = {table: CellRef(table, "general_public", "revenue") for table in ("balance", "fiscal_balance")}
    change(change(read, cells["balance"], "11.00"), cells["fiscal_balance"], "12.00")
    (told,) = {ref for fact, ref in taken(read, Family.FUND).items() if fact.fund is Fund.GENERAL_PUBLIC}
    printed = {
        table: sum(ref.table == table for ref in _leaves_of(read, table))
        for table in ("balance", "fiscal_balance")
    }
    assert printed[told.table] == max(printed.values())
    other = next(table for table in cells if table != told.table)
    (again,) = {
        ref
        for fact, ref in taken(without(read, told.table), Family.FUND).items()
        if fact.fund is Fund.GENERAL_PUBLIC
    }
    assert again == cells[other]


def _leaves_of(read: dict[str, Body], table: str) -> list[CellRef]:
    """The cells of a table whose amounts are told as a fund's when it is read alone."""
    alone = {table: read[table]}
    for ref in list(read[table].cells):
        change(alone, ref, "1.00")
    return list(taken(alone, Family.FUND).values())


def test_what_the_fiscal_tables_do_not_hold_is_non_fiscal():
    found = taken(bodies(MONEY), Family.EXPENDITURE)
    assert set(found) == set(MONEY)
    assert found[MONEY[2]] == CellRef("expenditure", "2010301", "basic")
    assert found[MONEY[3]] == CellRef("expenditure", "2010302", "business")


@pytest.mark.parametrize("key", FISCAL_TABLES)
def test_where_a_fiscal_table_is_missing_a_rest_may_be_fiscal_money_and_is_not_taken(key):
    found = taken(without(bodies(MONEY), key), Family.EXPENDITURE)
    assert set(found) == {fact for fact in MONEY[:2] if f"{fact.fund.value}_expenditure" != key}


def test_without_the_table_of_all_money_there_is_no_rest():
    assert set(taken(without(bodies(MONEY), "expenditure"), Family.EXPENDITURE)) == set(MONEY[:2])


def test_a_rest_below_zero_is_no_fact():
    read = change(bodies(MONEY), CellRef("expenditure", "2010301", "basic"), "9.99")
    assert set(taken(read, Family.EXPENDITURE)) == {MONEY[0], MONEY[1], MONEY[3]}


def test_the_families_that_tables_tell():
    told = {table.key: families_told([table]) for table in HEBEI.tables}
    assert told["basic_expenditure"] == {Family.BASIC_EXPENDITURE}
    assert told["revenue"] == {Family.REVENUE}
    assert told["three_public"] == {Family.THREE_PUBLIC}
    assert {Family.FUND} == told["balance"] == told["fiscal_balance"]
    assert [told[key] for key in FISCAL_TABLES] == [{Family.EXPENDITURE}] * 3
    assert told["expenditure"] == frozenset()  # it names no fund
    assert families_told(HEBEI.tables) == set(Family) - {
        Family.AGENCY,
        Family.BASIC_BY_CLASS,
        Family.EVENTS,
        Family.BY_ECONOMIC,
        *OF_ACCOUNTS,
    }
    assert families_told(tablesets.get("shanghai_2023").tables) >= {Family.AGENCY}
    assert families_told([]) == frozenset()
    assert three_public(ThreePublicItem.OFFICIAL_HOSPITALITY, "1.00").family in told["three_public"]
