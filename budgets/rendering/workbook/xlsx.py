"""A document as a workbook: one sheet per table as printed, statutory and annex tables alike.

The same document gives the same bytes: no clock, no person, fixed times inside the archive.
"""

import io
import re
import zipfile
from datetime import datetime

from openpyxl import Workbook

from budgets.domain.documents import Document
from budgets.rendering.workbook.worksheets import draw, legal

LONGEST_NAME = 31  # of a sheet, in Excel
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
NEVER = datetime(2000, 1, 1)  # stands where the format demands a time
ARCHIVE_TIME = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def workbook(document: Document) -> bytes:
    """The workbook's bytes: a sheet for every table in document order."""
    book = Workbook()
    book.remove(book.worksheets[0])
    names: set[str] = set()
    for sheet in document.sheets():
        draw(book.create_sheet(sheet_name(sheet.title, names)), sheet, document.unit_name)
    return saved(book, f"{document.unit_name}{document.title}", document.unit_name)


def saved(book: Workbook, title: str, creator: str) -> bytes:
    """The bytes of a workbook: the same for the same content."""
    properties = book.properties
    properties.title = legal(title)
    properties.creator = legal(creator)
    properties.created = NEVER
    out = io.BytesIO()
    book.save(out)
    return _repacked(out.getvalue())


def sheet_name(title: str, taken: set[str]) -> str:
    """A sheet name that Excel allows and no other sheet has."""
    plain = NOT_IN_A_NAME.sub("", legal(title)).strip("'") or "表"
    name, n = plain[:LONGEST_NAME], 1
    while name in taken:
        n += 1
        name = f"{plain[: LONGEST_NAME - len(str(n)) - 1]}_{n}"
    taken.add(name)
    return name


def _repacked(content: bytes) -> bytes:
    """The same archive with fixed times, so that equal content is equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "docProps/core.xml":
                data = MODIFIED.sub(rb"\g<1>" + NEVER.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\2", data)
            new.writestr(zipfile.ZipInfo(entry.filename, ARCHIVE_TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
