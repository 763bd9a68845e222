"""Findings beside the amounts and words that they are about, and where on a page a place is."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from budgets.domain.certificates import Certificate, Told
from budgets.domain.documents import Chapter, Document, Paragraph, Sheet
from budgets.domain.places import CellRef, Passage, Place, TablePlace, parsed
from budgets.rendering.imprint import Marks

FEW = 4  # cells of a finding that are marked: a sum of more is told by its own line alone


def marks_of(document: Document, certificate: Certificate | None) -> Marks:
    """The marks of every finding that has a printed cell or quoted words; the first of several on one cell."""
    sheets = {sheet.key: sheet for sheet in document.sheets()}
    cells: dict[str, str] = {}
    words: dict[str, dict[tuple[str, int], str]] = defaultdict(dict)
    for told in _told(certificate):
        for place in places_of(told)[:FEW]:
            if isinstance(place, CellRef) and (cell := cell_anchor(sheets, place)):
                cells.setdefault(cell, told.anchor)
            elif isinstance(place, Passage) and place.quote:
                words[place.chapter].setdefault((place.quote, place.nth), told.anchor)
    return Marks(
        cells,
        {key: tuple((*quoted, anchor) for quoted, anchor in found.items()) for key, found in words.items()},
    )


def places_of(told: Told) -> list[Place]:
    """The place of a finding and its further cells."""
    return [parsed(told.at), *map(parsed, told.cells)]


def page_anchor(document: Document, place: Place) -> str:
    """The anchor of a place on the disclosure's page; blank where nothing there is just that place."""
    sheets = {sheet.key: sheet for sheet in document.sheets()}
    if isinstance(place, CellRef):
        return cell_anchor(sheets, place)
    if isinstance(place, TablePlace):
        return place.table if place.table in sheets else ""
    if isinstance(place, Passage):
        return f"chapter-{place.chapter}" if any(c.key == place.chapter for c in document.chapters) else ""
    return ""


def cell_anchor(sheets: dict[str, Sheet], cell: CellRef) -> str:
    """The address of a printed cell; blank when it is not printed."""
    if (sheet := sheets.get(cell.table)) is None:
        return ""
    c = next((c for c, column in enumerate(sheet.columns) if column.key == cell.column), None)
    if c is None:
        return ""
    rows = (r for r, row in enumerate(sheet.rows) if row.named(sheet.columns[c]) == cell.row)
    return next((sheet.cell_id(r, c) for r in rows), "")


def _told(certificate: Certificate | None) -> Iterator[Told]:
    for checked in certificate.checked if certificate else ():
        yield from checked.told


def marked_words(chapter: Chapter, marks: Marks) -> Iterator[list[tuple[str, str]]]:
    """Each paragraph of a chapter in pieces: words, and the address of the mark behind them, blank for none."""
    seen: Counter[str] = Counter()
    for block in chapter.blocks:
        if not isinstance(block, Paragraph):
            continue
        behind: dict[int, str] = {}
        for quote, nth, anchor in marks.words.get(chapter.key, ()):
            starts = [match.end() for match in re.finditer(re.escape(quote), block.text)]
            if 0 <= (here := nth - 1 - seen[f"{nth} {quote}"]) < len(starts):
                behind.setdefault(starts[here], f"checks/#{anchor}")
            seen[f"{nth} {quote}"] += len(starts)
        cuts = sorted({0, *behind, len(block.text)})
        yield [(block.text[start:end], behind.get(end, "")) for start, end in pairwise(cuts)]
