"""The hashes of a list that only grows: vectors of Certificate Transparency, and tiles that grow as if made at once."""

import random

import pytest

from budgets.domain.merkle import (
    WIDTH,
    Tile,
    bundled,
    edge,
    edge_root,
    grown,
    leaf_hash,
    root,
    split,
    unbundled,
)

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MANY = [leaf_hash(str(n).encode()) for n in range(67_000)]


def at_once(size: int) -> dict[Tile, bytes]:
    """Every tile of a tree of that size, worked out from all hashes."""
    found, row, level = {}, MANY[:size], 0
    while row:
        for at in range(0, len(row), WIDTH):
            part = row[at : at + WIDTH]
            found[Tile(str(level), at // WIDTH, len(part))] = b"".join(part)
        row = [root(row[at : at + WIDTH]) for at in range(0, len(row) // WIDTH * WIDTH, WIDTH)]
        level += 1
    return found


def test_roots_are_those_of_certificate_transparency():
    hashes = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    assert [root(hashes[: n + 1]).hex() for n in range(8)] == ROOTS
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("seed", range(3))
def test_tiles_that_grow_are_those_made_at_once(seed):
    """By steps of one and of thousands, over the ends of tiles and levels; only the edge is ever read."""
    chance, size, kept = random.Random(seed), 0, {}
    steps = [1, 1, 253, 1, 1, *(chance.choice([1, 255, 256, 257, 300, 9000]) for _ in range(12))]
    for step in [*steps, 65_536 - WIDTH]:
        step = min(step, 66_500 - size)
        rows = [split(kept[tile]) if tile.width else [] for tile in edge(size)]
        after, changed = grown(size, rows, MANY[size : size + step])
        kept |= changed
        size += step
        assert edge_root(after) == root(MANY[:size])
    whole = at_once(size)
    assert whole.items() <= kept.items()
    assert {tile.level for tile in whole} == {"0", "1", "2"}


def test_paths_are_those_of_the_specification():
    assert Tile("1", 1234067).path == "tile/1/x001/x234/067"
    assert Tile("0", 0, 8).path == "tile/0/000.p/8"
    assert Tile("entries", 273, 112).path == "tile/entries/273.p/112"
    assert [tile.path for tile in edge(70_000)] == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]


def test_bundles_give_their_entries_back_and_a_cut_is_told():
    entries = [b"", b"x", "部门".encode() * 100]
    assert unbundled(bundled(entries)) == entries
    for cut in (bundled(entries)[:-1], b"\x00"):
        with pytest.raises(ValueError, match="截短"):
            unbundled(cut)
