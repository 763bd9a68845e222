"""What a bureau takes along of a year, held against what its departments published: book, archive, consolidated tables.

Each function gives the faults in words, nothing where there are none.
"""

import json
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import accumulate
from pathlib import Path

import openpyxl
import pikepdf

from budgets import ledger
from budgets.domain.codec import encode
from budgets.domain.consolidating import BY_DEPARTMENT
from budgets.domain.snapshots import canonical
from budgets.models import BatchFile, Disclosure, Publication, PublicationStatus, Verdict
from budgets.publishing.folders import revisions
from budgets.publishing.revision_files import PDF
from budgets.workflow.consolidation import Scope
from tests.long.planned_county import NEXT, YEAR, Planned, contained
from tests.makers.summed_payloads import summed
from tests.rendering.bound_books import broken_links, untagged

YUAN = {"元": 1, "万元": 10_000}
FOOT = 2  # pieces of a page that no tag reaches: its number and the words beside it


def published() -> dict[str, tuple[bytes, bytes]]:
    """Payload and PDF of what is public of YEAR, by the department's code."""
    rows = Publication.objects.filter(fiscal_year=YEAR, state__status=PublicationStatus.CURRENT)
    return {
        row.department.code: (bytes(row.content), (revisions() / row.chain_entry / PDF).read_bytes())
        for row in rows.select_related("department").order_by("department__code")
    }


def of_archive(file: Path, pdfs: Sequence[bytes]) -> Iterator[str]:
    """Every published PDF is in the archive, byte by byte, and nothing else."""
    with zipfile.ZipFile(file) as archive:
        if sorted(archive.read(name) for name in archive.namelist()) != sorted(pdfs):
            yield "the archive does not hold the published PDFs"


def of_book(file: Path, county: Sequence[Planned], pdfs: Sequence[bytes]) -> Iterator[str]:
    """Whole, bookmarked and linked to where each department begins, tagged as PDF/UA asks."""
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True)
    if checked.returncode:
        yield f"qpdf --check: {checked.stdout[-300:]}{checked.stderr[-300:]}"
    with pikepdf.open(file) as pdf:
        lengths = [_pages(content) for content in pdfs]
        first = len(pdf.pages) - sum(lengths)
        wanted = [first + before for before in accumulate([0, *lengths[:-1]])]
        with pdf.open_outline() as outline:
            marks = [(mark, pdf.pages.index(pikepdf.Page(mark.destination[0]))) for mark in outline.root]
            behind = [(mark.title, at) for mark, at in marks if at >= first]
            tables = [
                pdf.pages.index(pikepdf.Page(each.destination[0]))
                for mark, at in marks
                if at < first and mark.title != "目录"
                for each in mark.children
            ]
        titles = [f"{each.code} {each.name}" for each in county]
        if behind != list(zip(titles, wanted, strict=True)):
            yield f"bookmarks lead to {behind[:3]} …, departments begin at {wanted[:3]} …"
        if not tables or tables != sorted(set(tables)):
            yield f"bookmarks of the tables lead to {tables}"
        if broken := broken_links(pdf, [*tables, *wanted]):
            yield f"{len(broken)} links lead elsewhere: {broken[:3]}"
        if bare := [(page, pieces) for page, pieces in untagged(pdf) if pieces > FOOT]:
            yield f"{len(bare)} pages have content without a tag: {bare[:3]}"
        with pdf.open_metadata() as told:
            if told.get("pdfuaid:part") != "1" or not pdf.Root.MarkInfo.Marked:
                yield "the book is not marked as PDF/UA"


def pages_of(file: Path) -> int:
    """How many pages a PDF has."""
    return _pages(file.read_bytes())


def _pages(content: bytes) -> int:
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)


def of_sums(
    scope: Scope, county: Sequence[Planned], payloads: dict[str, bytes], workbook: bytes
) -> Iterator[str]:
    """The consolidated tables are the sums of the payloads of whoever counts, as document and as Excel; who is contained is said."""
    inside = contained(county)
    for unit in inside:
        if not any("已含下属单位" in words and unit.name in words for words in scope.words):
            yield f"{unit.name} is inside another's budget, which is not said"
    documents = {document.table_set: document for _, document in scope.documents}
    if {*documents} != {each.table_set for each in county}:
        yield f"sums of {[*documents]}"
    for table_set, document in documents.items():
        own = [payloads[each.code] for each in county if each.table_set == table_set and each not in inside]
        wanted, found = summed(own), summed([canonical({"document": encode(document)})])
        if wrong := [key for key in {*wanted, *found} if wanted.get(key) != found.get(key)]:
            yield f"{table_set}: {len(wrong)} cells of {len(wanted)} are not the sum: {wrong[:3]}"
        sheet = next(each for each in document.sheets() if each.key == BY_DEPARTMENT)
        for column, cell in zip(sheet.columns[2:], sheet.rows[-1].cells[2:], strict=True):
            if (cell.amount or 0) * YUAN[sheet.unit] != (total := three_public(own, column.key)):
                yield f"{table_set}: {column.key} is {cell.amount} {sheet.unit}, the payloads say {total} 元"
    sheets = [sheet for _, document in scope.documents for sheet in document.sheets()]
    shown = [
        [float(cell.amount) for row in sheet.rows for cell in row.cells if cell.amount] for sheet in sheets
    ]
    if money(workbook) != shown:
        yield "the workbook of the sums shows other amounts than the page"


def money(workbook: bytes) -> list[list[float]]:
    """The amounts of each worksheet other than zero, row by row; those have places, numbers of rows have none."""
    book = openpyxl.load_workbook(BytesIO(workbook), read_only=True)
    return [
        [
            float(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, int | float) and cell.value and "." in cell.number_format
        ]
        for sheet in book.worksheets
    ]


def three_public(payloads: Sequence[bytes], key: str) -> Decimal:
    """The figure of that name added up over payloads, in yuan."""
    figures = [each for payload in payloads for each in json.loads(payload)["document"]["figures"]]
    own = (Decimal(each["amount"]) * YUAN[each["unit"]] for each in figures if each["key"] == key)
    return sum(own, Decimal(0))


def of_batch(county: Sequence[Planned]) -> Iterator[str]:
    """Of the files handed in every one has its verdict, and those that fit are drafts of NEXT with what the file says."""
    told = list(BatchFile.objects.order_by("position").values_list("verdict", flat=True))
    fit = [Verdict.TAKEN] * (len(county) - 3)
    if told != [*fit, Verdict.UNKNOWN, Verdict.DOUBLE, Verdict.DIFFERS]:
        yield f"verdicts: {told}"
    drafts = Disclosure.objects.filter(fiscal_year=NEXT).order_by("department__code")
    if [draft.department.code for draft in drafts] != [each.code for each in county[:-3]]:
        yield f"{len(drafts)} drafts"
    if empty := [str(draft) for draft in drafts if not ledger.read(draft).facts]:
        yield f"nothing in {empty[:3]}"
