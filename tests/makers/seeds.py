"""Sound files that hostile and spoilt ones are made from: a workbook, a Word file, a PDF, each small and quick to read."""

import io
import zipfile
from functools import cache

import docx

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.documents import Sheet, header_grid
from budgets.domain.sheets import Filler
from tests.makers.disguises import a_ledger, disguised
from tests.makers.packages import packed, written
from tests.makers.papers import Paper, bound
from tests.makers.workers import YEAR

IN_WORD = ("fiscal_balance", "general_public_expenditure", "three_public")


@cache
def workbook(seed: int = 0, most: int = 99) -> bytes:
    """A disguised workbook, of its first `most` sheets only."""
    made = disguised(seed)
    return written(made.pages[:most], shared=made.shared)


@cache
def sheets() -> list[Sheet]:
    table_set = tablesets.get("hebei_2023")
    filler = Filler(table_set, a_ledger(0, "hebei_2023"), subjects_of(YEAR))
    return [filler.fill(table_set.table(key)) for key in IN_WORD]


@cache
def word() -> bytes:
    """Chapters and three tables with merged headers."""
    file = docx.Document()
    file.add_heading("乐亭县行政审批局2023年部门预算信息公开情况说明", 0)
    file.add_heading("一、部门职责及机构设置情况", 1)
    file.add_paragraph("本部门负责行政审批。")
    for sheet in sheets():
        file.add_paragraph(sheet.title)
        file.add_paragraph(f"单位：{sheet.unit}")
        heads = header_grid(sheet.columns)
        table = file.add_table(len(heads) + len(sheet.rows), len(sheet.columns))
        for head in (head for row in heads for head in row):
            cell = table.cell(head.row, head.column)
            cell.merge(
                table.cell(head.row + head.rowspan - 1, head.column + head.colspan - 1)
            ).text = head.text
        for n, row in enumerate(sheet.rows, len(heads)):
            for cell, value in zip(table.rows[n].cells, row.cells, strict=True):
                cell.text = value.text
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


@cache
def pdf() -> bytes:
    sheet = sheets()[2]
    paper = Paper().text(50, 40, sheet.title).text(50, 60, f"单位：{sheet.unit}")
    heads = ["序号", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]
    rows = [heads, *([cell.text for cell in row.cells] for row in sheet.rows)]
    paper.table(30, 90, (30, 190, 70, 80, 80, 80), rows)
    return bound(paper)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(content: bytes, **members: bytes) -> bytes:
    """The package with members put in or replaced; a name stands with its slashes and dots as it is (use **{…})."""
    return packed({**unpacked(content), **members})
