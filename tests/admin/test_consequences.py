"""What one change changes is told before it is saved, and wholly: held against the draft in which it was really made."""

import random

import pytest

from budgets import ledger, tablesets
from budgets.admin.beside_pages import STEP, moves
from budgets.admin.declaring import grids_of
from budgets.admin.grid_layout import Layout
from budgets.admin.live_sums import live_sums
from budgets.domain.composing import compose
from budgets.domain.documents import Document
from budgets.models.lines import Line

from .forms import of
from .test_live_sums import drawn

pytestmark = pytest.mark.django_db


def cells(document: Document) -> dict[tuple[str, str, str], str]:
    """Every amount that is printed, by table, row and column."""
    return {
        (sheet.key, row.key, column.key): str(cell.amount)
        for sheet in document.sheets()
        for row in sheet.rows
        for cell, column in zip(row.cells, sheet.columns, strict=True)
        if cell.amount
    }


@pytest.mark.sweep(2, 6)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_all_that_moves_is_told(table_set, seed):
    rng = random.Random(seed)
    disclosure = drawn(table_set, seed)
    tried = 0
    for grid in grids_of(tablesets.get(table_set)).values():
        layout = Layout(grid, disclosure)
        rows = [row for row in layout.existing() if row.pk]
        names = live_sums(layout)["money"]
        if not (rows and names and issubclass(grid.model, Line)):
            continue
        row, name = rng.choice(rows), rng.choice(names)
        key = str(getattr(row, grid.row))
        if (key, name) in {(closed, grid.field(column)) for closed, column in grid.closed}:
            continue
        told = moves(layout, ledger.read(disclosure), key, name)
        before = compose(layout.table_set, ledger.read(disclosure), layout.subjects)
        value = getattr(row, name) + layout.table_set.quantum * STEP
        type(row).objects.filter(pk=row.pk).update(**{name: value})
        after = compose(layout.table_set, ledger.read(disclosure), layout.subjects)
        old, new = cells(before), cells(after)
        changed = {place for place in old.keys() | new.keys() if old.get(place) != new.get(place)}
        assert {(table.key, *cell) for table in told.tables for cell in table.cells} == changed
        tried += bool(changed)  # some amounts of a set stand in no table of it
    assert tried >= 3


def test_sentences_are_told_as_they_print_last_year_among_them(accountant):
    """A live sentence is told in its printed words: no brackets, and compared with the year before."""
    before, disclosure = drawn("hebei_2023", 2, 2022), drawn("hebei_2023", 1)
    assert before.fiscal_year == disclosure.fiscal_year - 1
    disclosure.narratives.create(
        key="x", position=99, title="情况", text="本年支出[[本年支出]]万元，[[本年支出·比上年]]。"
    )
    code = disclosure.expenditure_lines.filter(fund="general_public").first().function
    page = accountant.get(
        of(disclosure, "moves", "expenditure-general_public"), {"row": code, "column": "basic"}
    )
    assert "情况：“本年支出" in page.text and "[[" not in page.text and "比上年" in page.text


def test_sentences_that_quote_a_moved_cell_are_told(accountant):
    disclosure = drawn("hebei_2023", 1)
    chapter = disclosure.narratives.create(
        key="x", position=99, title="情况", text="头一句。本年支出 [[本年支出]]。又一句。"
    )
    code = disclosure.expenditure_lines.filter(fund="general_public").first().function
    address = of(disclosure, "moves", "expenditure-general_public")
    page = accountant.get(address, {"row": code, "column": "basic"})
    assert "情况：“本年支出" in page.text and "头一句" not in page.text
    chapter.delete()
    assert "情况：" not in accountant.get(address, {"row": code, "column": "basic"}).text


@pytest.mark.parametrize(
    "asked", [{"row": "2010301"}, {"row": "2010301", "column": "function"}, {"row": "9", "column": "x"}]
)
def test_of_a_cell_that_is_not_there_nothing_is_told(accountant, asked):
    disclosure = drawn("hebei_2023", 1)
    assert accountant.get(of(disclosure, "moves", "expenditure-general_public"), asked).text == ""
