"""No workbook that the portal hands out makes Excel offer to repair it: printed tables, forms, drafts, lists."""

import io

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.forms.template import draft_workbook, template_workbook
from budgets.importing.rosters.roster_workbook import roster_workbook
from budgets.models import Role
from budgets.rendering.workbook.xlsx import workbook
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.documents import document_of, every_document
from tests.makers.excel import repaired


@pytest.mark.sweep(2)
@every_document
def test_what_is_printed(table_set, kind):
    assert repaired(workbook(document_of(table_set, kind))) == []


@pytest.mark.sweep(1)
@pytest.mark.parametrize("declared", tablesets.SETS.values(), ids=lambda each: each.key)
def test_what_is_filled_in(declared):
    codes = subjects_of(2023)
    assert repaired(template_workbook(declared, year=2023, unit_code="483", unit_name="某局")) == []
    assert repaired(draft_workbook(declared, random_ledger(3, declared, items=9), codes)) == []


def test_a_list_of_departments():
    assert repaired(roster_workbook({}, [role.label for role in Role], "某县")) == []


def spoilt(change) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(roster_workbook({}, ["会计"], "某县")))
    change(book.worksheets[0])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def choices(sheet, **said) -> None:
    sheet.add_data_validation(DataValidation(sqref="B2", **said))


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: sheet.merge_cells("D4:D4"),
        lambda sheet: [sheet.merge_cells("D4:E5"), sheet.merge_cells("E5:F6")],
        lambda sheet: choices(sheet, type="list", formula1=f'"{"会计," * 90}"'),
        lambda sheet: choices(sheet, type="custom", formula1="A1" * 5000),
        lambda sheet: choices(sheet, promptTitle="题" * 33),
        lambda sheet: choices(sheet, error="错" * 256),
        lambda sheet: setattr(sheet, "title", "字" * 32),
    ],
    ids=range(7),
)
def test_what_excel_would_repair_is_noticed(change):
    assert len(repaired(spoilt(change))) == 1
