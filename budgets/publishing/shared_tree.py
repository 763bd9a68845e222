"""What is published, in the store that several machines share; the folder of each machine is a copy that is filled from it.

    files/<sha256>                        each file once, whatever folders hold it
    revisions/<entry>/manifest.json       as in the folder, after its files; replaced once, by one that lists the PDF
    releases/<hash>/manifest.json         likewise, never replaced
    site/<region>/<unit>/<year>/<stage>   the name of the release that the address serves: one small object, written last
    log/…                                 as in the folder, the checkpoint last

Without a store every function here does nothing.
"""

import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from budgets.publishing import folders
from budgets.publishing.object_store import Changed, Object, Store, shared

FILES, SITE = "files/", "site/"
HASH = re.compile(r"[0-9a-f]{64}")
INSIDE = re.compile(
    r"(?:[A-Za-z0-9][A-Za-z0-9_.-]*/)*[A-Za-z0-9][A-Za-z0-9_.-]*"
)  # what a key may make of a path here
SPOILT = "缺失或被改动，请运行 verify --store 查看"
AT_ONCE = 8  # requests; the store answers each in some milliseconds, one after the other a hundred files take a second
_known: dict[tuple[str, str], bytes] = {}  # what an address said, by key and tag


def lend(folder: Path, over: str = "", *, anew: bool = False) -> None:
    """Let other machines have a folder that was made here; of two that made it at once the first one's stands everywhere.

    `over` is the tag of the manifest that this one replaces, for a PDF that was added; `anew` writes what is missing
    beside a manifest that is there.
    """
    if (store := shared()) is None:
        return
    content, there = (folder / folders.MANIFEST).read_bytes(), store.get(_key(folder))
    same = there is not None and there.content == content
    if same and not anew:
        return
    if same or there is None or over:
        known = folders.read_manifest(folder)["files"]
        _at_once(
            lambda item: _keep(store, *item),
            {file["sha256"]: folder / path for path, file in known.items()}.items(),
        )
        with suppress(Changed):
            if not same:
                store.put(_key(folder), content, over)
            return
    _adopt(store, folder)


def lend_release(name: str) -> None:
    """A release with the data files of its revisions: of an address that the store has not, or has no more."""
    if shared() is not None:
        for revision in folders.read_manifest(folders.releases() / name)["revisions"]:
            lend(folders.revisions() / revision["entry"], anew=True)
        lend(folders.releases() / name, anew=True)


def borrow(folder: Path) -> str:
    """Have a folder here that another machine made, and the PDF that it added; the tag of its manifest, blank where nothing
    was asked for or nobody has it.

    Of a release the data files come first. ValueError when what the store has was changed: it is not taken.
    """
    if (store := shared()) is None:
        return ""
    here = folder.is_dir()
    if here and (folder.parent != folders.revisions() or folders.read_manifest(folder).get("pdf", True)):
        return ""
    there = store.get(_key(folder))
    if there is None:
        return ""
    if here:
        _adopt(store, folder)
        return there.tag
    manifest = manifest_of(folder, there.content)
    for revision in manifest.get("revisions", ()):
        data = folders.revisions() / revision["entry"]
        borrow(data)
        has = folders.read_manifest(data)["files"] if data.is_dir() else {}
        if any(has.get(name, {}).get("sha256") != digest for name, digest in revision["data"].items()):
            raise ValueError(f"对象存储里的 {_key(data)} {SPOILT}")
    paths = list(manifest["files"])
    contents = _at_once(lambda path: _file(store, manifest["files"][path]["sha256"]), paths)
    files = dict(zip(paths, contents, strict=True)) | {folders.MANIFEST: there.content}
    folders.put(folder, files, manifest["links"])
    return there.tag


def manifest_of(folder: Path, content: bytes) -> dict[str, Any]:
    """The manifest that the store has of a folder; ValueError for one that no publication writes, or that leads out of the folder."""
    try:
        manifest = folders.parsed(content)
        links: dict[str, str] = manifest["links"]
        fits = all(HASH.fullmatch(file["sha256"]) for file in manifest["files"].values())
        fits = fits and all(INSIDE.fullmatch(path) for path in (*manifest["files"], *links))
        for path, target in links.items():
            led = Path(os.path.normpath((folder / path).parent / target))
            fits = fits and any(led.is_relative_to(room) for room in (folder, folders.revisions()))
        for revision in manifest.get("revisions", ()):
            fits = (
                fits and HASH.fullmatch(revision["entry"]) is not None and isinstance(revision["data"], dict)
            )
        if folder.parent == folders.releases():
            fits = fits and folders.sha256(content) == folder.name
    except (ValueError, KeyError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise ValueError(f"对象存储里的 {_key(folder)} {SPOILT}")
    return manifest


def pointers(names: Iterable[str] | None) -> dict[str, Object]:
    """What these addresses (or all) serve by the store, before the database is asked what they are to serve."""
    if (store := shared()) is None:
        return {}
    if names is not None:
        found = {name: store.get(f"{SITE}{name}") for name in names}
        return {name: each for name, each in found.items() if each is not None}
    listed = {key: each.tag for key, each in store.listed(SITE).items()}
    fresh = [key for key, tag in listed.items() if (key, tag) not in _known]
    for key, each in zip(fresh, _at_once(store.get, fresh), strict=True):
        if each is not None:
            _known[key, each.tag] = each.content
    return {
        key.removeprefix(SITE): Object(_known[key, tag], tag)
        for key, tag in listed.items()
        if (key, tag) in _known
    }


def point(name: str, release: str, seen: Object | None) -> None:
    """Let the address serve that release, in one step. Raises Changed when it is not any more what was `seen`."""
    store = shared()
    if store is not None and (seen is None or seen.content != release.encode()):
        store.put(f"{SITE}{name}", release.encode(), seen.tag if seen else "")


def _keep(store: Store, digest: str, file: Path) -> None:
    with suppress(Changed):  # it is there: its key says what is in it
        store.put(f"{FILES}{digest}", file.read_bytes())


def _file(store: Store, digest: str) -> bytes:
    """A file by its digest; ValueError when the store has another, or none."""
    found = store.get(f"{FILES}{digest}")
    if found is None or folders.sha256(found.content) != digest:
        raise ValueError(f"对象存储里的 {FILES}{digest} {SPOILT}")
    return found.content


def _adopt(store: Store, folder: Path) -> None:
    """Make a folder what the store says that it is: its other files first, then the manifest."""
    there = store.get(_key(folder))
    here = (folder / folders.MANIFEST).read_bytes()
    if there is None or there.content == here:
        return
    before, after = folders.parsed(here)["files"], manifest_of(folder, there.content)["files"]
    for path, file in after.items():
        if before.get(path) != file:
            folders.replace(folder / path, _file(store, file["sha256"]))
    folders.replace(folder / folders.MANIFEST, there.content)
    for path in before.keys() - after.keys():
        (folder / path).unlink(missing_ok=True)


def _key(folder: Path) -> str:
    return f"{folder.relative_to(folders.root()).as_posix()}/{folders.MANIFEST}"


def _at_once[A, B](do: Callable[[A], B], each: Iterable[A]) -> list[B]:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(do, each))
