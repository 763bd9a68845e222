"""The Shanghai disclosure: its workbook gives the very facts that print its nine tables, and nothing is lost."""

from functools import cache

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.facts import Fact
from budgets.importing.captions.chapter_titles import find_titles
from budgets.importing.pipeline import take_in
from budgets.importing.reading.grids import GridCell
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from tests.makers.sample_files import SAMPLE, with_cells
from tests.tablesets.test_shanghai import GIVEN, given_facts

WORKBOOK = SAMPLE / "shanghai-putuo-finance-bureau-2025.xlsx"
SET = tablesets.get("shanghai_2023")
REVENUE, BASIC, THREE_PUBLIC = 1, 7, 8  # worksheets


def taken(source) -> Taken:
    """The disclosure's department and year, as a person would choose them."""
    return take_in(
        source,
        region="310107",
        unit="101",
        year=2025,
        table_set="shanghai_2023",
        subjects=subjects_of(2025),
        region_name="上海市普陀区",
    )


def by_value(facts) -> list[Fact]:
    return sorted(facts, key=repr)


def printed(taken: Taken) -> list[tuple]:
    """Title, unit and body of the nine tables that the facts taken in print."""
    document = compose(SET, taken.ledger, subjects_of(2025))
    return [
        (sheet.title, sheet.unit, [[cell.text for cell in row.cells] for row in sheet.rows])
        for sheet in document.tables
    ]


def published() -> list[tuple]:
    return [(table["title"], table["unit"], table["rows"]) for table in GIVEN["tables"]]


@cache
def workbook():
    return read(WORKBOOK)


def test_the_workbook_gives_the_facts_and_nothing_is_left_over():
    found = taken(workbook())
    assert by_value(found.ledger.facts) == by_value(given_facts())
    assert [table.key for table in found.tables] == [table.key for table in SET.tables]
    assert (found.differences, found.suspects, found.unread, found.errors) == ([], [], [], [])
    assert (found.ledger.unit_name, found.ledger.wording) == ("上海市普陀区财政局", {})
    assert printed(found) == published()


@pytest.mark.slow
def test_split_codes_are_read_however_they_are_kept():
    numbers = [GridCell(8, 1, "２０１"), GridCell(8, 2, "6"), GridCell(8, 3, "1")]
    assert taken(with_cells(workbook(), REVENUE, *numbers)).ledger.facts == taken(workbook()).ledger.facts


def test_a_code_with_a_gap_is_not_guessed():
    source = with_cells(workbook(), REVENUE)
    del source.grids[REVENUE].cells[8, 2]  # 201, blank, 01
    found = taken(source)
    assert {(entry.sheet, entry.cell) for entry in found.unread} == {
        ("部门收入总表", f"{column}8") for column in "ACDEF"
    }
    (lost,) = (f for f in found.errors if f.rule == "intake-amount-not-read")
    assert [place.cell for place in lost.cells] == ["E8", "F8"], (
        "told once with its cells, not again as unread"
    )


def test_a_unit_that_no_line_says_is_the_tables_own():
    source = with_cells(workbook(), THREE_PUBLIC)
    del source.grids[THREE_PUBLIC].cells[2, 7]  # 单位：万元
    found = taken(source)
    assert found.ledger.facts == taken(workbook()).ledger.facts
    assert [f.message for f in found.findings if f.rule == "intake-unit"] == [
        "“部门“三公”经费和机关运行费预算表”没有写明金额单位，按万元读取。"
    ]


@pytest.mark.parametrize(("row", "column"), [(6, 1), (6, 7)])
def test_a_second_row_of_the_one_row_table_is_named_not_read(row, column):
    more = GridCell(row + 1, column, "3.00")
    found = taken(with_cells(workbook(), THREE_PUBLIC, more))
    assert [entry.cell for entry in found.unread] == [more.address]
    assert found.ledger.facts == taken(workbook()).ledger.facts


def test_what_the_form_leaves_open_is_declared():
    visit = GridCell(6, 2, "2.00")
    found = taken(with_cells(workbook(), THREE_PUBLIC, visit))
    (fact,) = set(found.ledger.facts) - set(taken(workbook()).ledger.facts)
    assert (fact.item, fact.fund, fact.amount) == ("overseas_other", "general_public", 20000)


def test_chapters_are_found_by_titles_after_the_list_of_contents():
    texts = [
        "目录",
        "一、部门主要职能",
        "四、名词解释",
        "某局主要职能",
        "详见名词解释。",
        "名词解释",
        "2024年部门预算编制说明",
    ]
    assert [(at, word.key) for at, word in find_titles(texts, SET.chapters)] == [
        (3, "mandate"),
        (5, "term_definitions"),
        (6, "overview"),
    ]
