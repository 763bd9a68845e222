"""Rules on percentages in words: a share is part of whole, a growth is change of last year, a completion is spent of planned (R40, R44)."""

from decimal import Decimal

from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.money import money
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import figures_of, last_year, said, speaking
from budgets.sentences.percentages import Pair, Ratio, by_name, ratios_in

TEN_TIMES = (Decimal(10), Decimal(100), Decimal("0.1"), Decimal("0.01"))


def ratios(case: Case) -> list[Ratio]:
    """The percentages of the chapters that speak of the tables, in order."""
    return case.once(_ratios)


def _ratios(case: Case) -> list[Ratio]:
    figures, then, every = case.once(figures_of), last_year(case), said(case)
    named = by_name(every)
    return [
        ratio
        for narrative in speaking(case)
        for ratio in ratios_in(
            narrative, [o for o in every if o.narrative is narrative], figures, then, named
        )
    ]


@rule(
    "text-percent-agrees",
    Severity.WARNING,
    source=CATALOGUE,
    formula="文中占比＝部分÷合计，增长率＝增减额÷上年数，完成率＝决算数÷预算数；上年数为0的没有增长率",
)
def text_percent_agrees(case: Case, report: Report) -> Found:
    """A percentage in the words follows from the amounts beside it or in the tables, within the printed places of all of them."""
    unit = case.table_set.unit
    for ratio in ratios(case):
        said_ = ratio.percent.number
        if ratio.nothing is not None and said_:
            base = "预算数" if ratio.percent.done else "合计" if not ratio.percent.growth else "上年数"
            yield report(
                f"“{ratio.percent.text}”没有基数：{base}{_called(ratio.nothing.words)}为 {money(ratio.nothing.yuan, unit)}，"
                f"算不出百分比 {said_}%。请删去，或改写金额。",
                at=ratio.place,
            )
        if not ratio.pairs or ratio.against or any(map(ratio.agrees, ratio.pairs)):
            continue
        computed = [ratio.computed(pair) for pair in ratio.pairs]
        nearest = min(computed, key=lambda value: abs(value - said_))
        share = not ratio.percent.growth and not ratio.percent.done
        pair = ratio.pairs[0 if share else computed.index(nearest)]  # of a share the likeliest whole
        nearest = ratio.computed(pair)
        step = Decimal(1).scaleb(int(said_.as_tuple().exponent))
        yield report(
            f"“{ratio.percent.text}”与金额{'有尾差' if abs(nearest - said_) <= step else '不符'}："
            f"{money(pair[0].yuan, unit)} ÷ {money(pair[1].yuan, unit)}＝{nearest}%，相差 {said_ - nearest} 个百分点"
            f"{_why(ratio, pair, nearest)}。请核对。",
            at=ratio.place,
        )


def _called(words: str) -> str:
    return f"“{words}”" if words else ""


def _why(ratio: Ratio, pair: Pair, right: Decimal) -> str:
    """What the wrong percentage looks like, where it looks like something; blank elsewhere."""
    said_, (part, whole) = ratio.percent.number, pair
    places = Decimal(1).scaleb(int(said_.as_tuple().exponent))
    if right and any((right * times).quantize(places) == said_ for times in TEN_TIMES):
        return "，像是小数点错了位"
    if ratio.percent.growth:
        now = whole.yuan + part.yuan * ratio.percent.growth
        if now > 0 and (part.yuan / now * 100).quantize(places) == said_:
            return "，像是除以了本年数"
    if ratio.percent.done and any(
        (abs(part.yuan - whole.yuan) / size).quantize(places) == said_ for size in (1, 10_000)
    ):
        return "，像是把两数之差写成了比率"
    return ""


def untied(case: Case) -> list[Ratio]:
    """The percentages that no amounts answer."""
    return [
        ratio for ratio in ratios(case) if not ratio.pairs and ratio.nothing is None and not ratio.against
    ]
