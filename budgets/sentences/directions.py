"""Directions that sentences give, held against the amounts and reasons beside them: 小于, 持平, 增加的主要原因是…."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budgets.domain.ledgers import Narrative
from budgets.domain.quantities import Percent, percents
from budgets.sentences.comparisons import AMOUNT, BASE, DOWN, UP, akin
from budgets.sentences.moves import now_of, spoken_lines
from budgets.sentences.printed_terms import term_of
from budgets.sentences.spoken import Spoken, is_done, is_plan, place_in_line
from budgets.sentences.statements import Said

LESS, MORE = r"(?:小于|低于|少于)", r"(?:大于|高于|超过|多于)"
AGAINST_PLAN = re.compile(
    rf"(?:决算|执行)数?(?:(?P<less>{LESS})|(?P<more>{MORE})|(?P<equal>等于|[同与和](?=[^，,。；;]{{0,12}}(?:持平|一致|相同))))"
    r"(?:年初|全年|调整)?预算数?(?:持平|一致|相同)?"
)
SAME_BEHIND = re.compile(r"\s*(?:相比)?[，,]?(?:持平|一致|相同)")
FLAT_THEN = re.compile(
    rf"(?:与|同|和|比|较){BASE}(?:相比)?[，,]?(?:{AMOUNT})?(?:持平|一致|相同)[，,]?(?:{UP}|{DOWN})了?\s*(?={AMOUNT})"
)
WHY = r"(?:主要)?(?:原因(?:是|为|：|:|在于)+|(?:是|由)于|主要是)"
REASONED = re.compile(rf"[，,。：:]?\s*(?:[^，,。；;]{{0,20}}的)?{WHY}[：:]?(?P<reason>[^。；;]{{1,200}})")
HEADED = re.compile(
    rf"(?:(?P<up>{UP}|{MORE}(?:年初)?预算数?)|(?P<down>{DOWN}|{LESS}(?:年初)?预算数?))的(?:主要)?原因(?:是|为|：|:|在于)+"
    r"(?P<reason>[^。；;]{1,200})"
)
GOES_UP, GOES_DOWN = (
    re.compile(r"增加|增长|新增|上涨|上调|扩大"),
    re.compile(r"减少|下降|压减|缩减|核减|取消"),
)
# What happened before, ended, or lowers by being more, fits either direction.
EITHER_WAY = re.compile(
    r"上年|去年|以前年度|往年|\d{4}年|一次性|完成|结束|到期|退休|离职|调出|划出|冲减|基数|结转"
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two words of one paragraph that cannot both be: where the second stands in the chapter, both as a message cites them."""

    start: int
    end: int
    one: str
    other: str


def contradictions(narrative: Narrative, amounts: Sequence[Said]) -> Iterator[Contradiction]:
    """The directions of a chapter that its own amounts or reasons contradict, in order."""
    for spoken in spoken_lines(narrative, amounts):
        yield from _rates(spoken)
        yield from _plans(spoken)
        yield from _flat(spoken)
        yield from _reasons(spoken)


def quoted(one: Said) -> str:
    """An amount as such a message cites it."""
    return f"“{one.quantity.called}{one.quantity.text}”"


def _rates(spoken: Spoken) -> Iterator[Contradiction]:
    """减少5.00万元，增长3.2%."""
    for percent in percents(spoken.text):
        place = percent.begin + percent.at
        change = opposite(spoken, percent, place)
        if change:
            start = spoken.start + place
            yield Contradiction(start, start + len(percent.text), f"“{percent.text}”", quoted(change))


def opposite(spoken: Spoken, percent: Percent, place: int) -> Said | None:
    """The change right before a growth that goes the other way; None where there is none."""
    before = spoken.between(spoken.clause(place), place)
    one = before[-1] if before else None
    if one is None or not percent.growth or percent.number <= 0 or one.quantity.yuan <= 0:
        return None
    beside = spoken.heads(place, place_in_line(one) + len(one.quantity.text))
    return one if beside and one.quantity.change == -percent.growth else None


def _plans(spoken: Spoken) -> Iterator[Contradiction]:
    """决算数小于预算数 beside a 决算 that is more."""
    for match in AGAINST_PLAN.finditer(spoken.text):
        before = spoken.between(0, match.start())
        n = next((n for n in range(len(before) - 1, -1, -1) if is_plan(before[n])), None)
        if n is None:
            continue
        behind = [one for one in before[n + 1 :] if is_done(one) and one.own]
        done = behind[0] if behind else before[n - 1] if n and is_done(before[n - 1]) else None
        if done is None or not akin(before[n].quantity.called, done.quantity.called):
            continue
        gap = term_of(done) - term_of(before[n])
        wrong = (
            gap.yuan > gap.slack
            if match["less"]
            else -gap.yuan > gap.slack
            if match["more"]
            else abs(gap.yuan) > gap.slack
        ) or (not gap.yuan and not match["equal"])
        if wrong:
            start = spoken.start + match.start()
            yield Contradiction(
                start, spoken.start + match.end(), f"“{match[0]}”", f"{quoted(before[n])}、{quoted(done)}"
            )


def _flat(spoken: Spoken) -> Iterator[Contradiction]:
    """与上年持平 with two amounts that differ, or with a rise or fall right behind it."""
    for one in spoken.amounts:
        place = place_in_line(one)
        end = place + len(one.quantity.text)
        if one.quantity.change:
            continue
        flat = SAME_BEHIND.match(spoken.text, end)
        if flat is None or one.quantity.year is None:
            continue
        now = now_of(spoken, place, None)
        if now is None or not akin(one.quantity.called, now.quantity.called):
            continue
        gap = term_of(now) - term_of(one)
        if abs(gap.yuan) > gap.slack:
            start = spoken.start + flat.start()
            yield Contradiction(
                start,
                spoken.start + flat.end(),
                f"“{flat[0].strip('，, ')}”",
                f"{quoted(now)}、{quoted(one)}",
            )
    for match in FLAT_THEN.finditer(spoken.text):
        behind = spoken.between(match.end(), match.end() + 1)
        if behind and behind[0].quantity.yuan:
            start, one = spoken.start + match.start(), behind[0]
            yield Contradiction(
                start, spoken.start + match.end(), f"“{match[0].strip()}”", f"“{one.quantity.text}”"
            )


def _reasons(spoken: Spoken) -> Iterator[Contradiction]:
    """A rise with a reason that only lowers, a fall with one that only raises."""
    told: set[int] = set()
    for match in HEADED.finditer(spoken.text):
        told.add(match.start("reason"))
        if _unfit(match["reason"], 1 if match["up"] else -1):
            start = spoken.start + match.start()
            head = spoken.text[match.start() : match.start("reason")]
            yield Contradiction(
                start, spoken.start + match.end(), f"“{head}”", f"“{match['reason'].strip()}”"
            )
    for n, one in enumerate(spoken.amounts):
        if not one.quantity.change or not one.quantity.yuan:
            continue
        end = place_in_line(one) + len(one.quantity.text)
        following = spoken.places[n + 1] if n + 1 < len(spoken.amounts) else len(spoken.text)
        reason = REASON_BEHIND.match(spoken.text, end)
        if reason is None or reason.start("reason") in told or following < reason.start("reason"):
            continue
        if _unfit(reason["reason"], one.quantity.change):
            start = spoken.start + reason.start("reason")
            yield Contradiction(
                start, spoken.start + reason.end(), quoted(one), f"“{reason['reason'].strip()}”"
            )


# Behind a change may stand its rate: 增加5.00万元，增长3.2%，主要原因是….
REASON_BEHIND = re.compile(rf"(?:[，,]\s*(?:{UP}|{DOWN}|增幅|降幅)[^，,。；;]{{0,20}})?{REASONED.pattern}")


def _unfit(reason: str, sign: int) -> bool:
    up, down = GOES_UP.search(reason), GOES_DOWN.search(reason)
    against, along = (down, up) if sign > 0 else (up, down)
    return bool(against and not along and not EITHER_WAY.search(reason))
