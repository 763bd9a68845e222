"""Which cell each amount of a printed paragraph states: what its words call and its value agrees with, or none."""

from collections.abc import Iterator
from typing import NamedTuple

from budgets.domain.documents import Document
from budgets.domain.figures import Figures, Known, rounded, same
from budgets.domain.ledgers import Narrative
from budgets.domain.places import CellRef
from budgets.sentences.amount_ties import of_agency, settled
from budgets.sentences.cell_names import plain
from budgets.sentences.statements import QUOTED_TEXTS, Said, stated


class Cited(NamedTuple):
    """An amount by its start and end in the paragraph, and the cell that it states."""

    start: int
    end: int
    cell: CellRef


class CitedCells:
    """Reads the paragraphs of one document."""

    def __init__(self, document: Document) -> None:
        self.year, self.figures = document.year, Figures(document)

    def of(self, chapter: str, text: str) -> Iterator[Cited]:
        """The amounts of this year that state a cell, in order. Goals and definitions speak of other amounts."""
        if chapter in QUOTED_TEXTS:
            return
        for one in stated(Narrative(chapter, "", text), self.year, self.figures):
            figure = self._meant(one) if one.own else None
            if figure:
                start = one.where[1]
                yield Cited(start, start + len(one.quantity.text), figure.cell)

    def _meant(self, one: Said) -> Known | None:
        """The one figure that the words call and the number is, exactly or but for places left out."""
        agency = of_agency(self.figures.known, plain(one.quantity.called))
        figures = one.figures or ((agency,) if agency else ())
        for agree in (same, rounded):
            found = settled(one, [figure for figure in figures if agree(one.quantity, figure)])
            if found is not None:
                return found if isinstance(found, Known) else None
        return None
