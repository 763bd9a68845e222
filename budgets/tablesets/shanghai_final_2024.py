"""上海市区级部门决算公开表 from 2024: the nine tables of accounts in 万元, as the district's model prints them."""

from decimal import Decimal

from budgets.domain.classification import FUNCTION
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import Slice, where
from budgets.domain.families import FISCAL
from budgets.domain.law import BUDGET_LAW_32, CATALOGUE
from budgets.domain.numerals import numeral
from budgets.domain.tables import (
    Amount,
    Balance,
    ChapterWord,
    Field,
    FigureWord,
    Group,
    Line,
    Lines,
    Listing,
    Meet,
    Table,
    TableSet,
    Tree,
)
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Measure, Origin, Stage, ThreePublicItem, Use
from budgets.tablesets import shanghai_final_sentences as sentences
from budgets.tablesets.common import (
    BASIC_EXPENDITURE,
    CLASSES,
    EXPENDITURE,
    FUND_BALANCES,
    SELDOM,
    THREE_PUBLIC,
    coming_from,
    funded_by,
)
from budgets.tablesets.shanghai_final_blocks import BLOCKS

META = ("单位：{unit}",)
GENERAL, GOVERNMENT, CAPITAL = FISCAL
BY_ITEM = (GOVERNMENT, CAPITAL)  # the funds whose revenue and balances the form prints item by item
NON_FISCAL_ORIGINS = (
    Origin.SUPERIOR_SUBSIDY, Origin.SERVICE, Origin.BUSINESS, Origin.AFFILIATE_REMITTANCE, Origin.OTHER,
)  # fmt: skip
CLASS_CODES = {
    *(f"{n}" for n in range(201, 209)), *(f"{n}" for n in range(210, 218)), *(f"{n}" for n in range(219, 225)),
    "229", "234",
}  # fmt: skip
ENTERED = tuple(item for item in ThreePublicItem if item is not ThreePublicItem.OVERSEAS_RESEARCH)
PLANNED = where(family=Family.THREE_PUBLIC_BUDGETED, measure=Measure.INITIAL)


def flowing(flow: Flow, *funds: Fund) -> Slice:
    """One flow of these funds, of those told by item from their items."""
    by_item = [fund for fund in funds if fund in BY_ITEM]
    whole = [fund for fund in funds if fund not in BY_ITEM]
    of_items = where(family=Family.FUND_ITEM, flow=flow, fund=by_item)
    of_funds = where(family=Family.FUND, flow=flow, fund=whole)
    return of_items | of_funds if by_item and whole else of_items if by_item else of_funds


OPENING, CLOSING = flowing(Flow.OPENING, *Fund), flowing(Flow.CLOSING, *Fund)
FISCAL_REVENUE = flowing(Flow.REVENUE, *FISCAL)
CURRENT_REVENUE = FISCAL_REVENUE | coming_from(*NON_FISCAL_ORIGINS)
SURPLUS_USED = where(family=Family.FUND, flow=Flow.SURPLUS_USED, fund=Fund.NON_FISCAL)
DISTRIBUTED = where(family=Family.FUND, flow=Flow.DISTRIBUTED, fund=Fund.NON_FISCAL)

CLASS_LINES = tuple(
    Line(code, f"{numeral(n)}、{name}", EXPENDITURE & where(function=code))
    for n, (code, name) in enumerate(((c, name) for c, name in CLASSES if c in CLASS_CODES), 1)
)
CLASS_KEYS = tuple(line.key for line in CLASS_LINES)
FUNDS = tuple(fund.value for fund in FISCAL)
CODE_AND_NAME = Group(
    "项目",
    (
        Field("code", "功能分类科目编码", ColumnKind.CODE, 6),
        Field("name", "科目名称", ColumnKind.CAPTION, 18),
    ),
)


def in_use() -> tuple[Amount, Amount, Amount]:
    """The columns of expenditure in basic and project expenditure."""
    return (
        Amount("total", "合计", EXPENDITURE, ("basic", "project"), width=8),
        Amount("basic", "基本支出", EXPENDITURE & where(use=Use.BASIC), width=8),
        Amount("project", "项目支出", EXPENDITURE & where(use=Use.PROJECT), width=8),
    )  # fmt: skip


def by_item(number: int, fund: Fund, name: str) -> Table:
    """The table of a fund whose revenue and balances are told item by item."""
    return Table(
        number=number,
        key=f"{fund.value}_expenditure",
        title=f"{name}财政拨款收入支出决算表",
        rows=Tree(FUNCTION, total_always=True),
        where=(EXPENDITURE | where(family=Family.FUND_ITEM)) & funded_by(fund),
        columns=(
            CODE_AND_NAME,
            Amount("brought_forward", "年初结转和结余", flowing(Flow.OPENING, fund), width=8),
            Amount("current_year", "本年收入", flowing(Flow.REVENUE, fund), width=8),
            Group("本年支出", in_use()),
            Amount("carried_forward", "年末结转和结余", flowing(Flow.CLOSING, fund), width=8),
        ),
        meta=META,
        notes=(f"注：本表反映部门本年度{name}财政拨款收入支出及结转和结余情况。",),
        empty_note=f"说明：{{unit_name}}本年度没有{name}财政拨款收入和支出，故本表无数据。",
        numbered=False,
    )


def pair(key: str, caption: str, items: tuple[ThreePublicItem, ...], parts: tuple[str, ...] = ()) -> Group:
    """Budget and accounts of some 三公 items side by side."""
    of = where(item=items)
    return Group(
        caption,
        (
            Amount(f"{key}_budgeted", "预算数", PLANNED & of, tuple(f"{part}_budgeted" for part in parts)),
            Amount(key, "决算数", THREE_PUBLIC & of, parts),
        ),
    )


VEHICLES = (ThreePublicItem.VEHICLE_PURCHASE, ThreePublicItem.VEHICLE_RUNNING)
OVERSEAS = (ThreePublicItem.OVERSEAS_RESEARCH, ThreePublicItem.OVERSEAS_OTHER)

TABLES = (
    Table(
        number=1,
        key="balance",
        title="收入支出决算总表",
        rows=Balance(
            left=(
                Line("general_public", "一、一般公共预算财政拨款收入", flowing(Flow.REVENUE, GENERAL)),
                Line("government_fund", "二、政府性基金预算财政拨款收入", flowing(Flow.REVENUE, GOVERNMENT)),
                Line("state_capital", "三、国有资本经营预算财政拨款收入", flowing(Flow.REVENUE, CAPITAL)),
                Line("superior_subsidy", "四、上级补助收入", coming_from(Origin.SUPERIOR_SUBSIDY)),
                Line("service", "五、事业收入", coming_from(Origin.SERVICE)),
                Line("business", "六、经营收入", coming_from(Origin.BUSINESS)),
                Line("affiliate_remittance", "七、附属单位上缴收入", coming_from(Origin.AFFILIATE_REMITTANCE)),
                Line("other", "八、其他收入", coming_from(Origin.OTHER)),
            ),
            right=CLASS_LINES,
            foot=(
                (
                    Line(
                        "current_revenue", "本年收入合计", CURRENT_REVENUE, 0, True,
                        (*FUNDS, *(origin.value for origin in NON_FISCAL_ORIGINS)),
                    ),
                    Line("current_expenditure", "本年支出合计", EXPENDITURE, 0, True, CLASS_KEYS),
                ),
                (Line("surplus_used", "使用非财政拨款结余", SURPLUS_USED), Line("distributed", "结余分配", DISTRIBUTED)),
                (Line("brought_forward", "年初结转和结余", OPENING), Line("carried_forward", "年末结转和结余", CLOSING)),
                (
                    Line(
                        "total_resources", "总计", CURRENT_REVENUE | SURPLUS_USED | OPENING, 0, True,
                        ("current_revenue", "surplus_used", "brought_forward"),
                    ),
                    Line(
                        "total_uses", "总计", EXPENDITURE | DISTRIBUTED | CLOSING, 0, True,
                        ("current_expenditure", "distributed", "carried_forward"),
                    ),
                ),
            ),
        ),
        columns=(
            Group("收入", (Field("revenue_line", "项目", ColumnKind.CAPTION, 14), Amount("revenue", "决算数", width=9))),
            Group(
                "支出",
                (
                    Field("expenditure_line", "项目", ColumnKind.CAPTION, 14, side=1),
                    Amount("expenditure", "决算数", side=1, width=9),
                ),
            ),
        ),
        meta=META,
        notes=("注：本表反映部门本年度的总收支和年末结转结余情况。",),
        numbered=False,
    ),
    Table(
        number=2,
        key="revenue",
        title="收入决算表",
        rows=Tree(FUNCTION, total_always=True),
        where=coming_from(Origin.FISCAL_APPROPRIATION, *NON_FISCAL_ORIGINS),
        columns=(
            CODE_AND_NAME,
            Amount(
                "total", "本年收入合计", width=8,
                parts=("fiscal_appropriation", *(origin.value for origin in NON_FISCAL_ORIGINS)),
            ),
            Amount("fiscal_appropriation", "财政拨款收入", coming_from(Origin.FISCAL_APPROPRIATION), width=8),
            Amount("superior_subsidy", "上级补助收入", coming_from(Origin.SUPERIOR_SUBSIDY)),
            Amount("service", "事业收入", coming_from(Origin.SERVICE)),
            Amount("business", "经营收入", coming_from(Origin.BUSINESS)),
            Amount("affiliate_remittance", "附属单位上缴收入", coming_from(Origin.AFFILIATE_REMITTANCE)),
            Amount("other", "其他收入", coming_from(Origin.OTHER)),
        ),
        meta=META,
        notes=("注：本表反映部门本年度取得的各项收入情况。",),
        wide=True,
        numbered=False,
    ),
    Table(
        number=3,
        key="expenditure",
        title="支出决算表",
        rows=Tree(FUNCTION, total_always=True),
        where=EXPENDITURE,
        columns=(
            CODE_AND_NAME,
            Amount("total", "本年支出合计", parts=("basic", "project", "to_superior", "business", "to_affiliates"), width=8),
            Amount("basic", "基本支出", where(use=Use.BASIC), width=8),
            Amount("project", "项目支出", where(use=Use.PROJECT), width=8),
            Amount("to_superior", "上缴上级支出", where(use=Use.TO_SUPERIOR)),
            Amount("business", "经营支出", where(use=Use.BUSINESS)),
            Amount("to_affiliates", "对附属单位补助支出", where(use=Use.TO_AFFILIATES)),
        ),
        meta=META,
        notes=("注：本表反映部门本年度各项支出情况。",),
        wide=True,
        numbered=False,
    ),
    Table(
        number=4,
        key="fiscal_balance",
        title="财政拨款收入支出决算总表",
        rows=Balance(
            left=(
                Line("general_public", "一、一般公共预算财政拨款", flowing(Flow.REVENUE, GENERAL)),
                Line("government_fund", "二、政府性基金预算财政拨款", flowing(Flow.REVENUE, GOVERNMENT)),
                Line("state_capital", "三、国有资本经营预算财政拨款", flowing(Flow.REVENUE, CAPITAL)),
            ),
            right=CLASS_LINES,
            foot=(
                (
                    Line("current_revenue", "本年收入合计", FISCAL_REVENUE, 0, True, FUNDS),
                    Line("current_expenditure", "本年支出合计", EXPENDITURE, 0, True, CLASS_KEYS),
                ),
                (
                    Line(
                        "brought_forward", "年初财政拨款结转和结余", flowing(Flow.OPENING, *FISCAL), 1, False,
                        tuple(f"opening_{fund}" for fund in FUNDS),
                    ),
                    Line("carried_forward", "年末财政拨款结转和结余", flowing(Flow.CLOSING, *FISCAL)),
                ),
                (Line("opening_general_public", "一、一般公共预算财政拨款", flowing(Flow.OPENING, GENERAL), 2), None),
                (Line("opening_government_fund", "二、政府性基金预算财政拨款", flowing(Flow.OPENING, GOVERNMENT), 2), None),
                (Line("opening_state_capital", "三、国有资本经营预算财政拨款", flowing(Flow.OPENING, CAPITAL), 2), None),
                (
                    Line(
                        "total_resources", "总计", FISCAL_REVENUE | flowing(Flow.OPENING, *FISCAL), 0, True,
                        ("current_revenue", "brought_forward"),
                    ),
                    Line(
                        "total_uses", "总计", EXPENDITURE | flowing(Flow.CLOSING, *FISCAL), 0, True,
                        ("current_expenditure", "carried_forward"),
                    ),
                ),
            ),
        ),
        columns=(
            Group("收入", (Field("revenue_line", "项目", ColumnKind.CAPTION, 13), Amount("revenue", "决算数", width=8))),
            Group(
                "支出",
                (
                    Field("expenditure_line", "项目", ColumnKind.CAPTION, 14, side=1),
                    Amount("total", "合计", funded_by(*FISCAL), ("fund_1", "fund_2", "fund_3"), side=1, width=8),
                    Amount("fund_1", "一般公共预算财政拨款", funded_by(GENERAL), side=1, width=8),
                    Amount("fund_2", "政府性基金预算财政拨款", funded_by(GOVERNMENT), side=1, width=8),
                    Amount("fund_3", "国有资本经营预算财政拨款", funded_by(CAPITAL), side=1, width=8),
                ),
            ),
        ),
        meta=META,
        notes=("注：本表反映部门本年度财政拨款总收支和结转结余情况。",),
        wide=True,
        numbered=False,
    ),
    Table(
        number=5,
        key="general_public_expenditure",
        title="一般公共预算财政拨款支出决算表",
        rows=Tree(FUNCTION, total_last=True, total_always=True),
        where=EXPENDITURE & funded_by(GENERAL),
        columns=(CODE_AND_NAME, *in_use()),
        meta=META,
        notes=("注：本表反映部门本年度一般公共预算财政拨款支出情况。",),
        empty_note="说明：{unit_name}本年度没有一般公共预算财政拨款支出，故本表无数据。",
        numbered=False,
    ),
    Table(
        number=6,
        key="basic_expenditure",
        title="一般公共预算财政拨款基本支出决算表",
        rows=BLOCKS,
        where=BASIC_EXPENDITURE,
        columns=(
            Field("code", "经济分类科目编码", ColumnKind.CODE, 6),
            Field("name", "科目名称", ColumnKind.CAPTION, 16),
            Amount("personnel", "决算数", where(kind=BasicKind.PERSONNEL), width=8),
            Field("code_right", "经济分类科目编码", ColumnKind.CODE, 6, side=1),
            Field("name_right", "科目名称", ColumnKind.CAPTION, 16, side=1),
            Amount("running_costs", "决算数", where(kind=BasicKind.RUNNING_COSTS), side=1, width=8),
        ),
        meta=META,
        notes=("注：本表反映部门本年度一般公共预算财政拨款基本支出明细情况。",),
        blank="0.00",
        numbered=False,
    ),
    Table(
        number=7,
        key="three_public",
        title="财政拨款“三公”经费支出决算表",
        rows=Lines((Line("total", "", THREE_PUBLIC | PLANNED, 1),)),
        columns=(
            Group(
                "财政拨款“三公”经费",
                (
                    pair("total", "合计", tuple(ThreePublicItem), ("overseas_visits", "vehicles", "official_hospitality")),
                    pair("overseas_visits", "因公出国（境）费", OVERSEAS),
                    Group(
                        "公务用车购置及运行维护费",
                        (
                            pair("vehicles", "小计", VEHICLES, ("vehicle_purchase", "vehicle_running")),
                            pair("vehicle_purchase", "公务用车购置费", VEHICLES[:1]),
                            pair("vehicle_running", "公务用车运行维护费", VEHICLES[1:]),
                        ),
                    ),
                    pair("official_hospitality", "公务接待费", (ThreePublicItem.OFFICIAL_HOSPITALITY,)),
                ),
            ),
        ),
        meta=META,
        notes=("注：本表反映部门本年度“三公”经费支出预决算情况。",),
        blank="0.00",
        wide=True,
        # The form tells neither funds nor research visits apart.
        entered_as=(THREE_PUBLIC & where(fund=GENERAL, item=ENTERED)) | (PLANNED & where(item=ENTERED)),
        numbered=False,
    ),
    by_item(8, GOVERNMENT, "政府性基金预算"),
    by_item(9, CAPITAL, "国有资本经营预算"),
)  # fmt: skip

# The model prints no table of goals; results that are typed are printed in the chapter that speaks of them.
ANNEXES = (
    Listing(
        key="goal",
        title="{n}、{project}绩效目标完成情况表",
        source="goals",
        each="indicators",
        called="project",
        preface="绩效目标",
        preface_from="goals",
        columns=(
            Field("dimension", "一级指标", ColumnKind.GROUP, 8),
            Field("aspect", "二级指标", ColumnKind.GROUP, 8),
            Field("name", "三级指标", ColumnKind.CAPTION, 14),
            Field("target", "指标值", width=8),
            Field("result", "完成值", width=8),
        ),
    ),
)

CHAPTERS = (
    ChapterWord("mandate", "主要职能", model=sentences.MANDATE),
    ChapterWord("organization", "部门决算单位构成", model=sentences.ORGANIZATION),
    ChapterWord("overview", "收入支出决算总体情况说明", model=sentences.OVERVIEW),
    ChapterWord("revenue_explained", "收入决算情况说明", model=sentences.REVENUE),
    ChapterWord("expenditure_explained", "支出决算情况说明", model=sentences.EXPENDITURE),
    ChapterWord("fiscal_explained", "财政拨款收入支出决算总体情况说明", model=sentences.FISCAL),
    ChapterWord("general_public_explained", "一般公共预算财政拨款支出决算情况说明", model=sentences.GENERAL_PUBLIC),
    ChapterWord("basic_explained", "一般公共预算财政拨款基本支出决算情况说明", model=sentences.BASIC),
    ChapterWord("three_public", "财政拨款“三公”经费支出决算情况说明", model=sentences.THREE_PUBLIC),
    ChapterWord("government_fund_explained", "政府性基金预算财政拨款收入支出决算情况说明", model=sentences.GOVERNMENT_FUND),
    ChapterWord("state_capital_explained", "国有资本经营预算财政拨款收入支出决算情况说明", model=sentences.STATE_CAPITAL),
    ChapterWord("performance", "预算绩效管理情况", ("goal",), model=sentences.PERFORMANCE),
    ChapterWord("other_matters", "其他重要事项的情况说明", model=sentences.OTHER_MATTERS),
    ChapterWord("term_definitions", "名词解释", model=sentences.TERMS, numbered=False),
)  # fmt: skip

FIGURES = (
    FigureWord("total_resources", "收入总计", "balance", "total_resources", "revenue"),
    FigureWord("current_revenue", "本年收入", "balance", "current_revenue", "revenue"),
    FigureWord("fiscal_appropriation", "财政拨款收入", "fiscal_balance", "current_revenue", "revenue"),
    FigureWord("current_expenditure", "本年支出", "balance", "current_expenditure", "expenditure"),
    FigureWord("fiscal_total", "财政拨款收入支出总计", "fiscal_balance", "total_resources", "revenue"),
    FigureWord("basic", "基本支出", "expenditure", "total", "basic"),
    FigureWord("project", "项目支出", "expenditure", "total", "project"),
    FigureWord("personnel", "人员经费", "basic_expenditure", "personnel", "personnel"),
    FigureWord("running_costs", "公用经费", "basic_expenditure", "running_costs", "running_costs"),
    FigureWord("three_public", "“三公”经费", "three_public", "total", "total"),
    FigureWord("overseas_visits", "因公出国（境）费", "three_public", "total", "overseas_visits"),
    FigureWord("vehicles", "公务用车购置及运行维护费", "three_public", "total", "vehicles"),
    FigureWord("vehicle_purchase", "公务用车购置费", "three_public", "total", "vehicle_purchase"),
    FigureWord("vehicle_running", "公务用车运行维护费", "three_public", "total", "vehicle_running"),
    FigureWord("official_hospitality", "公务接待费", "three_public", "total", "official_hospitality"),
    FigureWord("three_public_budgeted", "“三公”经费预算数", "three_public", "total", "total_budgeted"),
)  # fmt: skip

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
        (BASIC_EXPENDITURE & where(kind=BasicKind.PERSONNEL), BASIC_EXPENDITURE & where(kind=BasicKind.RUNNING_COSTS)),
        (EXPENDITURE & funded_by(GENERAL) & where(use=Use.BASIC),),
        CATALOGUE,
        "请核对基本支出明细与支出明细中一般公共预算的基本支出",
    ),
    *FUND_BALANCES,
    Meet(
        "total-balances",
        "收入总计与支出总计",
        (CURRENT_REVENUE | SURPLUS_USED | OPENING,),
        (EXPENDITURE | DISTRIBUTED | CLOSING,),
        BUDGET_LAW_32,
        "收入总计应等于支出总计，请核对非财政拨款资金的收入、支出、结余与结转",
        tuple(f"{fund.value.replace('_', '-')}-balances" for fund in FISCAL),
    ),
)  # fmt: skip

SHANGHAI_FINAL_2024 = TableSet(
    key="shanghai_final_2024",
    label="上海市区级部门决算公开表（2024年起）",
    unit="万元",
    quantum=Decimal(100),
    tables=TABLES,
    annexes=ANNEXES,
    chapters=CHAPTERS,
    figures=FIGURES,
    meets=MEETS,
    narrative_title="{unit_name}{year}年度部门决算情况说明",
    lead="",
    before_tables=2,
    no_column_for=SELDOM | where(family=Family.FUND, fund=BY_ITEM),
    stage=Stage.FINAL,
    closes=("shanghai_2023",),
)
