"""The form of each table set: taken in as downloaded without a word, and filled in as just the facts that were typed."""

import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import NOTHING, Slice, total, where
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.domain.tables import Amount, Field, Lines, Table, TableSet, Tree
from budgets.domain.terms import Fund
from budgets.forms.entries import ANY_CODE, Entry, entries
from budgets.forms.table_forms import with_typed_lines
from budgets.forms.template import template_workbook
from budgets.importing.comparing.reports import Part
from budgets.importing.pipeline import take_in
from budgets.importing.reading.sources import read
from budgets.synthetic.draws import random_facts
from tests.makers.libreoffice import converted, needs_calc
from tests.makers.sample_files import WORD
from tests.makers.sample_files import taken as sample_taken
from tests.tablesets.test_shanghai import given_facts

HEBEI, SHANGHAI = (tablesets.get(key) for key in ("hebei_2023", "shanghai_2023"))
YEAR = dict.fromkeys(tablesets.SETS, 2023) | {"shanghai_2023": 2025}  # the years of the real disclosures
GREY, YELLOW = "00E7E6E6", "00FFF4CF"


@cache
def blank(table_set: TableSet) -> bytes:
    return template_workbook(
        table_set, year=YEAR[table_set.key], unit_code="483", unit_name="某局", region_name="某县"
    )


def book(table_set: TableSet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(blank(table_set)))


def taken(content: openpyxl.Workbook | bytes | Path, table_set: TableSet):
    if isinstance(content, openpyxl.Workbook):
        out = io.BytesIO()
        content.save(out)
        content = out.getvalue()
    source = read(content) if isinstance(content, Path) else read(io.BytesIO(content), "填报表.xlsx")
    year = YEAR[table_set.key]
    return take_in(
        source,
        region="130225",
        unit="483",
        unit_name="某局",
        region_name="某县",
        year=year,
        table_set=table_set.key,
        subjects=subjects_of(year),
    )


def body(sheet: Worksheet) -> int:
    """The first row below the head."""
    return int(re.findall(r"\d+", sheet.print_title_rows)[1]) + 1


def sheet_of(workbook: openpyxl.Workbook, title: str) -> Worksheet:
    return next(sheet for sheet in workbook.worksheets if sheet["A1"].value == title)


def slice_of(table: Table, row: str, column: str) -> Slice:
    """What a cell of a statutory table adds up; nothing for one that holds no money."""
    inside = next(
        (c.where for leaf in table.leaves() if isinstance(c := leaf.word, Amount) and c.key == column),
        NOTHING,
    )
    if isinstance(table.rows, Tree):
        return table.where & inside & where(**{table.rows.scheme: row})
    lines = (
        table.rows.lines
        if isinstance(table.rows, Lines)
        else [line for side in (0, 1) for line in table.rows.lines(side)]
    )
    return table.where & inside & next((line.where for line in lines if line.key == row), NOTHING)


def typed_in(table_set: TableSet, facts) -> openpyxl.Workbook:
    """The form with each fact of a budget typed into its one cell, nothing else."""
    workbook = book(table_set)
    ledger = Ledger(table_set.key, "", "某县", "483", "某局", YEAR[table_set.key], facts=tuple(facts))
    filler = Filler(table_set, ledger, subjects_of(ledger.year))
    for table in table_set.tables:
        kinds = {(r.row, r.column): kind for r, kind in entries(table_set).items() if r.table == table.key}
        filled = filler.fill(with_typed_lines(table, entries(table_set)))
        sheet = sheet_of(workbook, filled.title)
        at = body(sheet)
        if isinstance(table.rows, Tree):
            at += not table.rows.total_last
            codes = [row.key for row in filled.rows if row.key != "total"]
            rows = [row for row in filled.rows if row.key != "total"]
            rows = [row for row in rows if not any(c != row.key and c.startswith(row.key) for c in codes)]
        else:
            rows = list(filled.rows)
        for row in rows:
            written = False
            for position, (column, cell) in enumerate(zip(filled.columns, row.cells, strict=True), 1):
                key = ANY_CODE if isinstance(table.rows, Tree) else row.named(column)
                kind = kinds.get((key, column.key))
                inside = slice_of(table, row.named(column), column.key) & where(fund=Fund.NON_FISCAL)
                beside = total(facts, inside)
                if cell.amount and (kind is Entry.FACT or (kind is Entry.ALL_MONEY and beside)):
                    sheet.cell(at, position).value = cell.amount
                    written = True
            if isinstance(table.rows, Tree):
                if written:
                    for position, column in enumerate(filled.columns, 1):
                        if column.kind is ColumnKind.CODE:
                            sheet.cell(at, position).value = row.cells[position - 1].text
                    at += 1
            else:
                at += 1
    return workbook


def assert_clean(found, facts) -> None:
    assert sorted(found.ledger.facts, key=repr) == sorted(facts, key=repr)
    assert (found.differences, found.suspects, found.unread) == ([], [], [])
    assert found.ledger.wording == {}
    told = [finding.rule for finding in found.findings if finding.rule.startswith("intake-")]
    assert told == ([] if facts else ["intake-empty"])
    assert [fault.rule for fault in found.errors] == told


@pytest.mark.parametrize("table_set", tablesets.SETS.values(), ids=lambda s: s.key)
def test_as_downloaded_it_says_only_that_it_is_empty(table_set):
    found = taken(blank(table_set), table_set)
    assert [table.key for table in found.tables] == [table.key for table in table_set.tables]
    assert [fault.rule for fault in found.findings] == ["intake-empty"]
    assert (found.differences, found.suspects, found.unread) == ([], [], [])
    assert (found.ledger.facts, found.ledger.wording, found.ledger.goals) == ((), {}, ())


@pytest.mark.sweep(1, 8)
@pytest.mark.parametrize("table_set", tablesets.SETS.values(), ids=lambda s: s.key)
@pytest.mark.parametrize("seed", range(6))
def test_a_budget_typed_into_its_white_cells_comes_back(seed, table_set):
    facts = random_facts(seed, table_set.key)
    assert_clean(taken(typed_in(table_set, facts), table_set), facts)


@pytest.mark.slow
def test_the_shanghai_disclosure_typed_into_its_form_comes_back():
    assert_clean(taken(typed_in(SHANGHAI, given_facts()), SHANGHAI), given_facts())


@pytest.mark.parametrize(("table_set", "facts"), [(HEBEI, random_facts(3)), (SHANGHAI, given_facts())])
def test_just_the_cells_that_hold_facts_are_white(table_set, facts):
    workbook, before = typed_in(table_set, facts), book(table_set)
    for sheet, empty in zip(workbook.worksheets, before.worksheets, strict=True):
        for row, lines in zip(sheet.iter_rows(), empty.iter_rows(), strict=True):
            for cell, was in zip(row, lines, strict=True):
                if cell.value != was.value:
                    assert was.fill.fgColor.rgb != GREY
                    assert any(cell.coordinate in v.sqref for v in sheet.data_validations.dataValidation)


@pytest.mark.sweep(0, 2)
@needs_calc
@pytest.mark.parametrize(
    ("table_set", "facts"),
    [(HEBEI, ()), (SHANGHAI, ()), (HEBEI, random_facts(5)), (SHANGHAI, given_facts())],
    ids=["hebei blank", "shanghai blank", "hebei", "shanghai"],
)
def test_and_so_it_is_after_libreoffice_saved_it(table_set, facts, tmp_path: Path):
    typed_in(table_set, facts).save(tmp_path / "填报表.xlsx")
    saved = converted(tmp_path / "填报表.xlsx", "xlsx", tmp_path / "saved")
    found = taken(saved, table_set)
    assert_clean(found, facts)
    again = openpyxl.load_workbook(saved)
    assert sum(len(sheet.data_validations.dataValidation) for sheet in again.worksheets) > 50


def test_records_typed_into_the_annex_forms_come_back():
    wanted = sample_taken(WORD).ledger
    workbook = book(HEBEI)
    organization = sheet_of(workbook, "部门机构设置情况")
    for n, record in enumerate(wanted.organizations):
        for column, name in enumerate(("name", "nature", "rank", "funding"), 1):
            organization.cell(body(organization) + n, column).value = getattr(record, name)
    form = sheet_of(workbook, "（项目名称）绩效目标表")
    for goal in wanted.goals:
        sheet = workbook.copy_worksheet(form)
        sheet["A1"] = form["A1"].value.replace("（项目名称）", goal.project)
        sheet["B3"] = "\n".join(goal.goals)
        for n, indicator in enumerate(goal.indicators):
            for column, name in enumerate(
                ("dimension", "aspect", "name", "description", "target", "basis"), 1
            ):
                sheet.cell(body(form) + n, column).value = getattr(indicator, name) or None
    assets = sheet_of(workbook, "部门固定资产占用情况表")
    listing = HEBEI.annex("fixed_assets")
    for n, line in enumerate(listing.lines):
        record = next((a for a in wanted.assets if line.members == (a.item,)), None)
        if record:
            assets.cell(body(assets) + n, 2).value = record.quantity
            assets.cell(body(assets) + n, 3).value = record.book_value / 10_000
    found = taken(workbook, HEBEI)
    assert (found.unread, found.differences, found.ledger.wording) == ([], [], {})
    assert found.ledger.organizations == wanted.organizations
    assert found.ledger.goals == wanted.goals
    assert found.ledger.assets == wanted.assets
    assert Part.PROCUREMENTS not in found.parts


@pytest.mark.slow
def test_a_form_without_amounts_clears_none_of_a_draft():
    form = book(HEBEI)
    sheet = sheet_of(form, "部门机构设置情况")
    sheet.cell(body(sheet), 1).value = "某局"
    found = taken(form, HEBEI)
    assert (found.parts, found.families) == ({Part.ORGANIZATIONS}, frozenset())
    assert Part.FACTS in taken(typed_in(HEBEI, random_facts(1)), HEBEI).parts


def test_a_goal_table_that_does_not_name_its_project_is_said():
    workbook = book(HEBEI)
    form = sheet_of(workbook, "（项目名称）绩效目标表")
    form.cell(body(form), 3).value = "办结率"
    (entry,) = taken(workbook, HEBEI).unread
    assert (entry.sheet, entry.cell, entry.text) == ("项目绩效目标表", "A1", "（项目名称）绩效目标表")
    assert "项目" in entry.why


@pytest.mark.slow
def test_a_total_that_was_typed_all_the_same_is_compared():
    facts = random_facts(1)
    workbook = typed_in(HEBEI, facts)
    sheet = sheet_of(workbook, "部门预算一般公共预算财政拨款支出表")
    at = body(sheet)
    assert sheet.cell(at, 3).value == "合计"
    sheet.cell(at, 4).value = 1
    found = taken(workbook, HEBEI)
    assert {(d.table, d.cell, d.given) for d in found.differences} == {
        ("general_public_expenditure", f"D{at}", "1.00")
    }
    assert {s.cell for s in found.suspects} == {f"D{at}"}


@pytest.mark.slow
def test_without_the_line_that_says_so_a_blank_total_differs():
    facts = random_facts(1)
    workbook = typed_in(HEBEI, facts)
    sheet = sheet_of(workbook, "部门预算一般公共预算财政拨款支出表")
    assert "由系统推出" in sheet["A2"].value
    sheet["A2"] = None
    assert {d.table for d in taken(workbook, HEBEI).differences} == {"general_public_expenditure"}


def test_an_amount_among_the_instructions_is_listed():
    workbook = book(HEBEI)
    workbook["填表说明"]["D4"] = 12.5
    assert "12.5" in {entry.text for entry in taken(workbook, HEBEI).unread}


@pytest.mark.parametrize("table_set", tablesets.SETS.values(), ids=lambda s: s.key)
def test_every_cell_that_is_typed_says_what_goes_there(table_set):
    units = {table.title.replace("{year}", str(YEAR[table_set.key])): table for table in table_set.tables}
    for sheet in book(table_set).worksheets[1:]:
        entered = sheet.data_validations.dataValidation
        assert entered
        for entry in entered:
            assert 0 < len(entry.promptTitle) <= 32
            assert 0 < len(entry.prompt) <= 255
            assert entry.showInputMessage
        table = units.get(sheet["A1"].value)
        if isinstance(table, Table):
            amounts = [entry for entry in entered if entry.prompt.startswith("单位：")]
            assert all(
                entry.prompt.startswith(f"单位：{table.unit or table_set.unit}。") for entry in amounts
            )


def test_what_may_be_typed():
    sheet = sheet_of(book(HEBEI), "部门预算一般公共预算财政拨款支出表")
    at = body(sheet) + 1
    checks = {
        column: next(v for v in sheet.data_validations.dataValidation if f"{column}{at}" in v.sqref)
        for column in "BDE"
    }
    assert checks["B"].formula1 == f"AND(LEN(B{at})=7,ISNUMBER(VALUE(B{at})))"
    assert checks["E"].formula1 == f"AND(ISNUMBER(E{at}),E{at}>=0,ROUND(E{at},2)=E{at})"
    assert (checks["D"].type, checks["D"].prompt) == (None, "不用填，由系统推出。")
    assert checks["E"].errorStyle in (None, "stop")


def test_the_same_bytes_every_time():
    made = [template_workbook(HEBEI, year=2023, unit_code="483", unit_name="某局") for _ in range(2)]
    assert made[0] == made[1]


def test_the_typed_cells_of_a_set_are_one_for_each_fact():
    printed = [
        (leaf.word, table.key)
        for table in HEBEI.tables
        for leaf in table.leaves()
        if isinstance(leaf.word, Amount | Field)
    ]
    found = entries(HEBEI)
    assert len(found) == len({(ref.table, ref.row, ref.column) for ref in found}) < len(printed) * 2
    revenue = [ref for ref in found if ref.column == "revenue" and ref.row == "general_public"]
    assert [ref.table for ref in revenue] == ["fiscal_balance"]  # the balance prints it again


def test_a_unit_without_a_name_gets_its_form_too():
    content = template_workbook(replace(SHANGHAI), year=2025)
    assert taken(content, SHANGHAI).ledger.facts == ()
