"""Last year's text made this year's: what the checks can tie becomes live, what they cannot stays as typed and is told.

Nothing is guessed: an amount is tied by the words that it is called by and by its value; two cells that fit both leave it untied.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from budgets.domain.documents import Document
from budgets.domain.figures import Known, same
from budgets.domain.ledgers import Narrative
from budgets.domain.passages import lines_of
from budgets.domain.quantities import plain_digits
from budgets.domain.sheets import Filler
from budgets.sentences.amount_ties import NO_CELL, OTHER, AmountTies, full_unit
from budgets.sentences.bound_changes import FINAL, SHARES, UNTIED_CHANGE, BoundChanges, place_of
from budgets.sentences.cell_names import CellNames
from budgets.sentences.chapter_edits import ChapterEdits, Reread
from budgets.sentences.comparisons import ACTUAL, COMPARING, DIRECTION, PERCENTAGE, REASON
from budgets.sentences.moving_years import years_in
from budgets.sentences.record_figures import with_goals
from budgets.sentences.references import LAST
from budgets.sentences.statements import QUOTED_TEXTS, Said, stated
from budgets.sentences.unusual_words import Offer, offers_in

PLANS = {"performance"}  # chapters that are a plan of the year: read again as a whole
WHOLE_PLAN = "这一章写的是去年的目标和措施，请逐条核对"
REASONS = "增减原因写的是去年的，请核对或改写"
DECIDED_YEAR = "“{0}”是不是要改，请看一看"
COUNTS = "“{0}”等数量请按今年的情况核对"
COUNT = re.compile(r"(?<![\d.,])\d+\s*(?:辆|台|套|家|人|名|个|项|平方米)")
GOAL_COUNT = re.compile(r"绩效目标的?项目[^。；;\d]*(?P<count>\d+)\s*[个项]")


@dataclass(frozen=True, slots=True)
class Bound:
    """A chapter with live references, what must be read again in it, and words that are offered in standard form."""

    text: str
    reread: tuple[Reread, ...] = ()
    offers: tuple[Offer, ...] = ()


class Binder:
    """Binds the chapters of one disclosure. `previous` are the tables of the year before it, where the system has them."""

    def __init__(
        self, filler: Filler, document: Document, previous: tuple[Filler, Document] | None = None
    ) -> None:
        self.ledger = filler.ledger
        self.year = filler.ledger.year
        self.names = CellNames(filler, document)
        self.ties = AmountTies(self.names, filler.ledger, filler.set.text_unit or filler.set.unit)
        self.then = CellNames(*previous) if previous else None
        self.last: Mapping[str, Known] = self.then.figures.known if self.then else {}

    def bind(self, narrative: Narrative) -> Bound:
        """The chapter as a following year starts from it."""
        page = ChapterEdits(narrative)
        if narrative.key not in QUOTED_TEXTS:
            self._figures(page)
            self._counts(page)
            _reasons(page)
        self._years(page)
        whole = [Reread("", WHOLE_PLAN)] * (narrative.key in PLANS and bool(narrative.text.strip()))
        offers = offers_in(narrative.text, self.names.figures.items)
        return Bound(page.text(), (*whole, *page.reread()), tuple(offers))

    def _figures(self, page: ChapterEdits) -> None:
        """Amounts first, then what is said of them: each comparison needs the amount before it."""
        amounts = list(stated(page.narrative, self.year, self.names.figures))
        changes = BoundChanges(page, amounts, self.ties, self.year, self.then)
        for one in (one for one in amounts if one.own):
            self._own(page, changes, one)
        changes.flat()
        for one in amounts:
            if one.quantity.change:
                changes.change(one)
            elif not one.own and place_of(one) not in changes.taken:
                self._last(page, changes, one)
        changes.percentages(self.last)

    def _own(self, page: ChapterEdits, changes: BoundChanges, one: Said) -> None:
        """An amount of the document's own year."""
        at = place_of(one)
        end = at + len(one.quantity.text)
        if not page.free(at, end):
            return
        tie = self.ties.tie(one)
        if tie.why:
            page.mark(at, tie.why)
        if tie.figure:
            changes.tied[at] = tie.figure
            page.put(at, end, f"[[{self.names.name_of(tie.figure)}{tie.places}]]{tie.unit}")

    def _last(self, page: ChapterEdits, changes: BoundChanges, one: Said) -> None:
        """An amount of the year before: live where it is the budget's."""
        at, quantity = place_of(one), one.quantity
        end = at + len(quantity.text)
        if not page.free(at, end):
            return
        figure, before = changes.meant(one), quantity.year == self.year - 1
        then = self.then.same_in(figure) if self.then and figure else None
        if ACTUAL.search(quantity.sentence) and before:
            page.mark(at, FINAL.format(quantity.text))
        elif figure is None or not before:
            page.mark(at, NO_CELL.format(quantity.text))
        elif then is not None and not same(quantity, then):
            page.mark(at, OTHER.format(quantity.text, f"上年{figure.label}", self.ties.shown(then)))
        else:
            page.put(at, end, f"[[{self.names.name_of(figure)}·{LAST}]]{full_unit(one)}")

    def _counts(self, page: ChapterEdits) -> None:
        """How many projects have goals, and numbers of things, which no table prints."""
        goals = len(with_goals(self.ledger))
        for start, line in lines_of(page.narrative):
            text = plain_digits(line)
            told = GOAL_COUNT.search(text)
            if told and goals and int(told["count"]) == goals:
                page.put(start + told.start("count"), start + told.end("count"), "[[绩效目标项目数]]")
            for match in COUNT.finditer(text):
                if page.free(start + match.start(), start + match.end()):
                    page.mark(start + match.start(), COUNTS.format(match[0]))

    def _years(self, page: ChapterEdits) -> None:
        for start, line in lines_of(page.narrative):
            for first, last, reference in years_in(line, self.year):
                if not page.free(start + first, start + last):
                    continue
                if reference:
                    page.put(start + first, start + last, reference)
                elif page.narrative.key not in QUOTED_TEXTS:
                    page.mark(start + first, DECIDED_YEAR.format(line[first : last + 1]))


def _reasons(page: ChapterEdits) -> None:
    """Reasons, percentages and comparisons that nothing has made live."""
    known = {page.sentence(place) for place, _ in page.marks}
    for start, line in lines_of(page.narrative):
        text = plain_digits(line)
        compares = any(start <= e.start < start + len(text) and "·" in e.new for e in page.edits)
        for match in REASON.finditer(text):
            if DIRECTION.search(text) or compares:
                page.mark(start + match.start(), REASONS)
        for match in PERCENTAGE.finditer(text):
            if page.free(start + match.start(), start + match.end()):
                page.mark(start + match.start(), SHARES.format(match[0]))
        _comparisons(page, start, text, known)


def _comparisons(page: ChapterEdits, start: int, text: str, known: set[tuple[int, int]]) -> None:
    """The first comparison of each sentence that nothing made live, up to the direction that it speaks of."""
    said = [(start + match.start(), start + match.end()) for match in DIRECTION.finditer(text)]
    for match in COMPARING.finditer(text):
        at, end = start + match.start(), start + match.end()
        sentence = page.sentence(at)
        if sentence in known or not page.free(at, end):
            continue
        n = bisect_left(said, (end, end))
        if n < len(said) and said[n][1] <= sentence[1] and page.free(*said[n]):
            known.add(sentence)
            page.mark(at, UNTIED_CHANGE.format(page.plain[at : said[n][1]]))
