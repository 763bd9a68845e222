"""What typed sentences state: each amount with the figures that it can mean. Rules check it, `binding` makes it live."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from budgets.domain.figures import Figures, Known
from budgets.domain.items import LIST_NUMBER
from budgets.domain.ledgers import Narrative
from budgets.domain.passages import lines_of, passage
from budgets.domain.places import CellRef, Passage
from budgets.domain.quantities import Quantity, quantities
from budgets.sentences.comparisons import UNCHANGED

QUOTED_TEXTS = ("performance", "term_definitions")  # goals and definitions speak of other amounts


@dataclass(frozen=True, slots=True)
class Said:
    """An amount in a chapter. `figures` are what it can mean; `start` is where its paragraph starts in the chapter."""

    narrative: Narrative
    quantity: Quantity
    figures: tuple[Known, ...]
    start: int

    @property
    def where(self) -> tuple[str, int]:
        """Chapter and offset: no two amounts share them."""
        return self.narrative.key, self.start + self.quantity.begin + self.quantity.at

    @property
    def place(self) -> Passage:
        """Where it stands, known by the words that it is called by, so that it stays when the amount is mended."""
        start, end = self.quantity.lead
        return passage(self.narrative, self.start + start, self.start + end)

    @property
    def own(self) -> bool:
        """True for an amount of this year that is no rise or fall."""
        return self.quantity.year is None and not self.quantity.change

    @property
    def quote(self) -> str:
        """The amount with the words before it, as a message cites them."""
        item = self.quantity.item
        named = str(item) if item and item.names and not self.quantity.part else self.quantity.called
        return f"“{LIST_NUMBER.sub('', named)}{self.quantity.text}”"


def stated(
    narrative: Narrative, year: int, figures: Figures, doubtful: Collection[CellRef] = frozenset()
) -> Iterator[Said]:
    """The amounts of one chapter in order; cells that are `doubtful` are meant by none."""
    for start, line in lines_of(narrative):
        before: Said | None = None
        for quantity in quantities(line, year):
            meant = tuple(figure for figure in figures.meant(quantity) if figure.cell not in doubtful)
            if not meant and before and before.quantity.sentence == quantity.sentence:
                if UNCHANGED.search(quantity.called):
                    quantity = replace(quantity, year=None)  # 购置费0万元，与2024年预算一致0万元
                    meant = before.figures
                elif quantity.change:
                    meant = before.figures  # 财政拨款收入100万元，比2024年预算增加5万元
            before = Said(narrative, quantity, meant, start)
            yield before
