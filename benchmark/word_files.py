"""A disclosure as the Word file that a department publishes: title, chapters, tables with merged heads."""

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.document import Document as Word

from budgets.domain.documents import Column, Document, Paragraph, Sheet
from budgets.domain.numerals import numeral

MADE = (2026, 1, 1, 0, 0, 0)  # of every part, so that the same disclosure gives the same bytes


def word_file(document: Document) -> bytes:
    """The bytes of a .docx, the same for the same document."""
    word = docx.Document()
    made = datetime(*MADE, tzinfo=UTC)
    word.core_properties.created = word.core_properties.modified = made
    word.add_paragraph(
        document.narrative_title or f"{document.unit_name}{document.year}年部门预算信息公开情况说明"
    )
    for n, chapter in enumerate(document.chapters, 1):
        word.add_paragraph(f"{numeral(n)}、{chapter.title.partition('、')[2] or chapter.title}")
        for block in chapter.blocks:
            if isinstance(block, Paragraph):
                word.add_paragraph(block.text)
    for sheet in document.tables:
        _table(word, sheet)
    out = io.BytesIO()
    word.save(out)
    return _still(out.getvalue())


def _table(word: Word, sheet: Sheet) -> None:
    word.add_paragraph(sheet.title)
    for line in sheet.meta:
        word.add_paragraph(line)
    deep = max(len(column.path) for column in sheet.columns)
    table = word.add_table(deep + len(sheet.rows), len(sheet.columns))
    _heads(table, sheet.columns, deep)
    for r, row in enumerate(sheet.rows, deep):
        cells = table.rows[r].cells
        for c, cell in enumerate(row.cells):
            if cell.text:
                cells[c].text = cell.text
    for note in sheet.notes:
        word.add_paragraph(note)


def _heads(table: object, columns: tuple[Column, ...], deep: int) -> None:
    for level in range(deep):
        c = 0
        while c < len(columns):
            path = columns[c].path
            if level >= len(path):
                c += 1
                continue
            last = c
            if level < len(path) - 1:
                while last + 1 < len(columns) and columns[last + 1].path[: level + 1] == path[: level + 1]:
                    last += 1
            bottom = deep - 1 if level == len(path) - 1 else level
            cell = table.cell(level, c)  # type: ignore[attr-defined]
            if (bottom, last) != (level, c):
                cell = cell.merge(table.cell(bottom, last))  # type: ignore[attr-defined]
            cell.text = path[level]
            c = last + 1


def _still(content: bytes) -> bytes:
    """The package with one time for all its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, MADE), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
