"""Put right after a crash, and tidy up; safe at any time, for start-up and for the timer."""

import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.utils import timezone

from budgets import outages
from budgets.keeping.sealing import NotSealed, seal
from budgets.keeping.sweeping import sweep
from budgets.models.publications import Release
from budgets.publishing import object_store, pointers, shared_log, time_stamps
from budgets.workflow import background, batch_files, remaking, trail
from budgets.workflow import making_exports as exports

LOOK = 4  # seconds between looks for what a dead worker left: with STALE_AFTER and its own death under half a minute
FOLLOW = 2  # looks between two at the addresses
TIDY = 150  # looks between two tidyings
LATELY = timedelta(days=1)  # what is older was looked at by a tidying, whatever the clock of a machine says


class Command(BaseCommand):
    help = "使公开地址与数据库一致，重新排队没有做完的后台任务，清理无人使用的文件；可随时重复运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--watch",
            action="store_true",
            help=f"一直运行：每 {LOOK} 秒接手一次没有做完的任务，每 {LOOK * TIDY // 60} 分钟整理一次",
        )

    def handle(self, *args: Any, watch: bool = False, **options: Any) -> None:
        if watch:
            self.watch()
        else:
            self.tidy()

    def watch(self) -> None:
        """Until the process is ended; while the database is away it waits for it."""
        looks = 0
        while True:
            try:
                close_old_connections()
                self.take_over()  # before anything that takes longer
                if looks % TIDY == 0:
                    self.tidy()
                elif looks % FOLLOW == 0:
                    self.follow()
            except Exception as failure:
                if not outages.told(failure):
                    raise
            looks += 1
            time.sleep(LOOK)

    def take_over(self) -> str:
        """What was put back into the queue, in words."""
        jobs = background.requeue() + exports.requeue()
        words = f"重新排队 {jobs} 个任务、{(batches := batch_files.resume())} 批文件"
        if jobs or batches:
            self.stdout.write(f"{words}。")
        return words

    def follow(self) -> None:
        """Serve what other machines published or withdrew, and here what a process that died after its commit did not."""
        if object_store.shared() is None:
            pointers.settle(Release.objects.filter(at__gt=timezone.now() - LATELY))
            return
        pointers.follow()
        if not settings.CHECKPOINT_KEY_FILE:
            shared_log.borrow()

    def tidy(self) -> None:
        trail.link()
        learn_sizes()
        for name in pointers.settle():
            self.stdout.write(f"{name}：公开地址已更新。")
        if size := time_stamps.stamp():
            self.stdout.write(f"{size} 个版本的检查点已盖时间戳。")
        if settled := remaking.settle_pdfs():
            self.stdout.write(f"{settled} 份公开内容的 PDF 此前已补生成，现已列在页面上。")
        words = self.take_over()
        swept = "".join(f"、{n} 个{kind.name}" for kind, (n, _) in sweep(dry=False) if n)
        self.stdout.write(f"{words}{f'，清理{swept[1:]}' if swept else '，没有需要清理的'}。")
        try:
            for file, number in seal(timezone.localdate().year - 1):
                self.stdout.write(f"封存了审计日志 {file.name}：{number} 条。")
        except NotSealed as refusal:  # told by `verify --database`, too; the rest of the tidying is done
            self.stderr.write(str(refusal))


def learn_sizes() -> None:
    """SQLite looks how its tables have grown, as PostgreSQL does by itself: without, each publication walks over all that is public."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute("ANALYZE")
