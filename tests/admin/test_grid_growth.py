"""An entry grid costs as much more as it has more rows: the page, a saving, its findings, what one change changes."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import Disclosure, ExpenditureLine
from tests.makers.large_budgets import YEAR, large_ledger
from tests.makers.pace import least_seconds
from tests.test_growth import MORE, MOST, SETS, SOME, grows, stored

from .forms import fields, page_of, row_of
from .test_autosave import JSON

pytestmark = pytest.mark.django_db
GRID = "expenditure-general_public"
SECONDS = 0.3  # of processor time for a saving at 300 rows


def a_year(table_set: str, items: int) -> Disclosure:
    """The budget of a number of items, each year of them a department of its own."""
    disclosure = stored(large_ledger(items, table_set), YEAR - {SOME: 0, MORE: 1}.get(items, 2))
    assert ExpenditureLine.objects.filter(disclosure=disclosure).count() >= items
    return disclosure


def saving(client, disclosure: Disclosure) -> Callable[[], object]:
    """One changed amount saved as the page's script saves it, each time another."""
    url = page_of(disclosure, GRID)
    data = fields(client.get(url))
    code = ExpenditureLine.objects.filter(disclosure=disclosure, fund="general_public").first().function
    cell = f"{row_of(data, code)}-basic"
    amounts = iter(range(1, 100))

    def save() -> None:
        data[cell] = str(next(amounts))
        answer = client.post(
            url, urlencode(data), content_type="application/x-www-form-urlencoded", headers=JSON
        )
        assert answer.status_code == 200 and not answer.json()["errors"]
        data["version"] = answer.json()["version"]

    return save


def reading(name: str, **asked: str) -> Callable[[object, Disclosure], Callable[[], object]]:
    def reads(client, disclosure: Disclosure) -> Callable[[], object]:
        url = reverse(f"admin:budgets_disclosure_{name}", args=[disclosure.pk, GRID])
        row = ExpenditureLine.objects.filter(disclosure=disclosure, fund="general_public").first().function
        query = {**asked, "row": row} if asked else {}

        def read() -> None:
            assert client.get(url, query).status_code == 200

        return read

    return reads


WORK = {
    "page": reading("enter"),
    "beside": reading("beside"),
    "moves": reading("moves", column="basic"),
    "save": saving,
}


@pytest.mark.sweep(0, 3)
@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize("table_set", SETS)
def test_a_grid_costs_as_much_more_as_it_has_rows(accountant, table_set, name):
    assert grows(lambda items: WORK[name](accountant, a_year(table_set, items))) <= MOST


@pytest.mark.sweep(2, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_a_saving_asks_the_same_of_the_database_whatever_the_rows(accountant, table_set):
    asked = []
    for items in (SOME, MORE):
        save = saving(accountant, a_year(table_set, items))
        save()
        with CaptureQueriesContext(connection) as queries:
            save()
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 40


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_a_saving_at_300_rows_takes_little(accountant, table_set):
    save = saving(accountant, a_year(table_set, 340))
    assert ExpenditureLine.objects.filter(fund="general_public").count() >= 300
    assert least_seconds(save, SECONDS) <= SECONDS
