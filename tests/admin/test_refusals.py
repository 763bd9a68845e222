"""Typing tables: what is refused and kept as typed, and what nobody may slip in."""

from decimal import Decimal

import pytest

from budgets.models import ExpenditureLine, FundLine, RevenueLine, Status, ThreePublicLine
from tests.makers.disclosures import a_disclosure, a_person, some_subjects, submitted

from .forms import fields, page_of, row_of

pytestmark = pytest.mark.django_db
GENERAL = "expenditure-general_public"


@pytest.fixture
def disclosure():
    some_subjects()
    return a_disclosure()


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    "typed", ["八十", "1e5", "1_000", "12.345", "1,23", "=1+1", "9" * 41, "99999999999999"]
)
def test_what_is_no_amount_is_refused_and_kept(accountant, disclosure, typed):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    name = f"{row_of(data, '2080505')}-basic"
    response = accountant.post(url, data | {name: typed})
    assert response.status_code == 200
    assert fields(response)[name] == typed
    assert 'role="alert"' in response.text and 'aria-invalid="true"' in response.text
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal("800000.00")
    assert fields(accountant.get(url))["version"] == data["version"]
    version = disclosure.version
    disclosure.refresh_from_db()
    assert disclosure.version == version


def test_one_bad_cell_saves_nothing_of_the_page(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    data |= {f"{row_of(data, '2080505')}-basic": "一百", f"{row_of(data, '2010301')}-basic": "1.00"}
    accountant.post(url, data)
    assert ExpenditureLine.objects.get(function="2010301").basic == Decimal("8200000.00")


def test_a_code_stands_once_and_every_amount_has_one(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    blank = row_of(data, "")
    twice = accountant.post(url, data | {f"{blank}-function": "2080505", f"{blank}-basic": "1"})
    assert "已在上面填过" in twice.text
    without = accountant.post(url, data | {f"{blank}-basic": "1"})
    assert "请填写科目编码" in without.text
    assert ExpenditureLine.objects.filter(disclosure=disclosure).count() == 2


def test_funds_do_not_mix(accountant, disclosure):
    """A page writes its own fund only, whatever the body says."""
    url = page_of(disclosure, "expenditure-government_fund")
    data = fields(accountant.get(url))
    blank = row_of(data, "")
    accountant.post(
        url, data | {f"{blank}-function": "2120801", f"{blank}-project": "5", f"{blank}-fund": "non_fiscal"}
    )
    assert ExpenditureLine.objects.get(function="2120801").fund == "government_fund"
    assert ExpenditureLine.objects.filter(fund="general_public").count() == 2


def test_ids_and_other_fields_in_a_body_do_nothing(accountant, disclosure):
    other = a_disclosure(year=2022)
    theirs = RevenueLine.objects.filter(disclosure=other).first()
    url = page_of(disclosure, "revenue")
    data = fields(accountant.get(url))
    row = row_of(data, "2080505")
    forged = {f"{row}-id": theirs.pk, f"{row}-pk": theirs.pk, f"{row}-disclosure": other.pk, "id": theirs.pk}
    forged |= {
        "disclosure": other.pk,
        "status": "published",
        "department": 99,
        f"{row}-fiscal_appropriation": "7.00",
    }
    accountant.post(url, data | forged)
    assert RevenueLine.objects.get(disclosure=disclosure, function="2080505").fiscal_appropriation == 70000
    before = theirs.fiscal_appropriation
    theirs.refresh_from_db()
    assert theirs.fiscal_appropriation == before
    disclosure.refresh_from_db()
    assert disclosure.status == Status.DRAFT


@pytest.mark.parametrize("total", ["1", "4000", "-1", "x"])
def test_a_fixed_form_takes_no_other_number_of_rows(accountant, disclosure, total):
    url = page_of(disclosure, "three_public")
    data = fields(accountant.get(url))
    response = accountant.post(url, data | {"rows-TOTAL_FORMS": total})
    assert response.status_code == 200
    assert set(ThreePublicLine.objects.exclude(general_public=0).values_list("item", flat=True)) == {
        "vehicle_running", "official_hospitality",
    }  # fmt: skip


def test_money_that_is_no_appropriation_has_no_cell_for_it(accountant, disclosure):
    url = page_of(disclosure, "funds")
    page = accountant.get(url)
    closed = next(row for row in page.context["page"].rows if row.key == "non_fiscal")
    assert closed.cells[1].bound is None
    data = fields(page)
    accountant.post(url, data | {"rows-3-current_year": "5.00", "rows-3-brought_forward": "2.00"})
    line = FundLine.objects.filter(disclosure=disclosure, fund="non_fiscal").first()
    assert line is None or line.current_year == 0


@pytest.mark.parametrize("role", ["reviewer", "bureau_officer", "bureau_administrator", "auditor"])
def test_who_only_reads_sees_text_and_saves_nothing(client, disclosure, accountant, role):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    client.force_login(a_person(role))
    page = client.get(url)
    assert "rows-0-basic" not in page.text and "820.00" in page.text
    assert client.post(url, data).status_code == 403


def test_after_submission_nobody_saves(accountant, client):
    from tests.makers.disclosures import a_sound_disclosure

    disclosure = a_sound_disclosure()
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    submitted(disclosure)
    assert "rows-0-basic" not in accountant.get(url).text
    assert accountant.post(url, data | {"version": "2"}).status_code == 403
