"""The audit trail as a chain: each entry is a hash over the one before and over what happened.

entry = SHA-256 of the ASCII bytes of these lines, joined by one line feed, none at the end:
    mingzhang-audit/1
    the previous entry of the region, 64 lower-case hexadecimal digits; 64 zeros before the first
    the record as JSON: keys sorted, no spaces, everything beyond ASCII as \\uXXXX

So a record is one line whatever was typed: no line end, escape or sign of direction in a value can make a second one.
Records are numbered from 1 without a gap in each region; region "" is the platform itself.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

SCHEMA = "mingzhang-audit/1"
GENESIS = "0" * 64
MOST = 200  # letters of a name or an address of a page


@dataclass(frozen=True, slots=True)
class Linked:
    """A record as it stands in the chain; `record` is what was hashed, `number` its number there."""

    number: int
    record: dict[str, Any]
    previous: str
    entry: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain, kept beside it: a chain whose end was cut off ends before it."""

    number: int = 0
    entry: str = GENESIS


def line(record: dict[str, Any]) -> str:
    """The record as it is hashed: one line of ASCII."""
    return json.dumps(record, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def entry_of(previous: str, record: dict[str, Any]) -> str:
    """The chain entry of a record, 64 hexadecimal digits."""
    return hashlib.sha256("\n".join((SCHEMA, previous, line(record))).encode("ascii")).hexdigest()


def visible(text: str, most: int = MOST) -> str:
    """A text for one line: signs that are not seen (controls, directions, line ends) are written as \\uXXXX; cut at `most`."""
    if len(text) <= most and text.isprintable():
        return text
    flat = "".join(
        f"\\u{ord(sign):04x}" if unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029" else sign
        for sign in text[: most + 1]
    )
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def faults(entries: Iterable[Linked], head: Head | None, start: Head | None = None) -> Iterator[str]:
    """The first place at which a chain is broken, in Chinese; nothing for a whole one.

    `head` is its end as it was kept, None where none is; `start` what the entries follow, the beginning unless given.
    """
    at = start or Head()
    for linked in entries:
        number = at.number + 1
        if linked.number != number:
            yield f"第 {number} 条缺失或被移动（接着的是第 {linked.number} 条）"
            return
        if linked.previous != at.entry:
            yield f"第 {number} 条没有接在第 {at.number} 条之后"
            return
        if entry_of(linked.previous, linked.record) != linked.entry:
            yield f"第 {number} 条的内容与链值不符"
            return
        at = Head(number, linked.entry)
    if head is None and at != Head():
        yield f"第 {at.number} 条之后：链头缺失"
    elif head is not None and head.number > at.number:
        yield f"第 {at.number + 1} 条缺失：链头记到第 {head.number} 条"
    elif head is not None and head != at:
        yield f"第 {at.number} 条与链头（第 {head.number} 条）不符"
