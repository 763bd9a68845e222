"""Copies of a file with bytes flipped, chunks lost, doubled or swapped: in the package, or in its parts, packed again."""

import io
import random
import re
import zipfile

from tests.makers.packages import packed
from tests.makers.seeds import unpacked

VALUES = (
    b"",
    b"-1",
    b"0",
    b"99999999999",
    b"1e400",
    b"NaN",
    b"XFD1048576",
    b"A0",
    b"#REF!",
    b"true",
    "合计".encode(),
)
TAG = re.compile(rb"<[^<>]*>")
VALUE = re.compile(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)')
ELEMENT = re.compile(rb"<((?:w:)?(?:c|row|sheet|si|mergeCell|tc|tr|p|tbl))\b[^<>]*>.*?</\1>", re.DOTALL)


def flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def overwrite(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    for n in range(at, min(len(data), at + chance.randint(1, 8))):
        data[n] = chance.randrange(256)


def chunk(data: bytearray, chance: random.Random) -> slice:
    at = chance.randrange(len(data))
    return slice(at, at + chance.choice((1, 4, 30, 200, 2000)))


def lose(data: bytearray, chance: random.Random) -> None:
    del data[chunk(data, chance)]


def double(data: bytearray, chance: random.Random) -> None:
    part = chunk(data, chance)
    data[part.start : part.start] = data[part]


def swap(data: bytearray, chance: random.Random) -> None:
    first, second = sorted((chunk(data, chance), chunk(data, chance)), key=lambda part: part.start)
    if first.stop <= second.start:
        data[first], data[second] = data[second], data[first]


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def found(pattern: re.Pattern[bytes], data: bytearray, chance: random.Random) -> re.Match[bytes] | None:
    """A place of the pattern near a place chosen by chance."""
    at = chance.randrange(len(data))
    return pattern.search(data, at) or pattern.search(data)


def other_value(data: bytearray, chance: random.Random) -> None:
    if match := found(VALUE, data, chance):
        data[match.start() : match.end()] = chance.choice(VALUES)


def without_tag(data: bytearray, chance: random.Random) -> None:
    if match := found(TAG, data, chance):
        del data[match.start() : match.end()]


def element(data: bytearray, chance: random.Random) -> None:
    """An element taken out, doubled, or moved."""
    if not (match := found(ELEMENT, data, chance)):
        return
    text = data[match.start() : match.end()]
    how = chance.choice(("out", "twice", "moved"))
    data[match.start() : match.end()] = text * 2 if how == "twice" else b""
    if how == "moved" and (other := found(ELEMENT, data, chance)):
        data[other.start() : other.start()] = text


RAW = (flip, flip, overwrite, lose, double, swap, cut)
INSIDE = (
    flip,
    overwrite,
    lose,
    double,
    swap,
    other_value,
    other_value,
    other_value,
    without_tag,
    element,
    element,
    element,
)


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """A copy with one to four faults; in a package mostly inside its parts, where the parser of XML meets them."""
    times = chance.choice((1, 1, 1, 2, 4))
    if not zipfile.is_zipfile(io.BytesIO(content)) or chance.random() < 0.2:
        data = bytearray(content)
        for _ in range(times):
            if data:
                chance.choice(RAW)(data, chance)
        return bytes(data)
    members = unpacked(content)
    for _ in range(times):
        name = chance.choices(list(members), [len(part) ** 0.5 + 1 for part in members.values()])[0]
        data = bytearray(members[name])
        if data:
            chance.choice(INSIDE)(data, chance)
        members[name] = bytes(data)
    return packed(members)
