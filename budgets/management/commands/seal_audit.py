"""A year of the audit trail as sealed files, one a region."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.keeping.sealing import NotSealed, seal
from budgets.workflow import trail


class Command(BaseCommand):
    help = "把一个已过完的年度的审计日志封存成文件，每个地区一个；此前没有封存的年度一并封存。数据库里的记录仍然保留。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR", help="年度，例如 2025")

    def handle(self, *args: Any, year: int, **options: Any) -> None:
        trail.link()
        try:
            made = seal(year)
        except NotSealed as refusal:
            raise CommandError(str(refusal)) from refusal
        for file, number in made:
            self.stdout.write(f"{file}：{number} 条")
        self.stdout.write(f"封存了 {len(made)} 个文件。" if made else "没有需要封存的记录。")
