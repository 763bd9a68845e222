"""A release that makes data files otherwise says so: what they hold is pinned to the number of their maker."""

import hashlib
import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl

from budgets.domain.documents import Cell, Column, ColumnKind, Document, Row, Sheet
from budgets.publishing import revision_files
from budgets.rendering.data.data_package import package
from budgets.rendering.workbook.xlsx import workbook

# When this fails, raise the number in `revision_files.MAKER` and put the new digests here (decision 0013).
PINNED = ("3", "345c6458dcfd49b2", "eaf6b44438086b15")
COLUMNS = (
    Column("serial", ("序号",), ColumnKind.SERIAL),
    Column("code", ("科目", "编码"), ColumnKind.CODE, 2),
    Column("name", ("科目", "名称"), ColumnKind.CAPTION, 2),
    Column("group", ("类别",), ColumnKind.GROUP, 2),
    Column("amount", ("金额",), ColumnKind.AMOUNT, 2),
    Column("pieces", ("数量",), ColumnKind.NUMBER, 2),
    Column("words", ("备注",), ColumnKind.TEXT, 2),
)


def a_row(n: int, group: str, amount: str | None, printed: str, pieces: str, words: str) -> Row:
    money = Cell(printed, None if amount is None else Decimal(amount))
    texts = (Cell(str(n)), Cell("00123"), Cell(f"名称{n}", key=f"k{n}"), Cell(group))
    return Row(f"k{n}", 1, (*texts, money, Cell(pieces), Cell(words)))


def a_document() -> Document:
    """Every kind of column, every way in which an amount prints."""
    rows = (
        a_row(1, "甲", "31214205.80", "31,214,205.80", "3", "=1+1"),
        a_row(2, "", "-5.00", "-5.00", "0.5", ""),
        a_row(3, "乙", "0.00", "", "", "@"),
        a_row(4, "", None, "—", "", "'"),
        a_row(5, "丙", "0.00", "0.00", "", ""),
    )
    sheet = Sheet(
        "t", 1, "表一", ("单位：元",), COLUMNS, rows, ("注",), "元", True, True, (("目标", ("一", "二")),)
    )
    return Document(
        "set",
        "130225",
        "某县",
        "0483",
        "某局",
        2023,
        "budget",
        (sheet, replace(sheet, key="u")),
        "说明",
        "",
        (),
        (),
    )


def of_workbook(content: bytes) -> str:
    """What a workbook holds, whatever library wrote it: values, kinds, formats, merges."""
    said = hashlib.sha256()
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        cells = [(c.coordinate, str(c.value), c.data_type, c.number_format) for row in sheet for c in row]
        merged = sorted(map(str, sheet.merged_cells.ranges))
        said.update(repr((sheet.title, cells, merged)).encode())
    return said.hexdigest()[:16]


def of_package(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return hashlib.sha256(b"".join(archive.read(n) for n in archive.namelist())).hexdigest()[:16]


def test_what_data_files_hold_changes_with_the_number_of_their_maker():
    number = revision_files.MAKER.partition(",")[0]
    document = a_document()
    made = (number, of_workbook(workbook(document)), of_package(package(document, revision=1)))
    assert made == PINNED


def test_another_print_is_another_content():
    """The negative control: one amount printed without separators changes the workbook, and no number of the CSV."""
    document = a_document()
    row = document.tables[0].rows[0]
    cells = (*row.cells[:4], Cell("31214205.80", Decimal("31214205.80")), *row.cells[5:])
    sheet = replace(document.tables[0], rows=(replace(row, cells=cells), *document.tables[0].rows[1:]))
    other = replace(document, tables=(sheet, document.tables[1]))
    assert of_workbook(workbook(other)) != of_workbook(workbook(document))
    assert of_package(package(other)) == of_package(package(document))
