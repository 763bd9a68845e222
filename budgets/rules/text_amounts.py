"""What the chapters say in figures: each amount with what it can mean, and last year's figures as far as known."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets import tablesets
from budgets.domain.classification import FUNCTION, LENGTHS
from budgets.domain.composing import compose
from budgets.domain.figures import Figures, Known
from budgets.domain.items import LIST_NUMBER
from budgets.domain.ledgers import Narrative
from budgets.domain.paragraphs import LONGEST_TEXT, too_long
from budgets.domain.passages import lines_of, passage
from budgets.domain.places import Passage
from budgets.domain.quantities import Quantity, quantities
from budgets.rules.given_cells import doubtful_cells
from budgets.rules.registry import Case
from budgets.rules.typed_units import mistyped_cells

QUOTED_TEXTS = ("performance", "term_definitions")  # goals and definitions speak of other amounts
WIDEST = LENGTHS[FUNCTION][0]
BEFORE = r"(?:上年|去年|上一年|\d{4}年)(?:度)?(?:预算|决算)?(?:数|执行数)?"
UNCHANGED = re.compile(rf"与{BEFORE}(?:相比)?[，,]?(?:持平|一致|相同)|无增减变化")


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


def figures_of(case: Case) -> Figures:
    """The figures that the text may quote."""
    return Figures(case.document, case.absent)


def speaking(case: Case) -> Iterator[Narrative]:
    """The chapters whose amounts are held against the tables; one that is too long to print is not read first."""
    read = 0
    for narrative in case.ledger.narratives:
        read += len(narrative.text)
        if narrative.key not in QUOTED_TEXTS and not too_long(narrative.text) and read <= LONGEST_TEXT:
            yield narrative


def said(case: Case) -> list[Said]:
    """The amounts of the chapters that speak of the tables, in order."""
    return case.once(_said)


def _said(case: Case) -> list[Said]:
    return list(_each(case, case.once(figures_of)))


def _each(case: Case, figures: Figures) -> Iterator[Said]:
    doubtful = doubtful_cells(case) | mistyped_cells(case)  # told once, as wrong cells
    for narrative in speaking(case):
        for start, line in lines_of(narrative):
            before: Said | None = None
            for quantity in quantities(line, case.ledger.year):
                meant = tuple(figure for figure in figures.meant(quantity) if figure.cell not in doubtful)
                if not meant and before and before.quantity.sentence == quantity.sentence:
                    if UNCHANGED.search(quantity.called):
                        quantity = replace(quantity, year=None)  # 购置费0万元，与2024年预算一致0万元
                        meant = before.figures
                    elif quantity.change:
                        meant = before.figures  # 财政拨款收入100万元，比2024年预算增加5万元
                before = Said(narrative, quantity, meant, start)
                yield before


def earlier(case: Case, narrative: Narrative) -> tuple[int, dict[str, Decimal]] | None:
    """Last year's figures as a chapter quotes them: (year, yuan by figure key); None when it quotes none."""
    year, found = case.once(_earlier).get(narrative.key, (0, {}))
    return (year, found) if found else None


def _earlier(case: Case) -> dict[str, tuple[int, dict[str, Decimal]]]:
    quoted: dict[str, tuple[int, dict[str, Decimal]]] = {}
    for one in said(case):
        if one.quantity.year is not None and not one.quantity.change:
            _, found = quoted.get(one.narrative.key, (0, {}))
            for figure in one.figures[:1]:
                found.setdefault(figure.key, one.quantity.yuan)
            quoted[one.narrative.key] = one.quantity.year, found
    return quoted


def last_year(case: Case) -> Mapping[str, Known]:
    """The figures of last year's disclosure by key; empty when it is not in the system."""
    return case.once(_last_year)


def _last_year(case: Case) -> Mapping[str, Known]:
    if (before := case.last_year) is None:
        return {}
    previous = tablesets.get(before.table_set)
    # No figure is of a narrower code than a 类: so last year's tables print no more rows than that.
    facts = (replace(f, function=f.function[:WIDEST], economic=f.economic[:WIDEST]) for f in before.facts)
    return Figures(compose(previous, replace(before, facts=tuple(facts)), case.subjects)).known
