"""Every amount of the sample stands guard: one changed cell is noticed, and just that cell is the suspect."""

from decimal import Decimal

import pytest

from budgets.admin.intakes import shown
from budgets.importing import pipeline
from budgets.importing.comparing import comparison
from budgets.importing.reading.grids import GridCell, column_letter
from tests.makers.sample_files import TABLES, amount, amount_places, taken, with_cells, workbook

SMALLEST = Decimal("0.01")
PLACES = [
    (table, row, column, cell.number if (cell := grid.cells.get((row, column))) else None)
    for table, grid in enumerate(workbook().grids)
    for row, column in amount_places(grid)
]
FILLED = [place for place in PLACES if place[3] is not None]
BLANK = [place for place in PLACES if place[3] is None]
PARTS = 16  # the sweep in pieces, so that it runs in parallel; the first in the quick tests, too


@pytest.fixture(autouse=True)
def no_rules(monkeypatch):
    """The guard is the comparison and the identities; the business rules are not needed for it."""
    monkeypatch.setattr(pipeline.rules, "examine", lambda *_, **__: pipeline.rules.Examined(None, []))


def misses(places) -> list[str]:
    """The places where a change of 0.01 goes unnoticed, or another cell is suspected."""
    missed = []
    for table, row, column, was in places:
        cell = (TABLES[table], f"{column_letter(column)}{row}")
        result = taken(with_cells(workbook(), table, amount(row, column, str((was or 0) + SMALLEST))))
        page = shown(result.report(), "xlsx")
        suspects = [(s["table"], s["cell"]) for s in page["suspects"]]
        right = [Decimal(s["right"] or 0) for s in page["suspects"]]
        if not result.differences or (suspects, right) != ([cell], [was or 0]) or page["other"]:
            missed.append(f"{cell}: {len(result.differences)} differences, suspects {page['suspects']}")
    return missed


def test_the_sample_has_202_amounts_and_453_blank_ones():
    assert (len(FILLED), len(BLANK)) == (202, 453)


def test_untouched_there_is_nothing():
    result = taken(workbook())
    assert (result.differences, result.suspects, result.unread) == ([], [], [])


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("part", range(PARTS))
def test_each_amount_raised_by_the_smallest_unit_is_noticed_and_the_one_suspect(part):
    assert misses(FILLED[part::PARTS]) == []


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("part", range(PARTS))
def test_each_blank_amount_filled_is_noticed_and_the_one_suspect(part):
    assert misses(BLANK[part::PARTS]) == []


@pytest.mark.slow
def test_without_identities_the_sweep_fails(monkeypatch):
    monkeypatch.setattr(comparison, "identities", lambda *_, **__: [])
    assert len(misses(FILLED[::20])) == len(FILLED[::20])


@pytest.mark.slow
def test_without_comparison_the_sweep_fails(monkeypatch):
    monkeypatch.setattr(pipeline, "differences", lambda *_, **__: [])
    assert len(misses(BLANK[::45])) == len(BLANK[::45])


@pytest.mark.sweep(1)
@pytest.mark.parametrize(("table", "code"), [(6, "2120801"), (7, "2230105")])
@pytest.mark.parametrize(
    "amounts", [{4: "3.00", 5: "3.00"}, {4: "3.00", 6: "3.00"}, {5: "0.01"}, {4: "0.01"}]
)
def test_a_coded_row_in_an_empty_table_is_noticed(table, code, amounts):
    row = (GridCell(7, 2, code), GridCell(7, 3, "一项支出"), *(amount(7, c, a) for c, a in amounts.items()))
    result = taken(with_cells(workbook(), table, *row))
    assert result.differences
    assert result.suspects


@pytest.mark.parametrize("table", [6, 7])
def test_an_amount_without_a_code_in_an_empty_table_is_an_error(table):
    result = taken(with_cells(workbook(), table, amount(7, 4, "0.01")))
    assert [(error.rule, error.cells[0].cell) for error in result.errors] == [
        ("intake-amount-not-read", "D7")
    ]
    assert not result.complete


def test_a_negative_remainder_is_a_difference_and_never_a_fact():
    # 支出总表 E9, 2010301 基本支出: less than the fiscal money that 一般公共预算支出表 says is in it.
    result = taken(with_cells(workbook(), 2, amount(9, 5, "500.00")))
    assert all(fact.amount > 0 for fact in result.ledger.facts)
    assert len(result.ledger.facts) == 39
    assert ("expenditure", "E9", "500.00", "596.87") in [
        (d.table, d.cell, d.given, d.derived) for d in result.differences
    ]
