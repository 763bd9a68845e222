"""Rules on percentages in words: a share is part of whole, a growth is change of last year (R40, R44)."""

from decimal import Decimal

from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.money import money
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import figures_of, last_year, said, speaking
from budgets.sentences.percentages import Ratio, ratios_in


def ratios(case: Case) -> list[Ratio]:
    """The percentages of the chapters that speak of the tables, in order."""
    return case.once(_ratios)


def _ratios(case: Case) -> list[Ratio]:
    figures, then = case.once(figures_of), last_year(case)
    return [
        ratio
        for narrative in speaking(case)
        for ratio in ratios_in(narrative, [o for o in said(case) if o.narrative is narrative], figures, then)
    ]


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
