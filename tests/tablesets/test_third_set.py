"""A set that nobody knew before works by being declared: checked, drawn at random, tied, filled in, printed, opened."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from django.test import Client

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.declarations import faults
from budgets.domain.identities import amounts, broken, identities
from budgets.domain.ledgers import Ledger
from budgets.domain.tables import Balance, TableSet
from budgets.forms.template import template_workbook
from budgets.importing.pipeline import take_in
from budgets.rendering.data.data_package import package
from budgets.rendering.workbook.xlsx import workbook
from budgets.synthetic.draws import random_facts
from tests.makers.disclosures import a_sound_disclosure

from ..admin.forms import enter, of

KEY, YEAR = "third_2026", 2023
BUDGETS = 20


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> Iterator[TableSet]:
    """Hebei's tables, but sparing, in 元, without annexes and without the table of 国有资本经营预算."""
    hebei = tablesets.get("hebei_2023")
    tables = tuple(
        replace(table, rows=replace(table.rows, sparing=True)) if isinstance(table.rows, Balance) else table
        for table in hebei.tables
        if table.key != "state_capital_expenditure"
    )
    chapters = tuple(replace(chapter, annexes=()) for chapter in hebei.chapters[:2])
    declared = replace(
        hebei, key=KEY, label="第三套", unit="元", tables=tables, annexes=(), chapters=chapters
    )
    monkeypatch.setitem(tablesets.SETS, KEY, declared)
    yield declared


def a_ledger(seed: int) -> Ledger:
    return Ledger(KEY, "130225", "乐亭县", "483", "某局", YEAR, facts=random_facts(seed, KEY))


@pytest.mark.slow
def test_it_is_sound_and_its_budgets_tie(third: TableSet) -> None:
    assert faults(third) == []
    for seed in range(BUDGETS):
        ledger = a_ledger(seed)
        cells = amounts(compose(third, ledger, subjects_of(YEAR)).tables)
        assert broken(identities(third, cells), cells) == []
        told = {
            finding.rule for finding in rules.check(ledger, subjects_of(YEAR)) if finding.severity == "error"
        }
        assert told <= {"chapters-written", "empty-table-told"}, told


def test_its_form_is_taken_in_as_it_was_given_out(third: TableSet) -> None:
    form = template_workbook(third, year=YEAR, unit_code="483", unit_name="某局", region_name="某县")
    found = take_in(
        BytesIO(form), name="form.xlsx", region="130225", unit="483", unit_name="某局", region_name="某县",
        year=YEAR, table_set=KEY, subjects=subjects_of(YEAR),
    )  # fmt: skip
    assert [table.key for table in found.tables] == [table.key for table in third.tables]
    assert [finding.rule for finding in found.findings] == ["intake-empty"]
    assert (found.differences, found.unread) == ([], [])


@pytest.mark.slow
def test_it_is_printed(third: TableSet) -> None:
    document = compose(third, a_ledger(1), subjects_of(YEAR))
    book = openpyxl.load_workbook(BytesIO(workbook(document)))
    assert len(book.worksheets) >= len(third.tables)
    packed = ZipFile(BytesIO(package(document))).namelist()
    assert all(any(table.key in name for name in packed) for table in third.tables)


@pytest.mark.django_db
def test_its_pages_open(third: TableSet, client: Client) -> None:
    disclosure = a_sound_disclosure()
    type(disclosure).objects.filter(pk=disclosure.pk).update(table_set=KEY)
    enter(client, "accountant")
    pages = (
        ("change",),
        ("preview",),
        ("enter", "revenue"),
        ("enter", "three_public"),
        ("chapter", "overview"),
    )
    assert {page: client.get(of(disclosure, *page)).status_code for page in pages} == dict.fromkeys(
        pages, 200
    )
