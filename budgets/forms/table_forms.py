"""One table of a form: which of its cells are typed, with help and rules, and how it is drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from budgets.domain.classification import ECONOMIC, LENGTHS
from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.ledgers import Goal
from budgets.domain.places import CellRef
from budgets.domain.sheets import Filler
from budgets.domain.tables import Amount, Balance, Beside, LeafWord, Listing, Table, Tree
from budgets.forms import hints
from budgets.forms.entries import ANY_CODE, Entry
from budgets.forms.form_words import HINT, PROJECT
from budgets.forms.validation import Rule, Takes, validate
from budgets.rendering.workbook.worksheets import RULED, Drawn, draw

# By scheme of codes, or kind of records.
BLANK_ROWS = {
    "function": 30,
    "economic": 50,
    "organizations": 10,
    "procurements": 20,
    "services": 20,
    "unit_rows": 20,
    "projects": 20,
    "goals": 16,
}
PREFACE_HEIGHT = 64
GREY = PatternFill("solid", fgColor="E7E6E6")
YELLOW = PatternFill("solid", fgColor="FFF4CF")
TEXT_FORMAT = "@"
AMOUNT_FORMAT = "0.00"
BLANK = "blank."  # begins the keys of the rows that nobody has typed in yet
FEWEST_BLANK = 5
LAST_RESORT = "浅黄格只在有财政拨款以外的资金时填。"
GOALS = "项目绩效目标表"
ONE_EACH = "每个项目一张：复制本工作表，把标题中的（项目名称）改成项目的名称"


@dataclass(frozen=True, slots=True)
class Form:
    """One table to be filled in. `rules` hold for its body, cell by cell; None where nothing is ever typed."""

    name: str
    sheet: Sheet
    rules: list[list[Rule | None]]
    purpose: str
    hint: str = HINT
    joined: int = 0  # rows from the first in which a cell may reach down over others


def with_typed_lines(table: Table, typed: dict[CellRef, Entry]) -> Table:
    """The table as a form prints it: with the lines that it leaves out while they have no money, where they are typed."""
    rows = table.rows
    if not isinstance(rows, Balance) or not rows.sparing:
        return table
    lines = {line.key for line in rows.right}
    asked = any(ref.table == table.key and ref.row in lines for ref in typed)
    return replace(table, rows=replace(rows, sparing=False)) if asked else table


def statutory_form(filler: Filler, table: Table, typed: dict[CellRef, Entry]) -> Form:
    """The form of a statutory table: fixed lines as printed, rows of the codes with money, and empty ones to type more.

    Amounts stand in the typed cells alone.
    """
    sheet = filler.fill(table)
    if isinstance(table.rows, Tree):
        last = [row for row in sheet.rows if not row.total and _is_last(row, sheet)]
        blank = _blank_rows(sheet, table.rows.scheme, len(last))
        total = [row for row in sheet.rows if row.total] or [_total_row(table.rows, sheet)]
        rows = [*last, *blank, *total] if table.rows.total_last else [*total, *last, *blank]
        sheet = replace(sheet, rows=tuple(rows), notes=())
    words = {leaf.word.key: leaf.word for leaf in table.leaves()}
    rules = [
        [_statutory_rule(table, sheet, row, column, words[column.key], typed) for column in sheet.columns]
        for row in sheet.rows
    ]
    lines = zip(sheet.rows, rules, strict=True)
    coded = isinstance(table.rows, Tree)
    sheet = replace(sheet, rows=tuple(_typed_alone(row, sheet.columns, line, coded) for row, line in lines))
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


def _is_last(row: Row, sheet: Sheet) -> bool:
    """True for a code that stands above no other: its amounts are typed, those above it follow."""
    return not any(other.key != row.key and other.key.startswith(row.key) for other in sheet.rows)


def _blank_rows(sheet: Sheet, kind: str, filled: int) -> list[Row]:
    """Rows to type more into: as many as an empty form has in all, a few at least."""
    cells = tuple(Cell() for _ in sheet.columns)
    return [Row(f"{BLANK}{n}", 3, cells) for n in range(max(BLANK_ROWS[kind] - filled, FEWEST_BLANK))]


def _total_row(tree: Tree, sheet: Sheet) -> Row:
    """The total of a table that prints none while it is empty."""
    captions = [column.kind is ColumnKind.CAPTION for column in sheet.columns]
    return Row("total", 0, tuple(Cell(tree.total_caption if here else "") for here in captions), total=True)


def _typed_alone(row: Row, columns: Sequence[Column], rules: Sequence[Rule | None], coded: bool) -> Row:
    """The row with the amounts that are typed; what follows from them is not typed again, and zero is blank.

    It has no serial where codes are typed: a row that is numbered beforehand would hold something.
    """
    cells = []
    for column, cell, rule in zip(columns, row.cells, rules, strict=True):
        if column.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER):
            typed = rule is not None and rule.takes is Takes.AMOUNT and rule.help != hints.ALL_MONEY
            cells.append(cell if typed and cell.amount else Cell())
        else:
            cells.append(Cell() if coded and column.kind is ColumnKind.SERIAL else cell)
    return replace(row, cells=tuple(cells))


def _statutory_rule(
    table: Table, sheet: Sheet, row: Row, column: Column, word: LeafWord, typed: dict[CellRef, Entry]
) -> Rule | None:
    coded = isinstance(table.rows, Tree)
    title = "·".join(column.path[-2:])
    if isinstance(word, Amount | Beside):
        key = ANY_CODE if coded and not row.total else row.named(column)
        entry = typed.get(CellRef(table.key, key, column.key))
        if entry is None:
            return Rule(Takes.LEFT, title, hints.LEFT_OUT)
        unit = f"单位：{sheet.unit}"
        text = hints.ALL_MONEY if entry is Entry.ALL_MONEY else hints.AMOUNT.format(unit=unit)
        return Rule(Takes.AMOUNT, title, text)
    if not coded or row.total or word.kind is ColumnKind.SERIAL:
        return None
    if word.kind is ColumnKind.CAPTION:
        return Rule(Takes.TEXT, title, hints.NAME)
    assert isinstance(table.rows, Tree)
    digits = word.digits[1] - word.digits[0] if word.digits else LENGTHS[table.rows.scheme][-1]
    help_text = hints.code_hint(table.rows.scheme == ECONOMIC, word.digits, word.caption)
    return Rule(Takes.CODE, title, help_text, digits)


def annex_forms(filler: Filler, listing: Listing) -> Iterator[Form]:
    """The forms of an annex table, where each record has one of its own those of all and an empty one more."""
    for sheet in filler.annex(listing):
        yield _annex_form(filler, listing, sheet)
    if listing.each:
        more = replace(filler.ledger, goals=(Goal(PROJECT, ("",)),))
        (sheet,) = filler.saying(more).annex(listing)
        yield _annex_form(filler, listing, replace(sheet, title=sheet.title.removeprefix("1、")))


def _annex_form(filler: Filler, listing: Listing, sheet: Sheet) -> Form:
    """The form of an annex table: fixed lines as printed, or the records that there are and empty rows for more."""
    filled = len(sheet.rows)
    if not listing.lines:
        rows = (*sheet.rows, *_blank_rows(sheet, listing.source, filled))
        sheet = replace(sheet, rows=rows, notes=sheet.notes if filled else listing.notes)
    if listing.preface and not any(lines for _, lines in sheet.preface):
        sheet = replace(sheet, preface=((listing.preface, ("",)),))
    words = {leaf.word.key: leaf.word for leaf in listing.leaves()}
    several = {line.key for line in listing.lines if len(line.members) > 1} | {
        row.key for row in sheet.rows if row.total
    }
    rules = [
        [_annex_rule(filler.set.unit, column, words[column.key], row, several) for column in sheet.columns]
        for row in sheet.rows
    ]
    if listing.each:
        return Form(GOALS, sheet, rules, ONE_EACH, joined=filled)
    return Form(sheet.title, sheet, rules, "填写白色格；没有的留空", joined=filled)


def _annex_rule(unit: str, column: Column, word: LeafWord, row: Row, several: set[str]) -> Rule | None:
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


def draw_form(target: Worksheet, form: Form, owner: str) -> Drawn:
    """Draw the table, colour what is not typed, and put help on every cell that is."""
    drawn = draw(target, form.sheet, owner, hint=form.hint, joined=form.joined)
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
    return drawn
