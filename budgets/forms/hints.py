"""Help on the cells of a form that is filled in: what goes there, in which unit, what is left blank."""

from budgets.domain.documents import Column, ColumnKind

LEFT_OUT = "不用填，由系统推出。"
AMOUNT = "{unit}。填不小于 0 的数，最多两位小数；没有的留空。"
ALL_MONEY = (
    "只有财政拨款以外的资金（如事业收入）时才填，填全部资金的合计数，含财政拨款；没有的留空，由系统推出。"
)
NAME = "可以不填，由系统按编码写出。"
CODES = {  # by whether they are economic codes
    False: "填到项级的功能分类编码，共七位；只填有金额的科目，类、款不用填，一个编码只填一行。",
    True: "填到款级的支出经济分类编码，共五位；只填有金额的科目，类不用填，一个编码只填一行。",
}
PARTS = {
    False: "功能分类编码的{part}，{digits}位；填到项级，三列都要填，一个科目只填一行。",
    True: "支出经济分类编码的{part}，{digits}位；填到款级，两列都要填，一个科目只填一行。",
}
# By the attribute that a column of an annex table holds; any other column is explained by its own caption.
RECORDS = {
    "nature": "行政、参公、公益一类、公益二类等。",
    "rank": "如：正科级。",
    "funding": "财政拨款、财政性资金基本保证、财政性资金定额或定项补助、财政性资金零补助等。",
    "dimension": "产出指标、效益指标、满意度指标或成本指标；与上一行相同的可以留空。",
    "aspect": "数量、质量、时效、经济效益、社会效益等指标；与上一行相同的可以留空。",
    "target": "符号、数值和计量单位写在一起，如：≥98%、≤11万元、＝36宗。",
    "basis": "确定指标值的依据，如：上年完成数、工作计划。",
    "catalogue_number": "政府采购目录的序号，如：A0201。",
    "quantity": "填数字，计量单位写在计量单位一栏。",
    "sme_share": "预留给中小微企业的金额。",
}
PREFACE = "一行写一条目标，不够时在同一格内换行。"
PROJECT_TITLE = "请把“（项目名称）”改成项目的名称，其余不动。有几个项目，就把这张工作表复制几份。"


def code_hint(economic: bool, digits: tuple[int, int] | None, caption: str) -> str:
    """Help on a column of codes, whole or split."""
    if digits is None:
        return CODES[economic]
    return PARTS[economic].format(part=caption, digits="三二二"[(0, 3, 5).index(digits[0])])


def record_hint(column: Column, unit: str) -> str:
    """Help on a column of an annex table."""
    own = RECORDS.get(column.key, "")
    if column.kind is ColumnKind.AMOUNT:
        return own + AMOUNT.format(unit=f"单位：{unit}")
    return own or f"填{column.path[-1]}。"
