"""Changes, rates and shares of last year's text made live: each belongs to the amount that stands before it."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from budgets.domain.figures import Known, same
from budgets.domain.passages import lines_of
from budgets.domain.quantities import plain_digits
from budgets.sentences.amount_ties import AmountTies, full_unit, settled
from budgets.sentences.cell_names import CellNames, plain
from budgets.sentences.chapter_edits import ChapterEdits
from budgets.sentences.comparisons import (
    ACTUAL,
    CHANGED,
    COMPARING,
    FLAT,
    MOVED,
    ONLY_DIRECTION,
    PERCENTAGE,
    RATE_BEHIND,
)  # fmt: skip
from budgets.sentences.percentages import Ratio, ratios_in
from budgets.sentences.printed_terms import of_cell
from budgets.sentences.references import GROWN
from budgets.sentences.statements import Said

FINAL = "“{0}”是上年决算或执行数，本系统只有预算，请填写"
UNTIED_CHANGE = "“{0}”说的是哪一个数的增减没有写明，请核对后改写"
SHARES = "“{0}”是哪个数占哪个数没有写明，请核对后改写"


def place_of(one: Said) -> int:
    """Where an amount stands in its chapter."""
    return one.where[1]


class BoundChanges:
    """The comparisons of one chapter. `tied` are its amounts that are live, by where they stand."""

    def __init__(
        self, page: ChapterEdits, amounts: Sequence[Said], ties: AmountTies, year: int, then: CellNames | None
    ) -> None:
        self.page, self.amounts, self.ties, self.year, self.then = page, amounts, ties, year, then
        self.tied: dict[int, Known] = {}
        self.owns = [place_of(one) for one in self.amounts if one.own]
        self.taken: set[int] = set()  # amounts that a comparison has swallowed

    def before(self, at: int) -> Known | None:
        """What the last amount in the sentence before a place is tied to; None where it is not."""
        start, _ = self.page.sentence(at)
        places = [place for place in self.owns if start <= place < at and place not in self.taken]
        return self.tied.get(max(places)) if places else None

    def flat(self) -> None:
        """与2024年预算持平: the change of the amount before it."""
        places = [place_of(one) for one in self.amounts]
        for start, line in lines_of(self.page.narrative):
            for match in FLAT.finditer(plain_digits(line)):
                at, end = start + match.start(), start + match.end()
                figure = self.before(at)
                first = bisect_left(places, at)
                inside = self.amounts[first : bisect_left(places, end, first)]
                for one in inside:  # 与2024年预算一致0万元
                    self.taken.add(place_of(one))
                    self.tied.pop(place_of(one), None)
                    self.page.undo(at, end)
                if ACTUAL.search(match["base"]):
                    self.page.mark(at, FINAL.format(match[0]))
                elif (
                    figure is None
                    or self._other_year(match[0])
                    or not self.page.put(
                        at, end, f"[[{self.ties.names.name_of(figure)}·比{self._base(match['base'])}]]"
                    )
                ):
                    self.page.mark(at, UNTIED_CHANGE.format(match[0]))

    def _base(self, base: str) -> str:
        """What is compared with, its year live."""
        return re.sub(r"\d{4}", lambda m: "{上年}" if int(m[0]) == self.year - 1 else m[0], base)

    def _other_year(self, base: str) -> bool:
        """True where words compare with another year than the one before."""
        return any(int(year) != self.year - 1 for year in re.findall(r"\d{4}(?=年)", base))

    def change(self, one: Said) -> None:
        """比2024年预算增加107.62万元, with the rate behind it."""
        at, end = place_of(one), place_of(one) + len(one.quantity.text)
        start, stop = self.page.sentence(at)
        before = self.page.plain[start:at]
        shown = self.page.plain[max(start, at - len(one.quantity.called)) : end]
        direct, loose = CHANGED.search(before), MOVED.search(before)
        figure = self.before(at) or self.meant(one)
        base = direct or next(iter(COMPARING.finditer(before)), None)
        unit = full_unit(one)
        untied = figure is None or base is None or not loose or unit != self.ties.unit
        if untied or figure is None or base is None or self._other_year(base[0]):
            self.page.mark(at, UNTIED_CHANGE.format(shown))
        elif ACTUAL.search(base[0]) or self._from_final(figure):
            self.page.mark(at, FINAL.format(shown))
        elif not self._true(one, figure):
            self.page.mark(at, f"“{shown}”与两年公开的数不符，请核对后改写")
        else:
            rate = RATE_BEHIND.match(self.page.plain[end:stop])
            name = self.ties.names.name_of(figure)
            # A rate of other places than two is left to `percentages`.
            grown = bool(rate and len(rate["rate"].partition(".")[2]) == 2)
            end += rate.end() if rate and grown else 0
            if direct:
                lead = "较" if direct["lead"] == "较" else "比"
                more = f"·{GROWN}" if grown else ""
                reference = f"[[{name}·{lead}{self._base(direct['base'])}{more}]]"
                self.page.put(start + direct.start(), end, reference)
            elif loose:
                more = f"，[[{name}·{GROWN}]]" if grown else ""
                self.page.put(start + loose.start(), end, f"[[{name}·变动]]{more}")
            self.tied[at] = figure

    def meant(self, one: Said) -> Known | None:
        """The one figure that an amount can mean by its words."""
        found = settled(one, list(one.figures))
        return found if isinstance(found, Known) else None

    def _from_final(self, figure: Known) -> bool:
        """True where the chapter quotes last year's final account of the same figure, from which the change is counted."""
        return any(
            other.quantity.year == self.year - 1
            and not other.quantity.change
            and ACTUAL.search(other.quantity.sentence)
            and any(f.key == figure.key or f.cell == figure.cell for f in other.figures)
            for other in self.amounts
        )

    def _true(self, one: Said, figure: Known) -> bool:
        """False where last year's disclosure gives another change."""
        then = self.then.same_in(figure) if self.then else None
        return then is None or same(
            one.quantity, replace(figure, yuan=(figure.yuan - then.yuan) * one.quantity.change)
        )

    def percentages(self, last: Mapping[str, Known]) -> None:
        """Shares and growths; `last` are last year's figures by key."""
        for ratio in ratios_in(self.page.narrative, self.amounts, self.ties.figures, last):
            match = PERCENTAGE.search(self.page.plain, ratio.start, ratio.start + len(ratio.percent.text))
            if match is None or not self.page.free(*match.span()):
                continue
            reference = self._ratio(ratio)
            start = match.start()
            if reference and ratio.percent.growth:
                start = ratio.start
            if not (reference and self.page.put(start, match.end(), reference)):
                self.page.mark(match.start(), SHARES.format(self.page.plain[ratio.start : match.end()]))

    def _ratio(self, ratio: Ratio) -> str:
        """The reference for a percentage, blank where its amounts are not both known."""
        part = self.before(ratio.start)
        digits = len(str(ratio.percent.number).partition(".")[2])
        places = "" if digits == 2 else f"·{digits}位小数"
        if part is None:
            return ""
        if ratio.percent.growth:
            lead = self.page.plain[ratio.start : ratio.start + len(ratio.percent.text)]
            bare = ONLY_DIRECTION.match(lead)
            told = not ratio.pairs or any(ratio.agrees(pair) for pair in ratio.pairs)
            return f"[[{self.ties.names.name_of(part)}·{GROWN}{places}]]" if bare and told else ""
        words = ratio.percent.of.strip("的比例重为约 ")
        if not words or ratio.part is None:
            return ""
        wholes = self.ties.figures.meant(replace(ratio.part.quantity, called=words, item=None))
        true = [w for w in wholes if w.yuan and ratio.agrees((of_cell(part), of_cell(w)))]
        cells = {whole.cell: whole for whole in true}
        if len(cells) > 1:
            cells = {cell: whole for cell, whole in cells.items() if plain(whole.label) in plain(words)}
        return (
            f"[[{self.ties.names.name_of(part)}·占{self.ties.names.name_of(next(iter(cells.values())))}{places}]]"
            if len(cells) == 1
            else ""
        )
