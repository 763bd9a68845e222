"""A backup: a folder with one moment of the database, all files that it names, and a manifest by which it is proved.

    manifest.json               schema, moment, version of the schema of the database, heads of the chains, SHA-256 of each file
    database.sqlite3 or .dump   the database
    published/ uploads/ sealed/ the files

The database is copied first, so a publication in it has all its files. What was published while the files were copied
is left out again: the next backup has it.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from budgets.domain.snapshots import canonical
from budgets.keeping.database_copies import Moment, NotCopied, check_copy, copy_database, file_name
from budgets.keeping.sealing import sealed_root
from budgets.publishing import folders, shelf

SCHEMA = "mingzhang-backup/1"
PIECE = 2**20


def parts() -> dict[str, Path]:
    """The folders that are kept, by their names in a backup."""
    return {"published": folders.root(), "uploads": Path(settings.UPLOAD_ROOT), "sealed": sealed_root()}


@dataclass(slots=True)
class Backup:
    """What a backup holds: `files` {path: [bytes, SHA-256]}, `links` {path: target}."""

    made_at: str
    vendor: str
    database: str
    migrations: list[str]
    heads: dict[str, str]
    releases: dict[str, str]
    files: dict[str, list[Any]]
    links: dict[str, str]

    @property
    def size(self) -> int:
        return sum(size for size, _ in self.files.values())

    @property
    def content(self) -> bytes:
        """The manifest, canonical JSON."""
        return canonical({"schema": SCHEMA} | {name: getattr(self, name) for name in self.__slots__})


def make_backup(place: Path) -> Backup:
    """Write a backup into the folder `place`, which is not there yet, whole or not at all. Raises NotCopied."""
    if place.exists():
        raise NotCopied(f"{place} 已经存在。每次备份请写到一个新的文件夹，例如以日期命名。")
    if any(place.resolve().is_relative_to(part.resolve()) for part in parts().values()):
        raise NotCopied(f"{place} 在要备份的文件夹里面，请写到别处，最好是另一块磁盘。")
    with folders.unfinished(place.parent) as folder:
        folder.chmod(0o700)  # the whole database lies in it
        moment = copy_database(folder / file_name())
        made = timezone.localtime().isoformat(timespec="seconds")
        backup = Backup(
            made, connection.vendor, file_name(), moment.migrations, moment.heads, moment.releases, {}, {}
        )
        backup.files[file_name()] = measured(folder / file_name())
        for path, source in _sources(moment):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_symlink():
                backup.links[path] = str(source.readlink())
            elif (found := _copied(source, target)) is not None:
                backup.files[path] = found
        # An address that was flipped meanwhile leads to what the copied database says.
        for address, name in moment.releases.items():
            backup.links[f"published/site/{address}"] = f"../../../../releases/{name}"
        for path, target_of_link in backup.links.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).symlink_to(target_of_link)
        folders.write(folder / folders.MANIFEST, backup.content)
        os.sync()
        folder.rename(place)
    return backup


def _sources(moment: Moment) -> Iterator[tuple[str, Path]]:
    """Each file and link to be kept, with its path in the backup; of the published ones those that the moment knows."""
    known = {"releases": frozenset(moment.releases.values()), "revisions": moment.entries}
    for part, root in parts().items():
        for path in files_below(root):
            room, *below = path.relative_to(root).parts
            if part == "published" and (
                room in (shelf.root().name, folders.site().name)
                or below[:1]
                and below[0] not in known.get(room, below)
            ):
                continue
            yield f"{part}/{path.relative_to(root).as_posix()}", path


def files_below(root: Path) -> Iterator[Path]:
    """Every file and link, links not followed; what nobody finished is left out."""
    for folder, names, files in root.walk():
        names[:] = sorted(name for name in names if not name.startswith(folders.UNFINISHED))
        links = [name for name in names if (folder / name).is_symlink()]
        for name in sorted({*files, *links}):
            if not name.startswith(folders.UNFINISHED):
                yield folder / name


def _copied(source: Path, target: Path) -> list[Any] | None:
    """Copy a file; its size and SHA-256, None for one that was removed meanwhile."""
    try:
        return copy_file(source, target)
    except FileNotFoundError:
        return None


def copy_file(source: Path, target: Path) -> list[Any]:
    """Copy a file with its mode and time; size and SHA-256 of what was copied."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("xb") as write:
        while piece := read.read(PIECE):
            digest.update(piece)
            write.write(piece)
            size += len(piece)
        kept = os.fstat(read.fileno())
    target.chmod(kept.st_mode & 0o777)
    os.utime(target, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    return [size, digest.hexdigest()]


def measured(file: Path) -> list[Any]:
    """Size and SHA-256 of a file."""
    with file.open("rb") as read:
        return [file.stat().st_size, hashlib.file_digest(read, "sha256").hexdigest()]


def read_backup(place: Path) -> Backup:
    """What a backup says it holds. Raises NotCopied where there is none, or its manifest was changed."""
    try:
        content = (place / folders.MANIFEST).read_bytes()
        said = json.loads(content)
        if said.pop("schema") != SCHEMA:
            raise NotCopied(f"{place} 是别的格式的备份，请用做这份备份的程序版本恢复。")
        backup = Backup(**said)
    except FileNotFoundError:
        raise NotCopied(f"{place} 里没有备份：缺少 {folders.MANIFEST}。") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotCopied(f"{place} 的 {folders.MANIFEST} 不能读取，请换一份备份。") from error
    if backup.content != content:
        raise NotCopied(f"{place} 的 {folders.MANIFEST} 被改动，请换一份备份。")
    return backup


def backup_faults(place: Path, backup: Backup) -> Iterator[str]:
    """Everything in a backup that is not as its manifest says, in Chinese; nothing for a whole one."""
    there = {path.relative_to(place).as_posix(): path for path in files_below(place)}
    for path, said in backup.files.items():
        file = there.pop(path, None)
        if file is None or file.is_symlink():
            yield f"缺少 {path}"
        elif measured(file) != said:
            yield f"{path} 的内容与备份时不同"
    for path, target in backup.links.items():
        link = there.pop(path, None)
        if link is None or not link.is_symlink() or str(link.readlink()) != target:
            yield f"链接 {path} 缺失或被改动"
    yield from (f"多出 {path}" for path in there if path != folders.MANIFEST)
    try:
        check_copy(place / backup.database)
    except NotCopied as refusal:
        yield str(refusal)
