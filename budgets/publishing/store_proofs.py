"""Prove that the store that machines share holds what is published here, and nothing that nobody put there."""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from budgets.publishing import folders
from budgets.publishing.object_store import Store
from budgets.publishing.pointers import LEFT_OVER_AFTER
from budgets.publishing.shared_tree import FILES, SITE, manifest_of

PRIVATE = ("uploads/", "made/")  # files that were handed in, exports: the database knows them
MANIFEST = re.compile(rf"(releases|revisions)/([0-9a-f]{{64}})/{re.escape(folders.MANIFEST)}")
FILE = re.compile(rf"{FILES}([0-9a-f]{{64}})")
OTHER = "与本机公开的不同"
MISSING = "对象存储里缺失"


def store_faults(store: Store) -> Iterator[tuple[str, str]]:
    """Each object that is missing, changed or foreign: its key, and what is wrong with it. Raises StoreAway.

    It is held against this machine's folder, which `verify` proves. What a publication under way, or one that did not
    finish, has put there is explained by its manifest.
    """
    listed = store.listed("")
    named: dict[str, str] = {}  # files, by key, and a manifest that names it
    files = []
    for key in listed:
        if key.startswith(PRIVATE):
            continue
        if (found := store.get(key)) is None:
            continue  # removed meanwhile
        content = found.content
        if part := MANIFEST.fullmatch(key):
            here = folders.root() / key
            try:
                known = manifest_of(here.parent, content)["files"].values()
            except ValueError:
                yield key, OTHER
                continue
            if here.is_file() and here.read_bytes() != content:
                yield key, OTHER
            else:
                named |= {f"{FILES}{file['sha256']}": key for file in known}
        elif part := FILE.fullmatch(key):
            files.append(key)
            if folders.sha256(content) != part[1]:
                yield key, "内容与名称不符"
        elif key.startswith(SITE):
            link = folders.root() / key
            if not link.is_symlink() or link.readlink().name.encode() != content:
                yield key, f"{OTHER}，请运行 settle"
        elif key.startswith("log/"):
            here = folders.root() / key
            if not here.is_file() or here.read_bytes() != content:
                yield key, OTHER
        else:
            yield key, "不属于本系统的对象，请查明来源后移走"
    young = timezone.now() - timedelta(seconds=LEFT_OVER_AFTER)
    for key in files:
        if key not in named and listed[key].modified < young:
            yield key, "没有清单提到的文件，请查明来源后移走"
    for key, manifest in named.items():
        if key not in listed:
            yield key, f"{MISSING}（{manifest} 提到它）"
    for path in sorted(folders.site().glob("*/*/*/*")):
        for key in _keys_of(path.relative_to(folders.root()).as_posix(), path.readlink().name):
            if key not in listed:
                yield key, MISSING


def _keys_of(address: str, release: str) -> Iterator[str]:
    """What there must be of an address beside its files."""
    yield address
    yield f"releases/{release}/{folders.MANIFEST}"
    for revision in folders.read_manifest(folders.releases() / release)["revisions"]:
        yield f"revisions/{revision['entry']}/{folders.MANIFEST}"
