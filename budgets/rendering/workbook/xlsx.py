"""A document as a workbook: one sheet per table as printed, statutory and annex tables alike.

The same document gives the same bytes: no clock, no person, fixed times inside the archive.
"""

import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from openpyxl import Workbook

from budgets.domain.documents import Document, Sheet
from budgets.rendering.fixed_archives import NEVER, with_fixed_times
from budgets.rendering.workbook.worksheets import draw, legal

LONGEST_NAME = 31  # of a sheet, in Excel
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
# A cell of a worksheet that holds a formula, as openpyxl writes it: without its result.
FORMULA = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v(?: ?/>|></v>)</c>')
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def workbook(document: Document) -> bytes:
    """The workbook's bytes: a sheet for every table in document order."""
    return tables_workbook(document.sheets(), f"{document.unit_name}{document.title}", document.unit_name)


def tables_workbook(sheets: Iterable[Sheet], title: str, owner: str, mark: str = "") -> bytes:
    """The bytes of a workbook of these tables, each on a sheet of its own; `mark` is kept in its keywords."""
    book = Workbook()
    if mark:
        book.properties.keywords = mark
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

    def change(name: str, data: bytes) -> bytes:
        if name == "docProps/core.xml":
            return MODIFIED.sub(rb"\g<1>" + NEVER.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\2", data)
        here = results.get(name)
        return _with_results(data, here) if here else data

    return with_fixed_times(content, change)


def _with_results(worksheet: bytes, results: Mapping[str, Decimal]) -> bytes:
    """A worksheet as openpyxl writes it, each formula with its result. Raises KeyError for a formula without one."""
    return FORMULA.sub(lambda cell: cell[1] + f"<v>{results[cell[2].decode()]:f}</v></c>".encode(), worksheet)
