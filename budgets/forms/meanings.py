"""What the amounts of a column are, and which paper they are taken from, in the field's words.

Meanings follow 部门预算 usage (《政府收支分类科目》 and the standard 名词解释 of disclosures).
"""

APPROVAL = "取自财政部门批复的本部门预算。"
MEANINGS: dict[str, dict[str, str]] = {  # by the first word of a grid's key, then by column
    "revenue": {
        "fiscal_appropriation": f"同级财政当年拨付的资金，含一般公共预算、政府性基金、国有资本经营预算拨款。{APPROVAL}",
        "special_account": f"缴入财政专户、经核准拨回的资金，如教育收费。{APPROVAL}",
        "service": "开展专业业务活动及其辅助活动取得的收入。取自单位收入预算。",
        "business": "在专业业务活动之外开展非独立核算经营活动取得的收入。取自单位收入预算。",
        "superior_subsidy": "从主管部门和上级单位取得的非财政补助收入。取自上级的通知。",
        "affiliate_remittance": "附属独立核算单位按规定上缴的收入。取自附属单位的预算。",
        "other": "以上各项以外的收入，如利息、捐赠。取自单位收入预算。",
        "brought_forward": "以前年度没有用完、结转到今年按原用途使用的资金。取自上年决算。",
    },
    "expenditure": {
        "basic": f"保障机构正常运转、完成日常工作任务的支出，即人员经费加公用经费。{APPROVAL}",
        "project": f"在基本支出之外，为完成特定工作任务和事业发展目标的支出。{APPROVAL}",
        "business": "开展非独立核算经营活动发生的支出。取自单位支出预算。",
        "to_superior": "按规定上缴上级单位的支出。取自上级的通知。",
        "to_affiliates": "用财政拨款以外的资金补助附属单位的支出。取自附属单位的预算。",
    },
    "basic_expenditure": {
        "personnel": f"工资、津贴、社会保险、住房公积金、离退休费等发给人的支出（301、303 类）。{APPROVAL}",
        "running_costs": f"办公费、水电费、差旅费、维修费等日常公用支出（302、310 类）。{APPROVAL}",
    },
    "three_public": {
        "fund_1": f"用一般公共预算拨款安排的因公出国（境）、公务用车、公务接待费。{APPROVAL}",
        "fund_2": f"用政府性基金预算拨款安排的部分。{APPROVAL}",
        "fund_3": f"用国有资本经营预算拨款安排的部分。{APPROVAL}",
    },
    "events": {
        "general_public": f"用一般公共预算拨款安排的会议费、培训费，基本支出和项目支出都算。{APPROVAL}",
        "government_fund": f"用政府性基金预算拨款安排的部分。{APPROVAL}",
        "state_capital": f"用国有资本经营预算拨款安排的部分。{APPROVAL}",
    },
    "by_economic": {
        "basic": f"这一功能科目的一般公共预算基本支出中，属于这一经济分类的部分。{APPROVAL}",
        "project": f"这一功能科目的一般公共预算项目支出中，属于这一经济分类的部分。{APPROVAL}",
    },
    "funds": {
        "current_year": f"这种资金当年的财政拨款。{APPROVAL}",
        "brought_forward": "上年末没有用完、结转到今年的数。取自上年决算。",
        "carried_forward": "预计今年末结转到下年的数；预算当年全部用完的留空。",
    },
    "projects": {
        "name": "项目的名称，与批复的项目清单一致。",
        "amount": f"这个项目当年安排的金额。{APPROVAL}",
        "goals": "这个项目要达到的结果，一行一条。取自项目绩效目标申报表。",
    },
    "indicators": {
        "name": "一句话说清考核什么，如：年度内审批业务办结率。取自项目绩效目标申报表。",
        "description": "指标怎么算、包括哪些；没有另外要说的，照三级指标写。",
        "comparator": "≥、≤、＝等；不是数字的指标值（如“优”）不用选。",
        "value": "只填数字，如 98；不是数字的照写，如：优。",
        "unit": "%、件、天、万元等，不写在数值里。成本指标用万元或元。",
    },
    "procurement": {
        "project": "采购的钱来自哪个项目，名称与项目表一致，可以从列出的名称里选。",
        "project_funds": f"这个项目的预算总额，不是采购金额。{APPROVAL}",
        "item": "采购的货物、工程或服务的名称，一种一行。取自政府采购预算表。",
        "unit_price": "一个计量单位的价钱；数量乘单价应等于采购金额合计。",
        "general_public": f"用一般公共预算拨款采购的金额。{APPROVAL}",
        "government_fund": f"用政府性基金预算拨款采购的金额。{APPROVAL}",
        "state_capital": f"用国有资本经营预算拨款采购的金额。{APPROVAL}",
        "special_account": "用财政专户核拨的资金采购的金额。取自政府采购预算表。",
        "own_funds": "用事业收入、经营收入等单位资金采购的金额。取自政府采购预算表。",
        "fiscal_carry_over": "用以前年度结转的财政拨款采购的金额。取自政府采购预算表。",
        "non_fiscal_carry_over": "用以前年度结转结余的非财政拨款采购的金额。取自政府采购预算表。",
        "sme_share": "采购金额里预留给中小微企业的部分（财库〔2020〕46号）。取自政府采购预算表。",
    },
    "services": {
        "project": "购买服务的钱来自哪个项目，名称与项目表一致，可以从列出的名称里选。",
        "item": "向社会力量购买的服务的内容，一种一行。取自政府购买服务预算表。",
        "catalogue_number": "政府购买服务指导性目录的编码。",
        "general_public": f"用一般公共预算拨款购买的金额。{APPROVAL}",
        "government_fund": f"用政府性基金预算拨款购买的金额。{APPROVAL}",
        "state_capital": f"用国有资本经营预算拨款购买的金额。{APPROVAL}",
        "own_funds": "用事业收入、经营收入等单位资金购买的金额。取自政府购买服务预算表。",
    },
    "unit_rows": {
        "code": "单位的预算代码，与名单一致；按它与该单位公开的预算核对。",
        "name": "单位的名称，本级写“某局本级”或“某局机关”。",
        "basic": f"这个单位的基本支出。{APPROVAL}",
        "project": f"这个单位的项目支出。{APPROVAL}",
        "business": f"这个单位的经营支出。{APPROVAL}",
    },
    "fixed_assets": {
        "quantity": "上年末的实有数：房屋填平方米，车辆填辆，设备填台（套）。取自资产年报。",
        "book_value": "上年末的账面原值。取自资产年报。",
    },
}


def meaning(grid: str, column: str) -> str:
    """What a column of a grid holds and where it is taken from; blank for one that its caption explains."""
    return MEANINGS.get(grid.partition("-")[0], {}).get(column, "")
