"""General public expenditure by item of function and economic item, 类 and 款 as columns, after forms that provinces print."""

from dataclasses import replace

from budgets.domain.classification import ECONOMIC, FUNCTION
from budgets.domain.facts import Slice, where
from budgets.domain.law import CATALOGUE
from budgets.domain.tables import Amount, FigureWord, Group, Meet, Table, Tree
from budgets.domain.terms import Family, Fund, Use
from budgets.tablesets.common import (
    BASIC_EXPENDITURE,
    EXPENDITURE,
    FUNCTION_CODE_AND_NAME,
    SERIAL,
    funded_by,
)
from budgets.tablesets.hebei_2023 import HEBEI_2023

BY_ECONOMIC = where(family=Family.BY_ECONOMIC)
CODES = {
    "301": "工资福利支出", "302": "商品和服务支出", "303": "对个人和家庭的补助", "310": "资本性支出", "399": "其他支出",
    "30301": "离休费", "30309": "奖励金", "31002": "办公设备购置",
}  # fmt: skip
RETIRED = ("30301", "30309")  # basic expenditure prints these 款 below their 类


def column(use: Use, code: str, *parts: str) -> Amount:
    keys = tuple(f"{use.value}_{part}" for part in parts)
    return Amount(f"{use.value}_{code}", CODES[code], where(use=use, economic=code), keys)


def of_use(use: Use, *codes: str, parts: dict[str, tuple[str, ...]] | None = None) -> Group:
    """小计 and the economic items of a use; of `parts` a 类 stands before its 款."""
    below = parts or {}
    columns = tuple(
        each for code in codes for each in (column(use, code, *below.get(code, ())),
        *(column(use, part) for part in below.get(code, ())))
    )  # fmt: skip
    summed = tuple(f"{use.value}_{code}" for code in codes)
    return Group(use.label, (Amount(use.value, "小计", where(use=use), summed), *columns))


TABLE = Table(
    number=10,
    key="by_economic",
    title="部门预算一般公共预算支出表（按功能分类和部门预算经济分类）",
    rows=Tree(FUNCTION, total_always=True),
    where=BY_ECONOMIC,
    columns=(
        SERIAL,
        FUNCTION_CODE_AND_NAME,
        Amount("total", "合计", parts=("basic", "project")),
        of_use(Use.BASIC, "301", "302", "303", "31002", parts={"303": RETIRED}),
        of_use(Use.PROJECT, "302", "303", "310", "399"),
    ),
    empty_note="注：无一般公共预算支出，空表列示。",
    wide=True,
)
REMEDY = "请核对分经济分类的支出与支出明细、基本支出明细"


def meet(key: str, label: str, use: Use, right: Slice, by: str) -> Meet:
    return Meet(key, label, (BY_ECONOMIC & where(use=use),), (right,), CATALOGUE, REMEDY, by=by)


MEETS = (
    *(
        meet(
            f"{use.value}-by-economic-of-functions",
            f"分经济分类填报的{use.label}与支出明细中一般公共预算的{use.label}",
            use,
            EXPENDITURE & funded_by(Fund.GENERAL_PUBLIC) & where(use=use),
            FUNCTION,
        )
        for use in (Use.BASIC, Use.PROJECT)
    ),
    meet(
        "basic-of-economic-items",
        "分功能科目填报的基本支出与按经济分类填报的基本支出",
        Use.BASIC,
        BASIC_EXPENDITURE,
        ECONOMIC,
    ),
)
BY_ECONOMIC_SET = replace(
    HEBEI_2023,
    key="by_economic",
    label="按功能分类列经济分类的表样",
    tables=(*HEBEI_2023.tables, TABLE),
    figures=(
        *HEBEI_2023.figures,
        FigureWord("wages", "工资福利支出", TABLE.key, "total", "basic_301"),
    ),
    meets=(*HEBEI_2023.meets, *MEETS),
    no_column_for=HEBEI_2023.no_column_for
    | (BY_ECONOMIC & where(use=Use.BASIC, economic="399"))
    | (BY_ECONOMIC & where(use=Use.PROJECT, economic="301")),
)
