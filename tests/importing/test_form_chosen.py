"""A file of one declared form handed in as another: read whole, or refused with a form named that reads it whole."""

import io
import random
from dataclasses import replace

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.importing.pipeline import take_in
from budgets.importing.reading.grids import Grid, Source
from budgets.importing.reading.sources import read
from budgets.importing.recognising.identification import fit, verdict
from budgets.importing.recognising.recognition import recognise
from budgets.importing.recognising.years import year_in
from budgets.importing.taken import Taken
from tests.makers.disguises import disguised
from tests.makers.workers import YEAR
from tests.tablesets.synthetic import SYNTHETIC, declare

OF_BUDGETS = [*(key for key in tablesets.SETS if tablesets.get(key).stage.value == "budget"), *SYNTHETIC]


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)


def file_of(key: str, seed: int) -> Source:
    return read(io.BytesIO(disguised(seed, key).content()), "预算.xlsx")


def taken_as(source: Source, chosen: str) -> Taken:
    return take_in(
        source, region="130225", unit="483", year=YEAR, table_set=chosen, subjects=subjects_of,
        unit_name="乐亭县行政审批局",
    )  # fmt: skip


@pytest.mark.sweep(0, 4)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("key", OF_BUDGETS)
def test_a_file_handed_in_as_another_form_is_read_whole_or_the_right_form_named(key: str, seed: int) -> None:
    made, source = disguised(seed, key), file_of(key, seed)
    for chosen in random.Random(f"{key} {seed}").sample(OF_BUDGETS, 2):
        found = taken_as(source, chosen)
        if not found.parts:
            (fault,) = found.findings
            named = [each for each in OF_BUDGETS if f"更像“{tablesets.get(each).label}”" in fault.message]
            assert key != chosen and len(named) == 1, (chosen, fault)
            found = taken_as(source, named[0])
        assert set(found.ledger.facts) == set(made.ledger.facts), chosen


@pytest.mark.parametrize("year", ["202 2年预算数", "2 022\n年", "预算年度：20 22", "二〇二二年"])
def test_a_blank_or_the_end_of_a_line_within_a_year_is_layout(year: str) -> None:
    assert year_in(year) == 2022
    assert not year_in("共 20 22 个年级") and year_in("第 2 2023 年") == 2023


def without_a_column(source: Source) -> Source:
    """The file without last year's amounts in the table of expenditure, as somebody deletes a column that nobody asked for."""
    blocks = list(source.blocks)
    match = next(
        m for m in recognise(source, SYNTHETIC["years_beside"], YEAR).matches if m.key == "expenditure"
    )
    gone = match.heading.columns["total_last"]
    kept = Grid(match.grid.name, merges=match.grid.merges)
    for (_, column), cell in match.grid.cells.items():
        if column != gone:
            kept.put(cell)
    return replace(source, blocks=tuple(kept if block is match.grid else block for block in blocks))


def test_a_form_that_lost_a_column_is_not_taken_for_the_one_without_such_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual, wider = tablesets.get("hebei_2023"), SYNTHETIC["years_beside"]
    other = tablesets.get("shanghai_2023")
    monkeypatch.setattr(tablesets, "SETS", {each.key: each for each in (other, usual, wider)})
    source = without_a_column(file_of(wider.key, 2))
    found = {each.key: recognise(source, each, YEAR) for each in (other, usual, wider)}
    fits = [fit(found[each.key], each) for each in (wider, usual)]
    assert fits[0].tables < fits[1].tables and fits[0].columns > fits[1].columns
    assert not verdict(source, found[wider.key], wider, YEAR)
    assert f"更像“{wider.label}”" in verdict(source, found[other.key], other, YEAR)
