"""A year's accounts beside its budget: amounts, difference, completion, goals with results, and what is not public."""

from dataclasses import replace
from datetime import date

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.snapshots import dumps
from budgets.publishing.listing import summary
from budgets.synthetic.accounts_drawn import account_of
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.disclosures import a_department, a_disclosure, a_public_row

BUDGET = random_ledger(
    3, tablesets.get("hebei_2023"), region=("130225", "乐亭县"), unit=("483", "乐亭县行政审批局")
)
PAGE = "/130225/483/2023/final/beside/"


def public(ledger, **state):
    document = compose(tablesets.get(ledger.table_set), ledger, subjects_of(2023))
    return a_public_row(
        a_disclosure(a_department(), facts=(), table_set=ledger.table_set),
        year=2023, payload=dumps(ledger, document), on=date(2024, 9, 1), **summary(document), **state,
    )  # fmt: skip


def test_both_stand_side_by_side_with_goals(client, db):
    accounts = account_of(BUDGET, 3)
    public(BUDGET)
    public(accounts)
    text = client.get(PAGE).content.decode()
    assert "年初预算" in text and "没有印出" in text
    goal = accounts.goals[0]
    assert all(
        words in text for words in (goal.project, goal.indicators[0].target, goal.indicators[0].result)
    )
    assert 'href="/130225/483/2023/budget/#' in text and 'href="/130225/483/2023/final/#' in text
    assert "编报绩效目标的项目" in text and "绩效自评平均得分" in text
    assert PAGE in client.get("/130225/483/").content.decode()


def test_without_a_budget_it_says_so_and_without_accounts_there_is_no_page(client, db):
    assert client.get(PAGE).status_code == 404
    public(account_of(BUDGET, 3))
    assert "没有公开这个部门2023年的部门预算" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("stage", ["budget", "final"])
def test_a_year_has_one_disclosure_of_each_stage(db, stage):
    from django.db import IntegrityError

    table_set = {"budget": "hebei_2023", "final": "shanghai_final_2024"}[stage]
    a_disclosure(facts=(), table_set="hebei_2023")
    a_disclosure(facts=(), table_set="shanghai_final_2024")
    with pytest.raises(IntegrityError):
        a_disclosure(facts=(), table_set=table_set)


def test_the_next_year_is_compared_with_accounts_of_the_year_before_only(db):
    from budgets.workflow.other_stage import beside

    budget, accounts = public(BUDGET), public(account_of(BUDGET, 3))
    assert beside(accounts.disclosure).stage == "budget"
    assert beside(budget.disclosure) is None
    later = a_disclosure(facts=(), year=2024)
    assert (beside(later).stage, beside(later).year) == ("final", 2023)
    assert replace(beside(later), facts=()) is not None
