"""What the bureau takes along of a year, made by a worker: the county's book, the consolidated tables, archives.

Each table that was set is kept until the whole is done: a worker that takes over after a crash goes on from there. The
departments' own parts are the files that they published. A site is packed by the command, which asks the public pages.
"""

import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from budgets.models import (
    Disclosure,
    Export,
    ExportKind,
    Happening,
    JobState,
    Person,
    Publication,
    PublicationStatus,
    Region,
)
from budgets.models.region_exports import KEPT
from budgets.publishing.bundles import Kind, bundle
from budgets.publishing.folders import make_folder, replace, revisions, sha256
from budgets.publishing.revision_files import PDF
from budgets.rendering.book.book_binding import Bound, bind_apart, pages_of
from budgets.rendering.book.front import Entry, Front, front_html, pieces, stamp_html
from budgets.rendering.pdf.renderer import render_pdf
from budgets.workflow import trail
from budgets.workflow.consolidation import Scope, scope_of
from budgets.workflow.kept_files import Swept, lend, sweep_folders
from budgets.workflow.queueing import STALE_AFTER, do_once, put_back
from budgets.workflow.stepping import BEIJING, NotAllowed

BOOK = "部门预算公开汇编"
SUFFIXES = {
    ExportKind.BOOK: "pdf",
    ExportKind.TABLES: "pdf",
    ExportKind.ARCHIVE: "zip",
    ExportKind.SITE: "zip",
}
SITE_STEP = 100  # files of a site between two words of how far it is
MOST_PASSES = 4  # of the contents, until its own length is what it says


def ask(kind: ExportKind, region: Region, year: int, *, by: Person, **wanted: Any) -> Export:
    """Ask for a file of a year; while the same is under way, that comes back."""
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=region.pk)
        same = Export.objects.filter(
            kind=kind,
            region=region,
            fiscal_year=year,
            wanted=wanted,
            state__in=(JobState.QUEUED, JobState.RUNNING),
        ).first()
        if same:
            return same
        export = Export.objects.create(
            kind=kind, region=region, fiscal_year=year, wanted=wanted, person=by, address=trail.address()
        )
        chosen = wanted.get("disclosures", ())
        words = name_of(export) + (f"，共 {len(chosen)} 个部门" if chosen else "")
        trail.tell(Happening.EXPORT, by, export, words=words)
        make.enqueue(export.pk)
    export.refresh_from_db()
    return export


@task()
def make(number: int) -> None:
    """Make one file once: a second worker, and what is done, find nothing to do."""
    do_once(Export, number, _made, "region")


def _made(export: Export) -> str:
    words = WORK[ExportKind(export.kind)](export)
    lend(file_of(export))
    return words


def file_of(export: Export) -> Path:
    """Where the file lies once it is done, outside everything that the web server serves."""
    return _folder(export) / f"result.{SUFFIXES[ExportKind(export.kind)]}"


def name_of(export: Export) -> str:
    """The name under which people save the file."""
    kind = ExportKind(export.kind)
    if kind is ExportKind.SITE:
        return f"{export.region.name}部门预算公开网站.zip"
    name = {
        ExportKind.BOOK: BOOK,
        ExportKind.TABLES: "部门预算汇总表" + ("（含已批准未公开）" if export.wanted.get("approved") else ""),
        ExportKind.ARCHIVE: f"部门预算{Kind(export.wanted['file']).label}" if "file" in export.wanted else "",
    }[kind]
    return f"{export.region.name}{export.fiscal_year}年{name}.{SUFFIXES[kind]}"


def requeue(older_than: timedelta = STALE_AFTER) -> int:
    """Put back what a worker left that died; how many."""
    return put_back(Export, make, older_than)


def forget_exports(older_than: timedelta = KEPT, *, dry: bool = False) -> Swept:
    """Remove files, finished or not, that nobody asked for within the days that they are kept."""
    old = Export.objects.filter(queued_at__lt=timezone.now() - older_than)
    swept = sweep_folders([folder for export in old if (folder := _folder(export)).is_dir()], dry=dry)
    if not dry:
        old.filter(state__in=(JobState.DONE, JobState.FAILED)).delete()
    return swept


def _folder(export: Export) -> Path:
    return Path(settings.DATA_DIR) / "exports" / str(export.pk)


def _book(export: Export) -> str:
    """The county's book: tables in front, what each department published behind."""
    scope = scope_of(export.region, export.fiscal_year)
    files = {
        each.department.pk: file
        for each in scope.present
        if each.publication and (file := revisions() / each.publication.chain_entry / PDF).is_file()
    }
    without = [each.department.name for each in scope.present if each.department.pk not in files]
    behind = [
        (each.department.code, each.department.name, files[each.department.pk])
        for each in scope.present
        if each.department.pk in files
    ]
    if not behind:
        raise NotAllowed("本年度还没有已公开的 PDF，没有可以汇编的内容。")
    facts = [("收入部门", scope.standing)]
    if without:
        facts.append(("未收入", f"PDF 还没有生成：{'、'.join(without)}"))
    facts.append(("内容", "前为汇总表，后为各部门的公开件，内容与公开时相同"))
    pages = _bind(export, scope, BOOK, facts, behind)
    left = f"有 {len(without)} 个部门的 PDF 还没有生成，没有收入：{'、'.join(without)}。" if without else ""
    return f"共 {pages} 页，{len(behind)} 个部门。{left}"


def _tables(export: Export) -> str:
    """The consolidated tables alone."""
    scope = scope_of(export.region, export.fiscal_year, approved=bool(export.wanted.get("approved")))
    if not scope.counted:
        raise NotAllowed("本年度还没有可以汇总的部门预算。")
    facts = [("汇总部门", scope.standing), ("内容", "各部门的表逐格相加")]
    return f"共 {_bind(export, scope, '部门预算汇总表', facts, [])} 页。{scope.standing}。"


def _bind(
    export: Export, scope: Scope, name: str, facts: list[tuple[str, str]], behind: list[tuple[str, str, Path]]
) -> int:
    """Set the tables, bind everything, and put the file in its place; how many pages it has."""
    made_on = export.queued_at.astimezone(BEIJING)
    tables = [
        (heading, piece) for heading, document in scope.documents for piece in pieces(heading, document)
    ]
    steps = 2 * len(tables) + len(behind) + 1  # each table is set, everything is bound, the book is written
    parts, texts = [], []
    for n, (heading, piece) in enumerate(tables):
        _say(export, n, steps)
        parts.append(Bound(piece.title, _kept(export, piece.html), heading))
        texts.append((piece.label, piece.title, heading if n == 0 or tables[n - 1][0] != heading else ""))
    for n, (code, department, file) in enumerate(behind):
        parts.append(Bound(f"{code} {department}", file.read_bytes()))
        texts.append((code, department, "各部门公开件" if n == 0 else ""))
    lengths = pages_of([part.content for part in parts])
    front = Front(export.region.name, export.fiscal_year, name, made_on.date(), tuple(facts))
    before = 0
    for _ in range(MOST_PASSES):
        entries, at = [], before + 1
        for n, ((label, title, heading), length) in enumerate(zip(texts, lengths, strict=True), 1):
            entries.append(Entry(n, label, title, at, heading))
            at += length
        contents = _kept(export, front_html(front, entries))
        was, (before,) = before, pages_of([contents])
        if was == before:
            break
    book = bind_apart(
        contents, _kept(export, stamp_html()), parts, lambda done, of: _say(export, len(tables) + done, steps)
    )
    _put(export, book)
    return before + sum(lengths)


def _archive(export: Export) -> str:
    """The files of the disclosures that are public now, as they lie there."""
    disclosures = Disclosure.objects.filter(
        pk__in=export.wanted["disclosures"], department__region=export.region
    )
    found = list(
        Publication.objects.filter(disclosure__in=disclosures, state__status=PublicationStatus.CURRENT)
        .select_related("department")
        .order_by("department__code")
        .defer("payload", "checks")
    )
    archive, missing = bundle(found, Kind(export.wanted["file"]))
    with archive:
        _put(export, archive.read())
    left = f"没有放进来的：{'、'.join(missing)}。" if missing else ""
    return f"共 {len(found) - len(missing)} 个文件。{left}"


def _site(export: Export) -> str:
    """Everything public of the region as a folder that works from a disk."""

    def told(count: int) -> None:
        if count % SITE_STEP == 0:  # it may take longer than a worker is waited for
            Export.objects.filter(pk=export.pk).update(
                message=f"已写 {count} 个文件", started_at=timezone.now()
            )

    make_folder(_folder(export))
    file = file_of(export)
    call_command("pack_site", export.region.code, output=file, told=told, stdout=io.StringIO())
    Export.objects.filter(pk=export.pk).update(size=file.stat().st_size)
    with zipfile.ZipFile(file) as archive:
        return f"共 {len(archive.namelist())} 个文件。解开后打开 index.html；也可以放到任何网站服务器上。"


WORK: dict[ExportKind, Callable[[Export], str]] = {
    ExportKind.BOOK: _book,
    ExportKind.TABLES: _tables,
    ExportKind.ARCHIVE: _archive,
    ExportKind.SITE: _site,
}


def _kept(export: Export, html: str) -> bytes:
    """The PDF of a piece: made once for this export, however often a worker begins it."""
    file = _folder(export) / "parts" / f"{sha256(html.encode())}.pdf"
    if not file.is_file():
        make_folder(file.parent)
        replace(file, render_pdf(html, created=export.queued_at))
    return file.read_bytes()


def _put(export: Export, content: bytes) -> None:
    make_folder(_folder(export))
    replace(file_of(export), content)
    shutil.rmtree(_folder(export) / "parts", ignore_errors=True)
    Export.objects.filter(pk=export.pk).update(size=len(content))


def _say(export: Export, done: int, of: int) -> None:
    Export.objects.filter(pk=export.pk).update(done=done, of=of)
