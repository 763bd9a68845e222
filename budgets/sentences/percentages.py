"""Percentages in typed sentences with the amounts they can be of: a share of its whole, a growth of last year's amount, a part of a plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.figures import Figures, Known
from budgets.domain.ledgers import Narrative
from budgets.domain.passages import lines_of, passage
from budgets.domain.places import Passage
from budgets.domain.quantities import Percent, percents
from budgets.sentences.comparisons import ACTUAL, SUBJECT_OFF, akin
from budgets.sentences.directions import opposite
from budgets.sentences.moves import before_of, now_of
from budgets.sentences.printed_terms import HUNDRED, Term, of_cell, rate_agrees, term_of
from budgets.sentences.spoken import NEAR, Spoken, is_done, is_plan, place_in_line
from budgets.sentences.statements import Said

NEAR_BASE = 80  # characters before a growth in which its base is named
MOST_NAMED = 5  # amounts of one name that a share may be of
# Figures that divide one whole between them: none is a share of another.
SIDE_BY_SIDE = (
    {"basic", "project"}, {"personnel", "running_costs", "project"}, {"vehicle_purchase", "vehicle_running"},
    {"vehicles", "overseas_visits", "official_hospitality"},
    {"general_public_spent", "government_fund_spent", "state_capital_spent"},
    {"fiscal_appropriation", "service", "business", "superior_subsidy", "affiliate_remittance", "other"},
)  # fmt: skip

type Pair = tuple[Term, Term]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percentage in a chapter with what it can be of: pairs of part and whole, the likeliest first.

    `nothing` is the base where it is 0, of which there is no percentage.
    """

    narrative: Narrative
    percent: Percent
    pairs: tuple[Pair, ...]
    start: int  # in the chapter
    part: Said | None = None  # the amount before it, of which it is told
    against: Said | None = None  # the rise or fall right beside it that goes the other way
    nothing: Term | None = None

    @property
    def place(self) -> Passage:
        """Where it stands."""
        return passage(self.narrative, self.start, self.start + len(self.percent.text))

    @property
    def quote(self) -> str:
        """The percentage as a message cites it."""
        return f"“{self.percent.text}”"

    def computed(self, pair: Pair) -> Decimal:
        """The percentage of a pair to the places that the text gives."""
        part, whole = pair
        places = Decimal(1).scaleb(int(self.percent.number.as_tuple().exponent))
        return (part.yuan / whole.yuan * HUNDRED).quantize(places, ROUND_HALF_UP)

    def agrees(self, pair: Pair) -> bool:
        """True when it is the percentage of a pair, by the printed places of all three."""
        return rate_agrees(self.percent.number, *pair)


type Named = Mapping[str, Sequence[Said]]


def by_name(amounts: Sequence[Said]) -> Named:
    """The amounts of this year by their name without 预算, 支出, …: what a share elsewhere can be of."""
    found: dict[str, list[Said]] = {}
    for one in amounts:
        if one.own and not is_plan(one):
            kept = found.setdefault(essence(one.quantity.called), [])
            if len(kept) < MOST_NAMED:
                kept.append(one)
    return found


def essence(called: str) -> str:
    """A name without what texts add to it."""
    return SUBJECT_OFF.sub("", called).removesuffix("合计").removesuffix("总计")


def ratios_in(
    narrative: Narrative,
    amounts: Sequence[Said],
    figures: Figures,
    then: Mapping[str, Known],
    named: Named | None = None,
) -> Iterator[Ratio]:
    """The percentages of one chapter in order; `amounts` are all that it states, `then` last year's figures by key.

    `named` are the amounts of all chapters by name; without it those of this one.
    """
    named = by_name(amounts) if named is None else named
    first = 0
    own: list[Said] = []
    for start, line in lines_of(narrative):
        last = first
        while last < len(amounts) and amounts[last].start == start:
            last += 1
        spoken = Spoken(start, line, amounts[first:last])
        counted = 0  # of the amounts of this line, those before the percentage
        for percent in percents(line):
            place = percent.begin + percent.at
            while counted < len(spoken.amounts) and spoken.places[counted] < place:
                own += [spoken.amounts[counted]] * spoken.amounts[counted].own
                counted += 1
            yield _Reading(spoken, percent, figures, then, named, own).ratio(narrative)
        own += [one for one in spoken.amounts[counted:] if one.own]
        first = last


class _Reading:
    """One percentage with the amounts around it."""

    def __init__(
        self,
        spoken: Spoken,
        percent: Percent,
        figures: Figures,
        then: Mapping[str, Known],
        named: Named,
        chapter: Sequence[Said],
    ) -> None:
        self.spoken, self.percent, self.figures, self.then, self.named = spoken, percent, figures, then, named
        self.place = percent.begin + percent.at
        self.clause = spoken.between(spoken.clause(self.place), self.place)
        self.chapter = chapter  # this year's amounts of the chapter so far
        self.own = next((one for one in reversed(self.clause) if one.own and not is_plan(one)), None)

    def ratio(self, narrative: Narrative) -> Ratio:
        percent = self.percent
        if percent.done:
            pairs = list(self._carried_out())
        elif percent.growth:
            change = next((one for one in reversed(self.clause) if one.quantity.change), None)
            if change and self.own and place_in_line(change) < place_in_line(self.own):
                change = None if not akin(change.quantity.called, self.own.quantity.called) else change
            pairs = list(self._grown(change))
        else:
            pairs = list(self._shares())
        sound = dict.fromkeys(pair for pair in pairs if pair[1].yuan > 0)
        nothing = next((whole for part, whole in pairs if not whole.yuan and part.yuan), None)
        return Ratio(
            narrative, percent, tuple(sound), self.spoken.start + self.place,
            next((one for one in reversed(self.clause) if one.own), None),
            opposite(self.spoken, percent, self.place), None if sound else nothing,
        )  # fmt: skip

    def _carried_out(self) -> Iterator[Pair]:
        """支出决算 of 年初预算, both in this period, or in the one before where it opens with the percentage."""
        start, place = self.spoken.period(self.place), self.place
        if start and self.spoken.heads(place, start):
            start = self.spoken.period(start - 1)
        if opened := self.spoken.opener(place, start):
            start = opened[0]
        end = place + len(self.percent.text)
        around = self.spoken.between(start, end)  # 完成年初预算90.00万元的111.11%
        plan = next((one for one in reversed(around) if is_plan(one)), None)
        done = next((one for one in reversed(around) if is_done(one)), None)
        if plan and done:
            yield term_of(done), term_of(plan)

    def _shares(self) -> Iterator[Pair]:
        part = next((one for one in reversed(self.clause) if one.own), None)
        if part is None:
            return
        words = self.percent.of.strip("的比例重为约 ")
        inside = self.spoken.between(self.place, self.place + len(self.percent.text))
        if inside:  # 占本年支出100.00万元的18.94%
            wholes = [term_of(inside[-1])]
        elif words:
            meant = self.figures.meant(replace(part.quantity, called=words, item=None))
            wholes = [of_cell(figure) for figure in meant]
            if not wholes:
                wholes = [term_of(one) for one in self.named.get(essence(words), ()) if one is not part]
        else:
            wholes = [term_of(one) for one in self._divided(part)]
        yield from ((term_of(part), whole) for whole in wholes)

    def _divided(self, part: Said) -> list[Said]:
        """What a bare 占80% can be of: what 其中 divides, else an amount before it that is not side by side with it."""
        at = place_in_line(part)
        heads = [
            head
            for opened, _ in reversed(self.spoken.openers(at, self.spoken.period(at)))
            if (head := self.spoken.head_before(opened)) and head is not part
        ]
        if heads:
            return list(dict.fromkeys(heads))
        before = [one for one in reversed(self.chapter[-NEAR - 1 :]) if one is not part]
        fitting = [o for o in before if o.quantity.yuan >= part.quantity.yuan and not _side_by_side(o, part)]
        # 差旅10.00万元、会议10.00万元，各占33.33%: of what nobody says; only a figure of the tables speaks against it.
        return [
            o for o in fitting if o.figures or rate_agrees(self.percent.number, term_of(part), term_of(o))
        ]

    def _grown(self, change: Said | None) -> Iterator[Pair]:
        """A change of what was before: as the text has both, this year's less the change, or last year's disclosure."""
        sign = self.percent.growth
        now = now_of(self.spoken, self.place, change)
        before = before_of(self.spoken, self.place, now)
        if change and before:
            yield term_of(change).times(change.quantity.change * sign), term_of(before)
        if change:
            changed = term_of(change).times(change.quantity.change)
            for one in [of_cell(figure) for figure in change.figures[:1]] or ([term_of(now)] if now else []):
                yield changed.times(sign), one - changed
        elif now and before:
            yield (term_of(now) - term_of(before)).times(sign), term_of(before)
        told = change or self.own
        near = max(self.spoken.clause(self.place), self.place - NEAR_BASE)
        clause = self.spoken.text[near : self.place]
        for figure in told.figures[:1] if told and not ACTUAL.search(clause) else ():
            if (then := self.then.get(figure.key)) is not None:
                yield (of_cell(figure) - of_cell(then)).times(sign), of_cell(then)


def _side_by_side(one: Said, part: Said) -> bool:
    keys, own = ({figure.key for figure in each.figures[:1]} for each in (one, part))
    items = [key for key in (*keys, *own) if key.startswith("item:")]
    if len(items) == 2:
        return not any(b.startswith(a) for a, b in (items, items[::-1]))
    return any(keys & each and own & each for each in SIDE_BY_SIDE)
