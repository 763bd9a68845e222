"""Items that stand in the heads of a table without names (“三公”经费 of Shanghai) are found by the search, older publications too."""

from importlib import import_module

import pytest
from django.apps import apps

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.addresses import address_of
from budgets.domain.composing import compose
from budgets.domain.key_figures import THREE_PUBLIC
from budgets.domain.snapshots import dumps
from budgets.models import Disclosure
from budgets.public.search import find
from budgets.public.search_addresses import Asked
from budgets.publishing import listing
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.disclosures import a_department, a_public_row, a_region


def drawn(key: str, seed: int = 3):
    """A ledger and its document with every item of “三公”经费 that the seed draws."""
    ledger = random_ledger(seed, tablesets.get(key), year=2024)
    return ledger, compose(tablesets.get(key), ledger, subjects_of(2024))


@pytest.mark.parametrize("key", sorted(tablesets.SETS))
def test_every_item_with_an_amount_is_a_passage_at_its_cell(key):
    _, document = drawn(key)
    said = {anchor: words for anchor, _, words in listing.passages(listing.searchable(document))}
    figures = [figure for each in THREE_PUBLIC if (figure := document.figure(each)) and figure.amount]
    assert figures
    for figure in figures:
        sheet = next(sheet for sheet in document.tables if sheet.key == figure.sheet)
        text = sheet.rows[figure.row].cells[figure.column].text
        at = address_of(document, figure)
        assert any(
            text in words for anchor, words in said.items() if anchor.startswith(at.rpartition(".")[0])
        ), at


@pytest.mark.django_db
def test_what_was_published_before_is_read_again_by_the_migration():
    ledger, document = drawn("shanghai_2023")
    department = a_department("101", "普陀区教育局", region=a_region("310107", "普陀区"))
    disclosure = Disclosure.objects.create(department=department, fiscal_year=2024, table_set="shanghai_2023")
    kept = listing.summary(document)
    old = "\n".join(line for line in kept["text"].split("\n") if "公务接待费：" not in line)
    assert old != kept["text"]
    public = a_public_row(disclosure, payload=dumps(ledger, document), **(kept | {"text": old}))
    assert not find(Asked("“三公”经费预算数 公务接待费")).page.hits
    import_module("budgets.migrations.0046_items_in_heads").read_again(apps, None)
    public.state.refresh_from_db()
    assert public.state.text == kept["text"]
    (hit,) = find(Asked("“三公”经费预算数 公务接待费")).page.hits
    assert hit.passages[0].href.endswith("#three_public.total.official_hospitality")
