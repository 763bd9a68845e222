"""Check a file, or a department's disclosure in the database, without changing anything."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.domain.addresses import Addressed
from budgets.domain.documents import Document
from budgets.domain.findings import Finding, Severity
from budgets.domain.places import CellRef
from budgets.domain.terms import Stage
from budgets.importing.checked_json import checked
from budgets.importing.comparing.reports import FoundFault, Place, TableFound, as_dicts
from budgets.importing.reading.opening import Unreadable
from budgets.importing.report_lines import tell, tell_findings
from budgets.management.file_options import FILES, UNREADABLE, add_file_options, earlier_year_of, look_at
from budgets.models import Disclosure
from budgets.workflow.drafts import Draft, draft_of


class Command(BaseCommand):
    help = (
        "检查一个文件，或者数据库中一个部门的预算公开；什么都不改动。"
        "退出码：0 没有差异和错误，1 有差异或错误，2 文件无法读取。"
    )

    requires_system_checks = ()  # a file is asked about, not the portal: they are a quarter of the time

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            nargs="?",
            help=f"{FILES}；省略时检查数据库中的内容",
        )
        add_file_options(parser)
        parser.add_argument(
            "--stage",
            choices=[stage.value for stage in Stage],
            default=Stage.BUDGET.value,
            help="数据库中的类别",
        )
        parser.add_argument("--json", action="store_true", help="以一个 JSON 对象输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report, lines, sound = self.file(options) if options["file"] else self.stored(options)
        except Unreadable as error:
            self.stderr.write(str(error))
            raise SystemExit(UNREADABLE) from error
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else "\n".join(lines))
        if not sound:
            raise SystemExit(1)

    def file(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str], bool]:
        taken = look_at(options["file"], options, previous=earlier_year_of(options))
        return checked(taken), list(tell(taken)), taken.sound

    def stored(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str], bool]:
        if not (options["unit"] and options["year"]):
            raise CommandError(
                "请指定文件，或者用 --unit 和 --year（有多个地区时加 --region）指定部门和年度。"
            )
        found = Disclosure.objects.select_related("department__region").filter(
            department__code=options["unit"], fiscal_year=options["year"], stage=options["stage"]
        )
        if options["region"]:
            found = found.filter(department__region__code=options["region"])
        if len(found) != 1:
            raise CommandError(
                "没有这个部门和年度的预算公开。" if not found else "有多个地区，请用 --region 指定。"
            )
        draft = draft_of(found[0])
        faults = [fault(draft.document, finding) for finding in draft.findings]
        sheets = [TableFound(s.key, s.title, s.title) for s in draft.document.sheets()]
        report: dict[str, Any] = {"tables": as_dicts(sheets), "differences": [], "suspects": []}
        report |= {"findings": as_dicts(faults), "unread": []}
        return report, [str(found[0]), *tell_findings(faults), verdict(draft)], not draft.errors


def fault(document: Document, finding: Finding) -> FoundFault:
    """A finding with its cells by the anchors that they have on the disclosure's page."""
    cells = tuple(place(document, cell) for cell in finding.cells)
    return FoundFault(finding.rule, str(finding.severity), finding.message, cells)


def place(document: Document, ref: CellRef) -> Place:
    sheet = next(sheet for sheet in document.sheets() if sheet.key == ref.table)
    return Place(ref.table, sheet.title, Addressed([sheet]).of(ref))


def verdict(draft: Draft) -> str:
    counts = {severity: sum(f.severity == severity for f in draft.findings) for severity in Severity}
    listed = "、".join(f"{severity.label} {count}" for severity, count in counts.items())
    return f"{listed}；尚未说明的警告 {len(draft.unexplained)}。"
