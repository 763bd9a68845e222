"""The subject codes of a year and their mapping as a workbook, to be changed and handed in again."""

from collections.abc import Mapping, Sequence

from budgets.importing.rosters.roster_workbook import list_workbook
from budgets.importing.rosters.subject_columns import SUBJECT_LIST

NOTED = (
    "“科目”和“科目对照”两张表一次上传；只有一张要改，也可以删去另一张，或只传其中一张存成的 CSV。",
    "上传后先看到与上一年、与本年现有科目的差别，逐格指出不对的地方；确认以后才一次全部导入，有一处不对就一行也不导入。",
    "上传时勾选“完整的科目表”，表里没有的科目就停用（不会删除）；不勾选，表里没有的科目保持原样，本年还没有科目的照上一年。",
    "可以整列删去不想改动的列；列在而格子空着，就是“没有”。",
    "“科目对照”写编码有变化的科目，导入后整年替换原有的对照；一行对照也没有，就保持原有的对照。",
    "编码请保持文本格式；不要用公式、合并单元格和隐藏的工作表。",
)


def subject_workbook(year: int, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """The bytes of a workbook with the rows of both sheets, by column key."""
    return list_workbook(SUBJECT_LIST, rows, f"{year}年政府收支分类科目", NOTED, "政府收支分类科目")
