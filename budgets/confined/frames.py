"""Messages between a process and its PDF renderer: a JSON head, then blobs, over a pipe."""

import json
import os
import select
import struct
import time
from collections.abc import Sequence
from typing import Any

_SIZES = struct.Struct(">II")  # length of the head, number of blobs
_SIZE = struct.Struct(">Q")
MAXIMUM = 256 * 1024 * 1024  # bytes of one message; more is a bug, not a document


class Closed(Exception):
    """The other side has ended."""


class TooSlow(Exception):
    """The other side did not answer in time."""


def send(descriptor: int, head: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Write one message. Raises Closed when nobody reads any more."""
    encoded = json.dumps(head).encode()
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


def receive(descriptor: int, timeout: float | None = None) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message. Raises Closed at the end of the stream, TooSlow after `timeout` seconds."""
    deadline = None if timeout is None else time.monotonic() + timeout
    length, count = _SIZES.unpack(_read(descriptor, _SIZES.size, deadline))
    head = json.loads(_read(descriptor, length, deadline))
    blobs = []
    for _ in range(count):
        (size,) = _SIZE.unpack(_read(descriptor, _SIZE.size, deadline))
        blobs.append(_read(descriptor, size, deadline))
    return head, blobs


def _read(descriptor: int, size: int, deadline: float | None) -> bytes:
    if size > MAXIMUM:
        raise Closed
    data = bytearray()
    while len(data) < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise TooSlow
        chunk = os.read(descriptor, min(size - len(data), 1 << 20))
        if not chunk:
            raise Closed
        data += chunk
    return bytes(data)
