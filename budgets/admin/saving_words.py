"""A saving as people read it in the history: each field that changed, with what it was and what it became."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.admin.models import LogEntry
from django.utils import timezone

from budgets.admin.editing import kept
from budgets.domain.money import in_unit, print_amount

MOST_LINES = 40
TOGETHER = timedelta(minutes=10)
MOST_LETTERS = 160
BLANK = "空"


@dataclass(frozen=True, slots=True)
class Saving:
    """One line of a history. `lines` tell the single changes; `more` counts those that are not shown."""

    at: datetime
    who: Any
    words: str
    lines: tuple[str, ...] = ()
    more: int = 0


def told(entry: LogEntry) -> Saving:
    """A saving in words, amounts in the unit they were typed in."""
    data = kept(entry)
    lines = lines_of(data["tables"])
    shown = tuple(lines[:MOST_LINES])
    return Saving(entry.action_time, entry.user, data["words"], shown, len(lines) - len(shown))


def lines_of(tables: Iterable[dict[str, Any]]) -> list[str]:
    """The single changes of tables, one a line: what was and what became of it."""
    return [line for table in tables for line in _table(table)]


def told_together(entries: Iterable[LogEntry]) -> list[Saving]:
    """Savings in words, latest first; those of one person and one part that follow each other closely are told as one.

    A page that saves by itself leaves one every few seconds of typing: `TOGETHER` is how far apart they may lie.
    """
    groups: list[list[LogEntry]] = []
    for entry in entries:
        if groups and _follows(entry, groups[-1][-1]):
            groups[-1].append(entry)
            continue
        groups.append([entry])
    return [_together(group) for group in groups]


def _follows(earlier: LogEntry, later: LogEntry) -> bool:
    part = kept(later)["part"]
    same = part and part == kept(earlier)["part"] and earlier.user_id == later.user_id
    return bool(same) and later.action_time - earlier.action_time <= TOGETHER


def _together(group: list[LogEntry]) -> Saving:
    """One saving, or several of one part: what they changed in the order in which it was typed."""
    if len(group) == 1:
        return told(group[0])
    each = [told(entry) for entry in reversed(group)]
    lines = [line for one in each for line in one.lines]
    more = len(lines[MOST_LINES:]) + sum(one.more for one in each)
    first, last = (timezone.localtime(entry.action_time) for entry in (group[-1], group[0]))
    label = each[-1].words.partition("：")[0]
    words = f"{label}：{len(group)} 次保存（{first:%H:%M}–{last:%H:%M}）"
    return Saving(group[0].action_time, group[0].user, words, tuple(lines[:MOST_LINES]), more)


def _table(table: dict[str, Any]) -> Iterator[str]:
    change, fields, label = table["change"], table["fields"], table["label"]
    before = f"{label}　" if label else ""
    names = {kind: iter(called) for kind, called in table["names"].items()}
    for _, values in change.get("changed", ()):
        said = "；".join(_changed(name, value, fields) for name, value in values.items() if name in fields)
        yield _line(before, "", next(names["changed"]), said)
    for kind, verb in (("added", "增"), ("removed", "删")):
        for _, row in change.get(kind, ()):
            said = "，".join(
                f"{fields[name][0]} {_value(name, row[name], fields)}" for name in row if name in fields
            )
            yield _line(before, verb, next(names[kind]), said)
    if order := change.get("order"):
        yield f"{before}改动顺序：现依次为原来的第 {'、'.join(str(i + 1) for i in order)} 行"


def _line(before: str, verb: str, name: str, said: str) -> str:
    head = " ".join(part for part in (verb, name) if part)
    return before + (f"{head}：{said}" if head and said else head or said)


def _changed(name: str, value: Any, fields: dict[str, list[str]]) -> str:
    """数量 1 → 3, or of a long text each sentence that differs."""
    label = fields[name][0]
    if isinstance(value, list):
        old, new = (_value(name, text, fields) for text in value)
        return f"{label} {old} → {new}"
    said = []
    for _, old, new in value["at"]:
        gone, come = _cut("".join(old)), _cut("".join(new))
        if gone and come:
            said.append(f"“{gone}”改为“{come}”")
        else:
            said.append(f"删去“{gone}”" if gone else f"加上“{come}”")
    return f"{label} {'，'.join(said)}"


def _value(name: str, text: str, fields: dict[str, list[str]]) -> str:
    """An amount with its unit and separators; a text cut short."""
    unit = fields[name][1]
    if not text:
        return BLANK
    return f"{print_amount(in_unit(Decimal(text), unit), grouped=True)} {unit}" if unit else _cut(text)


def _cut(text: str) -> str:
    flat = "⏎".join(text.strip("\n").split("\n")) or ("⏎" if text else "")
    return flat if len(flat) <= MOST_LETTERS else f"{flat[:MOST_LETTERS]}…（共 {len(flat)} 字）"
