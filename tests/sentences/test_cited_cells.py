"""Amounts of a published text and the cells that they state."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets.domain.addresses import Addressed
from budgets.domain.documents import Document, Paragraph
from budgets.domain.money import to_yuan
from budgets.domain.quantities import quantities
from budgets.sentences.cited_cells import CitedCells
from tests.makers.documents import document_of, every_document
from tests.makers.sample_document import document as sample


def cited(document: Document) -> list[tuple[str, str, str]]:
    """Chapter, amount as written and address."""
    reader, cells = CitedCells(document), Addressed(document.sheets())
    return [
        (chapter.key, block.text[one.start : one.end], cells.of(one.cell))
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Paragraph)
        for one in reader.of(chapter.key, block.text)
    ]


def test_what_the_sample_says():
    found = cited(sample())
    assert len(found) == 15
    assert ("overview", "721.19万元", "basic_expenditure.total.personnel") in found
    assert ("agency_running_costs", "80.49万元", "basic_expenditure.total.running_costs") in found
    assert ("three_public", "0.3万元", "three_public.official_hospitality.total") in found
    assert ("overview", "943.60万元", "") not in {(chapter, text, "") for chapter, text, _ in found}, (
        "last year's"
    )


@every_document
def test_a_link_leads_to_a_printed_cell_with_that_number(table_set, kind):
    document = document_of(table_set, kind)
    cells = Addressed(document.sheets())
    for _, text, address in cited(document):
        (quantity,) = quantities(text, document.year)
        found = cells.find(address)
        if found is None:
            assert quantity.yuan == 0, "of a row that an empty table does not print"
            continue
        printed = found.sheet.rows[found.row].cells[found.column].amount or Decimal(0)
        assert abs(quantity.yuan - to_yuan(printed, found.sheet.unit)) < 100


@pytest.mark.parametrize(
    "text",
    [
        "人员经费720.19万元。",  # another number
        "人员经费721.19元。",  # the unit is wrong
        "2022年人员经费721.19万元。",  # another year
        "人员经费增加721.19万元。",  # a change
        "某项费用721.19万元。",  # words that call nothing
    ],
)
def test_what_states_no_cell_is_left_alone(text):
    """The negative control of 人员经费721.19万元, which is tied."""
    reader = CitedCells(sample())
    assert [*reader.of("overview", text)] == []
    assert [one.cell.column for one in reader.of("overview", "人员经费721.19万元。")] == ["personnel"]
    assert [*reader.of("performance", "人员经费721.19万元。")] == [], "goals speak of other amounts"


def a_year_before() -> Document:
    """The sample as of 2022: 20.00 less for people, everything else the same."""
    less = tuple(
        replace(figure, amount=figure.amount - 20) if figure.key == "personnel" else figure
        for figure in sample().figures
    )
    return replace(sample(), year=2022, figures=less)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2022年人员经费预算701.19万元。", "701.19万元"),
        ("人员经费721.19万元，上年预算701.19万元。", "701.19万元"),
        ("人员经费721.19万元，比2022年预算增加20.00万元。", "20.00万元"),
        ("人员经费721.19万元，比上年增加20万元，主要是人员增加。", "20万元"),
    ],
)
def test_last_years_amounts_and_changes_lead_to_last_years_cell(text, amount):
    earlier = [one for one in CitedCells(sample(), a_year_before()).of("overview", text) if one.earlier]
    assert [(text[one.start : one.end], one.cell.table, one.cell.column) for one in earlier] == [
        (amount, "basic_expenditure", "personnel")
    ]
    assert not [one for one in CitedCells(sample()).of("overview", text) if one.earlier], "it is not public"


@pytest.mark.parametrize(
    "text",
    [
        "2022年人员经费预算721.19万元。",  # this year's number
        "人员经费721.19万元，比2022年预算增加21.00万元。",  # another change
        "人员经费721.19万元，比2022年预算减少20.00万元。",  # the other way round
        "人员经费721.19万元，比2022年决算增加20.00万元。",  # with what was spent
        "2022年度决算人员经费支出701.19万元。",
        "2021年人员经费预算701.19万元。",  # a year that is not beside it
        "某项费用721.19万元，比2022年预算增加20.00万元。",
    ],
)
def test_what_is_not_last_years_budget_is_left_alone(text):
    assert not [one for one in CitedCells(sample(), a_year_before()).of("overview", text) if one.earlier]
