"""What a cell is the sum of and where it goes: it adds up as printed in every document that ties, and not where it does not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.domain.addresses import Addressed
from budgets.domain.cell_sums import CellSums, cell_sums
from budgets.domain.documents import ColumnKind, Document
from budgets.domain.identities import Kind, amounts
from budgets.domain.places import CellRef
from tests.makers.documents import document_of, random_document
from tests.makers.sample_document import document as sample


def sums_of(document: Document, cell: CellRef) -> CellSums:
    return cell_sums(tablesets.get(document.table_set), document, cell)


def money_cells(document: Document) -> list[CellRef]:
    return [cell for cell, amount in amounts(document.sheets()).items() if amount]


def gaps(document: Document, every: int) -> list[CellRef]:
    """Those of every so many cells whose sums do not add up."""
    found = [(cell, sums_of(document, cell)) for cell in money_cells(document)[::every]]
    assert sum(bool(sums.made_of) for _, sums in found) > len(found) / 10
    assert sum(bool(sums.part_of) for _, sums in found) > len(found) / 3
    return [cell for cell, sums in found if any(one.gap for one in (*sums.made_of, *sums.part_of))]


@pytest.mark.parametrize(
    "document", [document_of("hebei_2023", "entered"), random_document("shanghai_2023", 3)]
)
def test_what_is_told_adds_up(document):
    assert gaps(document, 9) == []


def test_a_whole_its_parts_and_back():
    sums = sums_of(sample(), CellRef("expenditure", "20103", "total"))
    assert [(one.kind, [part.row + part.column for part in one.parts]) for one in sums.made_of] == [
        (Kind.COLUMNS, ["20103basic", "20103project"]),
        (Kind.CHILDREN, ["2010301total"]),
    ]
    basic = sums_of(sample(), CellRef("expenditure", "20103", "basic"))
    going = next(one for one in basic.part_of if one.kind is Kind.COLUMNS)
    assert (going.whole.column, going.rest, going.others) == ("total", Decimal("188.94"), 1)


def test_annex_tables_add_up_too():
    assets = sums_of(sample(), CellRef("fixed_assets", "total", "book_value"))
    assert [part.row for part in assets.made_of[0].parts] == ["buildings", "vehicles", "other"]
    document = document_of("hebei_2023", "entered")
    bought = sums_of(document, CellRef("procurement", "total", "total"))
    assert {one.kind for one in bought.made_of} == {Kind.COLUMNS, Kind.LINES}
    price = sums_of(document, CellRef("procurement", "1", "unit_price"))
    assert price == CellSums(), "prices add up to nothing"


def test_the_same_number_of_other_tables_is_found_from_each_of_them():
    here = CellRef("balance", "general_public", "revenue")
    ties = sums_of(document_of("hebei_2023", "entered"), here).same
    assert ties
    for other in ties:
        assert here in sums_of(document_of("hebei_2023", "entered"), other).same


def test_one_changed_cell_is_told_by_its_gap():
    """The negative control: a given sheet may not add up, and the page says by how much."""
    document = sample()
    sheet = next(s for s in document.tables if s.key == "expenditure")
    found = Addressed([sheet]).find("expenditure.2010301.basic")
    row = sheet.rows[found.row]
    cells = [*row.cells]
    cells[found.column] = replace(cells[found.column], amount=cells[found.column].amount + 1)
    rows = [*sheet.rows]
    rows[found.row] = replace(row, cells=tuple(cells))
    tables = tuple(replace(s, rows=tuple(rows)) if s is sheet else s for s in document.tables)
    spoiled = replace(document, tables=tables)
    assert {one.gap for one in sums_of(spoiled, found.ref).part_of} == {Decimal(-1)}


def test_words_add_up_to_nothing():
    sheet = next(s for s in sample().sheets() if s.key == "organization")
    assert all(column.kind is not ColumnKind.AMOUNT for column in sheet.columns)
    assert sums_of(sample(), CellRef("organization", "1", "nature")) == CellSums()
