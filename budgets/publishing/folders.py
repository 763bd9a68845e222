"""Folders that appear whole or not at all: written beside their place, synced, then renamed into it."""

import gzip
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from budgets.domain.snapshots import canonical

MANIFEST = "manifest.json"
SCHEMA = "mingzhang-files/1"
TEXT = (".html", ".json")  # nginx serves the .gz that lies beside them
UNFINISHED = ".unfinished-"
FOLDER_MODE, FILE_MODE = 0o755, 0o644


def root() -> Path:
    """The folder of everything published."""
    return Path(settings.PUBLISHED_ROOT)


def revisions() -> Path:
    """Data files of revisions, a folder per chain entry; they are never written twice."""
    return root() / "revisions"


def releases() -> Path:
    """What addresses serve: pages, and links to data files, a folder per content hash."""
    return root() / "releases"


def site() -> Path:
    """The addresses: links to releases."""
    return root() / "site"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sm3(content: bytes) -> str:
    """The digest of the national standard GB/T 32905, 64 hexadecimal digits; not every Python's hashlib has it."""
    state = hashes.Hash(hashes.SM3())
    state.update(content)
    return state.finalize().hex()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make the folder and those above it, readable by the web server."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        sync_folder(folder.parent)


def write(path: Path, content: bytes) -> None:
    """Write a new file and sync it; the folder must exist."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(FILE_MODE)


def with_compressed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files and, beside each text file, itself compressed; the same bytes each time."""
    small = {f"{path}.gz": gzip.compress(files[path], 9, mtime=0) for path in files if path.endswith(TEXT)}
    return {**files, **small}


def manifest(files: Mapping[str, bytes], links: Mapping[str, str] | None = None, **more: Any) -> bytes:
    """`manifest.json`: size and hash of each file, target of each link, and what else is given; canonical JSON."""
    return canonical(
        {
            "schema": SCHEMA,
            "files": {
                path: {"bytes": len(content), "sha256": sha256(content)} for path, content in files.items()
            },
            "links": dict(links or {}),
            **more,
        }
    )


def sealed(data: Mapping[str, Any]) -> bytes:
    """The manifest with the hash of all the rest of it: what no list elsewhere repeats shows a change, too."""
    rest = {key: value for key, value in data.items() if key != "seal"}
    return canonical(rest | {"seal": sha256(canonical(rest))})


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; ValueError when it is not canonical, of another schema, or not as it was sealed."""
    return parsed((folder / MANIFEST).read_bytes())


def parsed(content: bytes) -> dict[str, Any]:
    """What the bytes of a manifest say; ValueError as above."""
    data: dict[str, Any] = json.loads(content)
    if data.get("schema") != SCHEMA or canonical(data) != content:
        raise ValueError("清单文件被改动")
    if ("seal" in data or "sm3" in data) and sealed(data) != content:
        raise ValueError("清单文件被改动")
    return data


@contextmanager
def unfinished(parent: Path) -> Iterator[Path]:
    """A folder beside its future place, to be renamed; removed when it was not."""
    make_folder(parent)
    folder = parent / f"{UNFINISHED}{uuid.uuid4().hex}"
    folder.mkdir(mode=FOLDER_MODE)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put(place: Path, files: Mapping[str, bytes], links: Mapping[str, str]) -> None:
    """Make the folder `place` with these files and links, whole or not at all; nothing when it is there already."""
    if place.is_dir():
        os.utime(place)  # young again: what is in use is not swept away
        return
    with unfinished(place.parent) as folder:
        parts = {folder}
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
            parts.update(parent for parent in target.parents if folder in parent.parents)
            write(target, content)
        for path, destination in links.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
            parts.update(parent for parent in target.parents if folder in parent.parents)
            target.symlink_to(destination)
        for part in parts:
            sync_folder(part)
        try:
            folder.rename(place)
        except OSError:
            if not place.is_dir():  # somebody else finished the same content first
                raise
    sync_folder(place.parent)


def replace(path: Path, content: bytes) -> None:
    """Put a file in place of another (or of none) in one step."""
    beside = path.with_name(f"{UNFINISHED}{uuid.uuid4().hex}")
    try:
        write(beside, content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)  # where the disk was full
    sync_folder(path.parent)


def point(link: Path, destination: str) -> bool:
    """Make `link` a link to `destination` in one step; False when it was one already."""
    if link.is_symlink() and str(link.readlink()) == destination:
        return False
    make_folder(link.parent)
    beside = link.with_name(f"{UNFINISHED}{uuid.uuid4().hex}")
    beside.symlink_to(destination)
    beside.replace(link)
    sync_folder(link.parent)
    return True
