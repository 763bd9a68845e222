"""The workbook that a department fills in: the tables of a set as printed, white where something is typed.

Which cells are typed is asked of `importing`, so that the form and its reader cannot drift apart.
"""

from collections.abc import Iterator
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from budgets.domain.classification import Subjects
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import ZERO
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.domain.tables import TableSet
from budgets.forms.annex_sums import annex_sums
from budgets.forms.entries import entries
from budgets.forms.form_words import CALCULATED, GUIDE
from budgets.forms.formulas import Formulas, Placed
from budgets.forms.guide import draw_guide
from budgets.forms.table_forms import annex_forms, draw_form, statutory_form, with_typed_lines
from budgets.rendering.cell_numbers import BLANK_ZERO
from budgets.rendering.workbook.xlsx import saved, sheet_name

type Calculated = dict[str, tuple[str, Decimal]]  # formula and result by cell


def template_workbook(
    table_set: TableSet, *, year: int, unit_code: str = "", unit_name: str = "", region_name: str = ""
) -> bytes:
    """The bytes of the form: a sheet of instructions, then a sheet for each statutory and each annex table.

    As downloaded it is taken in without any finding. Amounts are in the unit that stands above their table.
    """
    ledger = Ledger(table_set.key, "", region_name, unit_code, unit_name, year)
    return _form(table_set, ledger, Subjects(), calculated=False)


def draft_workbook(table_set: TableSet, ledger: Ledger, subjects: Subjects) -> bytes:
    """The form with what a draft says in its typed cells, and formulas with their results in those that follow.

    It comes back as the draft that it was made from, as downloaded and as any program calculates it.
    """
    return _form(table_set, ledger, subjects, calculated=True)


def _form(table_set: TableSet, ledger: Ledger, subjects: Subjects, *, calculated: bool) -> bytes:
    filler = Filler(table_set, ledger, subjects)
    book = Workbook()
    guide = book.worksheets[0]
    guide.title = GUIDE
    names = {GUIDE}
    typed = entries(table_set)
    tables = [with_typed_lines(table, typed) for table in table_set.tables]
    forms = [statutory_form(filler, table, typed) for table in tables]
    annexes = [(annex, form) for annex in table_set.annexes for form in annex_forms(filler, annex)]
    drawn = [
        (
            name := sheet_name(form.name, names),
            form,
            draw_form(book.create_sheet(name), form, ledger.unit_name),
        )
        for form in (*forms, *(form for _, form in annexes))
    ]
    results: dict[str, dict[str, Decimal]] = {}
    if calculated:
        statutory = list(zip(tables, drawn[: len(forms)], strict=True))
        placed = [Placed(name, table, form.sheet, at.body) for table, (name, form, at) in statutory]
        formulas = Formulas(filler, typed, placed)
        for each in placed:
            cells = dict(_statutory_sums(filler, formulas, each))
            results[each.name] = _calculate(book[each.name], cells)
        for (annex, _), (name, form, at) in zip(annexes, drawn[len(forms) :], strict=True):
            results[name] = _calculate(book[name], dict(annex_sums(annex, form.sheet, at.body)))
    purposes = [(name, form.purpose) for name, form, _ in drawn]
    draw_guide(guide, table_set, purposes, CALCULATED if calculated else "")
    title = f"{ledger.unit_name}{ledger.year}年部门预算公开填报表"
    return saved(book, title, ledger.unit_name, results)


def _statutory_sums(
    filler: Filler, formulas: Formulas, at: Placed
) -> Iterator[tuple[str, tuple[str, Decimal]]]:
    """The cells of a statutory table that follow from others, with formula and result.

    All money of which no fiscal table says a part is a number; where there is none beside the fiscal tables' it is blank.
    """
    amounts = {
        (row.key, column.key): cell.amount
        for row in filler.fill(at.table).rows
        for column, cell in zip(at.sheet.columns, row.cells, strict=True)
    }
    for n, row in enumerate(at.sheet.rows):
        for position, column in enumerate(at.sheet.columns, 1):
            if column.kind is not ColumnKind.AMOUNT or row.cells[position - 1].amount:
                continue
            formula, amount = formulas.of(at, n, column), amounts.get((row.key, column.key))
            if formula or (amount and formulas.beside(at, row, column)):
                yield f"{get_column_letter(position)}{at.body + n}", (formula, amount or ZERO)


def _calculate(target: Worksheet, cells: Calculated) -> dict[str, Decimal]:
    """Write formulas, and what has none as a number; the results of the formulas."""
    for at, (formula, amount) in cells.items():
        target[at].value = formula or amount
        target[at].number_format = BLANK_ZERO
    return {at: amount for at, (formula, amount) in cells.items() if formula}
