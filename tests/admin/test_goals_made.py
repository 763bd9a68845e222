"""Goal tables made of projects in one click: name and money taken over, nothing invented, undone while untouched."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import ledger as ledgers
from budgets import tablesets
from budgets.domain.ledgers import Indicator
from budgets.domain.terms import Comparator
from budgets.models import Goal
from budgets.rules.naming import cost
from budgets.workflow.drafts import draft_of
from budgets.workflow.goals_of_projects import make_goals, projects_without_goals, untouched
from tests.makers.disclosures import a_department, a_disclosure

from .forms import fields, of
from .test_autosave import colleague, keep
from .test_live_sums import drawn

pytestmark = pytest.mark.django_db
UNIT_OF = {key: table_set.unit for key, table_set in tablesets.SETS.items()}


def with_projects(table_set: str = "hebei_2023"):
    """Three projects: one with a goal table, one with money and words, one without either; and one without a name."""
    disclosure = drawn(table_set, 1)
    disclosure.goals.all().delete()
    disclosure.projects.all().delete()
    disclosure.projects.create(position=1, name="窗口运行", amount=Decimal("30000.00"), goals="办得快")
    disclosure.projects.create(position=2, name="系统维护", amount=Decimal("1234500.50"))
    disclosure.projects.create(position=3, name="评审")
    disclosure.projects.create(position=4, name="", amount=5)
    kept = disclosure.goals.create(position=1, project="窗口运行")
    kept.indicators.create(position=1, name="办结率", value="98")
    return disclosure


@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_name_amount_and_words_are_taken_over_and_nothing_else(table_set):
    disclosure = with_projects(table_set)
    assert [project.name for project in projects_without_goals(disclosure)] == ["系统维护", "评审"]
    make_goals(disclosure)
    window, system, review = ledgers.read(disclosure).goals
    assert [one.name for one in window.indicators] == ["办结率"]
    unit = UNIT_OF[table_set]
    shown = {"万元": "123.45005", "元": "1234500.5"}[unit]
    cap = Indicator(
        "产出指标", "成本指标", "经费预算控制数", comparator=Comparator.AT_MOST, value=shown, unit=unit
    )
    assert system.indicators == (cap,) and cost(system) == Decimal("1234500.50")
    assert (review.project, review.goals, review.indicators) == ("评审", (), ())
    assert make_goals(disclosure) == []


def test_what_was_written_of_the_project_comes_along_and_a_name_twice_gives_no_amount():
    disclosure = with_projects()
    disclosure.goals.all().delete()
    disclosure.projects.create(position=9, name="系统维护", amount=1)
    made = {goal.project: goal for goal in make_goals(disclosure, ["窗口运行", "系统维护"])}
    assert list(made) == ["窗口运行", "系统维护"] and made["窗口运行"].goals == "办得快"
    assert made["系统维护"].indicators.count() == 0


def test_findings_ask_for_what_is_missing():
    disclosure = with_projects()
    make_goals(disclosure)
    told = "".join(f.message for f in draft_of(disclosure).findings if f.rule == "goals-complete")
    assert "没有效益指标" in told and "没有满意度指标" in told and "系统维护" in told and "评审" in told


def test_one_click_makes_all_and_one_more_undoes_what_nobody_touched(accountant):
    disclosure = with_projects()
    url = of(disclosure, "goals")
    page = accountant.get(url)
    assert "为 2 个还没有目标的项目建目标" in page.text
    after = accountant.post(url, fields(page) | {"make-all": "1"}, follow=True)
    assert list(disclosure.goals.values_list("project", flat=True)) == ["窗口运行", "系统维护", "评审"]
    assert "建了 2 张目标表" in after.text and "还没有目标的项目建目标" not in after.text
    system, review = disclosure.goals.filter(position__gt=1)
    assert f'name="undo" value="{system.pk},{review.pk}"' in after.text
    review.indicators.create(position=1, name="评审率")
    done = accountant.post(url, fields(after) | {"undo": f"{system.pk},{review.pk}"}, follow=True)
    assert list(disclosure.goals.values_list("project", flat=True)) == ["窗口运行", "评审"]
    assert "“评审” 的目标表已经填过，没有删去" in done.text and "撤销了 “系统维护” 的目标表" in done.text


def test_one_project_alone_and_the_typed_rows_are_saved_with_it(accountant):
    disclosure = with_projects()
    url = of(disclosure, "goals")
    data = fields(accountant.get(url)) | {"rows-1-project": "另一个", "make": "评审"}
    accountant.post(url, data)
    assert list(disclosure.goals.values_list("project", flat=True)) == ["窗口运行", "另一个", "评审"]


def test_a_stale_page_makes_and_undoes_nothing(accountant):
    """The negative control of the lock, and of what undoing may touch."""
    disclosure = with_projects()
    url = of(disclosure, "goals")
    data = fields(accountant.get(url))
    other = a_disclosure(a_department("999", "别局"))
    strange = other.goals.create(position=1, project="别处")
    accountant.post(url, data | {"undo": f"{strange.pk},x,{'9' * 30}"})
    assert Goal.objects.filter(pk=strange.pk).exists() and untouched(disclosure, [strange.pk]) == []
    disclosure.goals.create(position=2, project="别人加的")
    assert accountant.post(url, data | {"make-all": "1"}).status_code == 409
    assert disclosure.goals.count() == 2


def test_goals_lead_from_one_project_to_the_next(accountant):
    disclosure = with_projects()
    first, second, last = [disclosure.goals.first(), *make_goals(disclosure)]
    page = accountant.get(of(disclosure, "goal", second.pk)).text
    assert f'rel="prev" href="{of(disclosure, "goal", first.pk)}">上一个项目：窗口运行' in page
    assert f'rel="next" href="{of(disclosure, "goal", last.pk)}">下一个项目：评审' in page
    assert 'goals/">上一张：绩效目标' in accountant.get(of(disclosure, "goal", first.pk)).text
    assert 'chapters/organization/">下一章：' in accountant.get(of(disclosure, "goal", last.pk)).text


def test_the_list_saves_itself_and_keeps_what_hangs_on_it(accountant):
    disclosure = with_projects()
    url = of(disclosure, "goals")
    data = fields(accountant.get(url))
    told = keep(accountant, url, data | {"rows-1-project": "新的", "rows-0-ORDER": "2", "rows-1-ORDER": "1"})
    assert list(disclosure.goals.values_list("project", flat=True)) == ["新的", "窗口运行"]
    assert told["places"] == {"0": 1, "1": 0} and told["errors"] == []
    assert disclosure.goals.get(project="窗口运行").indicators.count() == 1
    # An emptied name is refused, and the table stays as it is saved.
    data = fields(accountant.get(url))
    told = keep(accountant, url, data | {"rows-1-project": ""})
    assert [name for name, _ in told["errors"]] == ["rows-1-project"] and told["places"] == {"0": 0, "1": 1}
    assert disclosure.goals.get(project="窗口运行").indicators.count() == 1


def test_saving_by_itself_removes_only_what_holds_nothing(accountant):
    disclosure = with_projects()
    disclosure.goals.create(position=2, project="空的")
    url = of(disclosure, "goals")
    data = fields(accountant.get(url)) | {"rows-0-DELETE": "on", "rows-1-DELETE": "on"}
    told = keep(accountant, url, data)
    assert list(disclosure.goals.values_list("project", flat=True)) == ["窗口运行"]
    assert told["places"] == {"0": 0} and told["errors"][0][0] == "" and "按“保存”" in told["errors"][0][1]
    again = fields(accountant.get(url)) | {"rows-0-DELETE": "on"}
    assert accountant.post(url, again).status_code == 302 and not disclosure.goals.exists()


def test_rows_that_were_not_sent_are_not_removed(accountant):
    disclosure = with_projects()
    url = of(disclosure, "goals")
    data = fields(accountant.get(url)) | {"rows-INITIAL_FORMS": "0", "rows-TOTAL_FORMS": "0"}
    keep(accountant, url, data)
    assert disclosure.goals.get().indicators.count() == 1
    keep(accountant, url, fields(accountant.get(url)) | {"rows-INITIAL_FORMS": "5"})
    assert disclosure.goals.get().indicators.count() == 1


def test_the_loser_of_a_goal_page_is_told_the_words_above_the_table(accountant):
    disclosure = with_projects()
    url = of(disclosure, "goal", disclosure.goals.get().pk)
    mine, other = fields(accountant.get(url)), colleague()
    keep(other, url, fields(other.get(url)) | {"goals": "他们写的"})
    told = keep(accountant, url, mine | {"rows-0-value": "99"}, 409)
    assert told["fields"] == {"project": "窗口运行", "goals": "他们写的"}
    assert [row["cells"]["value"] for row in told["rows"]] == ["98"]


def test_projects_of_a_ledger_are_named_once():
    """The whole way: what was made is what the ledger says of the projects, none left, none twice."""
    disclosure = with_projects()
    make_goals(disclosure)
    said = ledgers.read(disclosure)
    names = [goal.project for goal in said.goals]
    assert (
        sorted(names) == sorted({p.name for p in said.projects if p.name})
        and projects_without_goals(disclosure) == []
    )
    assert replace(said, goals=()).projects == said.projects
