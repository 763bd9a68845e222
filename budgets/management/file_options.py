"""How commands read one file: the options that say what it is, and one way to take it in and hold it against the rules."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.ledgers import Ledger
from budgets.fonts.glyphs import missing_glyphs
from budgets.importing.pipeline import take_in
from budgets.importing.reading.grids import Source
from budgets.importing.reading.sources import read
from budgets.importing.recognising.identification import is_final_account
from budgets.importing.taken import Taken
from budgets.models import Department, Disclosure
from budgets.workflow.drafts import earlier_year, limits

FILES = "Excel 或 WPS 表格（.xlsx、.xls、.et、SpreadsheetML 的 .xml、.csv、.html）、Word（.docx）或有文字的 .pdf 文件"
USUAL = "hebei_2023"
UNREADABLE = 2
BROKEN = 3


def add_file_options(parser: ArgumentParser) -> None:
    """The options that name the department, the year and the table set of a file."""
    parser.add_argument("--region", default="", help="行政区划代码，例如 130225；只有一个地区时可省略")
    parser.add_argument("--unit", default="", help="部门预算编码，例如 483；文件写明时可省略")
    parser.add_argument("--year", type=int, help="预算年度，例如 2023；文件写明时可省略")
    parser.add_argument(
        "--table-set",
        choices=[key for key, _ in tablesets.choices()],
        help=f"文件的表样；省略时用草稿的表样，没有草稿时用 {USUAL}",
    )


def usual_for(source: Source) -> str:
    """The form that a file is read by where nobody names one: that of budgets, for final accounts theirs."""
    form = tablesets.accounts_of(USUAL) if is_final_account(source) else None
    return form.key if form else USUAL


def look_at(file: Path, options: dict[str, Any], *, previous: Ledger | None = None) -> Taken:
    """What a file says, checked by every rule with this portal's limits; nothing is written.

    `previous` is the ledger of an earlier year. Raises Unreadable.
    """
    source = read(file)
    return take_in(
        source,
        region=options["region"],
        unit=options["unit"],
        year=options["year"],
        table_set=options["table_set"] or usual_for(source),
        subjects=subjects_of,
        glyphs=missing_glyphs,
        previous=previous,
        limits=limits(),
        transcribed=bool(options.get("transcribe")),
    )


def earlier_year_of(options: dict[str, Any]) -> Ledger | None:
    """The ledger of the latest earlier year of the department and year that the options name; None when they name none, or there is none."""
    if not (options["unit"] and options["year"]):
        return None
    named = {"code": options["unit"]} | ({"region__code": options["region"]} if options["region"] else {})
    try:
        found = list(Department.objects.filter(**named)[:2])
        alone = found[0] if len(found) == 1 else None
        return earlier_year(Disclosure(department=alone, fiscal_year=options["year"])) if alone else None
    except DatabaseError:  # a file can be checked before there is a database
        return None
