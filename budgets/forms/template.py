"""The workbook that a department fills in: the tables of a set as printed, white where something is typed.

Which cells are typed is asked of `importing`, so that the form and its reader cannot drift apart.
"""

from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from budgets.domain.classification import ECONOMIC, LENGTHS, Subjects
from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.ledgers import Goal, Ledger
from budgets.domain.places import CellRef
from budgets.domain.sheets import Filler
from budgets.domain.tables import Amount, Field, Listing, Table, TableSet, Tree
from budgets.forms import hints
from budgets.forms.entries import ANY_CODE, Entry, entries
from budgets.forms.form_words import GUIDE, HINT, PROJECT
from budgets.forms.guide import draw_guide
from budgets.forms.validation import Rule, Takes, validate
from budgets.rendering.workbook.worksheets import RULED, draw
from budgets.rendering.workbook.xlsx import saved, sheet_name

# By scheme of codes, or kind of records.
BLANK_ROWS = {"function": 30, "economic": 50, "organizations": 10, "procurements": 20, "goals": 16}
PREFACE_HEIGHT = 64
GREY = PatternFill("solid", fgColor="E7E6E6")
YELLOW = PatternFill("solid", fgColor="FFF4CF")
TEXT_FORMAT = "@"
AMOUNT_FORMAT = "0.00"
LAST_RESORT = "浅黄格只在有财政拨款以外的资金时填。"
GOALS = "项目绩效目标表"


@dataclass(frozen=True, slots=True)
class Form:
    """One table to be filled in. `rules` hold for its body, cell by cell; None where nothing is ever typed."""

    name: str
    sheet: Sheet
    rules: list[list[Rule | None]]
    purpose: str
    hint: str = HINT


def template_workbook(
    table_set: TableSet, *, year: int, unit_code: str = "", unit_name: str = "", region_name: str = ""
) -> bytes:
    """The bytes of the form: a sheet of instructions, then a sheet for each statutory and each annex table.

    As downloaded it is taken in without any finding. Amounts are in the unit that stands above their table.
    """
    goal = Goal(PROJECT, ("",))
    ledger = Ledger(table_set.key, "", region_name, unit_code, unit_name, year, goals=(goal,))
    filler = Filler(table_set, ledger, Subjects())
    book = Workbook()
    guide = book.worksheets[0]
    guide.title = GUIDE
    names = {GUIDE}
    purposes = []
    typed = entries(table_set)
    forms = [_statutory(filler, table, typed) for table in table_set.tables]
    for form in (*forms, *(_annex(filler, annex) for annex in table_set.annexes)):
        name = sheet_name(form.name, names)
        _draw(book.create_sheet(name), form, unit_name)
        purposes.append((name, form.purpose))
    draw_guide(guide, table_set, purposes)
    return saved(book, f"{unit_name}{year}年部门预算公开填报表", unit_name)


def _statutory(filler: Filler, table: Table, typed: dict[CellRef, Entry]) -> Form:
    """The form of a statutory table: fixed lines as printed, empty rows where codes are typed."""
    sheet = filler.fill(table)
    if isinstance(table.rows, Tree):
        blank = [_blank_row(n, sheet) for n in range(BLANK_ROWS[table.rows.scheme])]
        total = [row for row in sheet.rows if row.total] or [_total(table.rows, sheet)]
        rows = [*blank, *total] if table.rows.total_last else [*total, *blank]
        sheet = replace(sheet, rows=tuple(rows), notes=())
    # An empty form has no facts: amounts print blank in every set.
    sheet = replace(sheet, rows=tuple(_emptied(row, sheet) for row in sheet.rows))
    words = {leaf.word.key: leaf.word for leaf in table.leaves()}
    rules = [
        [_statutory_rule(table, sheet, row, column, words[column.key], typed) for column in sheet.columns]
        for row in sheet.rows
    ]
    kinds = {entry for ref, entry in typed.items() if ref.table == table.key}
    if Entry.FACT in kinds:
        purpose = "填写白色格"
    elif kinds:
        purpose = "有财政拨款以外的资金时填写浅黄格；没有的不用填"
    else:
        purpose = "不用填，由其他表推出"
    return Form(table.title.removeprefix("{year}年"), sheet, rules, purpose, _hint(kinds))


def _hint(kinds: set[Entry]) -> str:
    return HINT + (LAST_RESORT if Entry.ALL_MONEY in kinds else "")


def _blank_row(n: int, sheet: Sheet) -> Row:
    return Row(f"blank.{n}", 3, tuple(Cell() for _ in sheet.columns))


def _total(tree: Tree, sheet: Sheet) -> Row:
    """The total of a table that prints none while it is empty."""
    captions = [column.kind is ColumnKind.CAPTION for column in sheet.columns]
    return Row("total", 0, tuple(Cell(tree.total_caption if here else "") for here in captions), total=True)


def _emptied(row: Row, sheet: Sheet) -> Row:
    """The row without amounts and without a serial: a row of codes that is numbered beforehand would hold something."""
    cells = zip(sheet.columns, row.cells, strict=True)
    return replace(
        row, cells=tuple(Cell() if column.kind is ColumnKind.AMOUNT else cell for column, cell in cells)
    )


def _statutory_rule(
    table: Table, sheet: Sheet, row: Row, column: Column, word: Field | Amount, typed: dict[CellRef, Entry]
) -> Rule | None:
    coded = isinstance(table.rows, Tree)
    title = "·".join(column.path[-2:])
    if isinstance(word, Amount):
        key = ANY_CODE if coded and not row.total else row.named(column)
        entry = typed.get(CellRef(table.key, key, column.key))
        if entry is None:
            return Rule(Takes.LEFT, title, hints.LEFT_OUT)
        text = hints.AMOUNT.format(unit=f"单位：{sheet.unit}") if entry is Entry.FACT else hints.ALL_MONEY
        return Rule(Takes.AMOUNT, title, text)
    if not coded or row.total or word.kind is ColumnKind.SERIAL:
        return None
    if word.kind is ColumnKind.CAPTION:
        return Rule(Takes.TEXT, title, hints.NAME)
    assert isinstance(table.rows, Tree)
    digits = word.digits[1] - word.digits[0] if word.digits else LENGTHS[table.rows.scheme][-1]
    help_text = hints.code_hint(table.rows.scheme == ECONOMIC, word.digits, word.caption)
    return Rule(Takes.CODE, title, help_text, digits)


def _annex(filler: Filler, listing: Listing) -> Form:
    """The form of an annex table: fixed lines as printed, or empty rows for records."""
    sheet = filler.annex(listing)[0]
    if not listing.lines:
        rows = tuple(_blank_row(n, sheet) for n in range(BLANK_ROWS[listing.source]))
        sheet = replace(sheet, rows=rows, notes=listing.notes)
    words = {leaf.word.key: leaf.word for leaf in listing.leaves()}
    several = {line.key for line in listing.lines if len(line.members) > 1}
    rules = [
        [_annex_rule(filler.set.unit, column, words[column.key], row, several) for column in sheet.columns]
        for row in sheet.rows
    ]
    purpose = "填写白色格；没有的留空"
    if listing.each:
        sheet = replace(sheet, title=sheet.title.removeprefix("1、"))
        return Form(GOALS, sheet, rules, "每个项目一张：复制本工作表，把标题中的（项目名称）改成项目的名称")
    return Form(sheet.title, sheet, rules, purpose)


def _annex_rule(unit: str, column: Column, word: Field | Amount, row: Row, several: set[str]) -> Rule | None:
    title = "·".join(column.path[-2:])
    if isinstance(word, Amount):
        if word.parts or row.key in several:
            return Rule(Takes.LEFT, title, hints.LEFT_OUT)
        return Rule(Takes.AMOUNT, title, hints.record_hint(column, unit))
    if word.kind is ColumnKind.NUMBER:
        return None if row.key in several else Rule(Takes.NUMBER, title, hints.record_hint(column, unit))
    if word.kind is ColumnKind.CAPTION and row.cells[column.caption].text:
        return None
    return Rule(Takes.TEXT, title, hints.record_hint(column, unit))


def _draw(target: Worksheet, form: Form, owner: str) -> None:
    """Draw the table, colour what is not typed, and put help on every cell that is."""
    drawn = draw(target, form.sheet, owner, hint=form.hint)
    cells: list[tuple[int, int, Rule]] = []
    for row, line in enumerate(form.rules, drawn.body):
        last_resort = any(rule and rule.help == hints.ALL_MONEY for rule in line)
        for position, rule in enumerate(line, 1):
            cell = target.cell(row, position)
            if rule is None:
                cell.fill = GREY
                continue
            cells.append((row, position, rule))
            if rule.takes is Takes.LEFT:
                cell.fill = GREY
            elif last_resort:
                cell.fill = YELLOW
            if rule.takes in (Takes.AMOUNT, Takes.LEFT):
                cell.number_format = AMOUNT_FORMAT
            elif rule.takes in (Takes.CODE, Takes.TEXT):
                cell.number_format = TEXT_FORMAT
    for row in drawn.preface:
        target.row_dimensions[row].height = PREFACE_HEIGHT
        for position in range(1, len(form.sheet.columns) + 1):
            target.cell(row, position).border = RULED
        cells.append((row, 2, Rule(Takes.TEXT, "绩效目标", hints.PREFACE)))
        cells.append((1, 1, Rule(Takes.TEXT, "项目名称", hints.PROJECT_TITLE)))
    validate(target, cells)
