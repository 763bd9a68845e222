"""For each rule on words: a text with its fault in the clean budget, and a mended text."""

from dataclasses import replace

from budgets.domain.terms import ThreePublicItem
from tests.makers.clean_budget import plus, telling
from tests.makers.facts import funded, project, revenue, three_public

LAST_YEAR = "2022年预算支出1000.00万元，其中：人员经费700.00万元，公用经费100.00万元，项目支出200.00万元。"
RISE = LAST_YEAR + "与2022年相比，2023年支出增加200.00万元，主要是{}。"
ITEM = "“一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）{}（项）”{}万元。"
GOALS = "编报绩效目标的项目共2个，涉及项目预算资金300.00万元。其中：甲项目100.00万元，乙项目{}万元。"
PROCURED = (
    "政府采购预算0.00万元，其中：政府采购货物预算{}万元、政府采购工程预算0万元、政府采购服务预算0.00万元。"
)
SHARES = "项目支出300.00万元，占本年支出的{}%，比2022年预算增加50.00万元，增长{}%。"
BOUGHT = ThreePublicItem.VEHICLE_PURCHASE

FAULTS = {
    "chapters-printable": lambda b: replace(b, narratives=(replace(b.narratives[0], text="无。" * 10_001), *b.narratives[1:])),
    "figures-known": lambda b: replace(b, narratives=(replace(b.narratives[0], text="[[没有]]"), *b.narratives[1:])),
    "text-amount-agrees": lambda b: telling(b, "本年收入1200.01万元。"),
    "text-unit": lambda b: telling(b, "人员经费预算800.00元。"),
    "text-amount-rounded": lambda b: telling(plus(b, funded("0.04"), revenue("2010301", "0.04"), project("2010302", "0.04")), "本年收入1200.0万元。"),
    "item-named-as-printed": lambda b: telling(b, ITEM.format("一般行政管理事物", "300.00")),
    "text-amount-untied": lambda b: telling(b, "培训安排5.00万元。"),
    "text-change-adds-up": lambda b: telling(b, RISE.format("项目增加").replace("200.00万元，主要", "199.00万元，主要")),
    "reason-fits-change": lambda b: telling(b, RISE.format("公用经费增加")),
    "compared-with-budget": lambda b: telling(b, "2022年决算支出数1000.00万元。与2022年相比，变化不大。"),
    "unchanged-verified": lambda b: telling(b, "公务接待费安排1.00万元，与上年持平。", "three_public"),
    "running-costs-told": lambda b: telling(b, "机关运行经费100.00万元，主要用于接待。", "agency_running_costs"),
    "agency-costs-are-running-costs": lambda b: telling(b, "机关运行经费99.99万元。", "agency_running_costs"),
    "goal-money-adds-up": lambda b: telling(b, GOALS.format("199.00"), "other_matters"),
    "procurement-parts-add-up": lambda b: telling(b, PROCURED.format("0.10"), "procurement"),
    "planned-purchases-procured": lambda b: telling(b, "本年度拟购置固定资产总额为0.01万元。", "state_assets"),
    "planned-vehicles-budgeted": lambda b: telling(plus(b, three_public(BOUGHT, "10.00")), "安排购置车辆0辆。", "state_assets"),
    "text-percent-agrees": lambda b: telling(b, SHARES.format("25.1", "16.67")),
    "text-parts-add-up": lambda b: telling(b, "培训安排5.00万元，其中：师资3.00万元，场地2.11万元。"),
    "text-direction-fits": lambda b: telling(b, "年初预算为54.53万元，支出决算为50.00万元。决算数大于预算数。"),
    "reason-given": lambda b: telling(b, "培训费增加，主要原因是。"),
    "text-slip": lambda b: telling(b, "培训安排5.00万元元。"),
    "text-told-alike": lambda b: telling(b, "培训安排5.00万元，比2022年预算增加1.00万元。培训安排5.00万元，比2022年预算增加1.20万元。"),
    "text-year-right": lambda b: telling(b, "本年收入1200.00万元，比2023年预算增加1.00万元。"),
    "said-nothing-is-nothing": lambda b: telling(b, "2023年未安排公务接待费。", "three_public"),
    "class-amount-agrees": lambda b: telling(b, "社会保障和就业支出1200.00万元。"),
    "no-template-residue": lambda b: telling(b, "XX局安排支出××万元。"),
}  # fmt: skip

MENDED = {
    "text-amount-agrees": lambda b: telling(b, "本年收入1,200.00万元，财政拨款收入壹仟贰佰万元，人员经费８００万元。"),
    "text-unit": lambda b: telling(b, "人员经费预算8000000元。"),
    "text-amount-rounded": lambda b: telling(b, "本年收入1200.0万元。"),
    "item-named-as-printed": lambda b: telling(b, ITEM.format("一般行政管理事务", "300.00")),
    "text-amount-untied": lambda b: telling(b, "单价5.00万元（含）以上设备0台，办公费97.00万元，其他收入0万元。"),
    "text-change-adds-up": lambda b: telling(b, RISE.format("项目增加")),
    "reason-fits-change": lambda b: telling(b, RISE.format("人员增加，项目增加")),
    "compared-with-budget": lambda b: telling(b, LAST_YEAR),
    "running-costs-told": lambda b: telling(b, "机关运行经费100.00万元，主要用于办公、接待。", "agency_running_costs"),
    "agency-costs-are-running-costs": lambda b: telling(b, "机关运行经费100.00万元。", "agency_running_costs"),
    "goal-money-adds-up": lambda b: telling(b, GOALS.format("200.00"), "other_matters"),
    "procurement-parts-add-up": lambda b: telling(b, PROCURED.format("0.00"), "procurement"),
    "planned-purchases-procured": lambda b: telling(b, "本年度拟购置固定资产总额为0.00万元。", "state_assets"),
    "planned-vehicles-budgeted": lambda b: telling(plus(b, three_public(BOUGHT, "10.00")), "安排购置车辆1辆。", "state_assets"),
    "text-percent-agrees": lambda b: telling(b, SHARES.format("25", "20.00")),
    "text-parts-add-up": lambda b: telling(b, "培训安排5.00万元，其中：师资3.00万元，场地2.00万元（含租金2.50万元）。"),
    "text-direction-fits": lambda b: telling(b, "年初预算为54.53万元，支出决算为50.00万元。决算数小于预算数。"),
    "reason-given": lambda b: telling(b, "培训费增加，主要原因是课程增加。变动的主要原因是：\n课程增加。"),
    "text-slip": lambda b: telling(b, "培训安排5.00万元。"),
    "text-told-alike": lambda b: telling(b, "培训安排5.00万元，比2022年预算增加1.00万元。培训安排5.0万元，比2022年预算增加1.0万元。"),
    "text-year-right": lambda b: telling(b, "本年收入1200.00万元，比2022年预算增加1.00万元。"),
    "said-nothing-is-nothing": lambda b: telling(b, "2023年未安排因公出国（境）费，无政府性基金预算财政拨款支出。", "three_public"),
    "class-amount-agrees": lambda b: telling(b, "社会保障和就业支出80.00万元。"),
    "no-template-residue": lambda b: telling(b, "安排XBRL系统、3×3米展板。"),
}  # fmt: skip
