"""What typed sentences state: each amount with the figures that it can mean. Rules check it, `binding` makes it live."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from budgets.domain.figures import Figures, Known
from budgets.domain.items import LEVEL, LIST_NUMBER, ItemName, item_name
from budgets.domain.ledgers import Narrative
from budgets.domain.passages import lines_of, passage
from budgets.domain.places import CellRef, Passage
from budgets.domain.quantities import Quantity, quantities
from budgets.domain.terms import Stage
from budgets.sentences.comparisons import UNCHANGED

QUOTED_TEXTS = ("performance", "term_definitions")  # goals and definitions speak of other amounts


# What was planned and spent, of whatever the words before speak of.
BARE = re.compile(r"(?:年初预算|全年预算|调整预算|支出决算|决算|执行)(?:数|支出)?(?:为|是)?")
SPENT, PLANNED = re.compile(r"决算|执行数"), re.compile(r"(?:年初|全年|调整)预算")
LONGEST_HEAD = 200  # characters before an amount in which its item is named


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
        final = figures.stage == Stage.FINAL
        items = [match.end() for match in LEVEL.finditer(line)] if final else []
        for quantity in quantities(line, year):
            if items and quantity.item is None and BARE.fullmatch(quantity.called):
                # …行政运行（项）。主要用于…。年初预算为54.53万元，支出决算为54.53万元: of the item that the paragraph is about.
                quantity = replace(quantity, item=_item_before(line, items, quantity.begin))
            meant = tuple(figure for figure in figures.meant(quantity) if figure.cell not in doubtful)
            if quantity.year is None and not quantity.change and _of_other_stage(quantity, figures.stage):
                meant = ()
            if not meant and before and before.quantity.sentence == quantity.sentence:
                if UNCHANGED.search(quantity.called):
                    quantity = replace(quantity, year=None)  # 购置费0万元，与2024年预算一致0万元
                    meant = before.figures
                elif quantity.change:
                    meant = before.figures  # 财政拨款收入100万元，比2024年预算增加5万元
            before = Said(narrative, quantity, meant, start)
            yield before


def _item_before(line: str, items: list[int], place: int) -> ItemName | None:
    """The item named last before a place of a paragraph; `items` are the ends of their names."""
    n = bisect_right(items, place)
    return item_name(line[max(0, items[n - 1] - LONGEST_HEAD) : items[n - 1]]) if n else None


def _of_other_stage(quantity: Quantity, stage: str) -> bool:
    """True for what was spent, told in a budget, and for what was planned, told in a final account: no cell of its own."""
    other = SPENT if stage == Stage.BUDGET else PLANNED
    return bool(other.search(quantity.called))
