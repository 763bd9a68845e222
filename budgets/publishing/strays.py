"""What lies in the published folder and nothing explains: a file beside the addresses, a folder that no publication made."""

import re
from collections.abc import Iterator
from pathlib import Path

from budgets.domain.snapshots import digest
from budgets.publishing import folders, shelf

ROOMS = ("site", "releases", "revisions", "shelf", "log")  # what lies in the last, `log_proofs` explains
DEPTH = 4  # region / unit / year / stage
PLACE = (r"\d+", r"\w+", r"\d{4}", r"[a-z]+")  # as the addresses are matched
HASH = re.compile(r"[0-9a-f]{64}")
OUTSIDE = "不属于任何公开地址的文件，可能是后来放进去的；请查明来源后移走"
NO_RELEASE = "不是公开时生成的文件夹，或者其中的清单被改动"


def strays() -> Iterator[tuple[Path, str]]:
    """Each file, folder or link that nothing explains, with what is wrong with it; what a crash left unfinished is not served."""
    for path in _inside(folders.root()):
        if path.name not in ROOMS or path.is_symlink() or not path.is_dir():
            yield path, OUTSIDE
    yield from _below(folders.site(), 0)
    for path in _inside(folders.releases()):
        if not _made(path, named_by_manifest=True):
            yield path, NO_RELEASE
    for path in _inside(folders.revisions()):
        if not _made(path):
            yield path, NO_RELEASE
    for place in _inside(shelf.root()):
        for path in _inside(place) if place.is_dir() and not place.is_symlink() else [place]:
            if not path.is_dir() or path.is_symlink():
                yield path, OUTSIDE


def _below(folder: Path, depth: int) -> Iterator[tuple[Path, str]]:
    """The folders of places down to the links, which `verification` follows."""
    for path in _inside(folder):
        fits = re.fullmatch(PLACE[depth], path.name) is not None
        if depth == DEPTH - 1:
            if not fits or not path.is_symlink():
                yield path, OUTSIDE
        elif not fits or path.is_symlink() or not path.is_dir():
            yield path, OUTSIDE
        else:
            yield from _below(path, depth + 1)


def _made(path: Path, *, named_by_manifest: bool = False) -> bool:
    """Whether a publication made the folder; a release is named by the digest of its manifest."""
    manifest = path / folders.MANIFEST
    if path.is_symlink() or not HASH.fullmatch(path.name) or not manifest.is_file():
        return False
    return not named_by_manifest or digest(manifest.read_bytes()) == path.name


def _inside(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (p for p in sorted(folder.iterdir()) if not p.name.startswith(folders.UNFINISHED))
