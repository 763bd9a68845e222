"""Amounts and the unit that stands over them are one: whatever unit of money a file is in, in both table sets."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

import docx
import pytest
from openpyxl import Workbook, load_workbook

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain import snapshots
from budgets.domain.composing import compose
from budgets.domain.documents import ColumnKind, Document
from budgets.domain.findings import Severity
from budgets.domain.money import YUAN_IN, print_amount
from budgets.importing.pipeline import take_in
from budgets.importing.taken import Taken
from budgets.rendering.workbook.xlsx import workbook
from budgets.rules import check
from budgets.tablesets.rounding import off_quantum
from tests.makers.documents import a_ledger, random_document
from tests.makers.workers import YEAR

pytestmark = pytest.mark.slow

SEED = 1
UNITS = ("元", "百元", "千元", "万元", "百万元", "亿元")
MONEY = re.compile(r"[百千万亿]*元")
WAYS = {  # what a file is, whether its heads name the unit or a line does, whether it is printed as given
    "workbook": ("workbook", False, False),
    "workbook, heads, given": ("workbook", True, True),
    "word, heads": ("word", True, False),
    "word, given": ("word", False, True),
}
every_set = pytest.mark.parametrize("table_set", tablesets.SETS)
# Every unit in a workbook, those of the two sets in Word.
CASES = [
    (unit, way) for unit in UNITS for way in WAYS if WAYS[way][0] == "workbook" or unit in ("元", "万元")
]


def printed_workbook(table_set: str) -> Workbook:
    return load_workbook(io.BytesIO(workbook(random_document(table_set, SEED))))


def in_unit(table_set: str, unit: str, *, heads: bool = False, relabelled: bool = False) -> Workbook:
    """The printed tables with every amount in another unit, which the lines say, or the heads where `heads`.

    Where `relabelled` the numbers stay: the same digits of another unit.
    """
    book = printed_workbook(table_set)
    for sheet, page in zip(random_document(table_set, SEED).tables, book.worksheets, strict=True):
        factor = 1 if relabelled else YUAN_IN[sheet.unit] / YUAN_IN[unit]
        money = [n for n, column in enumerate(sheet.columns, 1) if column.kind is ColumnKind.AMOUNT]
        captions = {sheet.columns[n - 1].path[-1] for n in money}
        depth = max(len(column.path) for column in sheet.columns)
        for cell in (cell for row in page.iter_rows() for cell in row if cell.value is not None):
            if isinstance(cell.value, str):
                if heads and cell.value in captions and cell.row <= 2 + depth:
                    cell.value = f"{cell.value}（{unit}）"
                cell.value = (
                    cell.value.replace(f"单位：{sheet.unit}", "" if heads else f"单位：{unit}") or None
                )
            elif cell.column in money and page.cell(cell.row, 1).value != "栏次":
                cell.value = f"{Decimal(f'{cell.value:.2f}') * factor:f}"
    return book


def headed(form: str) -> Workbook:
    """Tables in 千元 whose heads alone say so, in this form."""
    book = in_unit("hebei_2023", "千元", heads=True)
    for cell in (cell for page in book.worksheets for row in page.iter_rows(max_row=4) for cell in row):
        if str(cell.value).endswith("（千元）"):
            cell.value = form.format(cell.value.removesuffix("（千元）"), "千元")
    return book


def in_word(book: Workbook) -> docx.document.Document:
    """The same tables in a Word file."""
    document = docx.Document()
    for page in book.worksheets:
        document.add_paragraph(page["A1"].value)
        table = document.add_table(page.max_row - 1, page.max_column)
        cells = [table.row_cells(n) for n in range(page.max_row - 1)]
        for row in page.iter_rows(min_row=2):
            for cell in row:
                cells[cell.row - 2][cell.column - 1].text = "" if cell.value is None else str(cell.value)
        for area in page.merged_cells.ranges:
            if area.min_row > 1 and (area.min_row, area.min_col) != (area.max_row, area.max_col):
                cells[area.min_row - 2][area.min_col - 1].merge(cells[area.max_row - 2][area.max_col - 1])
    return document


def taken(table_set: str, file, **asked) -> Taken:
    out = io.BytesIO()
    file.save(out)
    out.seek(0)
    name = "表.xlsx" if isinstance(file, Workbook) else "表.docx"
    return take_in(out, name=name, year=YEAR, table_set=table_set, subjects=subjects_of, **asked)


@cache
def plain(table_set: str) -> Taken:
    return taken(table_set, printed_workbook(table_set))


def document_of(found: Taken) -> Document:
    return compose(tablesets.get(found.ledger.table_set), found.ledger, subjects_of(YEAR))


def units_over(document: Document) -> list[tuple[str, set[str]]]:
    """Of each table the unit of its amounts, and all that its words name."""
    return [
        (
            sheet.unit,
            set(MONEY.findall(" ".join((sheet.title, *sheet.meta, *sheet.notes, *(c for column in sheet.columns for c in column.path))))),
        )
        for sheet in document.tables
    ]  # fmt: skip


def amounts(document: Document) -> list[Decimal]:
    return [
        cell.amount or Decimal(0) for sheet in document.tables for row in sheet.rows for cell in row.cells
    ]


def told(found: Taken, rule: str) -> list:
    return [fault for fault in found.findings if fault.rule == rule]


@pytest.mark.sweep(0, 4)
@every_set
@pytest.mark.parametrize(("unit", "way"), CASES)
def test_what_is_printed_names_the_unit_of_its_amounts(table_set, unit, way):
    kind, heads, transcribed = WAYS[way]
    book = in_unit(table_set, unit, heads=heads)
    found = taken(table_set, in_word(book) if kind == "word" else book, transcribed=transcribed)
    document = document_of(found)
    assert found.ledger.facts == plain(table_set).ledger.facts
    assert (found.differences, found.suspects, found.complete) == ([], [], True)
    assert amounts(document) == amounts(document_of(plain(table_set)))
    assert [(own, named - {own}) for own, named in units_over(document) if named - {own}] == []
    assert all(own in named for own, named in units_over(document))
    standing = {sheet.unit for sheet in document.tables}
    assert len(told(found, "intake-unit-converted")) == len(standing - {unit})
    assert told(found, "unit-of-amounts") == []
    if unit not in standing:
        assert f"{unit}）" not in snapshots.dumps(found.ledger, document).decode()
        assert f"单位：{unit}" not in snapshots.dumps(found.ledger, document).decode()


@pytest.mark.parametrize(
    "form", ["{}（{}）", "{}({})", "{}（单位：{}）", "{}（金额单位：{}）", "{}（单位为{}）", "{}(人民币{})", "{}/{}", "{}、{}", "{}\n（{}）", "{}【{}】"]
)  # fmt: skip
def test_however_a_head_names_the_unit_it_is_read(form):
    found = taken("hebei_2023", headed(form))
    assert found.ledger.facts == plain("hebei_2023").ledger.facts
    assert not any("千元" in words for words in found.ledger.wording.values())


@pytest.mark.parametrize("form", ["{}{}", "{}（{}为单位）", "{}（金额{}）", "{} {}"])
def test_a_unit_that_is_not_read_is_never_taken_for_the_sets(form):
    assert taken("hebei_2023", headed(form)).ledger.facts in ((), plain("hebei_2023").ledger.facts)


@every_set
def test_words_of_the_right_unit_are_kept(table_set):
    unit = tablesets.get(table_set).unit
    book = in_unit(table_set, unit, heads=True)
    book.worksheets[1]["A1"] = f"{book.worksheets[1]['A1'].value}（单位：{unit}）"
    found = taken(table_set, book)
    assert sum(text.endswith(f"（{unit}）") for text in found.ledger.wording.values()) > 10
    assert f"（单位：{unit}）" in document_of(found).tables[1].title


@every_set
def test_a_draft_that_holds_words_of_another_unit_is_stopped_also_where_it_prints_as_given(table_set):
    declared = tablesets.get(table_set)
    ledger = a_ledger(table_set, plain(table_set).ledger.facts)
    index = next(i for i, line in enumerate(declared.tables[0].meta) if "{unit}" in line)
    key, column = declared.tables[0].key, next(iter(declared.tables[1].leaves())).word.key
    for other in (unit for unit in UNITS if unit != declared.unit):
        wording = {
            f"{key}/meta/{index}": f"单位：{other}",
            f"{declared.tables[1].key}/column/{column}/0": f"甲（{other}）",
        }
        worded = replace(ledger, wording=wording)
        given = replace(worded, given=compose(declared, worded, subjects_of(YEAR)).tables)
        for each in (worded, given):
            faults = [f for f in check(each, subjects_of(YEAR)) if f.rule == "unit-of-amounts"]
            assert [
                (f.severity, f"（{other}）" in f.message or f"：{other}" in f.message) for f in faults
            ] == [(Severity.ERROR, True)] * 2
    own = replace(ledger, wording={f"{key}/meta/{index}": f"金额单位：{declared.unit}"})
    assert [f for f in check(own, subjects_of(YEAR)) if f.rule == "unit-of-amounts"] == []


@pytest.mark.parametrize("unit", ["元", "百元", "千元"])
@pytest.mark.parametrize("transcribed", [False, True])
def test_an_honest_file_finer_than_the_set_has_no_difference_and_its_tails_are_told_once(unit, transcribed):
    found = taken("hebei_2023", in_unit("hebei_2023", unit, relabelled=True), transcribed=transcribed)
    assert (found.differences, found.suspects) == ([], [])
    (tails,) = told(found, "intake-finer")
    (fine,) = told(found, "amount-fits-unit")
    facts = off_quantum(found.ledger)
    assert len(tails.cells) >= len(facts) > 20
    assert f"{len(facts)} 个金额" in fine.message and len(fine.cells) > 20
    assert all(cell.sheet and cell.cell for cell in fine.cells)
    assert fine.severity == (Severity.WARNING if transcribed else Severity.ERROR)
    if transcribed:  # its own amounts, wholly
        given = [
            cell for sheet in found.ledger.given for row in sheet.rows for cell in row.cells if cell.amount
        ]
        assert all(Decimal(cell.text.replace(",", "")) == cell.amount for cell in given)
        assert any(cell.amount % Decimal("0.01") for cell in given)


@pytest.mark.parametrize(("slip", "differing"), [("0.1", 1), ("0.04", 0)])
def test_a_slip_of_a_printed_place_is_a_difference_and_a_smaller_one_a_tail(slip, differing):
    """In 千元, of which 0.1 is the printed place of 万元."""
    book = in_unit("hebei_2023", "千元")
    total = next(row for row in book.worksheets[1].iter_rows() if row[2].value == "合计")[3]
    total.value = f"{Decimal(total.value) + Decimal(slip):f}"
    found = taken("hebei_2023", book)
    assert [d.cell for d in found.differences] == [total.coordinate] * differing
    assert [[p.cell for p in f.cells] for f in told(found, "intake-finer")] == [[total.coordinate]] * (
        1 - differing
    )


def test_a_table_in_a_coarser_unit_than_its_set_rounds_and_says_so():
    """Shanghai's 三公 table prints 万元 in a set of 元."""
    book = printed_workbook("shanghai_2023")
    page = book.worksheets[-1]
    for cell in (cell for row in page.iter_rows() for cell in row if cell.value is not None):
        if isinstance(cell.value, str):
            cell.value = cell.value.replace("单位：万元", "单位：元")
        else:
            cell.value = f"{Decimal(f'{cell.value:.2f}') * 10000 + 7}" if cell.value else cell.value
    vehicles = [row for row in page.iter_rows() if str(row[3].value or "").endswith("7.00")]
    assert vehicles
    found = taken("shanghai_2023", book)
    assert found.differences == [] and len(told(found, "intake-finer")) == 1


def changed_by(ledger, gap: str):
    """The ledger printed as given, the first total of its 收入总表 changed."""
    tables = compose(tablesets.get(ledger.table_set), ledger, subjects_of(YEAR)).tables
    sheet = tables[1]
    at = next(i for i, row in enumerate(sheet.rows) if row.total)
    column = next(i for i, cell in enumerate(sheet.rows[at].cells) if cell.amount)
    cells = list(sheet.rows[at].cells)
    amount = cells[column].amount + Decimal(gap)
    cells[column] = replace(cells[column], amount=amount, text=print_amount(amount, grouped=True))
    rows = (*sheet.rows[:at], replace(sheet.rows[at], cells=tuple(cells)), *sheet.rows[at + 1 :])
    return replace(ledger, given=(tables[0], replace(sheet, rows=rows), *tables[2:]))


@pytest.mark.parametrize(
    ("gap", "whole", "rule"),
    [
        ("1", True, "given-cells-rounded"), ("-1", True, "given-cells-rounded"), ("1000", True, "given-cells-tie"),
        ("0.01", False, "given-cells-rounded"), ("-0.01", False, "given-cells-rounded"), ("1", False, "given-cells-tie"),
    ],
)  # fmt: skip
def test_one_yuan_in_tables_of_whole_yuan_is_a_tail_and_in_others_a_slip(gap, whole, rule):
    facts = plain("shanghai_2023").ledger.facts
    ledger = a_ledger(
        "shanghai_2023", tuple(replace(f, amount=f.amount * (100 if whole else 1)) for f in facts)
    )
    told_by = {
        f.rule: f for f in check(changed_by(ledger, gap), subjects_of(YEAR)) if f.rule.startswith("given-")
    }
    assert told_by.keys() == {rule}
    assert ("尾差" in told_by[rule].message) == (rule == "given-cells-rounded")


@pytest.mark.sweep(0, 9)
@every_set
@pytest.mark.parametrize(
    "caption", ["单位代码", "单位编码", "单位编号", "预算单位代码", "部门代码", "单位名称", "预算单位"]
)
def test_a_column_of_unit_codes_is_no_column_of_amounts(table_set, caption):
    book = printed_workbook(table_set)
    sheet, page = random_document(table_set, SEED).tables[1], book.worksheets[1]
    at, top = page.max_column + 1, 2 + max(len(column.path) for column in sheet.columns)
    page.cell(3, at, caption)
    page.merge_cells(start_row=3, end_row=top, start_column=at, end_column=at)
    for row in range(top + 2, page.max_row + 1 - len(sheet.notes)):
        page.cell(row, at, 483001)
    found = taken(table_set, book)
    assert found.ledger.facts == plain(table_set).ledger.facts
    assert (found.differences, found.errors) == (plain(table_set).differences, plain(table_set).errors)
    assert {entry.text for entry in found.unread} >= {"483001"}
    assert all(f"“{caption}”列是预算单位" in entry.why for entry in found.unread if entry.text == "483001")
