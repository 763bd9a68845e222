"""Which cell each amount of a printed paragraph states: what its words call and its value agrees with, or none."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from budgets.domain.documents import Document
from budgets.domain.figures import Figures, Known, rounded, same
from budgets.domain.ledgers import Narrative
from budgets.domain.places import CellRef
from budgets.domain.terms import Stage
from budgets.sentences.amount_ties import of_agency, settled
from budgets.sentences.cell_names import plain
from budgets.sentences.comparisons import ACTUAL
from budgets.sentences.statements import QUOTED_TEXTS, Said, stated


class Cited(NamedTuple):
    """An amount by its start and end in the paragraph, and the cell that it states; `earlier` is one of the year before."""

    start: int
    end: int
    cell: CellRef
    earlier: bool = False


class CitedCells:
    """Reads the paragraphs of one document, `before` being that of the year before in the same form, where it is public."""

    def __init__(self, document: Document, before: Document | None = None) -> None:
        self.year, self.figures = document.year, Figures(document)
        self.then = Figures(before) if before else None
        self.budget = document.stage == Stage.BUDGET

    def of(self, chapter: str, text: str) -> Iterator[Cited]:
        """The amounts that state a cell, in order: of this year, of last year, and by how much the two differ, which
        leads to last year's. Goals and definitions speak of other amounts."""
        if chapter in QUOTED_TEXTS:
            return
        called: tuple[Known, ...] = ()  # what the amount before it in the sentence can mean
        sentence = 0
        for one in stated(Narrative(chapter, "", text), self.year, self.figures):
            called = (one.figures or called) if one.quantity.begin == sentence else one.figures
            sentence = one.quantity.begin
            figure = self._meant(one, self.figures) if one.own else self._earlier(one, called)
            if figure:
                start = one.where[1]
                yield Cited(start, start + len(one.quantity.text), figure.cell, not one.own)

    def _meant(self, one: Said, among: Figures) -> Known | None:
        """The one figure that the words call and the number is, exactly or but for places left out."""
        agency = of_agency(among.known, plain(one.quantity.called))
        figures = one.figures or ((agency,) if agency else ())
        for agree in (same, rounded):
            found = settled(one, [figure for figure in figures if agree(one.quantity, figure)])
            if found is not None:
                return found if isinstance(found, Known) else None
        return None

    def _earlier(self, one: Said, called: tuple[Known, ...]) -> Known | None:
        """Last year's figure; none of what was spent (决算), with which a budget may compare itself."""
        quantity = one.quantity
        spent = self.budget and ACTUAL.search(quantity.sentence, 0, quantity.at)
        if self.then is None or spent or quantity.year not in (None, self.year - 1):
            return None
        pairs = [(now, self.then.known[now.key]) for now in called if now.key in self.then.known]
        if not quantity.change:
            meant = self.then.meant(quantity) or tuple(before for _, before in pairs)
            return self._meant(replace(one, figures=meant), self.then)
        moved = {
            before.cell: before
            for now, before in pairs
            for agree in (same, rounded)
            if agree(quantity, replace(now, yuan=(now.yuan - before.yuan) * quantity.change))
        }
        return next(iter(moved.values())) if len(moved) == 1 else None
