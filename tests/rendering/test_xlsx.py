"""Fidelity of the workbook: every cell, header, note and line of the sample in its place; text never a formula."""

import io
import re
import zipfile
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from budgets.domain.documents import Cell, ColumnKind, Document, Row
from budgets.rendering.workbook.xlsx import workbook
from tests.makers.sample_document import document, expected_tables

TABLES = range(18)
DANGEROUS = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(1)",
    '=HYPERLINK("http://x")',
    "\t=1",
    "'=1",
    "＝1",
    "=",
    "{=1}",
    "#REF!",
)


@dataclass
class Read:
    """A sheet as read back: its lines above, header paths, 栏次, body texts, notes."""

    title: str
    meta: list[str]
    goals: list[str]
    heads: list[list[str]]
    numbers: list[str]
    body: list[list[str]]
    notes: list[str]


@cache
def content() -> bytes:
    return workbook(document())


@cache
def book():
    return openpyxl.load_workbook(io.BytesIO(content()))


def printed(cell) -> str:
    """A cell as Excel shows it with its number format."""
    if cell.value is None:
        return ""
    if cell.data_type == "n":
        places = len(cell.number_format.partition(".")[2]) if cell.number_format != "General" else 0
        return f"{Decimal(str(cell.value)):.{places}f}"
    assert cell.data_type == "s"
    return cell.value


def merged(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Each cell under a merge -> the cell that holds its text."""
    return {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


@cache
def read(n: int) -> Read:
    sheet = book().worksheets[n]
    held = merged(sheet)
    first, last = (int(row.strip("$")) for row in sheet.print_title_rows.split(":"))
    width = len(document_sheets()[n].columns)
    rows = {
        at: [printed(sheet.cell(at, column)) for column in range(1, width + 1)]
        for at in range(1, sheet.max_row + 1)
    }
    numbered = rows[last][0] == "栏次"
    depth = range(first, last + (0 if numbered else 1))
    heads: list[list[str]] = []
    for column in range(1, width + 1):
        places = dict.fromkeys(held.get((row, column), (row, column)) for row in depth)
        heads.append([printed(sheet.cell(*place)) for place in places])
    below = {at: texts for at, texts in rows.items() if at > last}
    over = {at for at in below if (at, 2) in held}
    above = [at for at in range(2, first) if any(rows[at])]
    goals = [rows[at][1] for at in above if (at, 2) in held or rows[at][0] == "绩效目标"]
    return Read(
        title=rows[1][0],
        meta=[text for at in above if (at, 2) not in held for text in rows[at] if text],
        goals=goals,
        heads=heads,
        numbers=rows[last] if numbered else [],
        body=[texts for at, texts in below.items() if at not in over],
        notes=[texts[0] for at, texts in below.items() if at in over],
    )


@cache
def document_sheets():
    return list(document().sheets())


def folded(text: str) -> str:
    return " ".join(text.split())


def test_one_sheet_for_each_of_the_eighteen_tables():
    assert [read(n).title for n in TABLES] == [folded(table["title"]) for table in expected_tables()]
    assert len(book().worksheets) == 18


@pytest.mark.parametrize("n", TABLES)
def test_every_cell_stands_in_its_row_and_column(n):
    assert read(n).body == [[folded(text) for text in row] for row in expected_tables()[n]["rows"]]


def test_771_cells_say_something_and_no_more():
    assert sum(bool(cell) for n in TABLES for row in read(n).body for cell in row) == 771


@pytest.mark.parametrize("n", TABLES)
def test_header_paths_and_column_numbers(n):
    wanted = expected_tables()[n]
    assert read(n).heads == [[folded(text) for text in path] for path in wanted["columns"]]
    counted = ["栏次", *map(str, range(1, len(wanted["columns"])))] if wanted["id"].startswith("T") else []
    assert read(n).numbers == counted


@pytest.mark.parametrize("n", TABLES)
def test_lines_above_and_below(n):
    wanted = expected_tables()[n]
    assert read(n).meta == [folded(line) for line in wanted["meta"]]
    assert read(n).goals == [folded(line) for line in wanted.get("goals", [])]
    assert read(n).notes == [folded(line) for line in wanted["notes"]]


def test_amounts_are_numbers_and_blank_is_blank():
    for n, sheet in enumerate(document_sheets()):
        target = book().worksheets[n]
        start = target.max_row - len(sheet.rows) - len(sheet.notes) + 1
        for r, row in enumerate(sheet.rows):
            for c, cell in enumerate(row.cells):
                out = target.cell(start + r, c + 1)
                if sheet.columns[c].kind == ColumnKind.AMOUNT:
                    assert (out.value is None) == (cell.text == "")
                    if cell.text:
                        assert (out.data_type, out.number_format) == ("n", "0.00")
                elif sheet.columns[c].kind == ColumnKind.CODE and cell.text:
                    assert (out.data_type, out.value) == ("s", cell.text)


def test_pages_are_set_up_for_print():
    for n, sheet in enumerate(document_sheets()):
        target = book().worksheets[n]
        assert target.page_setup.orientation == ("landscape" if sheet.wide else "portrait")
        assert target.page_setup.fitToWidth == 1
        assert target.sheet_properties.pageSetUpPr.fitToPage
        assert target.print_title_rows
        assert all(dimension.width >= 8 for dimension in target.column_dimensions.values())


def with_text(text: str) -> Document:
    """The sample with one text in every caption, title and note of its first table."""
    sheet = document().tables[0]
    cells = tuple(replace(cell, text=text) if not cell.amount else cell for cell in sheet.rows[0].cells)
    changed = replace(
        sheet, title=text, meta=(text,), notes=(text,), rows=(Row("1", 1, cells), *sheet.rows[1:])
    )
    return replace(document(), tables=(changed, *document().tables[1:]), unit_name=text)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    content = workbook(with_text(text))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert len(sheets) == 18
        assert not [name for name in sheets if re.search(rb"<f[ >/]", archive.read(name))]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    texts = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(texts) >= 4
    assert {cell.data_type for cell in texts} == {"s"}


def test_left_to_itself_the_library_would_make_it_a_formula():
    """The negative control: the test above fails for a plain assignment."""
    target = openpyxl.Workbook()
    target.active["A1"] = "=1+1"
    out = io.BytesIO()
    target.save(out)
    assert openpyxl.load_workbook(io.BytesIO(out.getvalue())).active["A1"].data_type == "f"


def test_what_no_workbook_can_hold_is_left_out():
    content = workbook(with_text("控制\x00符\x08号"))
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A1"].value == "控制符号"


def test_the_same_document_gives_the_same_bytes():
    assert workbook(document()) == content()
    with zipfile.ZipFile(io.BytesIO(content())) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_sheets_of_one_title_get_names_of_their_own():
    sheet = document().tables[0]
    title = "一个" * 30 + "[表]"
    twins = tuple(replace(sheet, title=title, rows=(Row("1", 1, (Cell(),) * 5),)) for _ in range(12))
    names = openpyxl.load_workbook(io.BytesIO(workbook(replace(document(), tables=twins)))).sheetnames[:12]
    assert len(set(names)) == 12
    assert all(len(name) <= 31 and "[" not in name for name in names)
