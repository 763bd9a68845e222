"""Percentages in typed sentences with the amounts they can be of: a share of its whole, a growth of last year's amount."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.figures import Figures, Known
from budgets.domain.ledgers import Narrative
from budgets.domain.passages import lines_of, passage
from budgets.domain.places import Passage
from budgets.domain.quantities import Percent, percents
from budgets.sentences.statements import Said

HUNDRED = Decimal(100)
NEAR = 40  # amounts before a share, one of which may be its whole


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percentage in a chapter with what it can be of: pairs of part and whole in yuan, the likeliest first."""

    narrative: Narrative
    percent: Percent
    pairs: tuple[tuple[Decimal, Decimal], ...]
    start: int  # in the chapter
    part: Said | None = None  # the amount before it, of which it is told

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


def ratios_in(
    narrative: Narrative, amounts: Sequence[Said], figures: Figures, then: Mapping[str, Known]
) -> Iterator[Ratio]:
    """The percentages of one chapter in order; `amounts` are all that it states, `then` last year's figures by key."""
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
                pairs = _grown(then, percent, part, change)
            else:
                wholes = own[max(0, count - 1 - NEAR) : max(0, count - 1)]
                pairs = _shares(figures, percent, part, wholes)
            sound = dict.fromkeys((part, whole) for part, whole in pairs if whole > 0)
            yield Ratio(narrative, percent, tuple(sound), start + percent.begin + percent.at, part)


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
    figures: Figures, percent: Percent, part: Said | None, before: Sequence[Said]
) -> Iterator[tuple[Decimal, Decimal]]:
    if part is None:
        return
    words = percent.of.strip("的比例重为约 ")
    named = figures.meant(replace(part.quantity, called=words, item=None)) if words else ()
    # 其中：基本支出80万元，占80%: of an amount before it.
    wholes = [figure.yuan for figure in named] or [one.quantity.yuan for one in before]
    yield from ((part.quantity.yuan, whole) for whole in wholes)


def _grown(
    then: Mapping[str, Known], percent: Percent, own: Said | None, change: Said | None
) -> Iterator[tuple[Decimal, Decimal]]:
    if change:
        now = [figure.yuan for figure in change.figures[:1]] or ([own.quantity.yuan] if own else [])
        yield from ((change.quantity.yuan, one - change.quantity.yuan * percent.growth) for one in now)
    told = change or own
    for figure in told.figures[:1] if told else ():  # to the cent, where the words round
        if (before := then.get(figure.key)) is not None:
            yield (figure.yuan - before.yuan) * percent.growth, before.yuan
