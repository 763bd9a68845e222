"""The first sheet of a form: how it is filled in, and what each of its sheets is for."""

from collections.abc import Iterable

from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from budgets.domain.tables import TableSet
from budgets.forms.form_words import GUIDE
from budgets.rendering.workbook.worksheets import (
    BODY,
    CENTRED,
    HEAD,
    LINE_HEIGHT,
    RULED,
    TITLE,
    TITLE_HEIGHT,
    WRAPPED,
    length,
)

STEPS = (
    "一、白色格填写，没有的留空。灰色格由系统推出，不用填；填了的，系统会与推出的数核对。",
    "二、浅黄格只在有财政拨款以外的资金（如事业收入）时填写，填全部资金的合计数，含财政拨款。",
    "三、每个金额只填一次，只填末级科目：功能分类填到项，支出经济分类填到款；类、款和合计不用填。",
    "四、金额单位以每张表右上方写明的为准。",
    "五、行不够时在空行处插入行；多余的空行不用删除。工作表的标题、表头和表头上方的文字请保留。",
    "六、选中单元格可以看到填写提示。",
    "七、填好后保存，在系统的导入页面放入本文件。有问题的金额，系统会指出是哪一格；确认之前不保存。",
)
ANNEXES = "八、附表没有填写的不会导入，系统中已有的内容不变。情况说明的文字用 Word 文件导入，或在系统中填写。"
COLUMNS = (("工作表", 46), ("怎样填", 64))


def draw_guide(
    target: Worksheet, table_set: TableSet, forms: Iterable[tuple[str, str]], more: str = ""
) -> None:
    """Write the instructions, `more` last; `forms` are the sheets' names, each with what is filled in there."""
    target["A1"], target["A2"] = GUIDE, table_set.label
    target["A1"].font, target["A2"].font = TITLE, BODY
    target.row_dimensions[1].height = TITLE_HEIGHT
    for row in (1, 2):
        target.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        target.cell(row, 1).alignment = CENTRED
    for n, (_, width) in enumerate(COLUMNS):
        target.column_dimensions["AB"[n]].width = width
    row = 4
    steps = [*STEPS, *([ANNEXES] if table_set.annexes else []), *([f"注：{more}"] if more else [])]
    for text in steps:
        cell = target.cell(row, 1, text)
        target.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        cell.font, cell.alignment = BODY, WRAPPED
        target.row_dimensions[row].height = (LINE_HEIGHT + 2) * (1 + length(text) // 54) + 4
        row += 1
    row += 1
    for line in ([caption for caption, _ in COLUMNS], *forms):
        for column, text in enumerate(line, 1):
            cell = target.cell(row, column, text)
            cell.font = HEAD if list(line) == [caption for caption, _ in COLUMNS] else BODY
            cell.border, cell.alignment = RULED, Alignment(vertical="center", wrap_text=True, indent=1)
        target.row_dimensions[row].height = LINE_HEIGHT + 6
        row += 1
    target.page_setup.paperSize = target.PAPERSIZE_A4
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.page_setup.fitToPage = True
