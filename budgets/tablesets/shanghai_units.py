"""What a 单位 of a Shanghai district prints otherwise than its 部门 (from a unit's published budget of 2025)."""

from dataclasses import replace

from budgets.domain.documents import ColumnKind
from budgets.domain.facts import where
from budgets.domain.law import CATALOGUE
from budgets.domain.tables import Amount, Balance, ChapterWord, Field, Group, Line, Meet, OfUnits, Table
from budgets.domain.terms import BasicKind, Family, Use
from budgets.tablesets.common import CLASSES, EXPENDITURE

BY_CLASS = where(family=Family.BASIC_BY_CLASS)
BASIC = EXPENDITURE & where(use=Use.BASIC)
PROJECT = EXPENDITURE & where(use=Use.PROJECT)
SPENT = BY_CLASS | EXPENDITURE
CODES = tuple(code for code, _ in CLASSES if code.isdigit())

WORDS = (
    ("{year}年部门“三公”", "{year}年单位“三公”"),
    ("{year}年部门", "{year}年预算单位"),
    ("区级部门预算", "区级单位预算"),
    ("编制部门", "编制单位"),
    ("注：本部门", "注:本单位"),
    ("本部门", "本单位"),
    ("部门预算安排购置", "单位预算安排购置"),
    ("部门主要职能", "单位主要职能"),
    ("部门机构设置", "单位机构设置"),
    ("部门预算编制说明", "单位预算编制说明"),
    ("经济分类科目名称", "部门经济分类科目名称"),
    ("部门预算经济分类科目编码", "经济分类科目编码"),
    ("1.一般公共预算资金", "1、一般公共预算资金"),
    ("2.政府性基金", "2、政府性基金"),
    ("3.国有资本经营预算", "3、国有资本经营预算"),
)

ORGANIZATION = """[[单位名称]]设（请填写个数）个内设机构，包括：
（请填写内设机构名称）"""


def balance(left: Balance, columns: Group, meta: tuple[str, ...]) -> Table:
    """收支预算总表 of a unit: revenue as its department prints it, each class of expenditure by use."""
    classes = tuple(
        Line(code, name, SPENT & where(function=code)) for code, name in CLASSES if code.isdigit()
    )
    return Table(
        number=1,
        key="balance",
        title="{year}年预算单位财务收支预算总表",
        rows=Balance(
            left=left.left,
            right=classes,
            foot=((left.foot[0][0], Line("total_uses", "支出总计", SPENT, 0, True, CODES)),),
            sparing=True,
        ),
        columns=(
            columns,
            Group(
                "本年支出",
                (
                    Field("expenditure_line", "项目", ColumnKind.CAPTION, 14, side=1),
                    Group(
                        "预算数",
                        (
                            Amount(
                                "expenditure", "合计", BY_CLASS | PROJECT, ("personnel", "running_costs", "project"),
                                side=1, width=9,
                            ),
                            Group(
                                "基本支出",
                                (
                                    Amount("personnel", "人员经费", BY_CLASS & where(kind=BasicKind.PERSONNEL), side=1, width=8),
                                    Amount("running_costs", "公用经费", BY_CLASS & where(kind=BasicKind.RUNNING_COSTS), side=1, width=8),
                                ),
                            ),
                            Amount("project", "项目支出", PROJECT, side=1, width=9),
                        ),
                    ),
                ),
            ),
        ),
        meta=meta,
        wide=True,
        numbered=False,
    )  # fmt: skip


MEETS = tuple(
    Meet(
        f"basic-of-{code}",
        f"收支总表 {code} 类的人员经费、公用经费与支出明细中该类的基本支出",
        tuple(BY_CLASS & where(kind=kind, function=code) for kind in BasicKind),
        (BASIC & where(function=code),),
        CATALOGUE,
        "请核对分类的基本支出与支出明细",
    )
    for code in CODES
) + (
    Meet(
        "basic-by-class",
        "收支总表的人员经费、公用经费与支出明细的基本支出",
        tuple(BY_CLASS & where(kind=kind) for kind in BasicKind),
        (BASIC,),
        CATALOGUE,
        "请核对分类的基本支出与支出明细",
        tuple(f"basic-of-{code}" for code in CODES),
    ),
)


def units_of(tables: tuple[Table, ...]) -> OfUnits:
    """The differences; the first table is made from the department's one, and a blank of 基本支出 is no 0.00."""
    usual = tables[0]
    assert isinstance(usual.rows, Balance) and isinstance(usual.columns[0], Group)
    return OfUnits(
        label="上海市区级单位预算公开表（2023年起）",
        words=WORDS,
        tables=(
            balance(usual.rows, usual.columns[0], usual.meta),
            *(replace(table, blank="") for table in tables if table.key == "basic_expenditure"),
        ),
        chapters=(ChapterWord("organization", "单位机构设置", model=ORGANIZATION),),
        meets=MEETS,
    )
