"""`identities.json` says the product's own identities: the same sums, broken in the same places, on any budget."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain import coefficients
from budgets.domain.composing import compose
from budgets.domain.documents import Document
from budgets.domain.identities import broken, of_printed
from budgets.domain.ledgers import Ledger
from budgets.domain.snapshots import digest, dumps
from budgets.public import verifier
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.published_ledgers import laoting, putuo

SETS = ("hebei_2023", "shanghai_2023")
# When this fails, raise the number in `coefficients.MAKER` and put the new digests here (decision 0031).
PINNED = (1, ["62eaeee4e114c5b5", "c8bb5377804da9b5"])


def drawn(seed: int, key: str) -> tuple[Ledger, Document]:
    """A random budget; every other one as if it had been transcribed, a table of it left out."""
    ledger = random_ledger(seed, tablesets.get(key))
    document = compose(tablesets.get(key), ledger, subjects_of(2023))
    return (replace(ledger, given=document.tables[:-1]) if seed % 2 else ledger), document


def spoilt(document: Document, seed: int) -> Document:
    """One printed amount of one table raised."""
    filled = [
        (s, r, c)
        for s, sheet in enumerate(document.tables[:-1])
        for r, row in enumerate(sheet.rows)
        for c, cell in enumerate(row.cells)
        if cell.amount
    ]
    s, r, c = filled[seed * 7 % len(filled)]
    sheet = document.tables[s]
    row = sheet.rows[r]
    cells = (*row.cells[:c], replace(row.cells[c], amount=row.cells[c].amount + 1), *row.cells[c + 1 :])
    sheet = replace(sheet, rows=(*sheet.rows[:r], replace(row, cells=cells), *sheet.rows[r + 1 :]))
    return replace(document, tables=(*document.tables[:s], sheet, *document.tables[s + 1 :]))


def own_breaks(ledger: Ledger, document: Document) -> list[tuple[str, Decimal]]:
    """What the product finds broken: kind and gap, in order."""
    given = {sheet.key for sheet in ledger.given}
    among, cells = of_printed(tablesets.get(ledger.table_set), document.tables, given)
    return [(i.label or i.kind.label, i.gap(cells)) for i in broken(among, cells)]


def outside_breaks(ledger: Ledger, document: Document, capsys) -> list[tuple[str, Decimal]]:
    """What the outsiders' program finds broken in the two files."""
    payload = dumps(ledger, document)
    given = {sheet.key for sheet in ledger.given}
    known = coefficients.dumps(tablesets.get(ledger.table_set), document, given, digest(payload))
    files = {"disclosure.json": payload, "identities.json": known}
    capsys.readouterr()
    verifier.verify_identities(files, json.loads(payload)["document"])
    told = [line.split("  ")[2] for line in capsys.readouterr().out.splitlines() if "不等" in line]
    parts = [line.partition("：")[0].rpartition("，相差 ") for line in told]
    return [(label, Decimal(gap)) for label, _, gap in parts]


@pytest.mark.sweep(4, 50)
@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("key", SETS)
def test_they_break_where_the_products_own_break(seed, key, capsys):
    ledger, document = drawn(seed, key)
    assert outside_breaks(ledger, document, capsys) == own_breaks(ledger, document)
    wrong = spoilt(document, seed)
    assert outside_breaks(ledger, wrong, capsys) == own_breaks(ledger, wrong) != []


@pytest.mark.slow
@pytest.mark.parametrize("published", [laoting, lambda: putuo(transcribed=True)], ids=SETS)
def test_they_are_as_many_and_say_the_same_of_what_was_published(published, capsys):
    ledger = published()
    table_set, given = tablesets.get(ledger.table_set), {sheet.key for sheet in ledger.given}
    document = compose(table_set, ledger, subjects_of(ledger.year))
    among, cells = of_printed(table_set, document.tables, given)
    known = json.loads(coefficients.dumps(table_set, document, given, ""))["identities"]
    assert len(known) == sum(any(cell in cells for cell, _ in i.terms()) for i in among) > 200
    wrong = spoilt(document, 3)
    assert outside_breaks(ledger, wrong, capsys) == own_breaks(ledger, wrong) != []


def test_what_they_are_changes_with_the_number_of_their_maker():
    made = []
    for key in SETS:
        _, document = drawn(1, key)
        made.append(digest(coefficients.dumps(tablesets.get(key), document, (), ""))[:16])
    assert (coefficients.MAKER, made) == PINNED


def test_their_maker_is_read_from_the_file():
    _, document = drawn(1, SETS[0])
    content = coefficients.dumps(tablesets.get(SETS[0]), document, (), "")
    assert coefficients.maker_of(content) == coefficients.MAKER
    assert [coefficients.maker_of(other) for other in (b"", b"[]", content.replace(b"/1", b"/2"))] == [
        0,
        0,
        0,
    ]
