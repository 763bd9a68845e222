"""Messages between a process and its child, over a pipe: a JSON head, then blobs."""

import json
import os
import struct
from collections.abc import Sequence
from typing import Any

type Head = dict[str, Any]

_SIZES = struct.Struct(">II")  # length of the head, number of blobs
_SIZE = struct.Struct(">Q")
MAXIMUM = 256 * 1024 * 1024  # bytes of one message; more is a bug, not a document


class Closed(Exception):
    """The other side has ended, or says what is no message."""


def send(descriptor: int, head: Head, blobs: Sequence[bytes] = ()) -> None:
    """Write one message. Raises Closed when nobody reads any more."""
    encoded = json.dumps(head, ensure_ascii=False).encode()
    parts = [_SIZES.pack(len(encoded), len(blobs)), encoded]
    for blob in blobs:
        parts += [_SIZE.pack(len(blob)), blob]
    try:
        for part in parts:
            view = memoryview(part)
            while view:
                view = view[os.write(descriptor, view) :]
    except BrokenPipeError:
        raise Closed from None


def receive(descriptor: int) -> tuple[Head, list[bytes]]:
    """Read one message. Raises Closed at the end of the stream, and for anything that is no message."""
    length, count = _SIZES.unpack(_read(descriptor, _SIZES.size))
    try:
        head = json.loads(_read(descriptor, length))
    except ValueError:
        raise Closed from None
    if not isinstance(head, dict):
        raise Closed
    return head, [_read(descriptor, *_SIZE.unpack(_read(descriptor, _SIZE.size))) for _ in range(count)]


def _read(descriptor: int, size: int) -> bytes:
    if size > MAXIMUM:
        raise Closed
    data = bytearray()
    while len(data) < size:
        chunk = os.read(descriptor, min(size - len(data), 1 << 20))
        if not chunk:
            raise Closed
        data += chunk
    return bytes(data)
