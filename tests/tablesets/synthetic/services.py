"""政府购买服务 by project and source of money, after forms that provinces print."""

from dataclasses import replace

from budgets.domain.documents import ColumnKind
from budgets.domain.tables import Amount, Field, Group, Listing
from budgets.tablesets.hebei_2023 import HEBEI_2023

FUNDS = (
    ("general_public", "一般公共预算拨款"), ("government_fund", "政府性基金预算拨款"),
    ("state_capital", "国有资本经营预算拨款"), ("own_funds", "单位资金"),
)  # fmt: skip
SERVICES = Listing(
    key="services",
    title="政府购买服务预算表",
    source="services",
    columns=(
        Field("project", "项目名称", ColumnKind.CAPTION, 12),
        Field("item", "购买服务内容", width=12),
        Field("catalogue_number", "指导性目录编码", ColumnKind.CODE, 6),
        Group(
            "购买服务金额",
            (
                Amount("total", "合计", parts=tuple(key for key, _ in FUNDS), width=6),
                *(Amount(key, caption, width=6) for key, caption in FUNDS),
            ),
        ),
    ),
    total_caption="合计",
    meta=("单位：{unit}",),
    empty_note="注：无政府购买服务预算，空表列示。",
)

SERVICES_SET = replace(
    HEBEI_2023,
    key="services",
    label="列政府购买服务的表样",
    annexes=(*HEBEI_2023.annexes, SERVICES),
    chapters=tuple(
        replace(chapter, annexes=(*chapter.annexes, SERVICES.key)) if chapter.key == "overview" else chapter
        for chapter in HEBEI_2023.chapters
    ),
)
