"""A document of a form that nobody declared, from its file to its public pages: as it stands, and saying what was not checked."""

import io
import json
import random
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.conf import settings

from budgets import ledger
from budgets.domain import certificates
from budgets.domain.certificates import State
from budgets.domain.documents import UNDECLARED_NOTE
from budgets.domain.snapshots import loads
from budgets.importing.confined_intake import take_in_apart
from budgets.models import Disclosure
from budgets.publishing import revision_files, verification
from budgets.publishing.editions import edition_of
from budgets.rules.criteria import OF_ANY_FORM
from budgets.workflow.drafts import draft_of
from budgets.workflow.intake_saving import save, undo
from tests.makers.disclosures import a_department, a_disclosure, a_region, explain, published
from tests.makers.foreign_forms import DrawnForm, drawn_form, spoiled
from tests.rendering.markup import parse, words

pytestmark = pytest.mark.django_db
LINE = UNDECLARED_NOTE.removesuffix("。")
SEED = 8


def a_draft(form: DrawnForm, **more):
    """A draft of the form's department that took the file over, and the row of the file."""
    department = a_department("101", form.unit_name, a_region("530000", "云岭县"))
    disclosure = a_disclosure(department, year=form.year, **more)
    taken = take_in_apart(
        "附表.xlsx",
        form.workbook(),
        subjects=ledger.subjects_for(form.year),
        region="530000",
        region_name="云岭县",
        unit="101",
        unit_name=form.unit_name,
        year=form.year,
        table_set="hebei_2023",
        transcribed=True,
    )
    intake = save(taken, disclosure, None)
    return Disclosure.objects.get(pk=disclosure.pk), intake


@pytest.fixture
def publication(no_pdf):
    disclosure, _ = a_draft(drawn_form(SEED))
    assert not [f for f in draft_of(disclosure).findings if f.rule not in ("approval-dated", "contact-given")]
    return published(disclosure)


def test_it_is_published_as_it_stands_and_says_what_was_not_checked(client, publication):
    form = drawn_form(SEED)
    said, document = loads(bytes(publication.payload))
    assert [sheet.title for sheet in document.tables] == [table.title for table in form.tables]
    assert (said.facts, document.table_set, document.undeclared) == ((), "as_it_stands", True)
    page = (settings.PUBLISHED_ROOT / f"site/530000/101/{form.year}/budget/index.html").read_text()
    assert page.count(LINE) > len(form.tables)  # below each table, and once above all of them

    folder = revision_files.folder_of(edition_of(publication))
    book = openpyxl.load_workbook(folder / "disclosure.xlsx", data_only=True)
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    numbers = {round(Decimal(str(cell)), 2) for cell in cells if isinstance(cell, int | float)}
    assert {table.cells[place] for table in form.tables for place in table.amounts} <= numbers
    assert sum(LINE in str(cell) for cell in cells) >= len(form.tables)
    with zipfile.ZipFile(folder / "disclosure.csv.zip") as archive:
        assert LINE in archive.read("datapackage.json").decode()
    assert json.loads((folder / "identities.json").read_text())["identities"]

    states = {each.rule: each for each in certificates.loads(publication.frozen_checks).checked}
    assert {rule for rule, each in states.items() if each.state is State.NOT_CHECKED} == set(states) - set(
        OF_ANY_FORM
    )
    assert (states["given-cells-tie"].state, states["text-amount-agrees"].lacking) == (State.HOLDS, LINE)
    checks = parse(
        (settings.PUBLISHED_ROOT / f"site/530000/101/{form.year}/budget/checks/index.html").read_text()
    )
    assert words(checks).index("未核对") < words(checks).index("成立")

    assert form.tables[0].title in client.get("/", {"q": form.tables[0].title}).text
    listed = client.get(f"/530000/{form.year}/")
    left_out = f"照原样收录、没有可以相加的数，不在合计里的：{form.unit_name}。"
    assert left_out in listed.text and "已公开的 1 个部门没有可以相加的数。" in listed.text
    for address in (f"/530000/{form.year}/", "/530000/101/"):
        assert "<small>没有可以相加的数</small>" in client.get(address).text
    assert 'class="total"' not in listed.text, "a row of sums without a sum says nothing"
    figures = openpyxl.load_workbook(io.BytesIO(client.get(f"/530000/{form.year}/figures.xlsx").content))
    assert left_out in {cell for row in figures.active.iter_rows(values_only=True) for cell in row}
    assert verification.verify().mismatches == []


def test_a_sum_that_does_not_hold_is_explained_and_stands_beside_its_cell(no_pdf):
    form = drawn_form(SEED)
    n, place, covered = spoiled(form, random.Random(1))
    disclosure, _ = a_draft(form)
    told = [f for f in draft_of(disclosure).findings if f.rule in ("given-cells-tie", "printed-tables-tie")]
    assert covered and told and form.tables[n].title in told[0].message
    explain(disclosure, "原文如此。", public=True)
    public = published(disclosure)
    states = {each.rule: each.state for each in certificates.loads(public.frozen_checks).checked}
    assert states[told[0].rule] is State.EXPLAINED
    assert (
        "原文如此。"
        in (settings.PUBLISHED_ROOT / f"site/530000/101/{form.year}/budget/index.html").read_text()
    )


def test_a_draft_that_had_amounts_gets_them_back(no_pdf):
    """Taking a file over as it stands replaces the whole draft, and undo brings the declared form and its facts back."""
    disclosure, intake = a_draft(drawn_form(SEED))
    assert (disclosure.table_set, ledger.read(disclosure).facts) == ("as_it_stands", ())
    undo(intake, None)
    again = Disclosure.objects.get(pk=disclosure.pk)
    assert again.table_set == "hebei_2023" and ledger.read(again).facts


@pytest.mark.slow
def test_two_years_of_it_are_not_compared(no_pdf):
    form = drawn_form(SEED)
    earlier = drawn_form(SEED)
    earlier.year -= 1
    for table in earlier.tables:
        table.cells[1, 1] = table.title.replace(str(form.year), str(earlier.year))
    for each in (earlier, form):
        disclosure, _ = a_draft(each)
        explain(disclosure)
        published(disclosure)
    folder = settings.PUBLISHED_ROOT / f"site/530000/101/{form.year}/budget"
    text = words(parse((folder / "compare/index.html").read_text()))
    assert "不可比" in text and "口径无从对应，只并列" in text
    assert '<a href="compare/">两年对照</a>' in (folder / "index.html").read_text()
