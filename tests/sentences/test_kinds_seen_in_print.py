"""Sentences as disclosures print them, true and false, written by hand on the sample of Hebei; of each false one both numbers are told."""

from dataclasses import replace

import pytest

from budgets import rules
from budgets.data.subject_lists import subjects_of
from budgets.domain.findings import Severity
from tests.makers.published_ledgers import laoting

FALSE = [
    ("2023年未安排公务接待费。", "said-nothing-is-nothing", ("0.30万元", "0.00万元")),
    ("本部门共有车辆0辆。", "said-nothing-is-nothing", ("0辆", "车辆 1 辆")),
    ("课题经费50.00万元，比上年增加5.00万元，下降11.11%。", "text-direction-fits", ("5.00万元", "11.11%")),
    ("支出990.62万元，其中：人员经费721.19万元，项目支出188.94万元，占23.57%。", "text-percent-agrees", ("23.57%", "19.07%")),
    ("2022年收入990.62万元。", "text-year-right", ("990.62万元", "2022年")),
    ("一般公共服务支出990.62万元。", "class-amount-agrees", ("990.62万元", "785.81万元", "合计")),
    ("课题经费50.00万元，其中：差旅30.00万元，会议25.00万元。", "text-parts-add-up", ("50.00万元", "55.00万元")),
    ("课题经费50.00万元元。", "text-slip", ("万元元",)),
    ("课题经费1,640.0万元，比上年增加40.0万元，增长2.44%。", "text-percent-agrees", ("2.44%", "2.50%", "本年数")),
    ("年初预算为29.39万元，支出决算为60.89万元，完成年初预算的31.50%。", "text-percent-agrees", ("31.50%", "207.18%", "两数之差")),
    ("课题经费50.00万元，比上年增加10.00万元，增长2.50%。", "text-percent-agrees", ("2.50%", "25.00%", "小数点")),
    ("2023年课题经费50.00万元，比2023年预算增加10.00万元。", "text-year-right", ("2023年", "2022年")),
    ("课题经费50.00万元，上年0万元，增长100%。", "text-percent-agrees", ("100%", "0.00万元")),
    ("208类05款05项74.66万元。", "text-amount-agrees", ("74.66万元", "73.66万元")),
    ("204类06款01项74.66万元。", "item-named-as-printed", ("2040601", "74.66万元")),
    ("课题经费减少5.00万元，主要原因是课题增加。", "text-direction-fits", ("5.00万元", "课题增加")),
    ("课题经费减少，主要原因是。", "reason-given", ("主要原因是",)),
    ("课题支出比上年增加40.00万元，其中：课题人员增加30.00万元，课题公用减少4.00万元，课题项目增加10.00万元。", "text-parts-add-up", ("40.00万元", "36.00万元")),
    ("课题经费5000.00万元，其中：差旅3000.00万元，占60.01%；会议2000.00万元，占40.00%。", "text-percent-agrees", ("60.01%", "60.00%")),
    ("课题经费50.00万元，与2022年40.00万元持平。", "text-direction-fits", ("50.00万元", "40.00万元")),
]  # fmt: skip
TRUE = [
    "课题经费38.96万元，比上年减少21.04万元，增长-35.06%。",
    "收入总预算990.62万元，收支总预算990.62万元。",
    "按照过紧日子要求，一般性支出压减10%。",
    "课题经费50.00万元，其中：差旅30.00万元（含交通35.00元），会议20.00万元。",
    "课题经费50.00万元，比上年减少5.00万元，主要原因是上年新增一次性设备。",
    "课题经费50.00万元，比2021年预算增加5.00万元，主要原因是退休人员增加，人员增加。",
    "课题经费50万元，占单位课题总额的3.2%。",
    "课题人员增加，主要原因如下：\n1.课题增加。",
    "群众满意度达到95%以上，办结率100%。",
    "年初预算为0.00万元，支出决算为0.00万元，完成年初预算的0.00%。",
    "课题经费增加到50.00万元。",
    "2023年未安排因公出国（境）费。如无公务接待费预算，按零编列。",
    "课题经费50.00万元，其中：差旅30.00万元，占60%；会议20.00万元，占40%。固定资产总额2058.86万元。",
    "差旅10.00万元、会议10.00万元、培训10.00万元，各占33.33%。",
    "一般公共服务支出785.81万元，社会保障和就业支出78.88万元，卫生健康支出70.69万元，住房保障支出55.24万元。",
    "208类05款05项73.66万元。",
    "2022年12月31日固定资产2058.86万元。",
]  # fmt: skip


def told(text: str) -> list[tuple[str, str]]:
    """Rule and message of what the sentence adds to a chapter that says nothing."""
    ledger = laoting()
    chapters = tuple(replace(n, text=text if n.key == "overview" else "无。") for n in ledger.narratives)
    before = tuple(replace(n, text="无。") for n in ledger.narratives)
    known = {f.key for f in rules.check(replace(ledger, narratives=before), subjects_of(2023))}
    found = rules.check(replace(ledger, narratives=chapters), subjects_of(2023))
    return [(f.rule, f.message) for f in found if f.key not in known and f.severity is not Severity.ADVICE]


@pytest.mark.sweep(4)
@pytest.mark.parametrize(("text", "rule", "words"), FALSE)
def test_a_false_sentence_is_told_by_its_rule_with_both_numbers(text, rule, words):
    messages = [message for name, message in told(text) if name == rule]
    assert messages, told(text)
    assert any(all(word in message for word in words) for message in messages), messages


@pytest.mark.sweep(4)
@pytest.mark.parametrize("text", TRUE)
def test_a_true_sentence_is_silent(text):
    without_last_year = [each for each in told(text) if each[0] != "unchanged-verified"]
    assert without_last_year == []
