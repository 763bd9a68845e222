"""The pages of a draft lead from basic data to the task list, each to the next; none is left out, none comes twice."""

import re

import pytest

from budgets import tablesets
from budgets.admin.declaring import grids_of, has_goals
from budgets.admin.task_list import REST, desk
from budgets.admin.turning import leaves, turns
from budgets.models import Disclosure, Role
from budgets.models.lines import Line
from budgets.workflow.drafts import draft_of
from tests.makers.disclosures import a_department, a_person, some_subjects

pytestmark = pytest.mark.django_db
TURN = re.compile(r'rel="(prev|next)" href="([^"]+)"')


@pytest.fixture(params=tablesets.SETS)
def disclosure(request):
    some_subjects()
    made = Disclosure.objects.create(department=a_department(), fiscal_year=2023, table_set=request.param)
    for n, name in enumerate(("窗口运行", "系统维护"), 1):
        made.goals.create(position=n, project=name)
    made.narratives.create(position=99, key="own", title="自己加的一章", text="有。")
    return made


@pytest.mark.sweep(2, 2)
def test_whoever_turns_on_comes_through_every_page_of_the_task_list_and_back(client, disclosure):
    client.force_login(a_person(Role.ACCOUNTANT.value, department=disclosure.department))
    pages = list(leaves(disclosure))
    forth = [page.url for page in pages]
    links = [dict(TURN.findall(client.get(url).text)) for url in forth]
    assert [each.get("next") for each in links[:-1]] == forth[1:] and len(set(forth)) == len(forth)
    assert [each.get("prev") for each in links[:-1]] == [None, *forth[:-2]] and "next" not in links[-1]
    tasks = {task.url for task in desk(disclosure, draft_of(disclosure)).tasks if task.key != REST}
    assert tasks <= set(forth)
    assert ("goal-" in "".join(page.key for page in pages)) == has_goals(tablesets.get(disclosure.table_set))


def test_tables_that_print_as_published_and_unknown_pages_have_no_turns(disclosure):
    every = {page.key for page in leaves(disclosure)}
    disclosure.given = "[]"
    lines = {
        grid.key
        for grid in grids_of(tablesets.get(disclosure.table_set)).values()
        if issubclass(grid.model, Line)
    }
    assert every - {page.key for page in leaves(disclosure)} == lines != set()
    assert turns(disclosure, "wording") == {"before": None, "after": None}
    assert turns(disclosure, "basics")["before"] is None


@pytest.mark.sweep(2, 2)
def test_an_empty_page_opens_in_its_field_and_a_filled_one_at_its_head(client, disclosure):
    client.force_login(a_person(Role.ACCOUNTANT.value, department=disclosure.department))
    pages = {page.key: page.url for page in leaves(disclosure)}
    assert "autofocus" not in client.get(pages["chapter-own"]).text
    assert re.search(
        r'<textarea[^>]*name="text"[^>]* autofocus', client.get(pages["chapter-other_matters"]).text
    )
    assert re.search(r'<input[^>]*name="approved_on"[^>]* autofocus', client.get(pages["basics"]).text)
    Disclosure.objects.filter(pk=disclosure.pk).update(approved_on="2023-01-16")
    assert "autofocus" not in client.get(pages["basics"]).text
