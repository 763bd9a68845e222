"""A synthetic county: departments with disclosures drawn at random, for load tests and for trying the desks."""

from argparse import ArgumentParser
from io import StringIO
from itertools import chain
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from budgets import tablesets
from budgets.models import Subject
from budgets.synthetic import counties


class Command(BaseCommand):
    help = "造一个合成的县（供测试和演示）：若干部门，按随机种子生成互相勾稽的预算并公开。再次运行只补缺的。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("departments", type=int, help="部门数；每 60 个部门一个县")
        parser.add_argument("--years", type=int, nargs="+", default=[2023], help="预算年度，可写几个")
        parser.add_argument(
            "--table-set",
            nargs="+",
            choices=[key for key, _ in tablesets.choices()],
            default=["hebei_2023"],
            help="表样；写几个则各部门轮流使用",
        )
        parser.add_argument("--accounts", type=int, default=0, help="另为多少个部门公开第一个年度的决算")
        parser.add_argument("--items", type=int, default=5, help="每种资金的功能科目数，越多表越长")
        parser.add_argument("--sentences", type=int, default=6, help="每章的句数")
        parser.add_argument("--seed", type=int, default=0, help="随机种子；相同的种子得到相同的内容")
        parser.add_argument(
            "--rows-only", action="store_true", help="只写数据库里的公开记录，不生成文件：用来量列表和检索"
        )
        parser.add_argument("--without-pdf", action="store_true", help="不生成 PDF（标为待生成）")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Subject.objects.exists():
            call_command("load_subjects", stdout=StringIO())
        wish = counties.Wish(
            tuple(options["years"]),
            tuple(options["table_set"]),
            options["items"],
            options["sentences"],
            options["seed"],
        )
        number, done = options["departments"], 0
        counties.open_years(wish, number)
        if options["rows_only"]:
            for done in counties.rows(wish, number):
                self.stdout.write(f"已写 {done} 条公开记录……")
        else:
            made = counties.published(wish, number, with_pdf=not options["without_pdf"])
            finals = counties.accounts(wish, options["accounts"], with_pdf=not options["without_pdf"])
            for done, publication in enumerate(chain(made, finals), 1):
                self.stdout.write(f"{done}　{publication}")
        self.stdout.write(f"完成：新公开 {done} 份。")
