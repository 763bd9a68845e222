"""A portal made of a backup, in an empty place."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from budgets.keeping.database_copies import NotCopied
from budgets.keeping.restored_backups import restore


class Command(BaseCommand):
    help = "从备份恢复到空的数据库和空的数据文件夹，升级表结构，并核验全部内容；先停止网站和后台进程。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, metavar="DIR", help="backup 写的文件夹")

    def handle(self, *args: Any, place: Path, **options: Any) -> None:
        began = monotonic()

        def tell(words: str) -> None:
            self.stdout.write(f"· {words}（{monotonic() - began:.1f} 秒）")

        try:
            backup = restore(place, tell)
        except NotCopied as refusal:
            raise CommandError(str(refusal)) from refusal
        call_command("verify", database=True, stdout=self.stdout)
        self.stdout.write(
            f"✓ 已恢复到 {backup.made_at} 的状态，用时 {monotonic() - began:.1f} 秒；此后办理的事项不在里面，请告诉各部门。"
        )
