"""What is older than it is kept: told by kind, and removed on request."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from budgets.keeping.sweeping import sweep


class Command(BaseCommand):
    help = "列出各类内容保留多久、有多少已经过期；加 --remove 才清理。settle 定时做同样的清理。公开内容、草稿和审计日志从不清理。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        given = parser.add_mutually_exclusive_group()
        given.add_argument("--dry-run", action="store_true", help="只列出，不清理（不加参数时也是如此）")
        given.add_argument("--remove", action="store_true", help="清理已经过期的")

    def handle(self, *args: Any, remove: bool = False, **options: Any) -> None:
        found = sweep(dry=not remove)
        for kind, swept in found:
            self.stdout.write(
                f"{kind.name}：保留 {kind.kept.days} 天（{kind.why}）；过期 {swept.number} 个，{swept.size / 2**20:.1f} MB"
            )
        number, size = (sum(getattr(swept, name) for _, swept in found) for name in ("number", "size"))
        self.stdout.write(
            f"{'清理了' if remove else '可以清理'} {number} 个，{size / 2**20:.1f} MB。"
            f"{'' if remove else '加 --remove 清理。'}"
        )
