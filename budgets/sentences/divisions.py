"""Lists of parts in typed sentences: what stands behind 其中, of which whole, and whether it is all of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.ledgers import Narrative
from budgets.sentences.moves import spoken_lines
from budgets.sentences.spoken import Spoken, is_plan, place_in_line
from budgets.sentences.statements import Said

# Parts that are all of a whole, by the words that each is called by.
COMPLETE = (("基本支出", "项目支出"), ("人员", "公用", "项目"))
OF_BASIC = ("人员", "公用")
SHARE_BEHIND = re.compile(r"[，,]?\s*占(?:比|[^，,。；;\d]{0,20})\s*(?P<share>\d+(?:\.\d+)?)\s*[%％]")
WHOLE_SHARES = (Decimal("99.9"), Decimal("100.1"))
CHANGES_LISTED = re.compile(r"其中|主要(?:原因)?是")
NO_PART = re.compile(r"单价|人均|标准|每[人年月]|合计|总计|共计|(?:收入|支出)(?:总额|总预算)")


@dataclass(frozen=True, slots=True)
class Division:
    """A whole with the parts listed behind it; `exact` when they are all of it."""

    whole: Said
    parts: tuple[Said, ...]
    exact: bool


def divisions(narrative: Narrative, amounts: Sequence[Said]) -> Iterator[Division]:
    """The lists of one chapter in order, those of amounts and those of changes."""
    for spoken in spoken_lines(narrative, amounts):
        depths = _depths(spoken)
        for n, (at, end) in enumerate(spoken.opens):
            following = spoken.opens[n + 1][0] if n + 1 < len(spoken.opens) else len(spoken.text)
            stop = min(following, spoken.period_end(at))
            yield from _amounts(spoken, depths, at, end, stop, nested=following < spoken.period_end(at))
        yield from _changes(spoken)


def _depths(spoken: Spoken) -> dict[int, int]:
    """How many brackets are open at each amount and at each 其中."""
    asked = sorted({*spoken.places, *(end for _, end in spoken.opens)})
    found, depth, n = {}, 0, 0
    for place, letter in enumerate(spoken.text):
        while n < len(asked) and asked[n] <= place:
            found[asked[n]] = depth
            n += 1
        if letter in "（(":
            depth += 1
        elif letter in "）)":
            depth = max(0, depth - 1)
    return found | dict.fromkeys(asked[n:], depth)


def _amounts(
    spoken: Spoken, depths: dict[int, int], at: int, end: int, stop: int, *, nested: bool
) -> Iterator[Division]:
    before = spoken.between(spoken.period(at), at)
    whole = spoken.head_before(at)
    if whole is None or not whole.own or is_plan(whole) or (before and before[-1].quantity.change):
        return
    parts: list[Said] = []
    semicolon = spoken.text.find("；", end, stop)
    for one in spoken.between(end, stop):
        place = place_in_line(one)
        if depths[place] < depths[end]:
            break
        called = one.quantity.called
        if depths[place] > depths[end] or not one.own or is_plan(one) or NO_PART.search(called):
            continue
        if 0 <= semicolon < place and not (
            _kind(called) == _kind(whole.quantity.called) or _share(spoken, one)
        ):
            break  # behind ； another thing may be told
        parts.append(one)
    if parts:
        yield Division(whole, tuple(parts), not nested and _complete(spoken, whole, parts))


def _kind(called: str) -> str:
    return "收入" if "收入" in called else "支出"


def _share(spoken: Spoken, one: Said) -> Decimal | None:
    behind = SHARE_BEHIND.match(spoken.text, place_in_line(one) + len(one.quantity.text))
    return Decimal(behind["share"]) if behind else None


def _complete(spoken: Spoken, whole: Said, parts: Sequence[Said]) -> bool:
    shares = [_share(spoken, one) for one in parts]
    known = [share for share in shares if share is not None]
    if len(parts) > 1 and len(known) == len(parts):
        return WHOLE_SHARES[0] <= sum(known) <= WHOLE_SHARES[1]
    called = [one.quantity.called for one in parts]
    sets = (*COMPLETE, *([OF_BASIC] if "基本支出" in whole.quantity.called else []))
    return any(_names_all(called, each) for each in sets) and "收入" not in whole.quantity.called


def _names_all(called: Sequence[str], words: Sequence[str]) -> bool:
    return len(called) == len(words) and all(any(word in one for one in called) for word in words)


def _changes(spoken: Spoken) -> Iterator[Division]:
    """支出增加47.02万元，其中人员经费增加30.21万元，…: the parts of a change with their directions."""
    for opened in CHANGES_LISTED.finditer(spoken.text):
        start = spoken.period(opened.start())
        before = spoken.between(start, opened.start())
        if not before and start and spoken.heads(opened.start(), start):
            before = spoken.between(spoken.period(start - 1), start)
        whole = before[-1] if before and before[-1].quantity.change else None
        if whole is None:
            continue
        parts = [
            one
            for one in spoken.between(opened.end(), spoken.period_end(opened.end()))
            if one.quantity.change
        ]
        called = [one.quantity.called for one in parts]
        if any(_names_all(called, each) for each in COMPLETE):
            yield Division(whole, tuple(parts), exact=True)
