"""Take workbooks, Word files or PDFs into a department's drafts, compared cell by cell."""

import json
import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets import access, tablesets
from budgets import ledger as rows
from budgets.domain.terms import Stage
from budgets.fonts.glyphs import missing_glyphs
from budgets.importing.pipeline import take_in, what_it_says
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.sources import read
from budgets.importing.recognising.identification import is_final_account
from budgets.importing.report_lines import tell
from budgets.importing.taken import Taken
from budgets.management.file_options import (
    BROKEN,
    FILES,
    UNREADABLE,
    USUAL,
    add_file_options,
    look_at,
    usual_for,
)
from budgets.models import Department, Disclosure, FiscalYear, Person, Region
from budgets.workflow import intake_saving
from budgets.workflow.drafts import earlier_year, limits
from budgets.workflow.starting import CannotStart, start
from budgets.workflow.stepping import Refused
from budgets.workflow.year_opening import form_of, terms_for

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "读取部门预算公开的 Excel、Word 或有文字的 PDF 文件：认表、取明细、推算各表并逐格比较，写入草稿。"
        "可以一次给出多个文件，一个不成不影响其余。"
        "退出码：0 没有差异和错误，1 有差异、错误或没有保存，2 有文件无法读取，3 读取时程序出错；几个文件时取最大的一个。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files",
            type=Path,
            nargs="+",
            metavar="file",
            help=FILES,
        )
        add_file_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入；不需要数据库内容")
        parser.add_argument("--json", action="store_true", help="每个文件以一个 JSON 对象输出结果，各占一行")
        parser.add_argument("--accept", action="store_true", help="有差异也保存，以由明细推算的金额为准")
        parser.add_argument("--round", action="store_true", help="比公开表最小计量更细的金额四舍五入后保存")
        parser.add_argument("--transcribe", action="store_true", help="以前公开过的文件：各表照原样印出")
        parser.add_argument("--as", dest="person", default="", help="以哪位人员的身份导入（用户名）")

    def handle(self, *args: Any, **options: Any) -> None:
        codes = [self.one(file, options) for file in options["files"]]
        if max(codes):
            raise SystemExit(max(codes))

    def one(self, file: Path, options: dict[str, Any]) -> int:
        """Take in one file and tell of it; the exit status. Raises CommandError when it is the only one."""
        several = len(options["files"]) > 1
        if several and not options["json"]:
            self.stdout.write(f"== {file}")
        try:
            taken, said, code = self.look(file, options) if options["dry_run"] else self.take(file, options)
        except Unreadable as error:
            return self.failed(file, str(error), "refused", UNREADABLE, options)
        except CommandError as error:
            if not several:
                raise
            return self.failed(file, f"{file}：{error}", "refused", 1, options)
        except Exception as error:  # of this file; the others of the batch are none the worse for it
            logger.exception("taking in %s failed", file)
            said = f"{file}：读取时程序出错（{type(error).__name__}），没有保存。请把文件和日志交给维护人员。"
            return self.failed(file, said, "failed", BROKEN, options)
        if options["json"]:
            own = {"file": str(file)} if several else {}
            self.stdout.write(json.dumps(own | taken.report(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join([*tell(taken), said]))
        return code

    def failed(self, file: Path, said: str, how: str, code: int, options: dict[str, Any]) -> int:
        """Tell of a file that gave nothing; of several, its line of JSON stands among the others."""
        self.stderr.write(said)
        if options["json"] and len(options["files"]) > 1:
            self.stdout.write(json.dumps({"file": str(file), how: said}, ensure_ascii=False))
        return code

    def look(self, file: Path, options: dict[str, Any]) -> tuple[Taken, str, int]:
        """What the file says; nothing is written and nothing of the database is needed."""
        taken = look_at(file, options)
        return taken, "仅检查，没有写入。", 0 if taken.sound else 1

    def take(self, file: Path, options: dict[str, Any]) -> tuple[Taken, str, int]:
        """Take the file into its draft: what it says, what was done about it, and the exit status."""
        source = read(file)
        said = what_it_says(source, options["table_set"] or usual_for(source))
        by = self.person(options["person"])
        year = options["year"] or int(said.get("year", 0))
        department = self.department(by, options["region"], options["unit"] or said.get("unit", ""))
        if not year:
            raise CommandError("文件没有写明预算年度，请用 --year 指定。")
        stage = Stage.FINAL if is_final_account(source) else Stage.BUDGET
        disclosure = Disclosure.objects.filter(department=department, fiscal_year=year, stage=stage).first()
        opened = FiscalYear.objects.filter(region=department.region, fiscal_year=year).first()
        chosen = terms_for(opened, department).table_set if opened else USUAL
        if by is None:  # the server's keeper may say otherwise, a person may not
            chosen = options["table_set"] or chosen
        if (
            stage is Stage.FINAL
            and tablesets.get(chosen).stage is not stage
            and (form := tablesets.accounts_of(chosen))
        ):
            chosen = form.key
        table_set = form_of(disclosure) if disclosure else chosen
        taken = take_in(
            source,
            region=department.region.code,
            region_name=department.region.name,
            unit=department.code,
            unit_name=department.name,
            year=year,
            table_set=table_set,
            subjects=rows.subjects_for,
            glyphs=missing_glyphs,
            previous=earlier_year(
                disclosure or Disclosure(department=department, fiscal_year=year, stage=stage)
            ),
            limits=limits(),
            transcribed=options["transcribe"],
        )
        try:
            intake_saving.refuse(taken, accept=options["accept"])
            disclosure = disclosure or self.begin(department, year, table_set, by)
            intake = intake_saving.save(
                taken, disclosure, by, accept=options["accept"], rounded=options["round"]
            )
        except (Refused, CannotStart) as error:
            return taken, str(error), self.refused(error, options)
        old = intake.report["replaced"]
        done = f"已写入{disclosure}的草稿" + (f"，替换了：{'、'.join(old)}。" if old else "。")
        return (
            taken,
            f"{done}如需撤销，请在后台打开这份预算公开，由“最近导入”撤销。",
            0 if taken.settled else 1,
        )

    def refused(self, error: Exception, options: dict[str, Any]) -> int:
        if options["json"]:  # standard output holds the one object only
            self.stderr.write(str(error))
        return 1

    def person(self, username: str) -> Person | None:
        if not username:
            return None
        person = Person.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"没有用户名为“{username}”的人员。")
        return person

    def department(self, by: Person | None, region: str, unit: str) -> Department:
        """The department chosen by options or named by the file, among those that the person may see."""
        departments = Department.objects.all() if by is None else access.departments_for(by)
        if region:
            departments = departments.filter(region__code=region)
        elif by is None and Region.objects.count() > 1:
            raise CommandError("有多个地区，请用 --region 指定行政区划代码。")
        if not unit:
            raise CommandError("文件没有写明部门预算编码，请用 --unit 指定。")
        found = departments.select_related("region").filter(code=unit).first()
        if found is None:
            raise CommandError(f"没有编码为 {unit} 的部门，或者无权写入。")
        return found

    def begin(self, department: Department, year: int, table_set: str, by: Person | None) -> Disclosure:
        """A new draft of the department's year; a person begins only what the bureau opened."""
        if by is not None:
            return start(department, year, by=by, stage=tablesets.get(table_set).stage)
        stage = tablesets.get(table_set).stage
        return Disclosure.objects.create(
            department=department, fiscal_year=year, table_set=table_set, stage=stage
        )
