"""The words of a certificate for readers: what was found, without what is asked of the department; what it comes to."""

import pytest

from budgets.domain.certificates import Certificate, Checked, State
from budgets.domain.findings import Severity
from budgets.rendering.html.certificate_page import verdict, without_remedy


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("两处差 0.01 万元。请核对。", "两处差 0.01 万元。"),
        ("比上年多 5.00，请改为上年预算数，或说明原因。", "比上年多 5.00。"),
        ("附表与正文相符。", "附表与正文相符。"),
        ("申请表有 2 张。", "申请表有 2 张。"),
    ],
)
def test_what_is_asked_of_the_department_is_left_out(message, words):
    assert without_remedy(message) == words


def test_the_verdict_counts_every_rule_once():
    states = (
        [State.HOLDS] * 5
        + [State.EXPLAINED] * 2
        + [State.FINDING]
        + [State.MISSING] * 3
        + [State.NOT_APPLICABLE] * 4
    )
    said = verdict(
        Certificate(
            "1", tuple(Checked(f"r{n}", Severity.WARNING, "", "", state) for n, state in enumerate(states))
        )
    )
    assert (
        said
        == "看过的 8 条规则里，5 条没有提示，2 条有提示、部门作了说明，1 条对不上或不常见、没有公布说明。另有 3 条没有核对或缺数据，下面先说这些。"
    )
    assert (
        verdict(Certificate("1", (Checked("r", Severity.WARNING, "", "", State.HOLDS),)))
        == "看过的 1 条规则里，1 条没有提示。"
    )
