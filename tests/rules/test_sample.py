"""What the checks find in the published sample: fifteen kinds of faults, none of them an ERROR."""

from pathlib import Path

import pytest

from budgets import rules
from budgets.data.subject_lists import subjects_of
from budgets.domain.findings import Severity
from budgets.importing.pipeline import take_in

SAMPLE = Path(__file__).parents[1] / "sample" / "laoting-483-2023-disclosure.docx"
# rule -> words that its message must hold: the figures and names of the fault
WARNINGS = {
    "text-unit": ("人员经费预算721.19元", "721.19万元"),
    "goals-cover-projects": ("188.10万元", "188.94万元", "0.84万元"),
    "reason-fits-change": ("人员 +30.21", "公用 -43.46", "项目 +60.27"),
    "compared-with-budget": ("2022年决算",),
    "unchanged-verified": ("“三公”经费", "公务接待费", "无法核对"),
    "running-costs-told": ("取暖费", "41.06万元", "51%"),
    "no-project-under-administration": ("2010301", "188.94万元"),
    "project-names-agree": ("审批局公共资源专项费用", "公共资源经费"),
    "goals-complete": ("6 张绩效目标表没有效益指标",),
    "indicator-money-unit": ("≤11万",),
    "sections-not-empty": ("第二部分 专项资金绩效目标",),
    "vehicle-cost-plausible": ("1 辆车", "10.43万元"),
    "services-are-procured": ("80.66万元", "44.44万元"),
    "time-indicator-measures-time": ("招投标办理时限", "出具报告的及时性"),
    "wording-standard": ("行政部门离退休", "政府基金", "“我省”1 处", "“省级财政”2 处"),
}


@pytest.fixture(scope="module")
def findings():
    subjects = subjects_of(2023)
    taken = take_in(SAMPLE, region="130225", unit="483", year=2023, subjects=subjects)
    return rules.check(taken.ledger, subjects)


@pytest.mark.slow
def test_the_sample_yields_exactly_these_warnings(findings):
    assert sorted(f.rule for f in findings if f.severity is Severity.WARNING) == sorted(WARNINGS)


def test_no_error_and_advice_only_besides(findings):
    assert {f.rule for f in findings if f.severity is not Severity.WARNING} == {
        "office-space-within-buildings",
        "indicator-percent-sign",
        "approval-dated",
        "contact-given",
    }


@pytest.mark.parametrize("rule", WARNINGS)
def test_each_warning_names_its_figures(findings, rule):
    message = next(f.message for f in findings if f.rule == rule)
    assert [word for word in WARNINGS[rule] if word not in message] == []
