"""Workbooks of every table set hold numbers that look as printed, text that stays text, and sums that come out."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from budgets import tablesets
from budgets.domain.documents import Cell, Column, ColumnKind, Document, Sheet
from budgets.rendering.cell_numbers import number_format, number_in
from budgets.rendering.workbook.xlsx import workbook
from tests.makers.documents import CASES, document_of, every_document, random_document
from tests.makers.libreoffice import converted, needs_calc

from .printed_numbers import shown

MONEY = Column("amount", ("金额",), ColumnKind.AMOUNT)
# What a transcribed file may print, the amount read from it, and the number that goes into files.
PRINTS = (
    ("31,214,205.80", "31214205.80", "31214205.80"),
    ("0.00", "0.00", "0.00"),
    ("0", None, "0"),
    ("", "0.00", "0.00"),
    ("", None, None),
    ("-5.00", "-5.00", "-5.00"),
    ("(5.00)", "-5.00", "-5.00"),
    ("（1,005.00）", "-1005.00", "-1005.00"),
    ("−5.00", "-5.00", "-5.00"),
    ("12.35", "12.3456", "12.3456"),
    ("12.34", "12.3450", "12.34"),
    ("007", None, "007"),
    ("无", None, None),
    ("—", None, None),
    ("12.00 13.00", "12.00", None),
    ("12.00\n13.00", None, None),
)


def places(document: Document) -> Iterator[tuple[Sheet, Column, Cell, object]]:
    """Every body cell of the document beside its cell of the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(document)))
    for sheet, target in zip(document.sheets(), book.worksheets, strict=True):
        first = target.max_row - len(sheet.rows) - len(sheet.notes) + 1
        for r, row in enumerate(sheet.rows):
            for c, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True)):
                yield sheet, column, cell, target.cell(first + r, c + 1)


@cache
def placed(table_set: str, kind: str) -> list[tuple[Sheet, Column, Cell, object]]:
    return list(places(document_of(table_set, kind)))


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def otherwise(cells) -> list[tuple[str, str, str]]:
    """Cells that do not look as printed; no number format has full-width digits."""
    seen = [
        (sheet.key, plain(cell.text), shown(out.value, out.number_format)) for sheet, _, cell, out in cells
    ]
    return [(key, text, look) for key, text, look in seen if plain(look) != text]


@pytest.mark.sweep(1)
@every_document
def test_every_cell_looks_as_printed(table_set, kind):
    assert otherwise(placed(table_set, kind)) == []


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", tablesets.SETS)
@pytest.mark.parametrize("seed", range(5))
def test_cells_of_random_budgets_look_as_printed(table_set, seed):
    assert otherwise(list(places(random_document(table_set, seed)))) == []


@pytest.mark.sweep(2)
@every_document
def test_amounts_are_numbers_and_words_are_text(table_set, kind):
    wrong = []
    for sheet, column, cell, out in placed(table_set, kind):
        number = number_in(column, cell)
        if number is not None:
            assert (out.data_type, Decimal(str(out.value))) == ("n", number), (sheet.key, cell)
        elif cell.text:
            assert (out.data_type, out.value) == ("s", cell.text), (sheet.key, cell)
            wrong += [cell.text] if column.kind is ColumnKind.AMOUNT else []
    assert [text for text in wrong if any(map(str.isdigit, text))] == []  # a dash is no amount
    if kind != "empty":
        amounts = [out for _, column, _, out in placed(table_set, kind) if column.kind is ColumnKind.AMOUNT]
        assert sum(out.data_type == "n" and out.value is not None for out in amounts) > 10


def first_level(sheet, row, column) -> bool:
    """Whether a row is a 类; of two lists beside each other each has its own codes."""
    codes = [n for n, each in enumerate(sheet.columns) if each.kind is ColumnKind.CODE]
    if sum(each.kind is ColumnKind.CAPTION for each in sheet.columns) < 2:
        return row.level == 1
    own = max(n for n in codes if n < sheet.columns.index(column))
    return len(row.cells[own].text) == 3


@pytest.mark.sweep(1)
@every_document
def test_the_first_level_adds_up_to_the_total(table_set, kind):
    """In every table with a 合计 over 类, as a reader's SUM would find it."""
    added = 0
    sums: dict[tuple[str, str], list[Decimal]] = {}
    rows = {(sheet.key, id(cell)): row for sheet in document_of(table_set, kind).tables for row in sheet.rows for cell in row.cells}  # fmt: skip
    for sheet, column, cell, out in placed(table_set, kind):
        row = rows.get((sheet.key, id(cell)))
        coded = ColumnKind.CODE in {c.kind for c in sheet.columns}
        if row is None or not coded or column.kind is not ColumnKind.AMOUNT or cell.amount is None:
            continue
        both = sums.setdefault((sheet.key, column.key), [Decimal(0), Decimal(0)])
        if row.total or first_level(sheet, row, column):
            both[0 if row.total else 1] += Decimal(str(out.value))
    for (table, column), (total, parts) in sums.items():
        if kind == "real" and total != parts:
            continue  # what a real disclosure printed wrongly stays as it was; see test_amounts_are_numbers…
        assert total == parts, (table, column)
        added += 1
    assert added or kind == "empty"


@pytest.mark.sweep(2)
@every_document
def test_no_text_becomes_a_formula(table_set, kind):
    with zipfile.ZipFile(io.BytesIO(workbook(document_of(table_set, kind)))) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert parts
    assert not [part for part in parts if re.search(rb"<f[ >/]", part)]
    if kind == "entered" and tablesets.get(table_set).annexes:
        texts = {cell.text for _, _, cell, _ in placed(table_set, kind)}
        assert any(text.startswith(tuple("=+-@")) for text in texts)


@pytest.mark.sweep(2)
@every_document
def test_a_cell_that_names_several_rows_reaches_over_them_and_no_other_is_merged(table_set, kind):
    book = openpyxl.load_workbook(io.BytesIO(workbook(document_of(table_set, kind))))
    for sheet, target in zip(document_of(table_set, kind).sheets(), book.worksheets, strict=True):
        groups = [c for c, column in enumerate(sheet.columns, 1) if column.kind is ColumnKind.GROUP]
        first = target.max_row - len(sheet.rows) - len(sheet.notes) + 1
        assert not [area for area in target.merged_cells.ranges if area.size == {"rows": 1, "columns": 1}]
        covered = {
            (row, area.min_col)
            for area in target.merged_cells.ranges
            for row in range(area.min_row + 1, area.max_row + 1)
        }
        for r, row in enumerate(sheet.rows):
            for c in groups:
                assert ((first + r, c) in covered) == (not row.cells[c - 1].text), (sheet.key, r, c)


@pytest.mark.parametrize(("text", "amount", "number"), PRINTS)
def test_what_a_file_prints_becomes_its_number(text, amount, number):
    cell = Cell(text, None if amount is None else Decimal(amount))
    found = number_in(MONEY, cell)
    assert found == (None if number is None else Decimal(number))
    if found is not None:
        assert shown(found, number_format(found, text)) == text


def test_a_number_longer_than_a_workbook_holds_stays_text():
    long = "12,345,678,901,234,567.89"
    sheet = document_of("shanghai_2023", "entered").tables[0]
    row = replace(sheet.rows[0], cells=(sheet.rows[0].cells[0], Cell(long, Decimal("12345678901234567.89")), *sheet.rows[0].cells[2:]))  # fmt: skip
    changed = replace(
        document_of("shanghai_2023", "entered"), tables=(replace(sheet, rows=(row,)),), chapters=()
    )
    outs = [out.value for _, _, cell, out in places(changed) if cell.text == long]
    assert outs == [long]


def test_the_second_reading_tells_a_wrong_format():
    """The negative control: another format looks otherwise."""
    assert shown(Decimal("31214205.80"), "0.00") != "31,214,205.80"
    assert shown(Decimal(0), "0.00") != ""


@pytest.mark.sweep(0, 2)
@needs_calc
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_libreoffice_shows_the_same_and_sums_it(table_set, tmp_path):
    """A program of another hand shows each cell as printed, and its SUM over a column is that of the amounts."""
    for kind in (kind for name, kind in CASES if name == table_set and kind != "empty"):
        document = document_of(table_set, kind)
        book = openpyxl.load_workbook(io.BytesIO(workbook(document)))
        wanted = []
        for sheet, target in zip(document.sheets(), book.worksheets, strict=True):
            first = target.max_row - len(sheet.rows) - len(sheet.notes) + 1
            last, foot = first + len(sheet.rows) - 1, target.max_row + 2
            body = [[plain(cell.text) for cell in row.cells] for row in sheet.rows]
            sums = []
            for c, column in enumerate(sheet.columns):
                if column.kind is ColumnKind.AMOUNT and sheet.rows:
                    letter = get_column_letter(c + 1)
                    target.cell(foot, c + 1).value = f'=TEXT(SUM({letter}{first}:{letter}{last}),"0.00")'
                    numbers = [number_in(column, row.cells[c]) for row in sheet.rows]
                    sums.append(f"{sum((n for n in numbers if n is not None), Decimal(0)):.2f}")
            wanted.append((target.title, first, body, foot, sums))
        folder = tmp_path / kind
        folder.mkdir()
        book.save(folder / "book.xlsx")
        converted(
            folder / "book.xlsx",
            "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,true,false,false,-1",
            folder,
        )
        files = {file.stem.removeprefix("book-"): file for file in folder.glob("*.csv")}
        for title, first, body, foot, sums in wanted:
            with files[title].open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file, delimiter="\t"))
            read = [[plain(text) for text in row] for row in rows[first - 1 : first - 1 + len(body)]]
            read = [row[: len(sheet_row)] for row, sheet_row in zip(read, body, strict=True)]
            assert read == body, (kind, title)
            if sums:
                assert [cell for cell in rows[foot - 1] if cell] == sums, (kind, title)
