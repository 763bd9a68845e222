"""Files that are kept: whole, under a name of their own, or not at all; what goes when they are old, and what room is left."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from budgets.publishing.folders import make_folder, replace
from budgets.publishing.object_store import Changed, shared


class Swept(NamedTuple):
    """What was removed, or would be: how much of a kind, and the bytes of files."""

    number: int
    size: int = 0


@contextmanager
def keeping(file: FieldFile, name: str, content: bytes) -> Iterator[None]:
    """The content lies in the field's folder while the block runs, and stays there when it ends well.

    When it cannot be written or the block fails, nothing is left, of the half of a file neither.
    """
    # A name that nobody else ever has, so that what is removed after a failure is this file alone.
    own = file.field.generate_filename(file.instance, f"{name}-{uuid4().hex[:12]}")
    try:
        file.name = file.storage.save(own, ContentFile(content))
        yield
    except BaseException:
        file.storage.delete(own)
        raise


def free(folder: Path) -> int:
    """Free bytes of the disk on which the folder lies, or will lie."""
    there = next(each for each in (folder, *folder.parents) if each.is_dir())
    return shutil.disk_usage(there).free


def bytes_of(file: FieldFile) -> int:
    """The size of a kept file; 0 where there is none any more."""
    return file.storage.size(str(file.name)) if file.name and file.storage.exists(file.name) else 0


def lend(file: Path) -> None:
    """Let every machine have a file that was made here (an export, a preview), where they share a store."""
    if (store := shared()) is not None:
        there = store.listed(_key(file)).get(_key(file))
        with suppress(Changed):  # made by another machine meanwhile
            store.put(_key(file), file.read_bytes(), there.tag if there else "")


def is_at_hand(file: Path) -> bool:
    """Whether such a file is here, or in the store that machines share."""
    store = shared()
    return file.is_file() or (store is not None and _key(file) in store.listed(_key(file)))


def at_hand(file: Path) -> Path:
    """Where such a file lies, taken from the store when another machine made it."""
    store = None if file.is_file() else shared()
    if store is not None and (found := store.get(_key(file))) is not None:
        make_folder(file.parent)
        replace(file, found.content)
    return file


def _key(file: Path) -> str:
    return f"made/{file.relative_to(settings.DATA_DIR).as_posix()}"


def sweep_files(old: list[Path], *, dry: bool) -> Swept:
    """Remove files, or only count them."""
    swept = Swept(len(old), sum(file.lstat().st_size for file in old))
    for file in () if dry else old:
        file.unlink(missing_ok=True)
    return swept


def sweep_folders(old: list[Path], *, dry: bool) -> Swept:
    """Remove folders with all that is in them, or only count them."""
    inside = [path for folder in old for path in folder.rglob("*") if path.is_symlink() or path.is_file()]
    swept = Swept(len(old), sum(path.lstat().st_size for path in inside))
    for folder in () if dry else old:
        shutil.rmtree(folder)
    return swept


def sweep_rows(old: QuerySet[Any], *, dry: bool) -> Swept:
    """Delete rows, or only count them."""
    swept = Swept(old.count())
    if not dry:
        old.delete()
    return swept
