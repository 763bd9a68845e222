"""The forms of a set for a 单位, made from those for its 部门 by what is declared to differ."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Protocol

from budgets.domain.facts import Slice
from budgets.domain.tables import OfUnits, TableSet

ENDING = "_unit"


def for_units(table_set: TableSet, units: OfUnits) -> TableSet:
    """The set that a 单位 prints: other words, tables and meets where declared, without the chapters of a 部门 alone."""
    chapters = [each for each in table_set.chapters if not each.of_departments]
    return replace(
        table_set,
        key=f"{table_set.key}{ENDING}",
        label=units.label,
        tables=worded(placed(table_set.tables, units.tables), units.words),
        annexes=worded(table_set.annexes, units.words),
        chapters=worded(placed(chapters, units.chapters), units.words),
        meets=placed(table_set.meets, units.meets),
        narrative_title=worded(table_set.narrative_title, units.words),
        lead=worded(table_set.lead, units.words),
        units=None,
    )


class Keyed(Protocol):
    """A declared value that is known by its key."""

    @property
    def key(self) -> str: ...


def placed[Word: Keyed](usual: Sequence[Word], own: Sequence[Word]) -> tuple[Word, ...]:
    """The usual ones in their order, each that has one of its key among `own` as that, the other ones of `own` behind."""
    by_key = {each.key: each for each in own}
    known = {each.key for each in usual}
    return (
        *(by_key.get(each.key, each) for each in usual),
        *(each for each in own if each.key not in known),
    )


def worded(value: Any, words: Sequence[tuple[str, str]]) -> Any:
    """A declared value with other words in its captions; slices and terms stay as they are."""
    if type(value) is str:
        for old, new in words:
            value = value.replace(old, new)
        return value
    if type(value) is tuple:
        return tuple(worded(each, words) for each in value)
    if is_dataclass(value) and not isinstance(value, (type, Slice)):
        return replace(
            value, **{each.name: worded(getattr(value, each.name), words) for each in fields(value)}
        )
    return value
