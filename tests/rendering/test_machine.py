"""Fidelity of JSON and CSV: every cell, header, note and word of the sample, and nothing a spreadsheet would run."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from budgets.data.subject_lists import subjects_of
from budgets.domain import snapshots
from budgets.domain.documents import ColumnKind, Row, header_grid
from budgets.importing.pipeline import take_in
from budgets.rendering.data.data_package import BOM, captions, package, safe
from tests.makers.sample_document import SAMPLE, document, expected, expected_paragraphs, expected_tables

TABLES = range(18)


@cache
def payload() -> dict:
    """The JSON that a publication freezes, as any reader would parse it."""
    taken = take_in(
        SAMPLE / "laoting-483-2023-disclosure.docx",
        region="130225",
        unit="483",
        year=2023,
        subjects=subjects_of(2023),
    )
    return json.loads(snapshots.dumps(taken.ledger, document()))


@cache
def sheets() -> list[dict]:
    """The 18 tables of the JSON in document order."""
    printed = payload()["document"]
    inside = [block for chapter in printed["chapters"] for block in chapter["blocks"] if "columns" in block]
    return [*printed["tables"], *inside]


@cache
def archive() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package(document(), revision=1, digest="ab" * 32))) as files:
        return {name: files.read(name) for name in files.namelist()}


def rows(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive()[name].decode("utf-8-sig"), newline="")))


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("n", TABLES)
def test_json_holds_every_cell_in_its_row_and_column(n):
    seen = [[cell.get("text", "") for cell in row["cells"]] for row in sheets()[n].get("rows", [])]
    assert seen == [[folded(text) for text in row] for row in expected_tables()[n]["rows"]]


def test_json_holds_771_cells_and_no_more():
    texts = [cell.get("text") for sheet in sheets() for row in sheet["rows"] for cell in row["cells"]]
    assert sum(map(bool, texts)) == 771


@pytest.mark.parametrize("n", TABLES)
def test_json_holds_heads_lines_and_notes(n):
    sheet, wanted = sheets()[n], expected_tables()[n]
    assert sheet["title"] == folded(wanted["title"])
    assert [column["path"] for column in sheet["columns"]] == [
        [folded(text) for text in path] for path in wanted["columns"]
    ]
    assert sheet["meta"] == [folded(line) for line in wanted["meta"]]
    assert sheet.get("notes", []) == [folded(line) for line in wanted["notes"]]
    goals = [line for _, lines in sheet.get("preface", []) for line in lines]
    assert goals == [folded(line) for line in wanted.get("goals", [])]
    assert sheet.get("numbered", False) == wanted["id"].startswith("T")


def test_json_holds_every_word_in_order():
    chapters = payload()["document"]["chapters"]
    wanted = [section for section in expected()["sections"] if section["kind"] == "chapter"]
    assert [(chapter["number"], chapter["title"]) for chapter in chapters] == [
        (section["number"], folded(section["title"])) for section in wanted
    ]
    blocks = [block for chapter in chapters for block in chapter["blocks"]]
    paragraphs = [folded(block["text"]) for block in blocks if "columns" not in block]
    assert paragraphs == [folded(text) for text in expected_paragraphs()]
    assert len(paragraphs) == 94
    title = next(section for section in expected()["sections"] if section["kind"] == "title")
    assert payload()["document"]["narrative_title"] == folded(title["text"])
    assert folded(payload()["document"]["lead"]) == folded(title["lead"])


def test_json_amounts_are_exact_text():
    for sheet in sheets():
        for row in sheet["rows"]:
            for cell in row["cells"]:
                if "amount" in cell:
                    assert cell["amount"] == str(Decimal(cell["amount"]))


@pytest.mark.parametrize("n", TABLES)
def test_each_table_is_a_csv_of_its_own(n):
    sheet = list(document().sheets())[n]
    head, *body = rows(f"tables/{sheet.key}.csv")
    assert head == captions(sheet.columns)
    assert body == [[folded(text) for text in row] for row in expected_tables()[n]["rows"]]


def test_the_long_csv_holds_every_cell_once():
    head, *body = rows("cells.csv")
    records = [dict(zip(head, row, strict=True)) for row in body]
    keys = {(record["table"], record["row"], record["column"]) for record in records}
    assert (
        len(keys)
        == len(records)
        == sum(len(sheet.rows) * len(sheet.columns) for sheet in document().sheets())
    )
    assert sum(bool(record["amount"] or record["text"]) for record in records) == 771
    for sheet in document().sheets():
        for n, row in enumerate(sheet.rows, 1):
            for c, cell in enumerate(row.cells, 1):
                record = next(
                    r for r in records if (r["table"], r["row"], r["column"]) == (sheet.key, str(n), str(c))
                )
                assert record["amount"] + record["text"] == cell.text
                assert bool(record["unit"]) == (
                    sheet.columns[c - 1].kind == ColumnKind.AMOUNT and bool(sheet.unit)
                )
        break
    total = next(
        r for r in records if r["table"] == "revenue" and r["row"] == "1" and r["column_key"] == "total"
    )
    assert (total["row_caption"], total["column_caption"], total["amount"], total["unit"]) == (
        "合计",
        "合计",
        "990.62",
        "万元",
    )


def test_csv_opens_in_excel_and_wps():
    for name, content in archive().items():
        if name.endswith(".csv"):
            assert content.startswith(BOM)
            assert content.count(b"\n") == content.count(b"\r\n")


def test_the_package_describes_its_files():
    described = json.loads(archive()["datapackage.json"])
    assert described["name"] == "130225-483-2023-budget"
    assert (described["version"], described["payload_sha256"]) == ("1.0.0", "ab" * 32)
    assert {resource["path"] for resource in described["resources"]} == set(archive()) - {"datapackage.json"}
    for resource in described["resources"]:
        content = archive()[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        head, *body = rows(resource["path"])
        assert [field["name"] for field in resource["schema"]["fields"]] == head
        for row in body:
            for field, text in zip(resource["schema"]["fields"], row, strict=True):
                if text and field["type"] == "number":
                    Decimal(text)
                elif text and field["type"] == "integer":
                    int(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_text_is_no_formula_in_csv_and_negative_amounts_stay_numbers(text):
    sheet = document().tables[1]
    cells = tuple(
        replace(cell, text="-5.00", amount=Decimal("-5.00"))
        if column.kind == ColumnKind.AMOUNT
        else replace(cell, text=text, key=text)
        for cell, column in zip(sheet.rows[0].cells, sheet.columns, strict=True)
    )
    columns = (replace(sheet.columns[0], path=(text,)), *sheet.columns[1:])
    changed = replace(sheet, title=text, columns=columns, rows=(Row(text, 0, cells),))
    crafted = replace(document(), tables=(changed,), chapters=(), unit_name=text)
    with zipfile.ZipFile(io.BytesIO(package(crafted))) as files:
        for name in files.namelist():
            if not name.endswith(".csv"):
                continue
            lines = csv.reader(io.StringIO(files.read(name).decode("utf-8-sig"), newline=""))
            cells_read = [cell for line in lines for cell in line]
            assert safe(text) in cells_read
            assert "-5.00" in cells_read
            assert not [
                c for c in cells_read if c.startswith(("=", "+", "-", "@", "\t", "\r")) and c != "-5.00"
            ]


def test_columns_of_one_name_are_told_apart():
    column = document().tables[0].columns[1]
    assert captions((column, column, column)) == ["收入/项目", "收入/项目/2", "收入/项目/3"]
    assert len(header_grid(document().tables[0].columns)) == 2


def test_the_same_document_gives_the_same_bytes():
    assert package(document(), revision=1) == package(document(), revision=1)
