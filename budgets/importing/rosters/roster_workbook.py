"""A list as a workbook: blank as the template, or with what there is, to be changed and handed in again."""

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from budgets.importing.rosters.roster_columns import HELP, ROSTER, RosterBook, RosterSheet
from budgets.rendering.workbook.worksheets import BODY, HEAD, TITLE, WRAPPED, put_text
from budgets.rendering.workbook.xlsx import saved

FORMATTED = 500  # rows beyond what is there that keep codes as text
TINT = PatternFill("solid", fgColor="F2EFE8")
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
NOTED = (
    "“部门”和“人员”两张表一次上传；只有一张要改，也可以删去另一张。",
    "上传后先看到会新增、改动什么，逐格指出不对的地方；确认以后才一次全部导入，有一处不对就一行也不导入。",
    "已有的部门按编码、人员按登录名对应；名单里没有写的，保持原样，不会删除。",
    "格子空着就是“没有”：已有电话而名单空着，导入后就没有电话。不想改动的列可以整列删去。",
    "编码请保持文本格式（开头的 0 不能丢）；不要用公式、合并单元格和隐藏的工作表。",
    "名单里没有密码：导入后为每个人生成只能用一次的链接，由本人设置密码。",
)


def roster_workbook(
    rows: Mapping[str, Sequence[Mapping[str, str]]], roles: Sequence[str], owner: str
) -> bytes:
    """The bytes of a workbook with the rows of each sheet, by column key; `roles` are those offered for people."""
    return list_workbook(ROSTER, rows, "部门和人员名单", NOTED, owner, {"role": roles})


def list_workbook(
    kind: RosterBook,
    rows: Mapping[str, Sequence[Mapping[str, str]]],
    title: str,
    noted: Sequence[str],
    owner: str,
    offered: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """The bytes of a workbook with the rows of each sheet, by column key, and a sheet of help; `offered` by column key
    is what may be chosen there beside what the columns declare."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in kind.sheets:
        _draw(book.create_sheet(sheet.name), sheet, rows.get(sheet.name, ()), offered or {})
    _help(book.create_sheet(HELP), kind, title, noted)
    return saved(book, title, owner)


def _draw(
    target: Worksheet,
    sheet: RosterSheet,
    rows: Sequence[Mapping[str, str]],
    offered: Mapping[str, Sequence[str]],
) -> None:
    for at, column in enumerate(sheet.columns, 1):
        cell = put_text(target, 1, at, column.heading, HEAD)
        cell.alignment, cell.fill = CENTRE, TINT
        target.column_dimensions[get_column_letter(at)].width = column.width
        for number in range(2, len(rows) + FORMATTED):
            target.cell(number, at).number_format = "@"
        for number, row in enumerate(rows, 2):
            put_text(target, number, at, row.get(column.key, ""), BODY)
        if choices := offered.get(column.key) or column.offered:
            letter = get_column_letter(at)
            chosen = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            chosen.add(f"{letter}2:{letter}{len(rows) + FORMATTED}")
            target.add_data_validation(chosen)
    target.freeze_panes = "A2"


def _help(target: Worksheet, kind: RosterBook, title: str, noted: Sequence[str]) -> None:
    put_text(target, 1, 1, f"{title}：填写说明", TITLE)
    row = 2
    for text in noted:
        put_text(target, row, 1, text).alignment = WRAPPED
        target.merge_cells(start_row=row, end_row=row, start_column=1, end_column=4)
        target.row_dimensions[row].height = 32
        row += 1
    for at, heading in enumerate(("工作表", "列", "必填", "填什么"), 1):
        cell = put_text(target, row + 1, at, heading, HEAD)
        cell.fill = TINT
    row += 2
    for sheet in kind.sheets:
        for column in sheet.columns:
            texts = (sheet.name, column.heading, "必填" if column.required else "", column.help)
            for at, text in enumerate(texts, 1):
                put_text(target, row, at, text).alignment = WRAPPED
            target.row_dimensions[row].height = 32
            row += 1
    for letter, width in zip("ABCD", (10, 18, 8, 76), strict=True):
        target.column_dimensions[letter].width = width
