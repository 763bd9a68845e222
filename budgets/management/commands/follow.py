"""Serve on this machine what the store that several machines share says is public; no database is needed."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets import outages
from budgets.publishing import object_store, pointers

LOOK = 8  # seconds


class Command(BaseCommand):
    help = "把对象存储（OBJECT_STORE）里已公开的内容取到本机，供 nginx 读取；不需要数据库，可随时重复运行。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help=f"一直运行，每 {LOOK} 秒看一次")

    def handle(self, *args: Any, watch: bool = False, **options: Any) -> None:
        if object_store.shared() is None:
            raise CommandError(
                "没有设置 OBJECT_STORE，请写明对象存储的地址，例如 https://s3.example.cn/mingzhang。"
            )
        while True:
            try:
                for name in pointers.copy():
                    self.stdout.write(f"{name}：公开地址已更新。")
            except (OSError, ValueError) as failure:
                words = outages.told(failure)
                if not watch:
                    raise CommandError("，".join(words) if words else str(failure)) from failure
                self.stderr.write(str(failure))
            if not watch:
                return
            time.sleep(LOOK)
