"""A file of any kind that is understood, as a Source of grids and paragraphs."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from budgets.confined.children import Progress
from budgets.importing.reading.csv_sheets import read_csv
from budgets.importing.reading.docx_body import read_document
from budgets.importing.reading.grids import Block, Source, Unread
from budgets.importing.reading.html_tables import read_html
from budgets.importing.reading.opening import digest, kind_of, load
from budgets.importing.reading.pdf_child import read_pdf
from budgets.importing.reading.workbooks import read_workbook
from budgets.importing.reading.xls_sheets import read_xls
from budgets.importing.reading.xml_sheets import read_xml

type ReadPdf = Callable[[str, bytes, Progress | None], tuple[tuple[Block, ...], tuple[Unread, ...]]]

READERS = {
    "xlsx": read_workbook,
    "docx": read_document,
    "xls": read_xls,
    "xml": read_xml,
    "html": read_html,
    "csv": read_csv,
}


def read(
    file: str | Path | BinaryIO, name: str = "", progress: Progress | None = None, pdf: ReadPdf = read_pdf
) -> Source:
    """The blocks of a workbook in whatever format, Word file or PDF, in order. Raises Unreadable with one Chinese sentence.

    `progress` is told of each page of a PDF, the only kind that takes long. It is read in a child process, unless
    the caller is one and `pdf` reads it.
    """
    name, content = load(file, name)
    kind = kind_of(name, content)
    if kind == "pdf":
        blocks, unread = pdf(name, content, progress)
        return Source(name, kind, digest(content), blocks, content, unread)
    blocks = tuple(READERS[kind](name, content))
    # Whatever has worksheets is read and shown as they are.
    return Source(name, kind if kind in ("docx", "html") else "xlsx", digest(content), blocks, content)
