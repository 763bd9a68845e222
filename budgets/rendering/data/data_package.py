"""A document for machines: the payload as JSON, and its tables as CSV in a Frictionless data package.

Numbers are plain decimals, however the tables print them; text that a spreadsheet would take for a formula is escaped
by a leading apostrophe. The same document and revision give the same bytes.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from budgets.domain.documents import UNDECLARED_NOTE, Cell, Column, ColumnKind, Document, Sheet
from budgets.domain.snapshots import SCHEMA
from budgets.domain.terms import Stage
from budgets.rendering.cell_numbers import number_in
from budgets.rendering.fixed_archives import packed

BOM = b"\xef\xbb\xbf"  # without it Excel and WPS take UTF-8 for GBK
FORMULA = ("=", "+", "-", "@", "\t", "\r")

LONG = (
    ("region_code", "string", "行政区划代码"),
    ("unit_code", "string", "部门预算编码"),
    ("unit_name", "string", "部门名称"),
    ("fiscal_year", "integer", "预算年度"),
    ("stage", "string", "类别：budget 部门预算，final 部门决算"),
    ("table", "string", "表的标识"),
    ("table_title", "string", "表名"),
    ("row", "integer", "行，从 1 起"),
    ("row_key", "string", "行的标识：科目编码或固定项目"),
    ("row_caption", "string", "行的文字"),
    ("level", "integer", "级次：0 合计，1 类，2 款，3 项"),
    ("column", "integer", "列，从 1 起"),
    ("column_key", "string", "列的标识"),
    ("column_caption", "string", "列标题，自上而下以 / 相连"),
    ("amount", "number", "金额或数量，不带千分位；空白即表中没有数，印成空白的零写 0.00"),
    ("unit", "string", "金额单位"),
    ("text", "string", "表中文字；金额或数量栏中不是数的文字也在这里"),
)
LONG_KEY = ["table", "row", "column"]
TYPES = {ColumnKind.AMOUNT: "number", ColumnKind.NUMBER: "number", ColumnKind.SERIAL: "integer"}
PAYLOAD_SCHEMA = "/disclosure.schema.json"  # its address on the portal


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def package(document: Document, *, revision: int = 0, digest: str = "") -> bytes:
    """The ZIP: `cells.csv` with every cell of every table, `tables/<key>.csv`, and `datapackage.json`."""
    files: dict[str, bytes] = {}
    resources = []
    fields = [{"name": name, "type": kind, "title": title} for name, kind, title in LONG]
    for path, title, schema, rows in (
        ("cells.csv", "全部表格，一行一格", fields, cells(document)),
        *(
            (f"tables/{sheet.key}.csv", sheet.title, schema_of(sheet), wide(sheet))
            for sheet in document.sheets()
        ),
    ):
        files[path] = csv_of([field["name"] for field in schema], rows)
        resources.append(resource(path, title, schema, files[path]))
    resources[0]["schema"]["primaryKey"] = LONG_KEY
    described = _description(document, resources, revision, digest)
    files["datapackage.json"] = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True).encode()
    return packed(files)


def sheet_csv(sheet: Sheet) -> bytes:
    """One table as CSV: a head of one line, plain numbers, the rows that say something."""
    return csv_of(captions(sheet.columns), wide(sheet))


def _description(
    document: Document, resources: list[dict[str, Any]], revision: int, digest: str
) -> dict[str, Any]:
    place = f"{document.region_code}-{document.unit_code}-{document.year}-{document.stage}"
    described: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": place,
        "title": f"{document.unit_name}{document.title}",
        "description": _about(document),
        "sources": [{"title": f"{document.unit_name}：《{document.narrative_title}》"}],
        "contributors": [{"title": document.unit_name, "role": "publisher"}],
        "resources": resources,
    }
    if revision:
        described["version"] = f"{revision}.0.0"
    if digest:
        described |= {"payload_sha256": digest, "payload_format": SCHEMA, "payload_schema": PAYLOAD_SCHEMA}
    return described


def _about(document: Document) -> str:
    """What the data is. No licence is named: whoever publishes has not said which."""
    kind = f"{document.region_name}{document.unit_name}公开的{document.year}年{Stage(document.stage).label}"
    as_published = "照录以前公开的文件，各表与原件相同。" if document.transcribed else ""
    return f"{kind}各表。{as_published}" + (UNDECLARED_NOTE if document.undeclared else "")


def resource(path: str, title: str, schema: list[dict[str, Any]], content: bytes) -> dict[str, Any]:
    name = path.removesuffix(".csv").replace("/", "-").replace("_", "-")
    return {
        "name": name,
        "path": path,
        "title": title,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": schema, "missingValues": [""]},
    }


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return BOM + out.getvalue().encode()


def captions(columns: Iterable[Column]) -> list[str]:
    """One name per column: its header path from top to bottom, numbered where it stands twice."""
    names: list[str] = []
    for column in columns:
        plain = safe("/".join(column.path))
        name, n = plain, 1
        while name in names:
            n += 1
            name = f"{plain}/{n}"
        names.append(name)
    return names


def schema_of(sheet: Sheet) -> list[dict[str, Any]]:
    fields = []
    for name, column in zip(captions(sheet.columns), sheet.columns, strict=True):
        field = {"name": name, "type": TYPES.get(column.kind, "string"), "key": column.key}
        if column.kind == ColumnKind.AMOUNT and sheet.unit:
            field["unit"] = sheet.unit
        fields.append(field)
    return fields


def _value(column: Column, cell: Cell) -> str:
    """A cell for its typed column: a plain number, or blank, where that holds numbers; else its text."""
    if column.kind not in TYPES:
        return safe(cell.text)
    number = number_in(column, cell)
    if number is None or (TYPES[column.kind] == "integer" and (number < 0 or number != int(number))):
        return ""
    return f"{number:f}"


def wide(sheet: Sheet) -> Iterable[list[str]]:
    """The rows that say something: a blank line is a fault in a CSV, and `cells.csv` has the blank cells."""
    for row in sheet.rows:
        values = [_value(column, cell) for column, cell in zip(sheet.columns, row.cells, strict=True)]
        if any(values):
            yield values


def cells(document: Document) -> Iterable[list[str]]:
    """Every body cell; blank ones too, so that a missing row is not mistaken for a blank one."""
    place = [document.region_code, document.unit_code, safe(document.unit_name)]
    when = [str(document.year), document.stage]
    for sheet in document.sheets():
        heads = captions(sheet.columns)
        for n, row in enumerate(sheet.rows, 1):
            for c, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True), 1):
                named = row.cells[column.caption]
                number = _value(column, cell) if TYPES.get(column.kind) == "number" else ""
                yield [
                    *place,
                    *when,
                    sheet.key,
                    safe(sheet.title),
                    str(n),
                    safe(named.key or row.key),
                    safe(named.text),
                    str(row.level),
                    str(c),
                    column.key,
                    heads[c - 1],
                    number,
                    sheet.unit if column.kind == ColumnKind.AMOUNT else "",
                    "" if number else safe(cell.text),
                ]
