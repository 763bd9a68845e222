"""A copy of everything in a folder of its own, while the portal goes on; and proof of such a copy."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from budgets import outages
from budgets.keeping.backup_folders import backup_faults, make_backup, read_backup
from budgets.keeping.database_copies import NotCopied


class Command(BaseCommand):
    help = "备份数据库、已公开的内容、上传的文件和封存的审计日志到一个新文件夹；不必停机。密钥不在备份里，请另外保存。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, metavar="DIR", help="新文件夹，例如 /backup/2026-11-30")
        parser.add_argument("--verify", action="store_true", help="不备份，只核验这个文件夹里的备份")

    def handle(self, *args: Any, place: Path, verify: bool = False, **options: Any) -> None:
        began = monotonic()
        try:
            backup = read_backup(place) if verify else make_backup(place)
            faults = list(backup_faults(place, backup))
        except NotCopied as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as failure:
            if words := outages.told(failure):
                raise CommandError("，".join(words)) from failure
            raise
        if settings.OBJECT_STORE and not verify:
            self.stdout.write("· 上传的文件在对象存储里，不在这份备份里：请用对象存储自己的办法另外复制。")
        for fault in faults:
            self.stdout.write(f"✗ {fault}")
        if faults:
            raise CommandError(f"这份备份有 {len(faults)} 处不符，不能用来恢复。")
        self.stdout.write(
            f"✓ {place}：{backup.made_at} 的备份，{len(backup.releases)} 个公开地址，{len(backup.files)} 个文件，"
            f"{backup.size / 2**20:.1f} MB，已逐个核验，用时 {monotonic() - began:.1f} 秒。"
        )
