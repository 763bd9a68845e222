"""Findings beside the amounts and words that they are about, and where on a page a place is."""

from collections import defaultdict
from collections.abc import Iterator

from budgets.domain.addresses import Addressed
from budgets.domain.certificates import Certificate, Told
from budgets.domain.documents import Document
from budgets.domain.places import CellRef, Passage, Place, TablePlace, parsed
from budgets.rendering.imprint import Marks

FEW = 4  # cells of a finding that are marked: a sum of more is told by its own line alone


def marks_of(document: Document, certificate: Certificate | None) -> Marks:
    """The marks of every finding that has a printed cell or quoted words; the first of several on one cell."""
    printed = Addressed(document.sheets())
    cells: dict[str, str] = {}
    words: dict[str, dict[tuple[str, int], str]] = defaultdict(dict)
    for told in _told(certificate):
        for place in places_of(told)[:FEW]:
            if isinstance(place, CellRef) and (cell := printed.of(place)):
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
    sheets = {sheet.key for sheet in document.sheets()}
    if isinstance(place, CellRef):
        return Addressed(document.sheets()).of(place)
    if isinstance(place, TablePlace):
        return place.table if place.table in sheets else ""
    if isinstance(place, Passage):
        return f"chapter-{place.chapter}" if any(c.key == place.chapter for c in document.chapters) else ""
    return ""


def _told(certificate: Certificate | None) -> Iterator[Told]:
    for checked in certificate.checked if certificate else ():
        yield from checked.told
