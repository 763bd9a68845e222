"""What a page loads to work with: 14 KB of own script at most, as production delivers it."""

import pytest

from budgets import tablesets
from budgets.admin.declaring import grids_of, has_goals
from budgets.admin.scripts import SCRIPTS
from budgets.models import Disclosure, Role
from tests.makers.delivered import deliver, scripts_of
from tests.makers.disclosures import a_department, a_person, some_subjects

pytestmark = pytest.mark.django_db
MOST = 14 * 1024


def entry_pages(client, table_set: str):
    """Every page of a set on which a table is typed."""
    some_subjects()
    disclosure = Disclosure.objects.create(department=a_department(), fiscal_year=2023, table_set=table_set)
    pages = [f"enter/{key}" for key in grids_of(tablesets.get(table_set))]
    if has_goals(tablesets.get(table_set)):
        pages += ["goals", f"goals/{disclosure.goals.create(project='窗口运行').pk}"]
    client.force_login(a_person(Role.ACCOUNTANT.value, department=a_department()))
    for page in pages:
        yield client.get(f"/admin/budgets/disclosure/{disclosure.pk}/{page}/").content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_an_entry_page_loads_14_KB_of_script_at_most(table_set, client, settings, static_folder):
    """The compressed files that the page names, added up; the same files as they are written weigh more than that."""
    folder = deliver(settings, static_folder)
    for page in entry_pages(client, table_set):
        names = scripts_of(page)
        assert len(names) == 1
        weight = sum((folder / f"{name}.gz").stat().st_size for name in names)
        assert weight <= MOST, f"{weight - MOST} bytes too many"
    assert sum((folder / f"{name}.gz").stat().st_size for name in SCRIPTS["entry"]) > MOST


@pytest.mark.sweep(1, 1)
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_while_developing_a_page_loads_the_files_as_they_are_written(table_set, client):
    for page in entry_pages(client, table_set):
        kind = next((each for each in ("indicators", "goals") if f'<table id="{each}"' in page), "entry")
        assert tuple(scripts_of(page)) == SCRIPTS[kind]
