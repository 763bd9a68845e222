"""Any document can be taken over as it stands: nothing crashes, nothing that does not tie is silent, nothing lost is forgotten."""

import io
import random
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.findings import Severity
from budgets.domain.identities import amounts, broken, identities
from budgets.domain.sheets import Filler
from budgets.importing.reading.grids import GridCell
from budgets.importing.reading.sources import read
from budgets.rules.given_cells import is_rounding
from budgets.rules.registry import Case
from tests.makers.disguises import disguised
from tests.makers.sample_files import workbook
from tests.makers.workers import YEAR

from .test_transcribing import transcribed

TELLS = ("given-cells-tie", "printed-tables-tie", "given-cells-rounded")


def spoilt(source, seed: int):
    """Five amounts changed, rows taken out, and, of every second file, a table."""
    chance = random.Random(seed)
    grids = [deepcopy(grid) for grid in source.grids]
    for grid in chance.sample(grids, 3):
        money = [place for place, cell in grid.cells.items() if cell.number is not None or "." in cell.text]
        for row, column in chance.sample(money, min(2, len(money))):
            value = Decimal(chance.randint(1, 10**6)) / 100
            grid.put(GridCell(row, column, str(value), value))
        rows = sorted({row for row, _ in money})
        if len(rows) > 2:
            gone = chance.choice(rows)
            for place in [place for place in grid.cells if place[0] == gone]:
                del grid.cells[place]
    if seed % 2:
        del grids[chance.randrange(len(grids))]
    return replace(source, blocks=tuple(grids))


def silent(ledger) -> list:
    """The identities of the printed tables that are broken by more than rounding and that no finding tells."""
    table_set = tablesets.get(ledger.table_set)
    document = compose(table_set, ledger, subjects_of(ledger.year))
    keys = {sheet.key for sheet in ledger.given}
    cells = amounts(sheet for sheet in document.tables if sheet.key in keys)
    among = identities(replace(table_set, tables=tuple(t for t in table_set.tables if t.key in keys)), cells)
    case = Case(Filler(table_set, ledger, subjects_of(ledger.year)), document)
    told = [f for f in rules.check(ledger, subjects_of(ledger.year)) if f.rule in TELLS]
    assert all(f.severity is Severity.WARNING for f in told)
    assert len({f.key for f in told}) == len(told)
    assert all(len(f.key) <= 500 for f in told), "an explanation keeps the key"
    cells_told = {cell for f in told for cell in f.cells}
    return [
        identity
        for identity in broken(among, cells)
        if not is_rounding(case, identity, identity.gap(cells))
        and not cells_told & {*identity.left, *identity.right}
    ]


@pytest.mark.sweep(1, 9)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_a_spoilt_document_is_taken_over_and_every_broken_sum_is_told(table_set, seed):
    source = read(io.BytesIO(disguised(seed, table_set).content()), "预算.xlsx")
    found = transcribed(spoilt(source, seed), table_set)
    assert found.ledger.given
    assert silent(found.ledger) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_the_sample_with_wrong_cells_and_without_rows_is_taken_over(seed):
    found = transcribed(spoilt(workbook(), seed))
    assert silent(found.ledger) == []


@pytest.mark.slow
def test_without_its_rule_broken_sums_would_be_silent(monkeypatch):
    from budgets.rules import REGISTRY

    for rule in ("given-cells-tie", "printed-tables-tie"):
        monkeypatch.delitem(REGISTRY.rules, rule)
    assert silent(transcribed(spoilt(workbook(), 0)).ledger)


@pytest.mark.slow
def test_a_column_in_another_unit_is_told_though_no_cell_is_to_blame():
    grids = [deepcopy(grid) for grid in workbook().grids]
    for (row, column), cell in list(grids[1].cells.items()):
        if column == 5 and cell.number:
            grids[1].put(GridCell(row, column, str(cell.number / 10), cell.number / 10))
    found = transcribed(replace(workbook(), blocks=tuple(grids)))
    told = [f for f in found.findings if f.rule in TELLS]
    assert told and silent(found.ledger) == []


def test_tables_and_amounts_that_were_not_taken_stay_findings():
    source = replace(workbook(), blocks=tuple(deepcopy(grid) for grid in workbook().grids[:-1]))
    source.grids[0].put(GridCell(9, 5, "约三万"))
    ledger = transcribed(source).ledger
    assert len(ledger.left_out) == 2
    told = [f for f in rules.check(ledger, subjects_of(YEAR)) if f.rule == "taken-over-whole"]
    assert [f.severity for f in told] == [Severity.WARNING] * 2
    assert "“三公”经费" in told[0].message and "没有找到" in told[0].message
    assert "约三万" in told[1].message
    assert not [
        f for f in rules.check(replace(ledger, given=()), subjects_of(YEAR)) if f.rule == "taken-over-whole"
    ]


def test_nothing_is_compared_with_a_table_that_was_not_taken_over():
    source = replace(workbook(), blocks=workbook().grids[:5] + workbook().grids[6:])  # without 基本支出
    told = [f for f in transcribed(source).findings if f.rule in (*TELLS, "families-meet")]
    assert told == []
