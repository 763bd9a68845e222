"""The five criteria of the inspection: every rule serves exactly one, and what has no object in a table set is told so."""

import pytest

from budgets import tablesets
from budgets.domain.terms import Stage
from budgets.rules import REGISTRY
from budgets.rules.between_documents import BETWEEN
from budgets.rules.criteria import (
    CRITERION_OF,
    LAST_YEAR,
    MEANINGS,
    OF_ANNEX,
    OF_STAGE,
    OF_TRANSCRIBED,
    READ_AGAIN,
    SERVES,
    UNIT_ROWS,
    UNITS_ADD_UP,
    Criterion,
    without_object,
)
from budgets.workflow import last_year_checked, rereading, units_checked


def unplaced(rules, serves) -> list[str]:
    """Rules that serve no criterion or several, and names under a criterion that are no rule."""
    served = [rule for each in serves.values() for rule in each]
    return sorted(rule for rule in {*rules, *served} if served.count(rule) != 1 or rule not in rules)


def test_every_rule_has_exactly_one_criterion():
    others = (READ_AGAIN, UNITS_ADD_UP, LAST_YEAR, UNIT_ROWS)
    assert set(BETWEEN) == set(others[1:])
    assert others[:3] == (rereading.RULE, units_checked.RULE, last_year_checked.RULE)
    assert unplaced({*REGISTRY.rules, *others}, SERVES) == []
    assert set(SERVES) == set(MEANINGS) == set(Criterion)
    assert len(CRITERION_OF) == len(REGISTRY.rules) + len(others)


@pytest.mark.parametrize("fault", ["none", "two", "no rule"])
def test_a_rule_without_one_is_noticed(fault):
    rules, serves = {"a", "b"}, {Criterion.TRUE: ("a", "b"), Criterion.FORM: ()}
    if fault == "none":
        rules.add("c")
    elif fault == "two":
        serves[Criterion.FORM] = ("b",)
    else:
        serves[Criterion.FORM] = ("d",)
    assert len(unplaced(rules, serves)) == 1
    assert unplaced({"a"}, {Criterion.TRUE: ("a",)}) == []


def test_what_a_set_does_not_print_is_not_asked_of_it():
    of_stage = {stage: set(rules) for stage, rules in OF_STAGE.items()}
    known = {
        *OF_TRANSCRIBED,
        *set().union(*of_stage.values()),
        *(rule for rules in OF_ANNEX.values() for rule in rules),
    }
    assert known <= set(REGISTRY.rules)
    hebei, shanghai = tablesets.get("hebei_2023"), tablesets.get("shanghai_2023")
    not_there = {*of_stage[Stage.FINAL], *OF_ANNEX["services"], *OF_ANNEX["unit_rows"]}
    assert without_object(hebei, transcribed=True) == not_there
    assert without_object(hebei, transcribed=False) == {*OF_TRANSCRIBED, *not_there}
    accounts = without_object(tablesets.get("shanghai_final_2024"), transcribed=True)
    assert of_stage[Stage.BUDGET] <= accounts and not of_stage[Stage.FINAL] & accounts
    assert "goals-complete" in without_object(shanghai, transcribed=True)
    assert "projects-have-goals" not in without_object(shanghai, transcribed=False)
