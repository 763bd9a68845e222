"""Hashes over a list that only grows (RFC 6962, 2.1), and the files of 256 of them in which it is published (c2sp.org/tlog-tiles).

A tile of level 0 holds the hashes of 256 entries, one of level n the roots of 256 full tiles of level n-1, each 32 bytes.
A bundle holds 256 entries, each after its length in two bytes. The last of each kind may be partial.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH = 256
HASH = 32
ENTRIES = "entries"  # in the place of the level: a bundle


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two trees side by side; the left one is full."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over these hashes: of entries, or of full trees of one size (the last may be smaller)."""
    row = list(hashes)
    while len(row) > 1:
        pairs = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0] if row else hashlib.sha256().digest()


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One file of hashes or entries; `width` is how many it holds, fewer than 256 while it is partial."""

    level: str
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Below the log's address: tile/0/x001/x234/067, with .p/8 behind it while it holds eight."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return "/".join(["tile", self.level, *(f"x{part}" for part in parts[:-1]), parts[-1] + partial])


def edge(size: int) -> Iterator[Tile]:
    """The last tile of each level of a tree of that size, lowest first; of width 0 where the level ends with a full one."""
    level = 0
    while size:
        yield Tile(str(level), size // WIDTH, size % WIDTH)
        level, size = level + 1, size // WIDTH


def edge_root(rows: Sequence[Sequence[bytes]]) -> bytes:
    """The root of a tree by the hashes in the tiles of its edge, lowest level first."""
    rest: list[bytes] = []
    for row in rows:
        rest = [root([*row, *rest])] if row or rest else []
    return rest[0] if rest else root([])


def grown(
    size: int, rows: Sequence[Sequence[bytes]], added: Sequence[bytes]
) -> tuple[list[list[bytes]], dict[Tile, bytes]]:
    """The rows of the edge after `added` hashes of entries follow, and the content of each tile that changes by them.

    `rows` is what the tiles of `edge(size)` hold; no other tile is needed, however many there are.
    """
    after: list[list[bytes]] = []
    changed: dict[Tile, bytes] = {}
    up = list(added)
    level = 0
    while up or level < len(rows):
        row = [*(rows[level] if level < len(rows) else ()), *up]
        index = size // WIDTH
        news, up = bool(up), []
        while len(row) >= WIDTH:
            changed[Tile(str(level), index)] = b"".join(row[:WIDTH])
            up.append(root(row[:WIDTH]))
            row, index = row[WIDTH:], index + 1
        if row and news:
            changed[Tile(str(level), index, len(row))] = b"".join(row)
        after.append(row)
        level, size = level + 1, size // WIDTH
    return after, changed


def bundled(entries: Sequence[bytes]) -> bytes:
    """The content of a bundle."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def unbundled(content: bytes) -> list[bytes]:
    """The entries of a bundle; ValueError when it is cut off."""
    entries, at = [], 0
    while at < len(content):
        end = at + 2 + int.from_bytes(content[at : at + 2])
        if end > len(content) or at + 2 > len(content):
            raise ValueError("记录文件被截短")
        entries.append(content[at + 2 : end])
        at = end
    return entries


def split(content: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [content[at : at + HASH] for at in range(0, len(content), HASH)]
