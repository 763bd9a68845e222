"""What one change changes: the cells, sentences and named figures in which two documents of one disclosure differ."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from budgets.domain.documents import Chapter, ColumnKind, Document, Paragraph, Sheet

SENTENCE = re.compile(r"(?<=[。；！？])")


@dataclass(frozen=True, slots=True)
class MovedTable:
    """A table with moved cells; `cells` are their rows and columns by key, in printed order."""

    number: int | None
    key: str
    title: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """Everything that moved: tables (annexes too), (chapter, sentence as it would print), labels of named figures."""

    tables: tuple[MovedTable, ...]
    sentences: tuple[tuple[str, str], ...]
    figures: tuple[str, ...]


def moved(before: Document, after: Document) -> Moved:
    """What differs between two documents of one disclosure; a row that comes or goes counts with all its filled cells."""
    old = {sheet.key: sheet for sheet in before.sheets()}
    tables = []
    for sheet in after.sheets():
        cells = tuple(_cells(old[sheet.key], sheet)) if sheet.key in old else ()
        if cells:
            tables.append(MovedTable(sheet.number, sheet.key, sheet.title, cells))
    said = {chapter.key: set(_texts(chapter)) for chapter in before.chapters}
    sentences = [
        (chapter.title, text)
        for chapter in after.chapters
        for text in _texts(chapter)
        if text not in said.get(chapter.key, set())
    ]
    amounts = {figure.key: figure.amount for figure in before.figures}
    figures = [figure.label for figure in after.figures if amounts.get(figure.key) != figure.amount]
    return Moved(tuple(tables), tuple(sentences), tuple(figures))


def _texts(chapter: Chapter) -> Iterator[str]:
    """The sentences of a chapter."""
    for block in chapter.blocks:
        if isinstance(block, Paragraph):
            yield from (part for part in SENTENCE.split(block.text) if part)


def _cells(before: Sheet, after: Sheet) -> Iterator[tuple[str, str]]:
    """The cells that hold another amount, by row and column; of balances the rows are told by their place."""
    amounts = dict(_amounts(before))
    now = dict(_amounts(after))
    places = dict.fromkeys([*now, *amounts])
    yield from (place for place in places if now.get(place) != amounts.get(place))


def _amounts(sheet: Sheet) -> Iterator[tuple[tuple[str, str], object]]:
    """Every cell of money or number that is not blank: zero and blank are the same amount."""
    for row in sheet.rows:
        for cell, column in zip(row.cells, sheet.columns, strict=True):
            if column.kind is ColumnKind.AMOUNT and cell.amount:
                yield (row.key, column.key), cell.amount
            elif column.kind is ColumnKind.NUMBER and cell.text:
                yield (row.key, column.key), cell.text
