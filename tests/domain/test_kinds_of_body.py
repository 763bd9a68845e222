"""Kinds of bodies by their names."""

import pytest

from budgets.domain.kinds_of_body import ENDINGS, OTHER, kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("乐亭县行政审批局", "政府部门"), ("乐亭县卫生健康委员会（本级）", "政府部门"), ("普陀区财政局机关", "政府部门"),
        ("演示1县教育局12", "政府部门"), ("县人民政府办公室", "政府部门"), ("汀流河镇人民政府", "乡镇街道"), ("长寿路街道办事处", "乡镇街道"),
        ("第一中学", "学校"), ("乐亭县人民医院", "医疗卫生机构"), ("疾病预防控制中心", "医疗卫生机构"), ("乐亭县人民法院", "法院检察院"),
        ("中共乐亭县委组织部", "党群和人大政协"), ("乐亭县人大常委会", "党群和人大政协"), ("县委政法委员会", "党群和人大政协"),
        ("不动产登记中心", "事业单位"), ("文化馆", "事业单位"), ("养老院", "事业单位"), ("某某", OTHER), ("", OTHER), ("（本级）", OTHER), ("12", OTHER),
    ],
)  # fmt: skip
def test_the_longest_ending_says_the_kind(name, kind):
    assert kind_of(name) == kind


def test_no_ending_means_two_kinds():
    every = [ending for endings in ENDINGS.values() for ending in endings]
    assert len(every) == len(set(every))
