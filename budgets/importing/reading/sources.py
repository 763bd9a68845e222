"""A file of any kind that is understood, as a Source of grids and paragraphs."""

from pathlib import Path
from typing import BinaryIO

from budgets.confined.children import Progress
from budgets.importing.reading.docx_body import read_document
from budgets.importing.reading.grids import Source
from budgets.importing.reading.opening import digest, kind_of, load
from budgets.importing.reading.pdf_child import read_pdf
from budgets.importing.reading.workbooks import read_workbook

READERS = {"xlsx": read_workbook, "docx": read_document}


def read(file: str | Path | BinaryIO, name: str = "", progress: Progress | None = None) -> Source:
    """The blocks of a workbook, Word file or PDF, in order. Raises Unreadable with one Chinese sentence.

    `progress` is told of each page of a PDF, the only kind that takes long.
    """
    name, content = load(file, name)
    kind = kind_of(name, content)
    if kind == "pdf":
        blocks, unread = read_pdf(name, content, progress)
        return Source(name, kind, digest(content), blocks, content, unread)
    return Source(name, kind, digest(content), tuple(READERS[kind](name, content)), content)
