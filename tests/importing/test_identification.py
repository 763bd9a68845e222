"""What a file is, said first: its stage, form, year, unit, and whether anything stands in it."""

import io
import zipfile
from decimal import Decimal

import docx
import pytest
from openpyxl import load_workbook

from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.importing.pipeline import take_in
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.sources import read
from budgets.rules import check
from budgets.tablesets.hebei_2023 import HEBEI_2023
from tests.makers.sample_files import WORD, WORKBOOK


def changed(change, path=WORKBOOK, **asked):
    """What is said of the sample after a change of its sheets."""
    book = load_workbook(path)
    for sheet in list(book.worksheets):
        change(sheet)
    return taken(book, **asked)


def taken(book, **asked):
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return take_in(out, name="表.xlsx", subjects=subjects_of, **asked)


def replacing(old, new):
    def change(sheet):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace(old, new)

    return change


def rules(found):
    return [fault.rule for fault in found.findings if fault.rule.startswith("intake-")]


def numbers(sheet):
    """The cells of amounts: below the header, right of the names."""
    return [
        cell
        for row in sheet.iter_rows(min_row=6, min_col=3)
        for cell in row
        if isinstance(cell.value, int | float)
    ]


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    ("unit", "factor"),
    [("千元", "10"), ("百元", "100"), ("百万元", "0.01"), ("亿元", "0.0001"), ("元", "10000")],
)
def test_every_unit_of_money_is_converted_exactly(unit, factor):
    def change(sheet):
        replacing("万元", unit)(sheet)
        for cell in numbers(sheet):
            cell.value = f"{Decimal(str(round(cell.value, 2))) * Decimal(factor):f}"

    plain = changed(lambda sheet: None)
    found = changed(change)
    assert found.ledger.facts == plain.ledger.facts
    assert (found.differences, rules(found)) == ([], ["intake-unit-converted"])
    tables, own = (compose(HEBEI_2023, each.ledger, subjects_of(2023)).tables for each in (found, plain))
    for sheet, other in zip(tables, own, strict=True):
        assert (sheet.rows, sheet.columns, sheet.notes) == (other.rows, other.columns, other.notes)
        assert not {f"单位：{unit}", f"部门：{unit}"} & set(sheet.meta)


@pytest.mark.parametrize("unit", ["美元", "港币", "十元"])
def test_an_unknown_unit_is_an_error_and_nothing_is_guessed(unit):
    found = changed(replacing("部门：万元", f"单位：{unit}"))
    assert set(rules(found)) & {"intake-unit-unknown", "intake-other-form"}
    assert found.ledger.facts == ()


@pytest.mark.slow
def test_one_table_of_an_unknown_unit_is_named():
    def change(sheet):
        if "收入总表" in sheet.title:
            replacing("部门：万元", "单位：美元")(sheet)

    found = changed(change)
    told = [fault for fault in found.findings if fault.rule == "intake-unit-unknown"]
    assert [(fault.severity, "美元" in fault.message) for fault in told] == [("error", True)]
    assert not found.complete


def test_a_final_account_is_called_one():
    with pytest.raises(Unreadable, match="是部门决算，不是部门预算"):
        changed(replacing("预算", "决算"))


@pytest.mark.slow
def test_a_budget_that_speaks_of_final_accounts_is_none():
    def change(sheet):
        if "三公" in sheet.title:
            replacing("预算年度", "上年决算数：见说明。预算年度")(sheet)

    assert changed(change).tables


@pytest.mark.slow
def test_an_empty_form_is_called_empty():
    def change(sheet):
        for cell in numbers(sheet):
            cell.value = None

    found = changed(change)
    assert "intake-empty" in rules(found)
    assert "文件里没有数" in next(fault.message for fault in found.findings if fault.rule == "intake-empty")
    assert not found.sound


@pytest.mark.slow
def test_the_year_is_that_of_the_file_where_nobody_says_it():
    found = changed(lambda sheet: None)
    assert found.ledger.year == 2023
    mute = changed(replacing("2023", ""))
    assert "intake-year-unknown" in rules(mute)
    assert [
        fault.message for fault in mute.findings if "-1年" in fault.message or " 0年" in fault.message
    ] == []


@pytest.mark.slow
def test_a_file_of_another_year_cannot_be_confirmed():
    assert [fault.rule for fault in changed(lambda sheet: None, year=2024).misplaced] == ["intake-year"]
    assert changed(lambda sheet: None, year=2023).misplaced == []


def test_an_amount_is_not_held_against_a_table_that_is_not_there():
    """The chapters of a file say many amounts; without its tables none of them is 0.00."""
    document = docx.Document(str(WORD))
    for table in list(document.tables):
        table._tbl.getparent().remove(table._tbl)
    found = taken(document)
    assert len(found.ledger.narratives) == 9 and found.tables == []
    said = [fault for fault in found.findings if fault.rule.startswith("text-amount-agrees")]
    assert said == []
    again = check(found.ledger, subjects_of(2023))  # in a draft, where every table is there
    assert len([finding for finding in again if finding.rule == "text-amount-agrees"]) > 5


@pytest.mark.slow
def test_each_table_that_a_workbook_lacks_is_one_finding():
    book = load_workbook(WORKBOOK)
    book.remove(next(sheet for sheet in book.worksheets if "三公" in sheet.title))
    found = taken(book)
    assert rules(found) == ["intake-table-missing"]
    assert [f.rule for f in found.findings if "三公" in f.message] == ["intake-table-missing"]


@pytest.mark.slow
def test_a_never_calculated_formula_is_told_once_with_all_its_cells():
    def change(sheet):
        if "支出总表" in sheet.title:
            for cell in [
                cell for row in sheet.iter_rows(min_row=7) for cell in row if isinstance(cell.value, float)
            ][:5]:
                cell.value = "=A1"

    found = changed(change)
    told = [fault for fault in found.findings if fault.rule == "intake-amount-not-read"]
    assert [len(fault.cells) for fault in told] == [5]
    assert len([entry for entry in found.report()["unread"] if "公式" in entry["why"]]) == 1
    assert [d for d in found.differences if d.given == "（公式）"] == []


def test_a_cell_without_address_is_named_by_its_place():
    row = "<c t='n'><v>1</v></c>" * 70
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>{row}</row></sheetData></worksheet>'
    first, out = io.BytesIO(), io.BytesIO()
    load_workbook(WORKBOOK).save(first)
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
    out.seek(0)
    with pytest.raises(Unreadable, match="单元格 BI1 超出可读范围"):
        read(out, "表.xlsx")


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    ("name", "wrong"), [("乐亭县行政审批局", []), ("行政审批局", []), ("乐亭县教育局", ["intake-department"])]
)
def test_a_file_of_another_department_cannot_be_confirmed(name, wrong):
    document = docx.Document(str(WORD))
    for table in list(document.tables):  # whose lines name the department by its code
        table._tbl.getparent().remove(table._tbl)
    found = taken(document, unit="483", unit_name=name)
    assert [fault.rule for fault in found.misplaced] == wrong
