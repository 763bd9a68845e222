"""Publish what was approved; add PDFs that were left out; make the public pages anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.management.options import add_place, disclosures_at, person_named
from budgets.models import Disclosure, Person
from budgets.rendering.pdf.renderer import PdfFailed, PdfUnavailable
from budgets.workflow import lifecycle, remaking


class Command(BaseCommand):
    help = "公开已批准的部门预算；--pending-pdf 补生成 PDF；--rebuild 由已公开的内容重新生成网页。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_place(parser)
        parser.add_argument("--as", dest="person", metavar="用户名", help="以谁的名义公开（财政局经办）")
        parser.add_argument("--pending-pdf", action="store_true", help="补生成待生成的 PDF，不动其他数据文件")
        parser.add_argument("--rebuild", action="store_true", help="重新生成网页，数据文件不变")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["pending_pdf"]:
            self._each(options, _pending_pdf)
        elif options["rebuild"]:
            self._each(options, _rebuild)
        else:
            by = person_named(options["person"])
            approved = [d for d in disclosures_at(options) if d.status == "approved"]
            if not approved:
                raise CommandError("没有已批准、待公开的部门预算。")
            for disclosure in approved:
                self.stdout.write(_publish(disclosure, by))

    def _each(self, options: dict[str, Any], work: Any) -> None:
        for disclosure in disclosures_at(options).filter(publications__isnull=False).distinct():
            self.stdout.write(work(disclosure))


def _publish(disclosure: Disclosure, by: Person) -> str:
    try:
        publication = lifecycle.publish(disclosure, by=by)
    except lifecycle.NotPublishable as refused:
        lines = [f"  {finding.severity.label}：{finding.message}" for finding in refused.findings]
        raise CommandError("\n".join([f"{disclosure}：{refused}", *lines])) from None
    except lifecycle.Refused as refused:
        raise CommandError(f"{disclosure}：{refused}") from None
    pending = "，PDF 待生成" if publication.state.pdf_pending else ""
    return f"{disclosure}：已公开为 r{publication.revision}{pending}，链值 {publication.chain_entry[:12]}。"


def _pending_pdf(disclosure: Disclosure) -> str:
    try:
        count = remaking.add_pdfs(disclosure)
    except (PdfUnavailable, PdfFailed) as error:
        raise CommandError(f"{disclosure}：{error}") from None
    return f"{disclosure}：补生成 {count} 个 PDF。" if count else f"{disclosure}：没有待生成的 PDF。"


def _rebuild(disclosure: Disclosure) -> str:
    try:
        changed = remaking.rebuild(disclosure)
    except lifecycle.Refused as refused:
        raise CommandError(f"{disclosure}：{refused}") from None
    return f"{disclosure}：{'网页已重新生成' if changed else '网页没有变化'}。"
