"""河北省县级部门预算公开表 of 2023: nine statutory tables and the annex tables of the narrative."""

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
    Listing,
    Meet,
    RecordLine,
    Table,
    TableSet,
    Tree,
)
from budgets.domain.terms import AssetItem, BasicKind, Flow, Origin, ThreePublicItem, Use
from budgets.tablesets import hebei_sentences
from budgets.tablesets.common import (
    BASIC_EXPENDITURE,
    CLASS_KEYS,
    CLASS_LINES,
    CLOSING,
    CURRENT_ORIGINS,
    ECONOMIC_CODE_AND_NAME,
    EXPENDITURE,
    FISCAL_REVENUE,
    FUNCTION_CODE_AND_NAME,
    FUND_BALANCES,
    NON_FISCAL_REVENUE,
    OPENING,
    REVENUE,
    SELDOM,
    SERIAL,
    THREE_PUBLIC,
    coming_from,
    flowing,
    funded_by,
)

GENERAL, GOVERNMENT, CAPITAL = FISCAL
CURRENT_KEYS = (
    "general_public", "government_fund", "state_capital",
    "special_account", "service", "business", "superior_subsidy", "affiliate_remittance", "other",
)  # fmt: skip

BALANCE = Table(
    number=1,
    key="balance",
    title="部门预算收支总表",
    rows=Balance(
        left=(
            Line("general_public", "一、一般公共预算拨款收入", flowing(Flow.REVENUE, GENERAL)),
            Line("government_fund", "二、政府性基金预算拨款收入", flowing(Flow.REVENUE, GOVERNMENT)),
            Line("state_capital", "三、国有资本经营预算拨款收入", flowing(Flow.REVENUE, CAPITAL)),
            Line("special_account", "四、财政专户管理资金收入", coming_from(Origin.SPECIAL_ACCOUNT)),
            Line("service", "五、事业收入", coming_from(Origin.SERVICE)),
            Line("business", "六、事业单位经营收入", coming_from(Origin.BUSINESS)),
            Line("superior_subsidy", "七、上级补助收入", coming_from(Origin.SUPERIOR_SUBSIDY)),
            Line("affiliate_remittance", "八、附属单位上缴收入", coming_from(Origin.AFFILIATE_REMITTANCE)),
            Line("other", "九、其他收入", coming_from(Origin.OTHER)),
        ),
        right=CLASS_LINES,
        foot=(
            (
                Line("current_revenue", "本年收入合计", FISCAL_REVENUE | NON_FISCAL_REVENUE, 0, True, CURRENT_KEYS),
                Line("current_expenditure", "本年支出合计", EXPENDITURE, 0, True, CLASS_KEYS),
            ),
            (Line("brought_forward", "上年结转结余", OPENING), Line("carried_forward", "年终结转结余", CLOSING)),
            (
                Line(
                    "total_resources", "收入总计", FISCAL_REVENUE | NON_FISCAL_REVENUE | OPENING, 0, True,
                    ("current_revenue", "brought_forward"),
                ),
                Line(
                    "total_uses", "支出总计", EXPENDITURE | CLOSING, 0, True,
                    ("current_expenditure", "carried_forward"),
                ),
            ),
        ),
    ),
    columns=(
        SERIAL,
        Group("收入", (Field("revenue_line", "项目", ColumnKind.CAPTION, 15), Amount("revenue", "预算数"))),
        Group(
            "支出",
            (
                Field("expenditure_line", "项目", ColumnKind.CAPTION, 16, side=1),
                Amount("expenditure", "预算数", side=1),
            ),
        ),
    ),
)  # fmt: skip

REVENUE_TABLE = Table(
    number=2,
    key="revenue",
    title="部门预算收入总表",
    rows=Tree(FUNCTION),
    where=REVENUE,
    columns=(
        SERIAL,
        FUNCTION_CODE_AND_NAME,
        Amount("total", "合计", parts=("current_year", "brought_forward")),
        Group(
            "本年收入",
            (
                Amount(
                    "current_year",
                    "小计",
                    coming_from(*CURRENT_ORIGINS),
                    (
                        "fiscal_appropriation", "special_account", "service", "business",
                        "superior_subsidy", "affiliate_remittance", "other",
                    ),
                ),
                Amount("fiscal_appropriation", "财政拨款收入", coming_from(Origin.FISCAL_APPROPRIATION)),
                Amount("special_account", "财政专户收入", coming_from(Origin.SPECIAL_ACCOUNT)),
                Amount("service", "事业收入", coming_from(Origin.SERVICE)),
                Amount("business", "经营收入", coming_from(Origin.BUSINESS)),
                Amount("superior_subsidy", "上级补助收入", coming_from(Origin.SUPERIOR_SUBSIDY)),
                Amount("affiliate_remittance", "附属单位上缴收入", coming_from(Origin.AFFILIATE_REMITTANCE)),
                Amount("other", "其他收入", coming_from(Origin.OTHER)),
            ),
        ),
        Amount("brought_forward", "上年结转", coming_from(Origin.BROUGHT_FORWARD)),
    ),
    wide=True,
)  # fmt: skip

EXPENDITURE_TABLE = Table(
    number=3,
    key="expenditure",
    title="部门预算支出总表",
    rows=Tree(FUNCTION),
    where=EXPENDITURE,
    columns=(
        SERIAL,
        FUNCTION_CODE_AND_NAME,
        Amount("total", "合计", parts=("basic", "project", "business", "to_superior", "to_affiliates")),
        Amount("basic", "基本支出", where(use=Use.BASIC)),
        Amount("project", "项目支出", where(use=Use.PROJECT)),
        Amount("business", "经营支出", where(use=Use.BUSINESS)),
        Amount("to_superior", "上解上级支出", where(use=Use.TO_SUPERIOR)),
        Amount("to_affiliates", "对附属单位补助支出", where(use=Use.TO_AFFILIATES)),
    ),
    wide=True,
)

FISCAL_BALANCE = Table(
    number=4,
    key="fiscal_balance",
    title="部门预算财政拨款收支总表",
    rows=Balance(
        left=(
            Line("general_public", "一、一般公共预算拨款", flowing(Flow.REVENUE, GENERAL)),
            Line("government_fund", "二、政府性基金预算拨款", flowing(Flow.REVENUE, GOVERNMENT)),
            Line("state_capital", "三、国有资本经营预算拨款", flowing(Flow.REVENUE, CAPITAL)),
        ),
        right=CLASS_LINES,
        foot=(
            (
                Line(
                    "current_revenue", "本年收入合计", FISCAL_REVENUE, 0, True,
                    ("general_public", "government_fund", "state_capital"),
                ),
                Line("current_expenditure", "本年支出合计", EXPENDITURE, 0, True, CLASS_KEYS),
            ),
            (
                Line(
                    "brought_forward", "年初财政拨款结转和结余", flowing(Flow.OPENING, *FISCAL), 1, False,
                    ("opening_general_public", "opening_government_fund", "opening_state_capital"),
                ),
                Line("carried_forward", "年末财政拨款结转和结余", CLOSING),
            ),
            (Line("opening_general_public", "一、一般公共预算拨款", flowing(Flow.OPENING, GENERAL), 2), None),
            (Line("opening_government_fund", "二、政府性基金预算拨款", flowing(Flow.OPENING, GOVERNMENT), 2), None),
            (Line("opening_state_capital", "三、国有资本经营预算拨款", flowing(Flow.OPENING, CAPITAL), 2), None),
            (
                Line(
                    "total_resources", "收入总计", FISCAL_REVENUE | flowing(Flow.OPENING, *FISCAL), 0, True,
                    ("current_revenue", "brought_forward"),
                ),
                Line(
                    "total_uses", "支出总计", EXPENDITURE | CLOSING, 0, True,
                    ("current_expenditure", "carried_forward"),
                ),
            ),
        ),
    ),
    columns=(
        SERIAL,
        Group("收入", (Field("revenue_line", "项目", ColumnKind.CAPTION, 13), Amount("revenue", "金额"))),
        Group(
            "支出",
            (
                Field("expenditure_line", "项目", ColumnKind.CAPTION, 16, side=1),
                Amount("total", "合计", funded_by(*FISCAL), ("fund_1", "fund_2", "fund_3"), side=1),
                Amount("fund_1", "一般公共预算财政拨款", funded_by(GENERAL), side=1, width=7),
                Amount("fund_2", "政府性基金预算财政拨款", funded_by(GOVERNMENT), side=1, width=7),
                Amount("fund_3", "国有资本经营预算财政拨款", funded_by(CAPITAL), side=1, width=7),
            ),
        ),
    ),
    wide=True,
)  # fmt: skip

BY_USE = (
    SERIAL,
    FUNCTION_CODE_AND_NAME,
    Amount("total", "合计", parts=("basic", "project")),
    Amount("basic", "基本支出", where(use=Use.BASIC)),
    Amount("project", "项目支出", where(use=Use.PROJECT)),
)

GENERAL_PUBLIC_EXPENDITURE = Table(
    number=5,
    key="general_public_expenditure",
    title="部门预算一般公共预算财政拨款支出表",
    rows=Tree(FUNCTION),
    where=EXPENDITURE & funded_by(GENERAL),
    columns=BY_USE,
    empty_note="注：无一般公共预算财政拨款预算，空表列示。",
)

BASIC_EXPENDITURE_TABLE = Table(
    number=6,
    key="basic_expenditure",
    title="部门预算一般公共预算财政拨款基本支出表",
    rows=Tree(ECONOMIC),
    where=BASIC_EXPENDITURE,
    columns=(
        SERIAL,
        ECONOMIC_CODE_AND_NAME,
        Group(
            "一般公共预算基本支出",
            (
                Amount("total", "合计", parts=("personnel", "running_costs")),
                Amount("personnel", "人员经费", where(kind=BasicKind.PERSONNEL)),
                Amount("running_costs", "公用经费", where(kind=BasicKind.RUNNING_COSTS)),
            ),
        ),
    ),
    empty_note="注：无一般公共预算财政拨款基本支出预算，空表列示。",
)

GOVERNMENT_FUND_EXPENDITURE = Table(
    number=7,
    key="government_fund_expenditure",
    title="部门预算政府性基金预算财政拨款支出表",
    rows=Tree(FUNCTION),
    where=EXPENDITURE & funded_by(GOVERNMENT),
    columns=BY_USE,
    empty_note="注：无政府性基金预算财政拨款预算，空表列示。",
)

STATE_CAPITAL_EXPENDITURE = Table(
    number=8,
    key="state_capital_expenditure",
    title="部门预算国有资本经营预算财政拨款支出表",
    rows=Tree(FUNCTION),
    where=EXPENDITURE & funded_by(CAPITAL),
    columns=BY_USE,
    empty_note="注：无国有资本经营预算财政拨款预算，空表列示。",
)

OVERSEAS = (ThreePublicItem.OVERSEAS_RESEARCH, ThreePublicItem.OVERSEAS_OTHER)
VEHICLES = (ThreePublicItem.VEHICLE_PURCHASE, ThreePublicItem.VEHICLE_RUNNING)

THREE_PUBLIC_TABLE = Table(
    number=9,
    key="three_public",
    title="部门预算财政拨款“三公”经费支出表",
    rows=Lines(
        (
            Line("total", "合计", THREE_PUBLIC, 0, True, ("three_public",)),
            Line(
                "three_public", "“三公”经费小计", THREE_PUBLIC, 0, True,
                ("overseas_visits", "vehicles", "official_hospitality"),
            ),
            Line(
                "overseas_visits", "一、因公出国（境）费", where(item=OVERSEAS), 1, False,
                ("overseas_research", "overseas_other"),
            ),
            Line("overseas_research", "其中：教学科研人员因公出国（境）费", where(item=OVERSEAS[0]), 2),
            Line("overseas_other", "其他因公出国（境）费", where(item=OVERSEAS[1]), 3),
            Line(
                "vehicles", "二、公务用车购置及运维费", where(item=VEHICLES), 1, False,
                ("vehicle_purchase", "vehicle_running"),
            ),
            Line("vehicle_purchase", "其中：公务用车购置费", where(item=VEHICLES[0]), 2),
            Line("vehicle_running", "公务用车运行维护费", where(item=VEHICLES[1]), 3),
            Line("official_hospitality", "三、公务接待费", where(item=ThreePublicItem.OFFICIAL_HOSPITALITY)),
        )
    ),
    where=THREE_PUBLIC,
    columns=(
        SERIAL,
        Field("line", "项目", ColumnKind.CAPTION, 19),
        Group(
            "资金性质",
            (
                Amount("total", "合计", parts=("fund_1", "fund_2", "fund_3")),
                Amount("fund_1", "一般公共预算财政拨款", funded_by(GENERAL), width=8),
                Amount("fund_2", "政府性基金预算拨款", funded_by(GOVERNMENT), width=8),
                Amount("fund_3", "国有资本经营预算财政拨款", funded_by(CAPITAL), width=8),
            ),
        ),
    ),
)  # fmt: skip

ANNEXES = (
    Listing(
        key="organization",
        title="部门机构设置情况",
        source="organizations",
        columns=(
            Field("name", "单位名称", ColumnKind.CAPTION, 16),
            Field("nature", "单位性质", width=6),
            Field("rank", "单位规格", width=6),
            Field("funding", "经费保障形式", width=8),
        ),
    ),
    Listing(
        key="goal",
        title="{n}、{project}绩效目标表",
        source="goals",
        each="indicators",
        called="project",
        preface="绩效目标",
        preface_from="goals",
        columns=(
            Field("dimension", "一级指标", ColumnKind.GROUP, 5),
            Field("aspect", "二级指标", ColumnKind.GROUP, 6),
            Field("name", "三级指标", ColumnKind.CAPTION, 10),
            Field("description", "绩效指标描述", width=10),
            Field("target", "指标值", width=6),
            Field("basis", "指标值确定依据", width=10),
        ),
    ),
    Listing(
        key="procurement",
        title="部门政府采购预算",
        source="procurements",
        columns=(
            Group(
                "政府采购项目来源",
                (Field("project", "项目名称", ColumnKind.CAPTION, 9), Amount("project_funds", "预算资金", width=5)),
            ),
            Field("item", "采购物品名称", width=7),
            Field("catalogue_number", "政府采购目录序号", ColumnKind.CODE, 6),
            Field("unit_of_measure", "计量单位", width=4),
            Field("quantity", "数量", ColumnKind.NUMBER, 4),
            Amount("unit_price", "单价", width=5, adds_up=False),
            Group(
                "政府采购金额（当年部门预算安排资金）",
                (
                    Amount(
                        "total",
                        "合计",
                        parts=(
                            "general_public", "government_fund", "state_capital", "special_account",
                            "own_funds", "fiscal_carry_over", "non_fiscal_carry_over",
                        ),
                        width=5,
                    ),
                    Amount("general_public", "一般公共预算拨款", width=5),
                    Amount("government_fund", "基金预算拨款", width=5),
                    Amount("state_capital", "国有资本经营预算拨款", width=5),
                    Amount("special_account", "财政专户核拨", width=5),
                    Amount("own_funds", "单位资金", width=5),
                    Amount("fiscal_carry_over", "财政拨款结转", width=5),
                    Amount("non_fiscal_carry_over", "非财政拨款结转结余", width=5),
                ),
            ),
            Amount("sme_share", "{year}年预留中小微企业份额", width=6),
        ),
        total_caption="合计",
        meta=("{unit_code}{unit_name}", "单位：{unit}"),
        notes=(
            "注：同一采购目录序号的物品，其单价会因配置规格不同而变动，均符合资产配置标准。"
            "涉密采购事项按照相关规定执行。",
        ),
        empty_note="注：无政府采购预算，空表列示。",
        wide=True,
    ),
    Listing(
        key="fixed_assets",
        title="部门固定资产占用情况表",
        source="assets",
        lined_by="item",
        columns=(
            Field("line", "项目", ColumnKind.CAPTION, 18),
            Field("quantity", "数量", ColumnKind.NUMBER, 8),
            Amount("book_value", "价值（金额单位：{unit}）", width=8),
        ),
        lines=(
            RecordLine(
                "total", "资产总额",
                (AssetItem.BUILDINGS, AssetItem.VEHICLES, AssetItem.MAJOR_EQUIPMENT, AssetItem.OTHER), 0, True,
            ),
            RecordLine("buildings", "1、房屋（平方米）", (AssetItem.BUILDINGS,)),
            RecordLine("office_space", "其中：办公用房（平方米）", (AssetItem.OFFICE_SPACE,), 2),
            RecordLine("vehicles", "2、车辆（台、辆）", (AssetItem.VEHICLES,)),
            RecordLine("major_equipment", f"3、{AssetItem.MAJOR_EQUIPMENT.label}", (AssetItem.MAJOR_EQUIPMENT,)),
            RecordLine("other", "4、其他固定资产", (AssetItem.OTHER,)),
        ),
        meta=("{unit_code}{unit_name}", "截止时间：{as_of}"),
    ),
)  # fmt: skip

CHAPTERS = (
    ChapterWord(
        "organization", "部门职责及机构设置情况", ("organization",), model=hebei_sentences.ORGANIZATION
    ),
    ChapterWord("overview", "部门预算安排的总体情况", model=hebei_sentences.OVERVIEW),
    ChapterWord("agency_running_costs", "机关运行经费安排情况", model=hebei_sentences.AGENCY),
    ChapterWord(
        "three_public", "财政拨款“三公”经费预算情况及增减变化原因", model=hebei_sentences.THREE_PUBLIC
    ),
    ChapterWord("performance", "预算绩效信息", ("goal",), model=hebei_sentences.PERFORMANCE),
    ChapterWord("procurement", "政府采购预算情况", ("procurement",), model=hebei_sentences.PROCUREMENT),
    ChapterWord("state_assets", "国有资产信息", ("fixed_assets",), model=hebei_sentences.STATE_ASSETS),
    ChapterWord("term_definitions", "名词解释", model=hebei_sentences.TERMS),
    ChapterWord("other_matters", "其他需要说明的事项", model=hebei_sentences.OTHER_MATTERS),
)

FIGURES = (
    FigureWord("total_resources", "收入总计", "balance", "total_resources", "revenue"),
    FigureWord("current_revenue", "本年收入", "balance", "current_revenue", "revenue"),
    FigureWord("fiscal_appropriation", "财政拨款收入", "fiscal_balance", "current_revenue", "revenue"),
    FigureWord("current_expenditure", "本年支出", "balance", "current_expenditure", "expenditure"),
    FigureWord("basic", "基本支出", "expenditure", "total", "basic"),
    FigureWord("project", "项目支出", "expenditure", "total", "project"),
    FigureWord("personnel", "人员经费", "basic_expenditure", "total", "personnel"),
    FigureWord("running_costs", "公用经费", "basic_expenditure", "total", "running_costs"),
    FigureWord("three_public", "“三公”经费", "three_public", "three_public", "total"),
    FigureWord("overseas_visits", "因公出国（境）费", "three_public", "overseas_visits", "total"),
    FigureWord("vehicles", "公务用车购置及运维费", "three_public", "vehicles", "total"),
    FigureWord("vehicle_purchase", "公务用车购置费", "three_public", "vehicle_purchase", "total"),
    FigureWord("vehicle_running", "公务用车运行维护费", "three_public", "vehicle_running", "total"),
    FigureWord("official_hospitality", "公务接待费", "three_public", "official_hospitality", "total"),
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
        "brought-forward-by-fund",
        "按科目填报的上年结转与按资金性质填报的年初结转结余",
        (coming_from(Origin.BROUGHT_FORWARD),),
        (OPENING,),
        CATALOGUE,
        "请核对收入明细的上年结转与资金收支中各资金的年初结转结余",
    ),
    Meet(
        "basic-expenditure-by-economic",
        "按经济分类填报的基本支出与一般公共预算财政拨款基本支出",
        (BASIC_EXPENDITURE,),
        (EXPENDITURE & funded_by(GENERAL) & where(use=Use.BASIC),),
        CATALOGUE,
        "请核对基本支出明细与支出明细中一般公共预算的基本支出",
    ),
    *FUND_BALANCES,
    Meet(
        "total-balances",
        "收入总计与支出总计",
        (FISCAL_REVENUE | NON_FISCAL_REVENUE | OPENING,),
        (EXPENDITURE | CLOSING,),
        BUDGET_LAW_32,
        "收入总计应等于支出总计，请核对非财政拨款资金的收入、支出与结转",
        tuple(f"{fund.value.replace('_', '-')}-balances" for fund in FISCAL),
    ),
)

HEBEI_2023 = TableSet(
    key="hebei_2023",
    label="河北省县级部门预算公开表（2023年起）",
    unit="万元",
    quantum=Decimal(100),
    tables=(
        BALANCE,
        REVENUE_TABLE,
        EXPENDITURE_TABLE,
        FISCAL_BALANCE,
        GENERAL_PUBLIC_EXPENDITURE,
        BASIC_EXPENDITURE_TABLE,
        GOVERNMENT_FUND_EXPENDITURE,
        STATE_CAPITAL_EXPENDITURE,
        THREE_PUBLIC_TABLE,
    ),
    annexes=ANNEXES,
    chapters=CHAPTERS,
    figures=FIGURES,
    meets=MEETS,
    no_column_for=SELDOM,
    narrative_title="{unit_name}{year}年部门预算信息公开情况说明",
    lead="按照《中华人民共和国预算法》、《地方预决算公开操作规程》和《关于进一步推进预算公开工作的实施意见》规定，"
    "现将{unit_name}{year}年部门预算公开如下：",
)
