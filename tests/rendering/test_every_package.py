"""Data packages of every table set: valid in Frictionless' eyes, and numbers to the plainest reader."""

import csv
import io
import json
import zipfile
from decimal import Decimal
from functools import cache

import pytest

from budgets import tablesets
from budgets.domain.documents import ColumnKind, Document
from budgets.rendering.cell_numbers import number_in
from budgets.rendering.data.data_package import package
from tests.makers.documents import document_of, every_document, random_document


def files_of(document: Document) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package(document, revision=1, digest="ab" * 32))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def files(table_set: str, kind: str) -> dict[str, bytes]:
    return files_of(document_of(table_set, kind))


def records(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def faults(content: dict[str, bytes], folder) -> list[str]:
    """What Frictionless finds wrong with a package; it counts its resources itself."""
    from frictionless import Package

    for name, part in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(part)
    found = Package(str(folder / "datapackage.json"))
    report = found.validate()
    assert report.stats["tasks"] == len(content) - 1
    return [note for row in report.flatten(["resourceName", "rowNumber", "note"]) for note in [str(row)]]


@pytest.mark.checks
@every_document
def test_frictionless_finds_nothing(table_set, kind, tmp_path):
    pytest.importorskip("frictionless")
    assert faults(files(table_set, kind), tmp_path) == []


@pytest.mark.checks
@pytest.mark.parametrize("table_set", tablesets.SETS)
@pytest.mark.parametrize("seed", range(5))
def test_frictionless_finds_nothing_in_random_budgets(table_set, seed, tmp_path):
    pytest.importorskip("frictionless")
    assert faults(files_of(random_document(table_set, seed)), tmp_path) == []


@pytest.mark.checks
def test_frictionless_would_notice(tmp_path):
    """The negative control: one amount with separators, one row twice."""
    pytest.importorskip("frictionless")
    content = dict(files("shanghai_2023", "entered"))
    lines = content["cells.csv"].split(b"\r\n")
    at = next(n for n, line in enumerate(lines) if b",amount," not in line and line.count(b",") > 3 and n > 3)
    content["cells.csv"] = b"\r\n".join([*lines[: at + 1], lines[at], *lines[at + 1 :]])
    name = "tables/balance.csv"
    amount = next(row for row in records(content[name]) if any("." in text for text in row.values()))
    text = next(text for text in amount.values() if "." in text)
    content[name] = content[name].replace(text.encode(), f'"1,{text}"'.encode(), 1)
    found = " ".join(faults(content, tmp_path))
    assert "type is" in found
    assert "the same as in the row" in found


@pytest.mark.sweep(2)
@every_document
def test_a_plain_reader_gets_every_number_in_both_shapes(table_set, kind):
    """`csv` and `float` alone; the exact digits of each cell stand in the long file and in that of its table."""
    content = files(table_set, kind)
    long = {(r["table"], r["row"], r["column"]): r for r in records(content["cells.csv"])}
    seen = 0
    for sheet in document_of(table_set, kind).sheets():
        wide = iter(records(content[f"tables/{sheet.key}.csv"]))
        for r, row in enumerate(sheet.rows, 1):
            said = any(cell.text or cell.amount is not None for cell in row.cells)
            line = next(wide) if said else {str(c): "" for c, _ in enumerate(row.cells)}
            for c, (column, cell, text) in enumerate(
                zip(sheet.columns, row.cells, line.values(), strict=True), 1
            ):
                entry = long.pop((sheet.key, str(r), str(c)))
                if column.kind not in (ColumnKind.AMOUNT, ColumnKind.NUMBER):
                    assert (entry["amount"], entry["text"].removeprefix("'")) == ("", cell.text)
                    continue
                number = number_in(column, cell)
                assert text == entry["amount"] == ("" if number is None else f"{number:f}")
                assert entry["text"].removeprefix("'") == ("" if number is not None else cell.text)
                if text:
                    assert float(text) == float(Decimal(text))
                    seen += 1
        assert list(wide) == []
    assert long == {}
    assert seen > 10 or kind == "empty"


@pytest.mark.sweep(1)
@every_document
def test_codes_keep_their_zeros(table_set, kind):
    document = document_of(table_set, kind)
    entries = records(files(table_set, kind)["cells.csv"])
    assert {r["unit_code"] for r in entries} <= {document.unit_code}
    codes = {
        cell.text
        for sheet in document.sheets()
        for row in sheet.rows
        for column, cell in zip(sheet.columns, row.cells, strict=True)
        if column.kind is ColumnKind.CODE and cell.text
    }
    assert codes <= {r["text"] for r in entries}
    kinds = json.loads(files(table_set, kind)["datapackage.json"])["resources"][0]["schema"]["fields"]
    assert {f["name"]: f["type"] for f in kinds}["unit_code"] == "string"


@every_document
def test_the_package_says_whose_data_it_is(table_set, kind):
    described = json.loads(files(table_set, kind)["datapackage.json"])
    document = document_of(table_set, kind)
    assert described["sources"][0]["title"].startswith(document.unit_name)
    assert described["contributors"] == [{"title": document.unit_name, "role": "publisher"}]
    assert "licenses" not in described  # nobody has said which
    assert described["resources"][0]["schema"]["primaryKey"] == ["table", "row", "column"]
    assert ("照录" in described["description"]) == document.transcribed
