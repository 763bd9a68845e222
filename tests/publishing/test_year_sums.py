"""The sums of the years that the first page shows: at each moment what the publications come to, and proven by `verify`."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse

from budgets.domain.key_figures import EVERY, SPENT, read
from budgets.models import Department, Disclosure, Publication, PublicationState, Region, YearSum
from budgets.public.lists import entries, kept_entries
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


@pytest.mark.parametrize(
    ("field", "value"), [("departments", 9), ("spent", 9), ("budgets", 9), ("listed", []), ("listed", {})]
)
def test_whatever_is_altered_is_named(two_counties, field, value):
    YearSum.objects.filter(region__code="130225").update(**{field: value})
    assert list(year_sums.wrong()) == [("130225", 2023)]


def test_a_sum_that_is_missing_or_of_nothing_is_named(two_counties):
    YearSum.objects.filter(region__code="130225").delete()
    YearSum.objects.create(region=Region.objects.get(code="130224"), fiscal_year=2031)
    assert sorted(year_sums.wrong()) == [("130224", 2031), ("130225", 2023)]


def test_a_list_of_a_region_is_what_stands_of_each_disclosure(two_counties):
    """Read from the years as from the rows of the publications themselves, days as days."""
    above, _ = two_counties
    PublicationState.objects.filter(publication__department=above).update(
        status="superseded", approved_on=date(2023, 1, 5)
    )
    a_public_row(Disclosure.objects.get(department=above), revision=2, figures=spending("90.00"))
    region = above.region
    kept = kept_entries(region, Department.objects.filter(region=region), EVERY)
    there = entries(Publication.objects.filter(department__region=region), figures=EVERY)
    assert kept == [replace(one, contact="", pdf_pending=False, total=None) for one in there]
    assert len(kept) == 4 and kept[0].figures[SPENT].amount == 90 and kept[0].revision == 2


def test_reindex_mends_them_and_verify_names_them(two_counties, tmp_path, settings):
    YearSum.objects.filter(region__code="130225").update(departments=9)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify", database=True, stdout=out)
    assert "✗ 130225 2023年度：首页和地区页的数与公开的内容不符，请运行 reindex" in out.getvalue()
    call_command("reindex", stdout=StringIO())
    assert not list(year_sums.wrong())


def test_the_migration_fills_what_is_kept_from_then_on(two_counties):
    above, unit = two_counties
    Department.objects.filter(pk=above.pk).update(includes_units=True)
    Department.objects.filter(pk=unit.pk).update(supervising_department=above)
    YearSum.objects.all().delete()
    for migration in ("0038_year_sums", "0045_year_lists"):
        import_module(f"budgets.migrations.{migration}").fill(apps, None)
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
