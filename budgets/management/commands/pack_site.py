"""Write everything public of a region as a ZIP that works from a disk."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.models import Region
from budgets.public.site_folder import write_site


class Command(BaseCommand):
    stealth_options = ("told",)  # for the worker: hears how many files there are so far
    help = "把一个地区公开的全部网页和文件写成一个 ZIP：解开就能看，也可以放到任何网站服务器上。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("region", help="行政区划代码")
        parser.add_argument("-o", "--output", type=Path, help="写到哪个文件；不写则按地区取名")

    def handle(self, *args: Any, **options: Any) -> None:
        region = Region.objects.filter(code=options["region"]).first()
        if region is None:
            raise CommandError("没有这个地区。")
        target = options["output"] or Path(f"{region.name}部门预算公开.zip")
        count = write_site(region, target, options.get("told") or int)
        self.stdout.write(f"已写 {target}，{count} 个文件。")
