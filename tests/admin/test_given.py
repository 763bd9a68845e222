"""A document published before: its tables print as they were until the department has them derived."""

from io import BytesIO
from pathlib import Path

import pytest

from budgets import ledger
from budgets.data.subject_lists import subjects_of
from budgets.domain.terms import Family
from budgets.importing.pipeline import take_in
from budgets.models import Disclosure
from budgets.workflow.drafts import draft_of
from budgets.workflow.intake_saving import save
from tests.makers.disclosures import a_department, a_disclosure, a_person

from .forms import fields, of

pytestmark = pytest.mark.django_db
WORKBOOK = Path(__file__).parent.parent / "sample" / "laoting-483-2023-tables.xlsx"


@pytest.fixture
def published_before(accountant):
    disclosure = a_disclosure()
    options = {"region": "130225", "unit": "483", "year": 2023, "subjects": subjects_of(2023)}
    save(take_in(WORKBOOK, transcribed=True, **options), disclosure, None)
    return Disclosure.objects.get(pk=disclosure.pk)


def test_given_sheets_survive_the_database(published_before):
    kept = ledger.read(published_before)
    options = {"region": "130225", "unit": "483", "year": 2023, "subjects": subjects_of(2023)}
    assert kept.given == take_in(WORKBOOK, transcribed=True, **options).ledger.given
    assert draft_of(published_before).document.transcribed


def test_its_pages_say_so(accountant, published_before):
    assert "照录以前公开的文件，各表与原件相同" in accountant.get(of(published_before, "preview")).text
    assert "照录以前公开" not in accountant.get(of(a_disclosure(year=2024), "preview")).text


def test_its_leaf_rows_are_not_edited_before_the_tables_are_derived_again(accountant, published_before):
    page = accountant.get(of(published_before, "enter", "revenue"), follow=True)
    assert page.request["PATH_INFO"] == of(published_before, "given")
    assert "改由明细推算各表" in page.text
    assert accountant.post(of(published_before, "given"), {"version": "1"}).status_code == 409
    assert accountant.post(of(published_before, "given"), fields(page)).status_code == 302
    after = ledger.read(Disclosure.objects.get(pk=published_before.pk))
    assert after.given == () and after.facts == ledger.read(published_before).facts
    assert accountant.get(of(published_before, "enter", "revenue")).status_code == 200


def test_agency_running_costs_are_typed_where_the_set_prints_them(accountant):
    accountant.force_login(a_person("accountant", department=a_department("101", "财政局")))
    disclosure = a_disclosure(a_department("101", "财政局"), facts=(), table_set="shanghai_2023")
    page = accountant.get(of(disclosure, "basics"))
    data = fields(page) | {"agency_running_costs": "2,294,300"}
    assert accountant.post(of(disclosure, "basics"), data).status_code == 302
    (fact,) = ledger.read(Disclosure.objects.get(pk=disclosure.pk)).facts
    assert (fact.family, fact.amount) == (Family.AGENCY, 2294300)
    again = fields(accountant.get(of(disclosure, "basics"))) | {"agency_running_costs": ""}
    assert accountant.post(of(disclosure, "basics"), again).status_code == 302
    assert ledger.read(Disclosure.objects.get(pk=disclosure.pk)).facts == ()
    other = a_disclosure(a_department("102", "教育局"))
    accountant.force_login(a_person("accountant", department=other.department))
    assert "id_agency_running_costs" not in accountant.get(of(other, "basics")).text


def test_the_workbook_to_fill_in_is_for_this_department_and_year(accountant):
    disclosure = a_disclosure()
    answer = accountant.get(of(disclosure, "intake_template"))
    assert "attachment" in answer.headers["Content-Disposition"]
    taken = take_in(BytesIO(answer.getvalue()), unit="483", year=2023, subjects=subjects_of(2023))
    assert [fault.rule for fault in taken.findings] == ["intake-empty"]
    assert (taken.differences, taken.ledger.facts) == ([], ())
    assert taken.ledger.unit_name == disclosure.department.name
