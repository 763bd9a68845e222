"""A department beside its units: shares one click away, difference 0.00 or told, at the desk who is missing."""

from dataclasses import replace

import pytest
from django.test import Client

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.facts import total
from budgets.domain.ledgers import Ledger, Narrative, UnitRow
from budgets.domain.places import Record
from budgets.domain.snapshots import dumps
from budgets.domain.unit_rows import MEANS
from budgets.ledger import write
from budgets.models import Department, Disclosure, Publication, Status
from budgets.publishing.units_public import printed
from budgets.rendering.html.disclosure_pages import disclosure_page
from budgets.rules.criteria import UNIT_ROWS
from budgets.workflow.drafts import draft_of
from budgets.workflow.units_checked import RULE, held_against_public, rows_held
from budgets.workflow.year_opening import terms_for
from tests.admin.forms import enter, of
from tests.makers.disclosures import a_department, a_disclosure, a_person, a_public_row, an_open_year
from tests.makers.facts import small_budget, yuan
from tests.makers.sample_document import imprint
from tests.tablesets.synthetic.unit_rows import UNIT_ROWS_SET

pytestmark = pytest.mark.django_db
AT = "/130225/500/2023/units/"


def added(*more) -> tuple:
    """The facts of two units with the small budget each."""
    return tuple(replace(fact, amount=fact.amount * 2) for fact in small_budget())


def a_department_of_units(*, includes: bool = True) -> tuple[Department, list[Department]]:
    above = a_department("500", "某局（含下属单位）")
    Department.objects.filter(pk=above.pk).update(includes_units=includes)
    units = [a_department("501", "某局本级"), a_department("502", "某中心")]
    Department.objects.filter(pk__in=[unit.pk for unit in units]).update(supervising_department=above)
    return Department.objects.get(pk=above.pk), list(Department.objects.filter(supervising_department=above))


def public(department: Department, facts=None) -> None:
    disclosure = a_disclosure(department, facts=facts)
    ledger = Ledger(
        "hebei_2023",
        "130225",
        "乐亭县",
        department.code,
        department.name,
        2023,
        facts=tuple(facts or small_budget()),
    )
    a_public_row(
        disclosure, payload=dumps(ledger, compose(tablesets.get("hebei_2023"), ledger, subjects_of(2023)))
    )


def of_public(department: Department):
    return printed(Publication.objects.get(department=department))


def test_each_units_share_is_one_click_from_the_department(client):
    above, units = a_department_of_units()
    for each in units:
        public(each)
    public(above, added())
    assert f'href="{AT}"' in client.get("/130225/500/").text
    assert 'href="/130225/500/"' in client.get("/130225/501/").text
    page = client.get(AT).text
    assert "某局本级" in page and page.count(">50.0%<") == 2 and "2,400.00" in page
    assert 'href="/130225/501/2023/budget/#' in page
    assert "每一格都等于 2 家单位的合计，相差 0.00" in page


def test_what_differs_is_said_with_both_numbers(client):
    above, units = a_department_of_units()
    for each in units:
        public(each)
    public(above)
    page = client.get(AT).text
    assert "不等于各单位合计" in page and "2,400.00" in page and "-1,200.00万元" in page


def test_nothing_is_compared_while_a_unit_is_missing(client):
    above, units = a_department_of_units()
    public(units[0])
    public(above)
    page = client.get(AT).text
    assert "还没有公开 1 家：某中心" in page and "相差" not in page
    assert held_against_public(above, of_public(above)).lacking == "某中心还没有公开，没有核对"


@pytest.mark.parametrize(("includes", "factor"), [(True, 1), (True, 2), (False, 1)])
def test_a_certificate_says_how_a_department_stands_to_its_units(includes, factor):
    above, units = a_department_of_units(includes=includes)
    for each in units:
        public(each)
    public(above, [replace(fact, amount=fact.amount * factor) for fact in small_budget()])
    held = held_against_public(above, of_public(above))
    assert (bool(held.findings), held.idle) == (
        includes and factor == 1,
        "" if includes else "本部门预算不含下属单位",
    )
    assert not held.lacking and all(f.severity == "warning" for f in held.findings)


@pytest.mark.parametrize("more", ["0.00", "1.00"])
def test_a_table_with_a_row_for_each_unit_is_held_against_what_they_published(client, monkeypatch, more):
    monkeypatch.setitem(tablesets.SETS, "unit_rows", UNIT_ROWS_SET)
    above, units = a_department_of_units()
    public(units[0])
    facts = tuple(small_budget())
    rows = tuple(
        UnitRow(name, code, **{field: total(facts, inside) for field, inside in MEANS.items()})
        for name, code in (("某局本级", "501"), ("某中心", "502"))
    )
    rows = (replace(rows[0], basic=rows[0].basic + yuan(more)), rows[1])
    ledger = Ledger(
        "unit_rows", "130225", "乐亭县", "500", "某局", 2023, facts=added(), unit_rows=rows,
            narratives=(Narrative("overview", "概况", "无。"),),
    )  # fmt: skip
    disclosure = a_disclosure(above, facts=added(), table_set="unit_rows")
    write(disclosure, ledger)
    found = [finding for finding in draft_of(disclosure).findings if finding.rule == UNIT_ROWS]
    if more == "1.00":
        (told,) = found
        assert told.at == Record("unit_row", "某局本级", "501") and "相差 1.00万元" in told.message
        assert "/130225/501/2023/budget/" in told.message and "/130225/500/2023/budget/" in told.message
    assert bool(found) == (more == "1.00")
    assert ("unit-rows-add-up" in {f.rule for f in draft_of(disclosure).findings}) == bool(found)
    Disclosure.objects.filter(pk=disclosure.pk).update(  # what others publish stops no step
        status=Status.SUBMITTED,
        submitted_by=a_person("accountant", department=above),
        submitted_hash="1" * 64,
    )
    disclosure.refresh_from_db()
    assert {f.severity for f in draft_of(disclosure).findings if f.rule == UNIT_ROWS} <= {"advice"}
    held = rows_held(ledger)
    assert (bool(held.findings), held.lacking) == (bool(found), "某中心还没有公开，没有核对")
    document = compose(UNIT_ROWS_SET, ledger, subjects_of(2023))
    a_public_row(disclosure, payload=dumps(ledger, document))
    page = client.get(AT).text
    assert "部门表中列的各单位支出" in page and 'href="/130225/501/2023/budget/">某局本级<' in page
    assert f">{more}<" in page and "没有公开" in page
    assert f'href="{AT}">各单位<' in disclosure_page(document, imprint())


def test_a_department_without_units_has_no_such_page(client):
    a_department("500", "某局")
    assert client.get(AT).status_code == client.get("/130225/999/2023/units/").status_code == 404
    assert "/units/" not in client.get("/130225/500/").text


@pytest.mark.parametrize(("factor", "told"), [(1, True), (2, False)])
def test_at_the_desk_a_department_that_is_not_their_sum_is_told_so(factor, told):
    above, units = a_department_of_units()
    public(units[0])
    approved = a_disclosure(units[1])
    disclosure = a_disclosure(above, facts=[replace(f, amount=f.amount * factor) for f in small_budget()])
    assert RULE not in {finding.rule for finding in draft_of(disclosure).findings}  # one of them is missing
    Disclosure.objects.filter(pk=approved.pk).update(
        status=Status.APPROVED,
        submitted_by=a_person("accountant", department=units[1]),
        approved_by=a_person("bureau_officer"),
        submitted_hash="1" * 64,
        approved_hash="1" * 64,
    )
    found = [finding for finding in draft_of(disclosure).findings if finding.rule == RULE]
    assert [bool(found), any("2,400.00" in f.message for f in found)] == [told, told]
    assert not told or found[0] in draft_of(disclosure).unexplained


def test_the_desk_says_which_units_are_missing(client: Client):
    above, units = a_department_of_units()
    public(units[0])
    disclosure = a_disclosure(above)
    enter(client, "bureau_officer")
    page = client.get(of(disclosure, "change")).text
    assert "下属单位" in page and "某中心" in page and "还没有批准或公开" in page


def test_a_unit_starts_with_the_forms_of_units():
    above, units = a_department_of_units()
    year = an_open_year(2025, "shanghai_2023")
    assert terms_for(year, above).table_set == "shanghai_2023"
    assert terms_for(year, units[0]).table_set == "shanghai_2023_unit"
    assert terms_for(an_open_year(2026), units[0]).table_set == "hebei_2023"
