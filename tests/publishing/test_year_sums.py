"""The sums of the years that the first page shows: at each moment what the publications come to, and proven by `verify`."""

from decimal import Decimal
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse

from budgets.domain.key_figures import SPENT, read
from budgets.models import Department, PublicationState, Region, YearSum
from budgets.publishing import year_sums
from budgets.workflow import lifecycle
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_person,
    a_public_row,
    a_region,
    a_sound_disclosure,
    published,
)

pytestmark = pytest.mark.django_db


def spending(amount: str) -> dict[str, list[str]]:
    return {SPENT: [amount, "balance.current_expenditure.expenditure"]}


def kept() -> dict[tuple[str, int], tuple[int, Decimal | None, int]]:
    return {
        (row.region.code, row.fiscal_year): (row.departments, row.spent, row.budgets)
        for row in YearSum.objects.select_related("region")
    }


@pytest.fixture
def two_counties():
    """Of 乐亭县 a department with its unit, one that prints no such figure, one withdrawn; and another county."""
    above, unit = a_department("301", "财政局"), a_department("302", "会计核算中心")
    for department, figures in (
        (above, spending("100.10")),
        (unit, spending("30.20")),
        (a_department("303", "民政局"), {}),
    ):
        a_public_row(a_disclosure(department), figures=figures)
    a_public_row(a_disclosure(a_department("304", "水务局")), figures=spending("7.00"), status="withdrawn")
    other = a_department("305", "财政局", a_region("130224", "滦南县"))
    a_public_row(a_disclosure(other), figures=spending("5.00"), status="withdrawn")
    return above, unit


def test_each_year_is_counted_and_added_up(two_counties):
    assert kept() == {
        ("130225", 2023): (3, Decimal("130.30"), 2),
        ("130224", 2023): (0, None, 0),
    }
    assert not list(year_sums.wrong())


def test_nothing_is_added_up_twice(two_counties):
    above, unit = two_counties
    Department.objects.filter(pk=above.pk).update(includes_units=True)
    Department.objects.filter(pk=unit.pk).update(supervising_department=above)
    year_sums.renew(above.region_id)
    assert kept()["130225", 2023] == (3, Decimal("100.10"), 1)


@pytest.mark.parametrize("field", ["departments", "spent", "budgets"])
def test_whatever_is_altered_is_named(two_counties, field):
    YearSum.objects.filter(region__code="130225").update(**{field: 9})
    assert list(year_sums.wrong()) == [("130225", 2023)]


def test_a_sum_that_is_missing_or_of_nothing_is_named(two_counties):
    YearSum.objects.filter(region__code="130225").delete()
    YearSum.objects.create(region=Region.objects.get(code="130224"), fiscal_year=2031)
    assert sorted(year_sums.wrong()) == [("130224", 2031), ("130225", 2023)]


def test_reindex_mends_them_and_verify_names_them(two_counties, tmp_path, settings):
    YearSum.objects.filter(region__code="130225").update(departments=9)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify", database=True, stdout=out)
    assert "✗ 130225 2023年度：首页的部门数与合计和公开的内容不符，请运行 reindex" in out.getvalue()
    call_command("reindex", stdout=StringIO())
    assert not list(year_sums.wrong())


def test_the_migration_fills_what_is_kept_from_then_on(two_counties):
    above, unit = two_counties
    Department.objects.filter(pk=above.pk).update(includes_units=True)
    Department.objects.filter(pk=unit.pk).update(supervising_department=above)
    YearSum.objects.all().delete()
    import_module("budgets.migrations.0038_year_sums").fill(apps, None)
    assert len(kept()) == 2 and not list(year_sums.wrong())


def test_who_says_that_a_budget_contains_its_units_changes_the_sum(client, two_counties):
    above, unit = two_counties
    client.force_login(a_person("bureau_administrator"))
    for row, values in ((above, {"includes_units": "on"}), (unit, {"supervising_department": above.pk})):
        data = {"name": row.name, "active": "on", **values}
        assert client.post(reverse("admin:budgets_department_change", args=[row.pk]), data).status_code == 302
    assert kept()["130225", 2023] == (3, Decimal("100.10"), 1)


@pytest.mark.slow
@pytest.mark.parametrize("renewing", [True, False])
def test_each_step_of_a_publication_leaves_them_right(few_pages, monkeypatch, renewing):
    """Published, corrected, withdrawn; the negative control: a step that does not renew them is noticed."""
    if not renewing:
        monkeypatch.setattr(year_sums, "renew", lambda *_: None)
    disclosure = a_sound_disclosure()
    officer = a_person("bureau_officer", region=disclosure.department.region)
    wrong = []
    published(disclosure, officer)
    wrong += year_sums.wrong()
    assert not renewing or kept()["130225", 2023] == (
        1,
        read(PublicationState.objects.get().figures)[SPENT].amount,
        1,
    )
    lifecycle.correct(disclosure, by=officer, reason="电话更正")
    disclosure.refresh_from_db()
    disclosure.contact = "0315-1111111"
    disclosure.save()
    published(disclosure, officer)
    wrong += year_sums.wrong()
    lifecycle.withdraw(disclosure, by=officer, reason="附表漏列")
    wrong += year_sums.wrong()
    assert wrong == ([] if renewing else [("130225", 2023)] * 3)
    assert not renewing or kept()["130225", 2023] == (0, None, 0)
