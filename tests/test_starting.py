"""Starting a disclosure: blank, or with the structure of another year and no figure of it."""

import pytest

from budgets import ledger
from budgets.domain.terms import AssetItem, Fund, ThreePublicItem
from budgets.models import Disclosure, LogEntry, Status
from budgets.workflow.starting import CannotStart, start
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, an_open_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def accountant():
    for year in (2023, 2024):
        an_open_year(year)
    return a_person("accountant")


def test_a_blank_one_has_the_rows_that_its_tables_always_print(accountant):
    disclosure = start(accountant.department, 2023, by=accountant)
    assert disclosure.status == Status.DRAFT
    assert disclosure.three_public_lines.count() == len(ThreePublicItem)
    assert disclosure.fund_lines.count() == len(Fund)
    assert disclosure.asset_lines.count() == len(AssetItem)
    assert disclosure.narratives.count() == 9
    said = ledger.read(disclosure)
    assert (said.facts, said.assets) == ((), ())
    assert LogEntry.objects.get().action == "create"


def test_a_new_year_takes_over_the_structure_and_no_figure(accountant):
    last = a_sound_disclosure(accountant.department)
    new = start(accountant.department, 2024, by=accountant, like=last)
    before, now = ledger.read(last), ledger.read(new)
    assert now.facts == ()
    assert (now.year, now.approved_on, now.assets) == (2024, None, ())
    assert (now.goals, now.narratives, now.wording) == (before.goals, before.narratives, before.wording)
    assert now.organizations == before.organizations
    assert [project.name for project in now.projects] == [project.name for project in before.projects]
    assert {project.amount for project in now.projects} == {None}
    assert now.contact == before.contact
    for lines in ("revenue_lines", "expenditure_lines", "basic_expenditure_lines"):
        old_rows, new_rows = getattr(last, lines).all(), getattr(new, lines).all()
        assert len(old_rows) == len(new_rows) > 0
        assert all(row.blank for row in new_rows)
        assert not any(row.blank for row in old_rows)
    assert new.three_public_lines.count() == len(ThreePublicItem)
    assert "沿用2023年部门预算的结构" in LogEntry.objects.get().reason


def test_there_is_one_a_year(accountant):
    start(accountant.department, 2023, by=accountant)
    with pytest.raises(CannotStart, match="已有2023年"):
        start(accountant.department, 2023, by=accountant)


@pytest.mark.parametrize("role", ["reviewer", "bureau_officer", "bureau_administrator", "auditor"])
def test_only_an_accountant_of_the_department_starts_one(role):
    with pytest.raises(CannotStart):
        start(a_department(), 2023, by=a_person(role))
    with pytest.raises(CannotStart):
        start(a_department("484", "甲局"), 2023, by=a_person("accountant"))
    assert not Disclosure.objects.exists()


def test_another_department_lends_no_structure(accountant):
    other = a_sound_disclosure(a_department("484", "甲局"))
    with pytest.raises(CannotStart, match="本部门"):
        start(accountant.department, 2024, by=accountant, like=other)


def test_a_closed_department_starts_nothing(accountant):
    accountant.department.active = False
    accountant.department.save()
    with pytest.raises(CannotStart):
        start(accountant.department, 2023, by=accountant)
