"""A row for each unit with what it spends, in the department's own document, after forms that provinces print."""

from dataclasses import replace

from budgets.domain.documents import ColumnKind
from budgets.domain.tables import Amount, Field, Listing
from budgets.tablesets.hebei_2023 import HEBEI_2023

USES = (("basic", "基本支出"), ("project", "项目支出"), ("business", "经营支出"))
ROWS = Listing(
    key="unit_rows",
    title="部门所属单位支出预算表",
    source="unit_rows",
    columns=(
        Field("code", "单位代码", ColumnKind.CODE, 6),
        Field("name", "单位名称", ColumnKind.CAPTION, 18),
        Amount("total", "合计", parts=tuple(key for key, _ in USES), width=7),
        *(Amount(key, caption, width=7) for key, caption in USES),
    ),
    total_caption="合计",
    meta=("单位：{unit}",),
    empty_note="注：本部门没有所属单位，空表列示。",
)

UNIT_ROWS_SET = replace(
    HEBEI_2023,
    key="unit_rows",
    label="分单位列支出的表样",
    annexes=(*HEBEI_2023.annexes, ROWS),
    chapters=tuple(
        replace(chapter, annexes=(*chapter.annexes, ROWS.key)) if chapter.key == "overview" else chapter
        for chapter in HEBEI_2023.chapters
    ),
)
