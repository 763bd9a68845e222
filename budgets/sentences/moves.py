"""What a rise or fall counts from and to: this year's amount, the amount before it, and the three as one equation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budgets.domain.ledgers import Narrative
from budgets.domain.passages import lines_of
from budgets.sentences.comparisons import akin, subject_of
from budgets.sentences.spoken import Spoken, is_done, is_plan, place_in_line
from budgets.sentences.statements import Said

FROM = ("由", "从")  # 由80.00万元增加到100.00万元
COMPARES = ("与", "比", "较", "同")


def spoken_lines(narrative: Narrative, amounts: Sequence[Said]) -> Iterator[Spoken]:
    """The paragraphs of a chapter with their amounts; `amounts` are all that it states, in order."""
    first = 0
    for start, line in lines_of(narrative):
        last = first
        while last < len(amounts) and amounts[last].start == start:
            last += 1
        yield Spoken(start, line, amounts[first:last])
        first = last


def now_of(spoken: Spoken, place: int, change: Said | None) -> Said | None:
    """This year's amount of which a change before `place` tells: in its clause, or the last one of the period before.

    None where the words speak of another thing than that amount.
    """
    clause = spoken.between(spoken.clause(place), place)
    now = next((one for one in reversed(clause) if one.own and not is_plan(one)), None)
    if now is None:
        start = spoken.period(place)
        earlier = spoken.between(spoken.period(max(start - 1, 0)), spoken.clause(place))
        now = next((one for one in reversed(earlier) if one.own and not is_plan(one)), None)
        compares = spoken.text[start : start + 2].strip()[:1] in COMPARES
        if now and change and not (subject_of(change.quantity.called) or compares):
            return None
    if now and change and not akin(change.quantity.called, now.quantity.called):
        return None
    return now


def before_of(spoken: Spoken, place: int, now: Said | None) -> Said | None:
    """The amount of another year in the same clause that a change counts from."""
    for one in reversed(spoken.between(spoken.clause(place), place)):
        quantity = one.quantity
        if one is not now and quantity.called.endswith(FROM) and not quantity.change:
            return one
        if quantity.year is None or quantity.change or (is_plan(one) and now and is_done(now)):
            continue
        if now is None or akin(quantity.called, now.quantity.called):
            return one
    return None


@dataclass(frozen=True, slots=True)
class Move:
    """A change with both amounts as the text has them."""

    change: Said
    now: Said
    before: Said


def moves(narrative: Narrative, amounts: Sequence[Said]) -> Iterator[Move]:
    """The changes of one chapter whose two amounts stand in the words beside them."""
    for spoken in spoken_lines(narrative, amounts):
        for one in spoken.amounts:
            if one.quantity.change:
                place = place_in_line(one)
                now = now_of(spoken, place, one)
                before = before_of(spoken, place, now)
                if now and before:
                    yield Move(one, now, before)
