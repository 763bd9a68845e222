"""Rules on percentages in words: a share is part of whole, a growth is change of last year (R40, R44)."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.ledgers import Narrative
from budgets.domain.money import money
from budgets.domain.passages import lines_of, passage
from budgets.domain.places import Passage
from budgets.domain.quantities import Percent, percents
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import Said, figures_of, last_year, said, speaking

HUNDRED = Decimal(100)
NEAR = 40  # amounts before a share, one of which may be its whole


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percentage in a chapter with what it can be of: pairs of part and whole in yuan, the likeliest first."""

    narrative: Narrative
    percent: Percent
    pairs: tuple[tuple[Decimal, Decimal], ...]
    start: int  # in the chapter

    @property
    def place(self) -> Passage:
        """Where it stands."""
        return passage(self.narrative, self.start, self.start + len(self.percent.text))

    @property
    def quote(self) -> str:
        """The percentage as a message cites it."""
        return f"“{self.percent.text}”"

    def computed(self, pair: tuple[Decimal, Decimal]) -> Decimal:
        """The percentage of a pair to the places that the text gives."""
        part, whole = pair
        places = Decimal(1).scaleb(int(self.percent.number.as_tuple().exponent))
        return (part / whole * HUNDRED).quantize(places, ROUND_HALF_UP)


def ratios(case: Case) -> list[Ratio]:
    """The percentages of the chapters that speak of the tables, in order."""
    return case.once(_ratios)


def _ratios(case: Case) -> list[Ratio]:
    return list(_each(case))


def _each(case: Case) -> Iterator[Ratio]:
    for narrative in speaking(case):
        amounts = [one for one in said(case) if one.narrative is narrative]
        sentences: dict[str, _Sentence] = {}
        own: list[Said] = []
        for one in amounts:
            sentence = sentences.setdefault(one.quantity.sentence, _Sentence())
            own += [one] * one.own
            sentence.add(one, len(own))
        for start, line in lines_of(narrative):
            for percent in percents(line):
                part, count, change = sentences.get(percent.sentence, _Sentence()).before(percent.at)
                if percent.growth:
                    pairs = _grown(case, percent, part, change)
                else:
                    pairs = _shares(case, percent, part, own[max(0, count - 1 - NEAR) : max(0, count - 1)])
                sound = dict.fromkeys((part, whole) for part, whole in pairs if whole > 0)
                yield Ratio(narrative, percent, tuple(sound), start + percent.begin + percent.at)


class _Sentence:
    """The amounts of one sentence, found by place: the last own one, how many the chapter had by then, the last change."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.last: list[tuple[Said | None, int, Said | None]] = [(None, 0, None)]

    def add(self, one: Said, count: int) -> None:
        if self.places and one.quantity.at < self.places[-1]:  # the same words a second time
            self.places, self.last = [], self.last[:1]
        own, before, change = self.last[-1]
        self.places.append(one.quantity.at)
        self.last.append(
            (one if one.own else own, count if one.own else before, one if one.quantity.change else change)
        )

    def before(self, place: int) -> tuple[Said | None, int, Said | None]:
        return self.last[bisect_left(self.places, place)]


def _shares(
    case: Case, percent: Percent, part: Said | None, before: list[Said]
) -> Iterator[tuple[Decimal, Decimal]]:
    if part is None:
        return
    words = percent.of.strip("的比例重为约 ")
    named = case.once(figures_of).meant(replace(part.quantity, called=words, item=None)) if words else ()
    # 其中：基本支出80万元，占80%: of an amount before it.
    wholes = [figure.yuan for figure in named] or [one.quantity.yuan for one in before]
    yield from ((part.quantity.yuan, whole) for whole in wholes)


def _grown(
    case: Case, percent: Percent, own: Said | None, change: Said | None
) -> Iterator[tuple[Decimal, Decimal]]:
    if change:
        now = [figure.yuan for figure in change.figures[:1]] or ([own.quantity.yuan] if own else [])
        yield from ((change.quantity.yuan, one - change.quantity.yuan * percent.growth) for one in now)
        return
    for figure in own.figures[:1] if own else ():
        if (then := last_year(case).get(figure.key)) is not None:
            yield (figure.yuan - then.yuan) * percent.growth, then.yuan


@rule(
    "text-percent-agrees",
    Severity.WARNING,
    source=CATALOGUE,
    formula="文中占比＝部分÷合计，增长率＝增减额÷上年数",
)
def text_percent_agrees(case: Case, report: Report) -> Found:
    """A percentage in the words follows from the amounts beside it or in the tables."""
    unit = case.table_set.unit
    for ratio in ratios(case):
        computed = [ratio.computed(pair) for pair in ratio.pairs]
        said_ = ratio.percent.number
        if not computed or said_ in computed:
            continue
        nearest = min(computed, key=lambda value: abs(value - said_))
        part, whole = ratio.pairs[computed.index(nearest)]
        step = Decimal(1).scaleb(int(said_.as_tuple().exponent))
        yield report(
            f"“{ratio.percent.text}”与金额{'有尾差' if abs(nearest - said_) <= step else '不符'}："
            f"{money(part, unit)} ÷ {money(whole, unit)}＝{nearest}%，相差 {said_ - nearest} 个百分点。请核对。",
            at=ratio.place,
        )


def untied(case: Case) -> list[Ratio]:
    """The percentages that no amounts answer."""
    return [ratio for ratio in ratios(case) if not ratio.pairs]
