"""Final accounts without any finding, what their budget was, and the accounts before a budget."""

from dataclasses import replace

from budgets import tablesets
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.plans import planned
from budgets.domain.terms import Family, Stage
from tests.makers import clean_budget

KEY = "shanghai_final_2024"
SET = tablesets.get(KEY)
GOALS = "编报绩效目标的2023年度项目4个，涉及预算金额300.00万元。"


def clean_account() -> Ledger:
    """The accounts of the clean budget's year: everything was spent as planned."""
    budget = clean_budget.clean()
    plans = tuple(fact for fact in planned(budget) if SET.prints(fact.family))
    return replace(
        budget,
        table_set=KEY,
        stage=Stage.FINAL.value,
        facts=(*(fact for fact in budget.facts if fact.family is not Family.AGENCY), *plans),
        goals=(),
        narratives=tuple(
            Narrative(word.key, word.title, GOALS if word.key == "performance" else "无。")
            for word in SET.chapters
        ),
    )


def other_stage(ledger: Ledger) -> Ledger:
    """What is published beside a disclosure in these tests: of accounts the clean budget, of a budget last year's accounts."""
    if ledger.stage == Stage.FINAL:
        return clean_budget.clean()
    return replace(clean_account(), year=ledger.year - 1)
