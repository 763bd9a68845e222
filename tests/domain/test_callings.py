"""Which figure an amount is called by, and which words are no figure of the tables."""

import pytest

from budgets.domain.callings import word_for
from budgets.domain.quantities import quantities


@pytest.mark.parametrize(
    ("called", "figure"),
    [
        ("本年收入", "current_revenue"),
        ("2023年收入增加", "current_revenue"),
        ("决算支出数", "current_expenditure"),
        ("其中财政拨款收入", "fiscal_appropriation"),
        ("一般公共预算拨款支出预算", "general_public_spent"),
        ("政府性基金预算财政拨款支出", "government_fund_spent"),
        ("国有资本经营预算拨款收入", "state_capital_received"),
        ("上年结转", "brought_forward"),
        ("事业单位经营收入", "business"),
        ("1.基本支出", "basic"),
        ("（二）项目支出为", "project"),
        ("人员经费预算", "personnel"),
        ("日常公用", "running_costs"),
        ("我部门“三公”经费预算安排", "three_public"),
        ("（三）因公出国（境）费 安排", "overseas_visits"),
        ("公务车购置及运行费", "vehicles"),
        ("公务车用车运行费", "vehicle_running"),
        ("公车运行维护费 安排", "vehicle_running"),
        ("公务用车购置费", "vehicle_purchase"),
        ("（二）公务接待费 安排", "official_hospitality"),
        ("本单位政府采购预算", "procurement"),
        ("上年末固定资产金额为", "fixed_assets"),
    ],
)
def test_words_that_call_a_figure(called, figure):
    assert word_for(called).figures[0] == figure


@pytest.mark.parametrize(
    "called",
    [
        "培训安排", "信息化项目支出", "离退休人员经费", "公用经费中的会议费", "国内公务接待费", "某中心支出",
        "面向中小企业预留政府采购项目预算", "授予小微企业政府采购金额", "新增固定资产", "其他固定资产", "教育支出",
        "政府性基金预算基本支出",
    ],
)  # fmt: skip
def test_words_that_call_none(called):
    assert word_for(called) is None


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("本年支出9.00万元，与2022年相比增加1.00万元，其中基本支出8.00万元。", [None, 2022, None]),
        ("2022年决算9.00万元，与2021年相比，增加1.00万元。", [2022, 2022]),
        ("较2022年预算数9.00万元，增加1.00万元。", [2022, None]),
        ("上年结转1.00万元，其他收入2.00万元。", [None, None]),
        ("2022年度决算收入9.00万元，决算支出数9.00万元。", [2022, 2022]),
    ],
)
def test_the_year_that_an_amount_belongs_to(text, years):
    assert [q.year for q in quantities(text, 2023)] == years
