"""Rules on percentages in words: a share is part of whole, a growth is change of last year (R40, R44)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.findings import Case, Found, Report, Severity, rule
from budgets.domain.ledgers import Narrative
from budgets.domain.places import money
from budgets.domain.quantities import Percent, percents
from budgets.rules.text_amounts import CATALOGUE, QUOTED_TEXTS, Said, figures_of, last_year, said

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percentage in a chapter with what it can be of: pairs of part and whole in yuan, the likeliest first."""

    narrative: Narrative
    percent: Percent
    pairs: tuple[tuple[Decimal, Decimal], ...]
    key: str

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
    for narrative in case.ledger.narratives:
        if narrative.key in QUOTED_TEXTS:
            continue
        amounts = [one for one in said(case) if one.narrative is narrative]
        for line in narrative.text.splitlines():
            for n, percent in enumerate(percents(line)):
                before = [one for one in amounts if one.quantity.sentence == percent.sentence]
                before = [one for one in before if one.quantity.at < percent.at]
                pairs = (
                    _grown(case, percent, before)
                    if percent.growth
                    else _shares(case, percent, before, amounts)
                )
                sound = dict.fromkeys((part, whole) for part, whole in pairs if whole > 0)
                yield Ratio(narrative, percent, tuple(sound), f"{narrative.key}:{percent.text}:{n}")


def _shares(
    case: Case, percent: Percent, before: list[Said], amounts: list[Said]
) -> Iterator[tuple[Decimal, Decimal]]:
    parts = [one for one in before if one.own][-1:]
    for part in parts:
        words = percent.of.strip("的比例重为约 ")
        named = case.once(figures_of).meant(replace(part.quantity, called=words, item=None)) if words else ()
        # 其中：基本支出80万元，占80%: of an amount before it.
        wholes = [figure.yuan for figure in named] or [
            one.quantity.yuan for one in amounts[: amounts.index(part)] if one.own
        ]
        yield from ((part.quantity.yuan, whole) for whole in wholes)


def _grown(case: Case, percent: Percent, before: list[Said]) -> Iterator[tuple[Decimal, Decimal]]:
    own = [one for one in before if one.own][-1:]
    for change in [one for one in before if one.quantity.change][-1:]:
        now = [figure.yuan for figure in change.figures[:1]] or [one.quantity.yuan for one in own]
        yield from ((change.quantity.yuan, one - change.quantity.yuan * percent.growth) for one in now)
        return
    for one in own:
        for figure in one.figures[:1]:
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
            at=ratio.narrative.title,
            key=ratio.key,
        )


def untied(case: Case) -> list[str]:
    """The percentages that no amounts answer, as a message cites them."""
    return [f"“{ratio.percent.text}”" for ratio in ratios(case) if not ratio.pairs]
