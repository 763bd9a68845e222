"""Clean budgets stay clean: random ones, written in every disguise, are read as exactly their facts, without a fault."""

import io
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.importing.pipeline import take_in
from budgets.importing.reading.grids import Source
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from tests.makers.disguises import Disguise, disguised
from tests.makers.packages import Page
from tests.makers.workers import YEAR

from .sweeps import times

PARTS = 4
BUDGETS = {"hebei_2023": 60, "shanghai_2023": 40}


def taken(made: Disguise, source: Source | None = None) -> Taken:
    return take_in(
        source or read(io.BytesIO(made.content()), "预算.xlsx"),
        region="130225",
        unit="483",
        unit_name="乐亭县行政审批局",
        year=YEAR,
        table_set=made.ledger.table_set,
        subjects=subjects_of,
    )


def faults(made: Disguise, found: Taken) -> list[str]:
    """Whatever of the workbook was read otherwise than it was meant."""
    wanted = [table.key for table in tablesets.get(made.ledger.table_set).tables]
    odd = [entry for entry in found.unread if entry.text not in made.noise and "隐藏" not in entry.why]
    return [
        *(f"not found: {key}" for key in set(wanted) - {table.key for table in found.tables}),
        *(f"missed: {fact}" for fact in set(made.ledger.facts) - set(found.ledger.facts)),
        *(f"made up: {fact}" for fact in set(found.ledger.facts) - set(made.ledger.facts)),
        *map(str, (*found.differences, *found.suspects, *found.errors, *odd)),
    ]


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("table_set", BUDGETS)
def test_a_clean_budget_is_read_as_it_is_in_every_disguise(table_set, part):
    for seed in range(part, times(BUDGETS[table_set]), PARTS):
        made = disguised(seed, table_set)
        assert faults(made, taken(made)) == [], f"{table_set} {seed}"


@pytest.mark.slow
@pytest.mark.parametrize("table_set", BUDGETS)
def test_some_of_them_in_the_quick_tests(table_set):
    for seed in range(900_000, 900_004):
        made = disguised(seed, table_set)
        assert faults(made, taken(made)) == [], f"{table_set} {seed}"


def has_numbers(page: Page) -> bool:
    return page.state == "visible" and any(isinstance(v, Decimal) and v > 1000 for v in page.cells.values())


def test_a_wrong_amount_in_a_disguise_would_be_seen():
    made = next(made for seed in range(50) if any(map(has_numbers, (made := disguised(seed)).pages)))
    page = next(filter(has_numbers, made.pages))
    place = max(p for p, value in page.cells.items() if isinstance(value, Decimal) and value > 1000)
    page.cells[place] += Decimal("0.01")
    assert faults(made, taken(made))


def test_the_same_seed_gives_the_same_workbook():
    assert disguised(7).pages == disguised(7).pages
    assert disguised(7).pages != disguised(8).pages
