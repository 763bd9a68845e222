"""The sample's workbook as departments really keep it: moved, retitled, retyped; and what cannot be understood."""

import io
import random
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from budgets.data.subject_lists import subjects_of
from budgets.domain.money import NotAnAmount
from budgets.importing.captions.caption_norms import norm, title_rank
from budgets.importing.pipeline import take_in
from budgets.importing.reading.grids import GridCell, Source
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.sources import read
from budgets.importing.taking.annex_records import split_target
from budgets.importing.taking.row_keys import align, plain_code
from tests.makers.sample_files import WORKBOOK, taken, with_cells, workbook

pytestmark = pytest.mark.slow


def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(WORKBOOK)


def source(workbook: openpyxl.Workbook) -> Source:
    out = io.BytesIO()
    workbook.save(out)
    out.seek(0)
    return read(out, "预算.xlsx")


def reads_the_same(changed: openpyxl.Workbook) -> list:
    """The facts equal the sample's, without any difference; what was left unread comes back."""
    result = taken(source(changed))
    assert result.ledger.facts == taken(workbook()).ledger.facts
    assert (result.differences, result.suspects) == ([], [])
    return result.unread


def moved(sheet, rows: int, columns: int) -> None:
    """Insert blank rows above and columns to the left, merges moving along."""
    merges = [str(area) for area in sheet.merged_cells.ranges]
    for area in merges:
        sheet.unmerge_cells(area)
    cells = [(cell.row, cell.column, cell.value) for row in sheet.iter_rows() for cell in row]
    for row, column, _ in cells:
        sheet.cell(row, column).value = None
    for row, column, value in cells:
        sheet.cell(row + rows, column + columns).value = value
    for area in merges:
        left, right = area.split(":")
        first, last = sheet[left], sheet[right]
        sheet.merge_cells(
            f"{get_column_letter(first.column + columns)}{first.row + rows}:"
            f"{get_column_letter(last.column + columns)}{last.row + rows}"
        )


def test_sheets_in_any_order_under_any_name():
    changed = book()
    sheets = changed.worksheets
    random.Random(3).shuffle(sheets)
    changed._sheets = sheets
    for n, sheet in enumerate(sheets, 1):
        sheet.title = f"Sheet{n}"
    assert reads_the_same(changed) == []


def test_a_cover_is_listed_as_unread_and_hidden_sheets_are_not_read():
    changed = book()
    cover = changed.create_sheet("封面", 0)
    cover["B3"] = "2023年部门预算公开"
    old = changed.copy_worksheet(changed["部门预算收支总表"])
    old.title, old.sheet_state = "旧", "hidden"
    old["C6"] = 1.23
    unread = reads_the_same(changed)
    assert [(u.sheet, u.cell) for u in unread if u.sheet == "封面"] == [("封面", "B3")]
    assert all("隐藏" in u.why for u in unread if u.sheet == "旧")


def test_blank_rows_and_columns_around_the_tables():
    changed = book()
    for n, sheet in enumerate(changed.worksheets):
        moved(sheet, 1 + n % 3, n % 2)
    assert reads_the_same(changed) == []


def test_merges_lost():
    changed = book()
    for sheet in changed.worksheets:
        for area in [str(area) for area in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(area)
    assert reads_the_same(changed) == []


def test_without_column_numbers_and_without_serials():
    changed = book()
    for sheet in changed.worksheets:
        for cell in sheet[5]:
            cell.value = None
        for row in sheet.iter_rows(min_row=6, max_col=1):
            if isinstance(row[0].value, int):
                row[0].value = None
    assert reads_the_same(changed) == []


def as_typed(value: float, kind: str) -> str:
    text = f"{Decimal(str(value)):,.2f}"
    return {
        "text": text.replace(",", ""),
        "separated": text,
        "full width": text.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，")),
        "spaced": f"　{text} ",
    }[kind]


@pytest.mark.parametrize("kind", ["text", "separated", "full width", "spaced"])
def test_amounts_typed_as_text(kind):
    changed = book()
    for sheet in changed.worksheets:
        for row in sheet.iter_rows(min_row=6, min_col=3):
            for cell in row:
                if isinstance(cell.value, int | float):
                    cell.value = as_typed(cell.value, kind)
    assert reads_the_same(changed) == []


def test_codes_as_numbers_and_with_blanks():
    changed = book()
    for n, sheet in enumerate(changed.worksheets):
        for row in sheet.iter_rows(min_row=6, min_col=2, max_col=2):
            cell = row[0]
            if isinstance(cell.value, str) and cell.value.isdecimal():
                cell.value = int(cell.value) if n % 2 else f" {cell.value}　"
    assert reads_the_same(changed) == []


def test_blank_cells_that_hold_dashes_or_spaces():
    changed = book()
    for sheet in changed.worksheets:
        if sheet.max_row < 10:
            continue
        for row in sheet.iter_rows(min_row=6, min_col=3):
            for cell in row:
                if cell.value is None and sheet.cell(cell.row, 2).value is not None:
                    cell.value = "　" if cell.column % 2 else "—"
    reads_the_same(changed)


def test_the_same_table_in_yuan():
    changed = book()
    for sheet in changed.worksheets:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, str) and "万元" in cell.value:
                    cell.value = cell.value.replace("万元", "元")
                elif cell.row > 5 and cell.column > 2 and isinstance(cell.value, int | float):
                    cell.value = float(Decimal(str(cell.value)) * 10_000)
    assert reads_the_same(changed) == []


@pytest.mark.parametrize(
    ("sheet", "title"),
    [
        ("部门预算收支总表", "2023年收支预算总表"),
        ("部门预算收支总表", "表一 单位收支总体情况表"),
        ("部门预算收入总表", "乐亭县行政审批局2023年度收入总体情况表"),
        ("一般公共预算财政拨款支出表", "一般公共预算支出表"),
        ("政府基金预算财政拨款支出表", "单位预算政府性基金预算支出情况表"),
        ("国有资本经营预算财政拨款支出表", "国有资本经营预算支出表"),
        ("财政拨款“三公”经费支出表", "一般公共预算“三公”经费支出情况表"),
    ],
)
def test_a_table_under_another_title_in_use(sheet, title):
    changed = book()
    changed[sheet]["A1"] = title
    assert reads_the_same(changed) == []


def test_two_tables_on_one_sheet():
    changed = book()
    below, sheet = changed["政府基金预算财政拨款支出表"], changed["部门预算支出总表"]
    start = sheet.max_row + 2
    for row in below.iter_rows():
        for cell in row:
            sheet.cell(start + cell.row, cell.column).value = cell.value
    for area in below.merged_cells.ranges:
        left, top, right, bottom = area.bounds
        sheet.merge_cells(start_row=start + top, start_column=left, end_row=start + bottom, end_column=right)
    changed.remove(below)
    assert reads_the_same(changed) == []


def test_two_tables_beside_each_other():
    changed = book()
    beside, sheet = changed["政府基金预算财政拨款支出表"], changed["财政拨款“三公”经费支出表"]
    start = sheet.max_column + 2
    for row in beside.iter_rows():
        for cell in row:
            sheet.cell(cell.row, start + cell.column).value = cell.value
    changed.remove(beside)
    assert reads_the_same(changed) == []


def test_codes_split_under_one_merged_caption():
    changed = book()
    sheet = changed["部门预算支出总表"]
    for area in [str(area) for area in sheet.merged_cells.ranges]:
        sheet.unmerge_cells(area)
    sheet.insert_cols(3, 2)
    for row in sheet.iter_rows(min_row=7, min_col=2, max_col=4):
        code = str(row[0].value or "")
        for cell, part in zip(row, (code[:3], code[3:5], code[5:]), strict=True):
            cell.value = part or None
    sheet.merge_cells("B4:D4")
    assert reads_the_same(changed) == []


def test_a_formula_that_was_never_calculated_is_named_and_never_zero():
    changed = book()
    changed["部门预算收支总表"]["C6"] = "=990+0.62"
    result = taken(source(changed))
    (error,) = [e for e in result.errors if e.rule == "intake-amount-not-read"]
    assert (error.cells[0].sheet, error.cells[0].cell) == ("部门预算收支总表", "C6")
    assert "从未计算过" in error.message
    assert "保存后再试" in error.message
    assert ("balance", "C6") not in {(d.table, d.cell) for d in result.differences}  # told once
    assert not result.complete


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("#REF!", "公式出错"),
        ("约五万", "不是金额"),
        ("1,23.00", "不是金额"),
        ("1e3", "不是金额"),
        (1e300, "超出金额的范围"),
        ("99999999999999999999", "超出金额的范围"),
        (True, "逻辑值"),
    ],
)
def test_a_cell_that_holds_no_amount_is_named_with_what_to_do(value, why):
    changed = book()
    changed["一般公共预算财政拨款基本支出表"]["E8"] = value
    result = taken(source(changed))
    (error,) = [e for e in result.errors if e.rule == "intake-amount-not-read"]
    assert "“一般公共预算财政拨款基本支出表”单元格 E8" in error.message
    assert why in error.message
    assert ("E8", why) in [(u.cell, why) for u in result.unread if why in u.why]


@pytest.mark.parametrize("value", ["(5.00)", "（5.00）", "−5.00", "-5", "－５．００"])
def test_negative_amounts_in_every_writing(value):
    assert GridCell(1, 1, value).amount() == Decimal(-5)


def test_a_row_that_the_table_does_not_have_is_an_error_when_it_holds_money():
    changed = book()
    sheet = changed["部门预算收支总表"]
    sheet["B15"], sheet["C15"] = "十、使用非财政拨款结余", 5
    result = taken(source(changed))
    assert [(e.rule, e.cells[0].cell) for e in result.errors] == [("intake-amount-not-read", "C15")]
    assert {(u.cell, u.text) for u in result.unread} == {("B15", "十、使用非财政拨款结余"), ("C15", "5")}


def test_a_column_that_the_table_does_not_have_is_reported():
    changed = book()
    sheet = changed["部门预算支出总表"]
    sheet["J3"], sheet["J6"] = "单位预留机动", 7
    result = taken(source(changed))
    assert {u.cell for u in result.unread} == {"J3", "J6"}
    assert not result.complete


def test_money_that_is_not_fiscal_is_what_the_table_of_all_money_holds_beyond():
    changed = book()
    for sheet, cells in {
        "部门预算收支总表": {
            "C10": 3,
            "C37": 993.62,
            "C39": 993.62,
            "E6": 788.81,
            "E37": 993.62,
            "E39": 993.62,
        },
        "部门预算收入总表": {f"{c}{r}": None for c in "DEH" for r in (6, 7, 8, 9)},
        "部门预算支出总表": {f"{c}{r}": None for c in "DF" for r in (6, 7, 8, 9)},
    }.items():
        for address, value in cells.items():
            cell = changed[sheet][address]
            cell.value = value if value is not None else float(Decimal(str(cell.value or 0)) + 3)
    result = taken(source(changed))
    assert (result.differences, result.suspects, result.errors) == ([], [], [])
    more = set(result.ledger.facts) - set(taken(workbook()).ledger.facts)
    assert {(f.family, f.fund, f.origin, f.use, f.amount) for f in more} == {
        ("revenue", None, "service", None, 30_000),
        ("expenditure", "non_fiscal", None, "project", 30_000),
    }


def test_without_the_fiscal_tables_nothing_is_guessed_to_be_non_fiscal():
    blocks = [block for block in workbook().blocks if block.name != "政府基金预算财政拨款支出表"]
    result = taken(replace(workbook(), blocks=tuple(blocks[2:3])))
    assert [f for f in result.ledger.facts if f.fund == "non_fiscal"] == []
    assert result.differences
    assert [f.rule for f in result.findings if f.rule == "intake-table-missing"]


def test_a_table_without_a_title_that_could_be_any_is_left_unread():
    changed = book()
    sheet = changed["政府基金预算财政拨款支出表"]
    sheet["A1"], sheet.title = None, "Sheet7"
    result = taken(source(changed))
    assert "government_fund_expenditure" not in {table.key for table in result.tables}
    assert {u.why for u in result.unread} == {"表头像是预算公开表，但没有标题，无法确定是哪一张"}


def test_two_units_in_one_table_are_never_guessed():
    changed = book()
    changed["部门预算支出总表"]["J2"] = "单位：元"
    result = taken(source(changed))
    assert "expenditure" not in {table.key for table in result.tables}
    assert {u.why for u in result.unread} == {"写了不止一种金额单位（万元、元），无法确定金额，请只留一种"}


def test_a_table_whose_header_is_not_that_of_its_title_is_not_read():
    changed = book()
    changed["部门预算支出总表"]["A1"] = "部门预算财政拨款收支总表"
    result = taken(source(changed))
    assert [table.key for table in result.tables].count("fiscal_balance") == 1
    assert "expenditure" not in {table.key for table in result.tables}
    assert "部门预算支出总表" in {u.sheet for u in result.unread}


def test_rows_of_dots_say_nothing():
    changed = book()
    sheet = changed["部门预算支出总表"]
    for column in (2, 3):
        sheet.cell(sheet.max_row + (column == 2), column).value = "……"
    assert reads_the_same(changed) == []


def test_the_same_table_twice_is_read_once_and_said():
    changed = book()
    changed.copy_worksheet(changed["部门预算收支总表"])
    unread = reads_the_same(changed)
    assert {u.why for u in unread} == {"同一张表在文件中出现了两次，只读取了第一张"}


def test_a_workbook_without_any_table_is_refused():
    other = openpyxl.Workbook()
    other.active["A1"] = "会议纪要"
    with pytest.raises(Unreadable, match="没有认出任何预算公开表"):
        taken(source(other))


def test_a_missing_unit_is_pointed_out():
    changed = with_cells(workbook(), 0, GridCell(2, 5, "公开01表"))
    result = taken(changed)
    assert [f.rule for f in result.findings if f.rule.startswith("intake-")] == ["intake-unit"]
    assert [u.text for u in result.unread] == ["公开01表"]


def test_department_and_year_come_from_the_file_when_nobody_chose_them():
    ledger = take_in(WORKBOOK, subjects=subjects_of).ledger
    assert (ledger.unit_code, ledger.unit_name, ledger.year) == ("483", "乐亭县行政审批局", 2023)


def test_rows_with_the_same_caption_are_told_apart_by_their_order():
    lines = [("a", "一、拨款"), ("b", "合计"), ("c", "一、拨款"), ("d", "二、基金")]
    assert align([(5, "一、拨款"), (7, "合 计"), (9, "一、拨款")], lines) == {5: "a", 7: "b", 9: "c"}
    assert align([(1, "基金"), (2, "拨款"), (3, "合计"), (4, "拨款")], lines) == {
        1: "d",
        2: "a",
        3: "b",
        4: "c",
    }


@pytest.mark.parametrize(
    "text", ["≥98百分比", "1栋", "≤11万", "≥36宗/批", "优", "≥ 98 %", ">98%", "30-50件", "", "≤0.5天", "=3"]
)
def test_a_target_taken_apart_reads_the_same_together(text):
    parts = split_target(text)
    assert f"{parts['comparator'].value}{parts['value']}{parts['unit']}" == text


@pytest.mark.parametrize(
    ("text", "code"),
    [("２０１０３０１", "2010301"), ("201 03 01", "2010301"), ("2010301.", "2010301"), ("A01", ""), ("", "")],
)
def test_codes_however_they_are_typed(text, code):
    assert plain_code(text) == code


def test_captions_that_mean_the_same_compare_equal():
    assert norm("对附属部门 补助支出") == norm("对附属单位补助支出")
    assert norm("上解上级支出") == norm("上缴上级支出")
    assert norm("2023年预留中小微企业份额") == norm("{year}年预留中小微企业份额")
    assert title_rank("部门预算财政拨款收支总表", "部门预算财政拨款收支总表") > title_rank(
        "部门预算财政拨款收支总表", "部门预算收支总表"
    )


def test_a_cell_that_cannot_be_read_says_why():
    with pytest.raises(NotAnAmount, match="日期"):
        GridCell(1, 1, "2023-05-22", problem="单元格是日期格式，请改为数字").amount()
