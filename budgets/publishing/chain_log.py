"""One log of all chain entries in the order in which they were published, as files that are only added to.

    log/checkpoint                   size and root of the log, signed (publishing.signed_notes)
    log/tile/entries/…, log/tile/0/… the entries and their hashes (domain.merkle)

An entry is the UTF-8 bytes of three lines, none ended by a line feed after the last:
    mingzhang-log/1
    region/unit/year/stage/rN of the version
    its chain entry, 64 lower-case hexadecimal digits, which binds content, date, reason and the versions before it

Whoever keeps one checkpoint can prove later that nothing before it was changed, taken out or put in. The log has no more
of a withdrawn version than its address and a hash.
"""

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings

from budgets.domain.merkle import (
    ENTRIES,
    WIDTH,
    Tile,
    bundled,
    edge,
    edge_root,
    grown,
    leaf_hash,
    split,
    unbundled,
)
from budgets.models.publications import Publication
from budgets.publishing import folders
from budgets.publishing.signed_notes import Checkpoint, SigningKey

SCHEMA = "mingzhang-log/1"
CHECKPOINT = "checkpoint"
LATEST = 64  # publications that are looked at after each one; all of them when half of these are new
alarm = logging.getLogger("budgets.alarm")


def root_folder() -> Path:
    return folders.root() / "log"


def signing_key() -> SigningKey | None:
    """The key of this portal; None while none is set. OSError or ValueError when its file is not there or holds none."""
    if not settings.CHECKPOINT_KEY_FILE:
        return None
    return SigningKey.read(Path(settings.CHECKPOINT_KEY_FILE).read_text(encoding="utf-8"))


def entry_of(place: tuple[str, str, int, str], revision: int, chain_entry: str) -> bytes:
    """The bytes of the entry of one public version."""
    return "\n".join([SCHEMA, f"{'/'.join(map(str, place))}/r{revision}", chain_entry]).encode()


def renew(*, everything: bool = False) -> int:
    """Add what was published to the log and sign it; how many entries. Nothing happens without a key.

    What was published is committed before: where the log cannot be continued (a full disk, files that are not as this
    portal signed them), that is told to the operator, and the next publication or `settle` tries again. `everything` looks
    at each publication there is instead of the latest ones.
    """
    try:
        key = signing_key()
        if key is None:
            return 0
        return add(key, partial(_unlogged, everything=everything))
    except (OSError, ValueError) as failure:
        alarm.critical("checkpoint not renewed: %s", failure)
        return 0


def add(key: SigningKey, unlogged: Callable[[int], list[bytes]]) -> int:
    """Add the entries that `unlogged` names for a log of that size; how many. OSError, ValueError where it cannot go on.

    The checkpoint is replaced last: until then nothing that was written is part of the log.
    """
    folders.make_folder(root_folder())
    with alone():
        note = root_folder() / CHECKPOINT
        size, rows = _edge(note.read_bytes(), key) if note.exists() else (0, [])
        fresh = unlogged(size)
        if not fresh:
            return 0
        after, changed = grown(size, rows, [leaf_hash(entry) for entry in fresh])
        changed |= _bundles(size, fresh)
        for tile, content in changed.items():
            place = root_folder() / tile.path
            folders.make_folder(place.parent)
            folders.replace(place, content)
        checkpoint = Checkpoint(key.name, size + len(fresh), edge_root(after))
        folders.replace(note, key.sign(checkpoint.text))
        for tile in changed:
            _forget_narrower(tile, size)
        return len(fresh)


def _edge(note: bytes, key: SigningKey) -> tuple[int, list[list[bytes]]]:
    """Size and edge of the log as this portal signed it; ValueError when it is not that."""
    checkpoint = Checkpoint.read(note)
    if not key.verifier.signed(note):
        raise ValueError("检查点不是由现在的密钥签署，没有接着写")
    tiles = list(edge(checkpoint.size))
    rows = [split((root_folder() / tile.path).read_bytes()) if tile.width else [] for tile in tiles]
    if edge_root(rows) != checkpoint.root:
        raise ValueError("检查点与记录文件不符，没有接着写")
    return checkpoint.size, rows


def _unlogged(size: int, everything: bool) -> list[bytes]:
    """The entries that the log lacks, in the order of their publication."""
    rows = Publication.objects.order_by("-pk").values_list(
        "department__region__code", "department__code", "fiscal_year", "stage", "revision", "chain_entry"
    )
    latest = [entry_of(row[:4], *row[4:]) for row in rows[:LATEST]]
    known = set(entries(size, max(0, size // WIDTH - 1)))
    fresh = [entry for entry in latest if entry not in known]
    if everything or len(fresh) * 2 > len(latest):
        known = set(entries(size))
        fresh = [entry for entry in (entry_of(row[:4], *row[4:]) for row in rows) if entry not in known]
    return fresh[::-1]


def _bundles(size: int, fresh: list[bytes]) -> dict[Tile, bytes]:
    """The bundles that change by what is added."""
    first = size // WIDTH
    whole = [*entries(size, first), *fresh]
    parts = [whole[at : at + WIDTH] for at in range(0, len(whole), WIDTH)]
    return {Tile(ENTRIES, first + n, len(part)): bundled(part) for n, part in enumerate(parts)}


def entries(size: int, first: int = 0) -> Iterator[bytes]:
    """The entries of a log of that size from its bundle number `first` on. OSError, ValueError when a file is not whole."""
    for index in range(first, -(-size // WIDTH)):
        tile = Tile(ENTRIES, index, min(WIDTH, size - index * WIDTH))
        found = unbundled((root_folder() / tile.path).read_bytes())
        if len(found) != tile.width:
            raise ValueError(f"{tile.path} 应有 {tile.width} 条，实有 {len(found)} 条")
        yield from found


def _forget_narrower(tile: Tile, size: int) -> None:
    """Of a partial tile the last and the one before stay, for who is just reading: without this each costs 255 files."""
    place = root_folder() / tile.path
    if tile.width == WIDTH:
        return
    before = next((t.width for t in edge(size) if t.level == tile.level), size % WIDTH)
    for other in place.parent.iterdir():
        if other.name not in (str(tile.width), str(before)):
            other.unlink()


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time adds to the log or looks through it, once there is one; the lock ends with the process."""
    if not root_folder().is_dir():
        yield
        return
    handle = os.open(root_folder(), os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
