"""上海市区级部门预算公开表 from 2023: nine tables in 元, codes in three columns, only classes with money."""

from decimal import Decimal

from budgets.domain.classification import ECONOMIC, FUNCTION
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import where
from budgets.domain.families import FISCAL
from budgets.domain.law import BUDGET_LAW_32, CATALOGUE
from budgets.domain.tables import (
    Amount,
    Balance,
    ChapterWord,
    Field,
    FigureWord,
    Group,
    Line,
    Lines,
    Meet,
    Table,
    TableSet,
    Tree,
)
from budgets.domain.terms import BasicKind, Family, Flow, Origin, ThreePublicItem, Use
from budgets.tablesets import shanghai_sentences
from budgets.tablesets.common import (
    BASIC_EXPENDITURE,
    CLASSES,
    EXPENDITURE,
    FISCAL_REVENUE,
    SELDOM,
    THREE_PUBLIC,
    coming_from,
    flowing,
    funded_by,
)
from budgets.tablesets.shanghai_units import units_of

META = ("编制部门：{unit_name}", "单位：{unit}")
GENERAL, GOVERNMENT, CAPITAL = FISCAL
OTHER_ORIGINS = (Origin.SERVICE, Origin.BUSINESS, Origin.OTHER)
REVENUE = coming_from(Origin.FISCAL_APPROPRIATION, *OTHER_ORIGINS)
AGENCY = where(family=Family.AGENCY)
VEHICLES = (ThreePublicItem.VEHICLE_PURCHASE, ThreePublicItem.VEHICLE_RUNNING)
OVERSEAS = (ThreePublicItem.OVERSEAS_RESEARCH, ThreePublicItem.OVERSEAS_OTHER)
ENTERED = tuple(item for item in ThreePublicItem if item is not ThreePublicItem.OVERSEAS_RESEARCH)

CLASS_LINES = tuple(
    Line(code, name, EXPENDITURE & where(function=code)) for code, name in CLASSES if code.isdigit()
)
CLASS_KEYS = tuple(line.key for line in CLASS_LINES)

FUNCTION_CODES = Group(
    "项目",
    (
        Group(
            "功能分类科目编码",
            (
                Field("category", "类", ColumnKind.CODE, 3, digits=(0, 3)),
                Field("section", "款", ColumnKind.CODE, 2, digits=(3, 5)),
                Field("item", "项", ColumnKind.CODE, 2, digits=(5, 7)),
            ),
        ),
        Field("name", "功能分类科目名称", ColumnKind.CAPTION, 18),
    ),
)
ECONOMIC_CODES = Group(
    "项目",
    (
        Group(
            "部门预算经济分类科目编码",
            (
                Field("category", "类", ColumnKind.CODE, 4, digits=(0, 3)),
                Field("section", "款", ColumnKind.CODE, 4, digits=(3, 5)),
            ),
        ),
        Field("name", "经济分类科目名称", ColumnKind.CAPTION, 18),
    ),
)
BY_FUNCTION = Tree(FUNCTION, total_last=True, total_always=True)


def by_use(caption: str) -> tuple[Group, Group]:
    """The columns of a table of expenditure by item and use, under its own caption."""
    return (
        FUNCTION_CODES,
        Group(
            caption,
            (
                Amount("total", "合计", parts=("basic", "project"), width=8),
                Amount("basic", "基本支出", where(use=Use.BASIC), width=8),
                Amount("project", "项目支出", where(use=Use.PROJECT), width=8),
            ),
        ),
    )


TABLES = (
    Table(
        number=1,
        key="balance",
        title="{year}年部门财务收支预算总表",
        rows=Balance(
            left=(
                Line(
                    "fiscal_appropriation", "一、财政拨款收入", FISCAL_REVENUE, 1, False,
                    ("general_public", "government_fund", "state_capital"),
                ),
                Line("general_public", "1.一般公共预算资金", flowing(Flow.REVENUE, GENERAL), 2),
                Line("government_fund", "2.政府性基金", flowing(Flow.REVENUE, GOVERNMENT), 2),
                Line("state_capital", "3.国有资本经营预算", flowing(Flow.REVENUE, CAPITAL), 2),
                Line("service", "二、事业收入", coming_from(Origin.SERVICE)),
                Line("business", "三、事业单位经营收入", coming_from(Origin.BUSINESS)),
                Line("other", "四、其他收入", coming_from(Origin.OTHER)),
            ),
            right=CLASS_LINES,
            foot=(
                (
                    Line(
                        "total_resources", "收入总计", FISCAL_REVENUE | coming_from(*OTHER_ORIGINS), 0, True,
                        ("fiscal_appropriation", "service", "business", "other"),
                    ),
                    Line("total_uses", "支出总计", EXPENDITURE, 0, True, CLASS_KEYS),
                ),
            ),
            sparing=True,
        ),
        columns=(
            Group(
                "本年收入",
                (Field("revenue_line", "项目", ColumnKind.CAPTION, 14), Amount("revenue", "预算数", width=9)),
            ),
            Group(
                "本年支出",
                (
                    Field("expenditure_line", "项目", ColumnKind.CAPTION, 14, side=1),
                    Amount("expenditure", "预算数", side=1, width=9),
                ),
            ),
        ),
        meta=META,
        numbered=False,
    ),
    Table(
        number=2,
        key="revenue",
        title="{year}年部门收入预算总表",
        rows=BY_FUNCTION,
        where=REVENUE,
        columns=(
            FUNCTION_CODES,
            Group(
                "收入预算",
                (
                    Amount("total", "合计", parts=("fiscal_appropriation", "service", "business", "other"), width=8),
                    Amount("fiscal_appropriation", "财政拨款收入", coming_from(Origin.FISCAL_APPROPRIATION), width=8),
                    Amount("service", "事业收入", coming_from(Origin.SERVICE)),
                    Amount("business", "事业单位经营收入", coming_from(Origin.BUSINESS)),
                    Amount("other", "其他收入", coming_from(Origin.OTHER)),
                ),
            ),
        ),
        meta=META,
        wide=True,
        numbered=False,
    ),
    Table(
        number=3,
        key="expenditure",
        title="{year}年部门支出预算总表",
        rows=BY_FUNCTION,
        where=EXPENDITURE,
        columns=by_use("支出预算"),
        meta=META,
        numbered=False,
    ),
    Table(
        number=4,
        key="fiscal_balance",
        title="{year}年部门财政拨款收支预算总表",
        rows=Balance(
            left=(
                Line("general_public", "一、一般公共预算资金", flowing(Flow.REVENUE, GENERAL)),
                Line("government_fund", "二、政府性基金", flowing(Flow.REVENUE, GOVERNMENT)),
                Line("state_capital", "三、国有资本经营预算", flowing(Flow.REVENUE, CAPITAL)),
            ),
            right=CLASS_LINES,
            foot=(
                (
                    Line(
                        "total_resources", "收入总计", FISCAL_REVENUE, 0, True,
                        ("general_public", "government_fund", "state_capital"),
                    ),
                    Line("total_uses", "支出总计", EXPENDITURE, 0, True, CLASS_KEYS),
                ),
            ),
            sparing=True,
        ),
        columns=(
            Group(
                "财政拨款收入",
                (Field("revenue_line", "项目", ColumnKind.CAPTION, 12), Amount("revenue", "预算数", width=8)),
            ),
            Group(
                "财政拨款支出",
                (
                    Field("expenditure_line", "项目", ColumnKind.CAPTION, 13, side=1),
                    Amount("total", "合计", funded_by(*FISCAL), ("fund_1", "fund_2", "fund_3"), side=1, width=8),
                    Amount("fund_1", "一般公共预算", funded_by(GENERAL), side=1, width=8),
                    Amount("fund_2", "政府性基金预算", funded_by(GOVERNMENT), side=1, width=8),
                    Amount("fund_3", "国有资本经营预算", funded_by(CAPITAL), side=1, width=8),
                ),
            ),
        ),
        meta=META,
        wide=True,
        numbered=False,
    ),
    Table(
        number=5,
        key="general_public_expenditure",
        title="{year}年部门一般公共预算支出功能分类预算表",
        rows=BY_FUNCTION,
        where=EXPENDITURE & funded_by(GENERAL),
        columns=by_use("一般公共预算支出"),
        meta=META,
        empty_note="注：本部门{year}年无一般公共预算财政拨款安排的预算，故本表为空表。",
        numbered=False,
    ),
    Table(
        number=6,
        key="government_fund_expenditure",
        title="{year}年部门政府性基金预算支出功能分类预算表",
        rows=BY_FUNCTION,
        where=EXPENDITURE & funded_by(GOVERNMENT),
        columns=by_use("政府性基金预算支出"),
        meta=META,
        empty_note="注：本部门{year}年无政府性基金预算财政拨款安排的预算，故本表为空表。",
        numbered=False,
    ),
    Table(
        number=7,
        key="state_capital_expenditure",
        title="{year}年部门国有资本经营预算支出功能分类预算表",
        rows=BY_FUNCTION,
        where=EXPENDITURE & funded_by(CAPITAL),
        columns=by_use("国有资本经营预算支出"),
        meta=META,
        empty_note="注：本部门{year}年无国有资本经营预算财政拨款安排的预算，故本表为空表。",
        numbered=False,
    ),
    Table(
        number=8,
        key="basic_expenditure",
        title="{year}年部门一般公共预算基本支出部门预算经济分类预算表",
        rows=Tree(ECONOMIC, total_last=True, total_always=True),
        where=BASIC_EXPENDITURE,
        columns=(
            ECONOMIC_CODES,
            Group(
                "一般公共预算基本支出",
                (
                    Amount("total", "合计", parts=("personnel", "running_costs"), width=8),
                    Amount("personnel", "人员经费", where(kind=BasicKind.PERSONNEL), width=8),
                    Amount("running_costs", "公用经费", where(kind=BasicKind.RUNNING_COSTS), width=8),
                ),
            ),
        ),
        meta=META,
        blank="0.00",
        numbered=False,
    ),
    Table(
        number=9,
        key="three_public",
        title="{year}年部门“三公”经费和机关运行经费预算表",
        rows=Lines((Line("total", "", THREE_PUBLIC | AGENCY, 1),)),
        columns=(
            Group(
                "“三公”经费预算数",
                (
                    Amount("total", "合计", THREE_PUBLIC, ("overseas_visits", "official_hospitality", "vehicles")),
                    Amount("overseas_visits", "因公出国(境)费", THREE_PUBLIC & where(item=OVERSEAS)),
                    Amount(
                        "official_hospitality",
                        "公务接待费",
                        THREE_PUBLIC & where(item=ThreePublicItem.OFFICIAL_HOSPITALITY),
                    ),
                    Group(
                        "公务用车购置及运行费",
                        (
                            Amount(
                                "vehicles", "小计", THREE_PUBLIC & where(item=VEHICLES),
                                ("vehicle_purchase", "vehicle_running"),
                            ),
                            Amount("vehicle_purchase", "购置费", THREE_PUBLIC & where(item=VEHICLES[0])),
                            Amount("vehicle_running", "运行费", THREE_PUBLIC & where(item=VEHICLES[1])),
                        ),
                    ),
                ),
            ),
            Amount("agency_running_costs", "机关运行经费预算数", AGENCY, width=9),
        ),
        meta=META,
        unit="万元",
        # The form tells neither funds nor research visits apart: 财政拨款 for 三公 is general public money here.
        entered_as=THREE_PUBLIC & where(fund=GENERAL, item=ENTERED),
        numbered=False,
    ),
)  # fmt: skip

CHAPTERS = (
    ChapterWord("mandate", "部门主要职能", model=shanghai_sentences.MANDATE),
    ChapterWord("organization", "部门机构设置", model=shanghai_sentences.ORGANIZATION),
    ChapterWord("term_definitions", "名词解释", model=shanghai_sentences.TERMS),
    ChapterWord("overview", "部门预算编制说明", model=shanghai_sentences.OVERVIEW),
    ChapterWord("other_matters", "其他相关情况说明", model=shanghai_sentences.OTHER_MATTERS),
    ChapterWord("projects", "项目经费情况说明", of_departments=True, model=shanghai_sentences.PROJECTS),
)

FIGURES = (
    FigureWord("total_resources", "收入总计", "balance", "total_resources", "revenue"),
    FigureWord("fiscal_appropriation", "财政拨款收入", "balance", "fiscal_appropriation", "revenue"),
    FigureWord("current_revenue", "本年收入", "balance", "total_resources", "revenue"),
    FigureWord("current_expenditure", "本年支出", "balance", "total_uses", "expenditure"),
    FigureWord("basic", "基本支出", "expenditure", "total", "basic"),
    FigureWord("project", "项目支出", "expenditure", "total", "project"),
    FigureWord("personnel", "人员经费", "basic_expenditure", "total", "personnel"),
    FigureWord("running_costs", "公用经费", "basic_expenditure", "total", "running_costs"),
    FigureWord("three_public", "“三公”经费", "three_public", "total", "total"),
    FigureWord("overseas_visits", "因公出国（境）费", "three_public", "total", "overseas_visits"),
    FigureWord("vehicles", "公务用车购置及运行费", "three_public", "total", "vehicles"),
    FigureWord("vehicle_purchase", "公务用车购置费", "three_public", "total", "vehicle_purchase"),
    FigureWord("vehicle_running", "公务用车运行费", "three_public", "total", "vehicle_running"),
    FigureWord("official_hospitality", "公务接待费", "three_public", "total", "official_hospitality"),
    FigureWord("agency_running_costs", "机关运行经费", "three_public", "total", "agency_running_costs"),
)

MEETS = (
    Meet(
        "fiscal-revenue-by-fund",
        "按科目填报的财政拨款收入与按资金性质填报的财政拨款收入",
        (coming_from(Origin.FISCAL_APPROPRIATION),),
        (FISCAL_REVENUE,),
        CATALOGUE,
        "请核对收入明细的财政拨款收入与资金收支中各资金的本年财政拨款收入",
    ),
    Meet(
        "basic-expenditure-by-economic",
        "按经济分类填报的基本支出与一般公共预算财政拨款基本支出",
        (BASIC_EXPENDITURE,),
        (EXPENDITURE & funded_by(GENERAL) & where(use=Use.BASIC),),
        CATALOGUE,
        "请核对基本支出明细与支出明细中一般公共预算的基本支出",
    ),
    *(
        Meet(
            f"{fund.value.replace('_', '-')}-balances",
            f"{fund.label}的收入与支出",
            (flowing(Flow.REVENUE, fund),),
            (EXPENDITURE & funded_by(fund),),
            BUDGET_LAW_32,
            "本年收入应等于本年支出，请核对资金收支与支出明细",
        )
        for fund in FISCAL
    ),
    Meet(
        "total-balances",
        "收入总计与支出总计",
        (FISCAL_REVENUE | coming_from(*OTHER_ORIGINS),),
        (EXPENDITURE,),
        BUDGET_LAW_32,
        "收入总计应等于支出总计，请核对各项收入与支出明细",
        tuple(f"{fund.value.replace('_', '-')}-balances" for fund in FISCAL),
    ),
)

SHANGHAI_2023 = TableSet(
    key="shanghai_2023",
    label="上海市区级部门预算公开表（2023年起）",
    unit="元",
    quantum=Decimal("0.01"),
    tables=TABLES,
    annexes=(),
    chapters=CHAPTERS,
    figures=FIGURES,
    meets=MEETS,
    narrative_title="{region}{year}年区级部门预算",
    lead="",
    assets_counted=(8, 31),
    grouped=True,
    text_unit="万元",
    before_tables=4,
    numbered_chapters=False,
    units=units_of(TABLES),
    no_column_for=SELDOM
    | where(family=Family.EXPENDITURE, use=(Use.BUSINESS, Use.TO_SUPERIOR, Use.TO_AFFILIATES)),
)
