"""Given sheets: the cells of a file as they stand, whatever its form, under the heads of the set."""

import io
from dataclasses import replace

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.documents import ColumnKind, Document
from budgets.importing.pipeline import take_in
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from tests.makers.disguises import disguised
from tests.makers.sample_files import word, workbook
from tests.makers.workers import YEAR

TYPED = (ColumnKind.AMOUNT, ColumnKind.CODE)


def transcribed(source, table_set: str = "hebei_2023") -> Taken:
    return take_in(
        source,
        region="130225",
        unit="483",
        unit_name="乐亭县行政审批局",
        year=YEAR,
        table_set=table_set,
        subjects=subjects_of,
        transcribed=True,
    )


def printed(ledger) -> Document:
    return compose(tablesets.get(ledger.table_set), ledger, subjects_of(ledger.year))


def cells(document: Document) -> dict[tuple[str, str, str], object]:
    """Amounts, zero and blank alike, and printed codes by table, row and column."""
    return {
        (sheet.key, row.named(column), column.key): cell.amount or 0
        if column.kind is ColumnKind.AMOUNT
        else cell.text
        for sheet in document.tables
        for row in sheet.rows
        for column, cell in zip(sheet.columns, row.cells, strict=True)
        if column.kind in TYPED
    }


def others(found: Taken) -> list:
    """Cells that print otherwise than derived; rows that just one of the two prints say nothing."""
    given = cells(printed(found.ledger))
    derived = cells(printed(replace(found.ledger, given=())))
    both = given.keys() & derived.keys()
    assert len(both) > 100
    return [(place, derived[place], given[place]) for place in sorted(both) if derived[place] != given[place]]


@pytest.mark.sweep(2)
@pytest.mark.parametrize("table_set", ["hebei_2023", "shanghai_2023"])
@pytest.mark.parametrize("seed", range(8))
def test_a_workbook_in_disguise_prints_its_own_cells(seed, table_set):
    content = io.BytesIO(disguised(seed, table_set).content())
    found = transcribed(read(content, "预算.xlsx"), table_set)
    assert len(found.ledger.given) == 9
    assert (others(found), found.complete) == ([], True)


@pytest.mark.parametrize("source", [workbook, word])
def test_the_sample_prints_just_as_when_it_is_derived(source):
    found = transcribed(source())
    assert printed(found.ledger).tables == printed(replace(found.ledger, given=())).tables
