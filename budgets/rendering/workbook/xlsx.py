"""A document as a workbook: one sheet per table as printed, statutory and annex tables alike.

The same document gives the same bytes: no clock, no person, fixed times inside the archive.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from openpyxl import Workbook

from budgets.domain.documents import Document, Sheet
from budgets.rendering.workbook.worksheets import draw, legal

LONGEST_NAME = 31  # of a sheet, in Excel
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
NEVER = datetime(2000, 1, 1)  # stands where the format demands a time
ARCHIVE_TIME = (1980, 1, 1, 0, 0, 0)
# A cell of a worksheet that holds a formula, as openpyxl writes it: without its result.
FORMULA = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v(?: ?/>|></v>)</c>')
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def workbook(document: Document) -> bytes:
    """The workbook's bytes: a sheet for every table in document order."""
    return tables_workbook(document.sheets(), f"{document.unit_name}{document.title}", document.unit_name)


def tables_workbook(sheets: Iterable[Sheet], title: str, owner: str) -> bytes:
    """The bytes of a workbook of these tables, each on a sheet of its own."""
    book = Workbook()
    book.remove(book.worksheets[0])
    names: set[str] = set()
    for sheet in sheets:
        draw(book.create_sheet(sheet_name(sheet.title, names)), sheet, owner)
    return saved(book, title, owner)


def saved(
    book: Workbook, title: str, creator: str, results: Mapping[str, Mapping[str, Decimal]] | None = None
) -> bytes:
    """The bytes of a workbook: the same for the same content.

    `results` are those of its formulas, by the names of sheets and cells: every program then shows a number at once.
    """
    properties = book.properties
    properties.title = legal(title)
    properties.creator = legal(creator)
    properties.created = NEVER
    out = io.BytesIO()
    book.save(out)
    parts = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(book.sheetnames, 1)}
    results = results or {}
    return _repacked(out.getvalue(), {part: results.get(name, {}) for part, name in parts.items()})


def sheet_name(title: str, taken: set[str]) -> str:
    """A sheet name that Excel allows and no other sheet has."""
    plain = NOT_IN_A_NAME.sub("", legal(title)).strip("'") or "表"
    name, n = plain[:LONGEST_NAME], 1
    while name in taken:
        n += 1
        name = f"{plain[: LONGEST_NAME - len(str(n)) - 1]}_{n}"
    taken.add(name)
    return name


def _repacked(content: bytes, results: Mapping[str, Mapping[str, Decimal]]) -> bytes:
    """The same archive with fixed times, so that equal content is equal bytes, and with the results of formulas."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "docProps/core.xml":
                data = MODIFIED.sub(rb"\g<1>" + NEVER.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\2", data)
            if here := results.get(entry.filename):
                data = _with_results(data, here)
            new.writestr(zipfile.ZipInfo(entry.filename, ARCHIVE_TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_results(worksheet: bytes, results: Mapping[str, Decimal]) -> bytes:
    """A worksheet as openpyxl writes it, each formula with its result. Raises KeyError for a formula without one."""
    return FORMULA.sub(lambda cell: cell[1] + f"<v>{results[cell[2].decode()]:f}</v></c>".encode(), worksheet)
