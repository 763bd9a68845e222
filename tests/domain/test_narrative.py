"""Paragraphs, headings by the official numbering, tables and figures in place."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.composing import compose
from budgets.domain.documents import Paragraph, Sheet
from budgets.domain.ledgers import Asset, Ledger, Narrative, Organization
from budgets.domain.numerals import numeral, read_numeral
from budgets.domain.paragraphs import paragraphs, rank
from budgets.domain.terms import AssetItem
from tests.makers.facts import small_budget

SAMPLE = json.loads((Path(__file__).parents[1] / "sample" / "expected.json").read_text())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一部分 部门整体绩效目标", 0),
        ("一、总体绩效目标", 1),
        ("（一）推行“一窗受理”“百事通”改革试运行，探索审批服务新模式。", 2),
        ("(二)部门预算情况", 2),
        ("1、审批局公共资源专项费用", 3),
        ("1、负责规范全县行政审批行为，建立和完善响应工作机制；", None),
        ("1.解诉求提效能，提升群众满意度。我局高度重视", None),
        ("（二）公务接待费 安排0.3万元，与上年持平，无增减变化。", None),
        ("2.5万元用于培训", None),
        ("目标1：提高服务对象满意度", None),
    ],
)
def test_numbering_makes_headings(text, expected):
    assert rank(text) == expected


def test_levels_nest_in_the_order_they_open():
    out = paragraphs("一、甲\n（一）乙\n文\n（二）丙\n二、丁\n1、戊", lambda name: None)
    assert [p.level for p in out] == [2, 3, 0, 3, 2, 3]


def test_a_numbered_sentence_heads_only_what_stands_below_it():
    duties = "（一）拟订规划。\n（二）完成其他任务。"
    assert [p.level for p in paragraphs(duties, lambda name: None)] == [0, 0]
    assert [p.level for p in paragraphs(f"{duties}\n今年的任务", lambda name: None)] == [0, 2, 0]
    assert [p.level for p in paragraphs("（一）拟订规划\n（二）其他任务", lambda name: None)] == [2, 2]


def test_the_sample_has_a_sane_outline():
    performance = next(s for s in SAMPLE["sections"] if s.get("title") == "预算绩效信息")
    text = "\n".join(p for b in performance["blocks"] for p in b.get("paragraphs", []))
    heads = [p for p in paragraphs(text, lambda name: None) if p.level]
    assert [p.text for p in heads if p.level == 2] == [
        "第一部分 部门整体绩效目标",
        "第二部分 专项资金绩效目标",
        "第三部分 预算项目绩效目标",
    ]
    assert [p.text[:2] for p in heads if p.level == 3] == ["一、", "二、", "三、"]


def compose_text(text: str):
    table_set = tablesets.get("hebei_2023")
    ledger = Ledger(
        "hebei_2023", "130225", "乐亭县", "483", "某局", 2023,
        facts=small_budget(),
        organizations=(Organization("某局", "行政"),),
        assets=(Asset(AssetItem.VEHICLES, Decimal(2), Decimal("300000")),),
        narratives=(Narrative("organization", "部门职责及机构设置情况", text),),
    )  # fmt: skip
    return compose(table_set, ledger, Subjects()).chapters[0].blocks


def test_figures_are_put_in_with_their_unit_and_unknown_names_stay():
    assert compose_text("安排[[项目支出]]，[[没有]]。")[0] == Paragraph("安排300.00万元，[[没有]]。")


def test_an_annex_stands_at_the_end_or_where_its_anchor_is():
    assert isinstance(compose_text("甲\n乙")[2], Sheet)
    placed = compose_text("甲\n[[表：organization]]\n乙")
    assert [type(b).__name__ for b in placed] == ["Paragraph", "Sheet", "Paragraph"]


def test_numerals():
    shown = {
        1: "一",
        9: "九",
        10: "十",
        11: "十一",
        20: "二十",
        31: "三十一",
        99: "九十九",
        105: "一百零五",
        0: "零",
    }
    assert {n: numeral(n) for n in shown} == shown
    assert [read_numeral(numeral(n)) for n in range(1, 10_000)] == list(range(1, 10_000))
    assert [read_numeral(words) for words in ("柒佰贰拾壹万", "二〇二三", "二○二三", "两千", "三亿零五")] == [
        7_210_000, 2023, 2023, 2000, 300_000_005,
    ]  # fmt: skip
