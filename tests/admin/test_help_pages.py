"""Help on what goes where: every typed column of every grid, of both table sets, and a page with the sample."""

import pytest
from django.urls import reverse

from budgets import tablesets
from budgets.admin.cell_helps import grid_helps
from budgets.admin.declaring import declaration, grids_of, has_goals
from budgets.admin.entry_grids import INDICATORS
from budgets.admin.grid_layout import Layout
from budgets.forms.meanings import MEANINGS, meaning
from budgets.workflow.starting import start
from tests.makers.disclosures import a_department, a_person, an_open_year, some_subjects
from tests.tablesets.synthetic import SYNTHETIC

from .forms import enter, of

pytestmark = pytest.mark.django_db
SETS = list(tablesets.SETS)


@pytest.mark.sweep(2, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_every_typed_column_is_explained_on_its_grid(client, table_set):
    some_subjects()
    an_open_year(2023, table_set)
    disclosure = start(a_department(), 2023, by=a_person("accountant"))
    enter(client, "accountant")
    for grid in grids_of(tablesets.get(table_set)).values():
        layout = Layout(grid, disclosure)
        page = client.get(of(disclosure, "enter", grid.key))
        helped = {caption for caption, _ in page.context["helps"]}
        for typed in layout.typed.values():
            assert "　".join(typed.column.path) in helped, (grid.key, typed.column.key)
        assert f'href="{reverse("admin:how_to_fill", args=[table_set])}#how-{grid.key}"' in page.text


def test_a_meaning_is_of_a_column_that_is_typed_somewhere():
    """Negative control: a key that nobody types would go unread."""
    seen = set()
    for table_set in (*map(tablesets.get, SETS), *SYNTHETIC.values()):
        goals = [INDICATORS] if has_goals(table_set) else []
        for grid in [*grids_of(table_set).values(), *goals]:
            columns = [leaf.word.key for leaf in declaration(grid, table_set).leaves()]
            seen |= {(grid.key.partition("-")[0], column) for column in columns}
    unread = {(grid, column) for grid, columns in MEANINGS.items() for column in columns} - seen
    assert unread == set()
    assert meaning("revenue", "nothing") == ""


@pytest.mark.parametrize("table_set", SETS)
def test_the_page_shows_each_grid_and_the_sample(client, table_set):
    enter(client, "accountant")
    page = client.get(reverse("admin:how_to_fill", args=[table_set]))
    shown = grid_helps(table_set)
    assert {each.grid.key for each in shown} >= set(grids_of(tablesets.get(table_set)))
    assert all(each.helps for each in shown)
    with_sample = {each.grid.key for each in shown if each.excerpt}
    assert {"revenue", "expenditure-general_public", "basic_expenditure", "three_public"} <= with_sample
    printed = {annex.key for annex in tablesets.get(table_set).annexes}
    records = {"organizations": "organization", "indicators": "goal", "procurement": "procurement"}
    assert {key for key, annex in records.items() if annex in printed} <= with_sample
    assert ("这一行是假设的" in page.text) == ("procurement" in printed) == ("台式计算机" in page.text)
    assert ("审批业务办结时限" in page.text) == ("goal" in printed) == ("一个项目一张" in page.text)
    for each in shown:
        assert (
            "('" not in each.excerpt and "(&#x27;" not in each.excerpt
        )  # words, never Python's own writing of them
        assert f'id="how-{each.grid.key}"' in page.text
    assert page.text.count("<table") == len(with_sample) and (
        "596.87" in page.text or "5,968,700" in page.text
    )


def test_there_is_no_page_for_another_set(client):
    enter(client, "accountant")
    assert client.get(reverse("admin:how_to_fill", args=["nowhere_2023"])).status_code == 404


def test_it_is_linked_from_the_first_page_and_the_task_page(client):
    some_subjects()
    an_open_year()
    disclosure = start(a_department(), 2023, by=a_person("accountant"))
    enter(client, "accountant")
    link = f'href="{reverse("admin:how_to_fill", args=["hebei_2023"])}"'
    assert link in client.get(reverse("admin:index")).text
    assert link in client.get(of(disclosure, "change")).text
