"""Addresses of cells: one for each, found back, the same when rows come and go before them."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.addresses import Addressed, addresses, heads
from budgets.domain.composing import compose
from budgets.domain.documents import Document
from budgets.rendering.html.disclosure_pages import disclosure_page
from tests.makers.documents import YEAR, document_of, entered, every_document, random_document
from tests.makers.facts import basic
from tests.makers.sample_document import imprint


def every_address(document: Document) -> list[str]:
    begin = heads(document.sheets())
    return [
        name for sheet in document.sheets() for line in addresses(sheet, begin[sheet.key]) for name in line
    ]


def composed(ledger):
    return compose(tablesets.get(ledger.table_set), ledger, subjects_of(YEAR))


def wrong(document: Document) -> list[str]:
    """Addresses that two cells have, that no address may hold, or that do not lead back."""
    found, known = every_address(document), Addressed(document.sheets())
    twice = [name for name, count in Counter(found).items() if count > 1]
    odd = [name for name in found if not re.fullmatch(r"[a-z][a-z0-9_]*\.[A-Za-z0-9_.]+\.[a-z0-9_]+", name)]
    lost = [name for name in found if (cell := known.find(name)) is None or known.of(cell.ref) != name]
    return twice + odd + lost


@every_document
def test_every_cell_has_an_address_of_its_own(table_set, kind):
    document = document_of(table_set, kind)
    assert every_address(document)
    assert wrong(document) == []


@pytest.mark.parametrize("table_set", tablesets.SETS)
@pytest.mark.parametrize("seed", range(4))
def test_so_have_those_of_random_budgets(table_set, seed):
    assert wrong(random_document(table_set, seed)) == []


def test_a_name_that_stands_twice_is_counted_and_the_check_would_notice():
    """The negative control: without the count two rows of one key had one address."""
    sheet = next(s for s in document_of("hebei_2023", "entered").tables if s.key == "expenditure")
    doubled = replace(sheet, rows=(*sheet.rows, sheet.rows[1]))
    found = [line[-1] for line in addresses(doubled)]
    assert found[-1] == found[1].replace(".", "_2.", 2).replace("_2.", ".", 1)
    assert len(set(found)) == len(found)
    document = replace(document_of("hebei_2023", "entered"), tables=(doubled,), chapters=())
    assert wrong(document) == [*addresses(doubled)[-1]], "what identities call by one name leads to the first"


@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_an_address_stays_when_another_code_comes_before_it(table_set):
    before = entered(table_set)
    after = replace(before, facts=(basic("2010199", "5.00"), *before.facts))
    first, second = composed(before), composed(after)
    assert set(every_address(first)) - {n for n in every_address(first) if ".left." in n or ".right." in n} <= set(
        every_address(second)
    )  # fmt: skip
    moved = [
        (one, two)
        for one, two in zip(first.tables, second.tables, strict=True)
        if [sheet_row.key for sheet_row in one.rows] != [sheet_row.key for sheet_row in two.rows]
    ]
    assert moved, "rows did move: by position their addresses would be those of others"


def test_tables_of_one_name_have_addresses_of_their_own():
    ledger = entered("hebei_2023")
    document = composed(replace(ledger, goals=(*ledger.goals, ledger.goals[0])))
    assert wrong(document) == []
    one = next(name for name in every_address(document) if re.match(r"goal_\w{8}_2\.", name))
    page = disclosure_page(document, imprint())
    assert page.count(f'id="{one}"') == 1
    text = Addressed(document.sheets()).find(one)
    assert text.sheet.key == "goal_3"


def test_records_are_known_by_their_names():
    before = entered("hebei_2023")
    after = replace(
        before, goals=before.goals[::-1], procurements=before.procurements[::-1], organizations=before.organizations[1:]
    )  # fmt: skip
    first, second = Addressed(composed(before).sheets()), Addressed(composed(after).sheets())
    records = [name for name in first.cells if name.startswith(("goal_", "procurement.r", "organization."))]
    assert len(records) > 40

    def text(among, name):
        found = among.find(name)
        return found and found.sheet.rows[found.row].cells[found.column].text

    gone = [name for name in records if second.find(name) is None]
    assert len(gone) == 4, "the one unit that was left out"
    assert [n for n in records if n not in gone and text(first, n) != text(second, n)] == []
