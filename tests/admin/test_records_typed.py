"""Records are typed with the usual words at hand, a project is named once, and goals stand beside the projects' money."""

from dataclasses import replace

import pytest

from budgets import ledger as ledgers
from budgets import tablesets
from budgets.admin.goal_coverage import coverage
from budgets.admin.suggested_words import suggested
from budgets.domain.ledgers import Project
from budgets.domain.terms import Comparator
from budgets.importing.taking.annex_records import split_target
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.facts import yuan

from .forms import fields, of, page_of
from .test_live_sums import drawn

pytestmark = pytest.mark.django_db


def test_the_names_of_projects_are_offered_where_projects_are_named(accountant):
    disclosure = drawn("hebei_2023", 1)
    disclosure.projects.create(position=1, name="窗口运行")
    disclosure.goals.create(position=1, project="系统维护")
    assert suggested({"project"}, disclosure) == {"project": ["窗口运行", "系统维护"]}
    page = accountant.get(page_of(disclosure, "procurement")).text
    assert '<datalist id="words-project"><option value="窗口运行">' in page and 'list="words-project"' in page
    assert suggested({"basis"}, disclosure) == {}


def test_indicators_are_typed_with_their_usual_words(accountant):
    disclosure = drawn("hebei_2023", 1)
    goal = disclosure.goals.create(position=1, project="系统维护")
    page = accountant.get(of(disclosure, "goal", goal.pk)).text
    for field, word in (("dimension", "产出指标"), ("aspect", "时效指标"), ("unit", "%")):
        assert f'list="words-{field}"' in page and f'<option value="{word}">' in page


@pytest.mark.parametrize("table_set", tablesets.SETS)
@pytest.mark.parametrize("seed", range(3))
def test_goals_stand_beside_the_money_of_their_projects(table_set, seed):
    drawn_ledger = random_ledger(seed, tablesets.get(table_set), year=2026)
    bare = Project("没有目标的项目", yuan("5.00"))
    with_bare = replace(drawn_ledger, projects=(*drawn_ledger.projects, bare))
    found = coverage(with_bare, "万元")
    goals = {goal.project for goal in drawn_ledger.goals}
    assert {row.name for row in found.rows if row.has_goals} == goals
    row = found.rows[[each.name for each in found.rows].index(bare.name)]
    assert (row.money, row.cap, row.gap, row.has_goals) == ("5.00", "", "", False)
    assert found.share == len(goals) * 100 // len(found.rows)
    assert found.enough == (found.share >= 60) and found.wanted == 60
    assert coverage(replace(with_bare, year=2025), "万元").wanted == 0


def test_without_projects_there_is_no_share():
    empty = replace(random_ledger(1, tablesets.get("hebei_2023")), projects=(), goals=())
    assert coverage(empty, "万元").share is None and coverage(empty, "万元").enough


def test_the_page_of_goals_says_how_many_have_them(accountant):
    disclosure = drawn("hebei_2023", 1)
    disclosure.projects.create(position=1, name="窗口运行", amount=yuan("3.00"))
    disclosure.projects.create(position=2, name="系统维护", amount=yuan("1234.50"))
    disclosure.goals.create(position=1, project="系统维护")
    page = accountant.get(of(disclosure, "goals")).text
    assert "2 个项目中 1 个有绩效目标（50%）" in page and "1,234.50" in page
    assert ledgers.read(disclosure).goals[0].project == "系统维护"


@pytest.mark.parametrize("words", ["不低于", "不少于", "至少", "约", "≥", ""])
def test_a_comparator_is_typed_in_own_words_and_printed_word_for_word(accountant, words):
    """Typed or pasted, stored, printed, and read again from what was printed: nothing of it is lost."""
    disclosure = drawn("hebei_2023", 1)
    goal = disclosure.goals.create(position=1, project="系统维护")
    page = of(disclosure, "goal", goal.pk)
    data = fields(accountant.get(page)) | {
        "rows-0-name": "正常率",
        "rows-0-comparator": words,
        "rows-0-value": "98",
        "rows-0-unit": "%",
    }
    assert accountant.post(page, data, follow=True).status_code == 200
    (row,) = goal.indicators.all()
    assert (row.comparator, row.value, row.unit) == (words, "98", "%")
    (indicator,) = ledgers.read(disclosure).goals[-1].indicators
    assert indicator.target == f"{words}98%"
    parts = split_target(indicator.target)
    assert f"{parts['comparator']}{parts['value']}{parts['unit']}" == indicator.target
    assert 'list="words-comparator"' in accountant.get(page).text


def test_usual_comparators_come_apart_as_they_were_typed():
    for comparator in Comparator:
        assert split_target(f"{comparator}98%") == {"comparator": comparator, "value": "98", "unit": "%"}
    assert split_target("基本不低于98%") == {"comparator": "", "value": "基本不低于98%", "unit": ""}
