"""Give out what is public: one file of one disclosure, or a ZIP of everything that the options name."""

import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.management.options import add_place, disclosures_at
from budgets.models import Publication
from budgets.publishing import revision_files
from budgets.publishing.editions import Edition, edition_of
from budgets.rendering.imprint import file_name
from budgets.workflow.versions import current_of

SUFFIXES = {
    "pdf": revision_files.PDF,
    "xlsx": revision_files.XLSX,
    "csv.zip": revision_files.CSV,
    "json": revision_files.JSON,
}
ARCHIVE_TIME = (1980, 1, 1, 0, 0, 0)


class Command(BaseCommand):
    help = (
        "导出现行公开版本的文件。--format pdf/xlsx/csv.zip/json 且只有一份公开时导出该文件；"
        "--format zip 把所选各份公开的全部文件打成一个 ZIP。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_place(parser)
        parser.add_argument("--format", choices=[*SUFFIXES, "zip"], default="zip", help="文件格式")
        parser.add_argument("-o", "--output", type=Path, help="写到哪个文件；不写则按部门、年度和版本取名")

    def handle(self, *args: Any, **options: Any) -> None:
        current = [p for d in disclosures_at(options) if (p := current_of(d)) is not None]
        if not current:
            raise CommandError("所选的部门预算都没有公开。")
        if options["format"] == "zip":
            target = options["output"] or Path(_archive_name(current))
            missing = _archive([edition_of(publication) for publication in current], target)
            for name in missing:
                self.stderr.write(f"{name} 待生成，没有收入。")
        else:
            if len(current) > 1:
                raise CommandError(f"所选有 {len(current)} 份公开，请写明部门和年度，或用 --format zip。")
            edition = edition_of(current[0])
            target = options["output"] or Path(_name(edition, options["format"]))
            source = revision_files.folder_of(edition) / SUFFIXES[options["format"]]
            if not source.is_file():
                raise CommandError("这个文件还没有生成；PDF 可运行 publish --pending-pdf 补生成。")
            target.write_bytes(source.read_bytes())
        self.stdout.write(f"已导出 {target}")


def _name(edition: Edition, suffix: str) -> str:
    return file_name(edition.document, edition.revision, suffix)


def _archive_name(publications: list[Publication]) -> str:
    if len(publications) == 1:
        return _name(edition_of(publications[0]), "zip")
    years = sorted({publication.fiscal_year for publication in publications})
    return f"部门预算公开_{years[0]}{f'-{years[-1]}' if len(years) > 1 else ''}.zip"


def _archive(editions: list[Edition], target: Path) -> list[str]:
    """Write the ZIP, a folder per disclosure; the names of files that are still to be made come back."""
    missing = []
    beside = target.with_name(f"{target.name}.part")
    with zipfile.ZipFile(beside, "w") as archive:
        for edition in editions:
            region, unit, year, stage = edition.place
            for suffix, name in SUFFIXES.items():
                source = revision_files.folder_of(edition) / name
                if not source.is_file():
                    missing.append(_name(edition, suffix))
                    continue
                entry = zipfile.ZipInfo(
                    f"{region}-{unit}-{year}-{stage}/{_name(edition, suffix)}", ARCHIVE_TIME
                )
                packed = suffix == "json"  # the others are compressed as they are
                archive.writestr(
                    entry, source.read_bytes(), zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
                )
    beside.replace(target)
    return missing
