"""A year's accounts are started after it, in the form that ends it, with what its published budget planned."""

import pytest

from budgets.domain.terms import Measure, Stage, ThreePublicItem
from budgets.models import ThreePublicBudgetedLine
from budgets.workflow.starting import CannotStart, start, years_to_start
from tests.makers.disclosures import a_department, a_person, an_open_year, published


def test_accounts_take_their_plan_from_the_published_budget(db):
    budget = published().disclosure
    an_open_year(2023)
    accountant = a_person(department=budget.department)
    assert [year.fiscal_year for year in years_to_start(budget.department, Stage.FINAL)] == [2023]
    accounts = start(budget.department, 2023, by=accountant, stage=Stage.FINAL.value)
    assert (accounts.stage, accounts.table_set) == ("final", "shanghai_final_2024")
    lines = ThreePublicBudgetedLine.objects.filter(disclosure=accounts)
    assert {line.item for line in lines} == {item.value for item in ThreePublicItem}
    from budgets.domain.plans import planned
    from budgets.domain.snapshots import loads

    plan = planned(loads(budget.publications.get().content)[0])
    wanted = {fact.item: fact.amount for fact in plan if fact.item and fact.measure is Measure.INITIAL}
    assert wanted and {line.item: line.initial for line in lines if line.initial} == wanted


def test_a_year_that_goes_on_has_no_accounts(db):
    an_open_year(2099)
    with pytest.raises(CannotStart, match="还没有结束"):
        start(a_department(), 2099, by=a_person(department=a_department()), stage=Stage.FINAL.value)
