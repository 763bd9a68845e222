"""A portal made of a backup, in an empty place alone: proved first, then database, files, addresses, schema of today."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from budgets.keeping.backup_folders import Backup, backup_faults, copy_file, parts, read_backup
from budgets.keeping.database_copies import NotCopied, is_empty, load_database
from budgets.keeping.sealing import PRIVATE
from budgets.publishing import folders, pointers

NAMED = 5  # of what stands in the way, so many are named


def restore(place: Path, tell: Callable[[str], object]) -> Backup:
    """Bring a backup back; each step is told in Chinese. Raises NotCopied, before anything is written for whatever stands against it."""
    backup = read_backup(place)
    _fits(backup)
    _nothing_there(backup)
    if faults := list(islice(backup_faults(place, backup), NAMED)):
        raise NotCopied(f"这份备份不完整，没有恢复：{'；'.join(faults)}。请换一份备份。")
    tell(f"备份完整：{backup.made_at}，{len(backup.files)} 个文件，{backup.size / 2**20:.1f} MB")
    load_database(place / backup.database)
    tell("数据库已恢复")
    _put_files(place, backup)
    tell("文件已恢复")
    call_command("migrate", interactive=False, verbosity=0)
    pointers.settle()
    tell("表结构已升级到本程序的版本")
    return backup


def _fits(backup: Backup) -> None:
    if backup.vendor != connection.vendor:
        raise NotCopied(
            f"备份来自 {backup.vendor}，现在设置的数据库是 {connection.vendor}。请把 DATABASE_URL 设为同一种数据库再恢复。"
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := [each for each in backup.migrations if each not in known]:
        raise NotCopied(
            f"备份由更新的程序版本做成（含有 {'、'.join(newer[:NAMED])}），请先安装做备份时的版本，再恢复。"
        )


def _nothing_there(backup: Backup) -> None:
    """Raise NotCopied unless the place is empty; addresses that are newer than the backup, or other, are named."""
    full = [str(root) for root in parts().values() if root.is_dir() and any(root.iterdir())]
    if not is_empty():
        full.append(f"数据库 {connection.settings_dict['NAME']}")
    if not full:
        return
    there = {
        f"published/site/{link.relative_to(folders.site()).as_posix()}": str(link.readlink())
        for link in folders.site().glob("*/*/*/*")
        if link.is_symlink()
    }
    other = sorted(path for path, target in there.items() if backup.links.get(path) != target)
    names = "、".join(path.removeprefix("published/site/") for path in other[:NAMED])
    lost = (
        f"现在公开的内容里有 {len(other)} 个地址与这份备份（{backup.made_at}）不同，备份比它们旧：{names}"
        f"{'等' if len(other) > NAMED else ''}。恢复会使它们退回到备份时。"
        if other
        else ""
    )
    raise NotCopied(
        f"{'、'.join(full)} 不是空的，没有恢复。{lost}请换一个空的数据库和 DATA_DIR，或者先把现在的移到别处保存。"
    )


def _put_files(place: Path, backup: Backup) -> None:
    roots = parts()
    for path in backup.files:
        part, _, below = path.partition("/")
        if part in roots:
            target = roots[part] / below
            folders.make_folder(target.parent)
            copy_file(place / path, target)
    for part in ("uploads", "sealed"):  # neither is the web server's to read
        if roots[part].is_dir():
            roots[part].chmod(PRIVATE)
    for path, leads_to in backup.links.items():
        part, _, below = path.partition("/")
        folders.make_folder((roots[part] / below).parent)
        (roots[part] / below).symlink_to(leads_to)
