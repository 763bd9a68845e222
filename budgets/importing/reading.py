"""A file of any kind that is understood, as a Source of grids and paragraphs."""

from pathlib import Path
from typing import BinaryIO

from .grids import Source
from .opening import digest, kind_of, load
from .words import read_document
from .workbooks import read_workbook

READERS = {"xlsx": read_workbook, "docx": read_document}


def read(file: str | Path | BinaryIO, name: str = "") -> Source:
    """The blocks of a workbook or Word file, in order. Raises Unreadable with one Chinese sentence."""
    name, content = load(file, name)
    kind = kind_of(name, content)
    return Source(name, kind, digest(content), tuple(READERS[kind](name, content)), content)
