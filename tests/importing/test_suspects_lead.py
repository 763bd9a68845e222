"""What the page of an import says first: the wrong cell with the value that settles everything; one cause, one message."""

from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.admin.intakes import shown
from budgets.importing import pipeline
from budgets.importing.comparing import comparison
from budgets.importing.reading.grids import GridCell
from budgets.importing.recognising.recognition import recognise
from budgets.importing.taking.table_bodies import read_body
from tests.makers import sample_files as sample

from . import test_shanghai

ONE = Decimal(1)
PARTS = 12
# 三公 stands in one row of one table: which of its cells is wrong no other cell can say, see what-checks-cannot-find.md.
ALONE = {"three_public"}


@pytest.fixture
def no_rules(monkeypatch):
    monkeypatch.setattr(pipeline.rules, "examine", lambda *_, **__: pipeline.rules.Examined(None, []))


def amounts_of(source, table_set: str) -> list[tuple[str, int, str, int, int, Decimal]]:
    """Every amount of a workbook: table, number of its sheet, address, row, column, amount."""
    declared = tablesets.get(table_set)
    out = []
    for match in recognise(source, declared).statutory():
        body = read_body(match, match.word, declared.unit)
        sheet = next(n for n, grid in enumerate(source.grids) if grid is match.grid)
        for ref, given in body.cells.items():
            if given.amount:
                column = match.heading.columns[ref.column]
                row = int("".join(filter(str.isdigit, given.address)))
                out.append((match.key, sheet, given.address, row, column, given.amount))
    return out


HEBEI = amounts_of(sample.workbook(), "hebei_2023")
SHANGHAI = amounts_of(test_shanghai.workbook(), "shanghai_2023")


def first_entries(source, take, places) -> list[str]:
    """The places whose page does not begin with just them and the amount that was there, all else folded under it."""
    missed = []
    for table, sheet, address, row, column, was in places:
        wrong = f"{was + ONE:.2f}"
        page = shown(
            take(sample.with_cells(source, sheet, GridCell(row, column, wrong, was + ONE))).report(), "xlsx"
        )
        told = [(s["table"], s["cell"], s["given"], s["right"]) for s in page["suspects"]]
        if told != [(table, address, wrong, f"{was:.2f}")] or page["other"]:
            missed.append(f"{table} {address}: {told}, {len(page['other'])} beside")
    return missed


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_amount_of_the_sample_changed_by_one_leads(part, no_rules):
    assert first_entries(sample.workbook(), sample.taken, HEBEI[part::PARTS]) == []


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_amount_of_the_shanghai_workbook_changed_by_one_leads(part, no_rules):
    places = [place for place in SHANGHAI[part::PARTS] if place[0] not in ALONE]
    assert first_entries(test_shanghai.workbook(), test_shanghai.taken, places) == []


def test_the_sweeps_are_of_every_amount():
    assert len(HEBEI) == 202
    assert len(SHANGHAI) > 200


@pytest.mark.slow
def test_without_corrections_no_cell_leads(monkeypatch, no_rules):
    monkeypatch.setattr(comparison, "corrections", lambda *_: {})
    assert len(first_entries(sample.workbook(), sample.taken, HEBEI[:4])) == 4


def test_two_wrong_cells_lead_and_what_else_differs_stays_beside():
    places = (
        [place for place in HEBEI if place[0] == "revenue"][4],
        [p for p in HEBEI if p[0] == "basic_expenditure"][9],
    )
    source = sample.workbook()
    for _, sheet, _, row, column, was in places:
        source = sample.with_cells(source, sheet, GridCell(row, column, str(was + ONE), was + ONE))
    page = shown(sample.taken(source).report(), "xlsx")
    assert {(s["table"], s["cell"]) for s in page["suspects"]} == {(p[0], p[2]) for p in places}
    assert page["other"] == []


def test_a_cell_that_is_no_amount_is_told_once_and_leads():
    """Not as a fault, a difference and something unread."""
    table, sheet, address, row, column, was = next(
        p for p in HEBEI if p[0] == "general_public_expenditure" and p[5] < 50
    )
    result = sample.taken(sample.with_cells(sample.workbook(), sheet, GridCell(row, column, "abc")))
    page = shown(result.report(), "xlsx")
    assert [(s["cell"], s["given"], s["right"]) for s in page["suspects"]] == [(address, "abc", f"{was:.2f}")]
    lost = [f for f in page["findings"] if f["rule"] == "intake-amount-not-read"]
    assert len(lost) == 1 and lost[0]["places"] == [f"{lost[0]['cells'][0]['sheet']} {address}"]
    assert not [d for d in page["other"] + page["follow"] if (d["table"], d["cell"]) == (table, address)]
    assert not [u for u in page["unread"] if u["cell"] == address]


def test_a_column_of_unread_amounts_is_one_fault_with_all_its_cells():
    table = next(n for n, key in enumerate(sample.TABLES) if key == "basic_expenditure")
    places = [p for p in HEBEI if p[0] == "basic_expenditure"][:20]
    cells = [GridCell(row, column, f"¥{was}？") for _, _, _, row, column, was in places]
    result = sample.taken(sample.with_cells(sample.workbook(), table, *cells))
    (lost,) = (f for f in result.findings if f.rule == "intake-amount-not-read")
    assert {place.cell for place in lost.cells} == {p[2] for p in places}
    assert "等 20 格" in lost.message and "例如" in lost.message


@pytest.mark.sweep(1)
@pytest.mark.parametrize("missing", ["basic_expenditure", "revenue", "three_public"])
def test_a_table_that_is_not_in_the_file_is_told_once(missing):
    source = sample.workbook()
    blocks = tuple(b for n, b in enumerate(source.grids) if sample.TABLES[n] != missing)
    from dataclasses import replace

    result = sample.taken(replace(source, blocks=blocks))
    told = [f.rule for f in result.findings if f.severity != "advice"]
    assert told.count("intake-table-missing") == 1
    assert not {
        "families-meet",
        "function-pays-economic",
        "three-public-covers-economic",
        "typed-in-its-unit",
    } & set(told)
    assert result.differences == []


def test_a_note_that_calls_a_filled_table_empty_is_an_error():
    sheet = next(n for n, key in enumerate(sample.TABLES) if key == "basic_expenditure")
    last = max(row for row, _ in sample.workbook().grids[sheet].cells) + 1
    result = sample.taken(sample.with_cells(sample.workbook(), sheet, GridCell(last, 1, "注：本表为空表。")))
    (told,) = (f for f in result.errors if f.rule == "empty-table-told")
    assert "注：本表为空表" in told.message
