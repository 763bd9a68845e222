"""The sentences of a final account and of a unit's budget as published: every finding in them, each judged by hand.

Their tables are not read here: what needs them says nothing, and no amount is held against a table that is not there.
"""

import re
from pathlib import Path

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.findings import Severity
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.sheets import Filler
from budgets.domain.terms import Stage
from budgets.rules.registry import REGISTRY, Case
from tests.makers.sentence_ground import OF_WORDS

HERE = Path(__file__).resolve().parent
JUDGED = HERE.parents[1] / "docs" / "findings-in-real-sentences.md"
FINAL = [
    ("procurement-parts-add-up", "2319.21万元", "23,192,200.00元"),
    ("text-percent-agrees", "占本年支出合计的99.86%", "99.87%"),
    ("text-percent-agrees", "完成年初预算的95.45%", "95.46%"),
    ("text-slip", "增长13.95”像是百分比", ""),
    ("text-slip", "下降（增长）", ""),
]
UNIT: list[tuple[str, str, str]] = []


def found(file: str, year: int, stage: Stage) -> list[tuple[str, str]]:
    """Rule and message of what the words alone show."""
    table_set, subjects = tablesets.get("shanghai_2023"), subjects_of(year)
    text = (HERE / file).read_text(encoding="utf-8")
    chapters = (Narrative("overview", "情况说明", text),)
    ledger = Ledger(table_set.key, "310107", "普陀区", "1", "某局", year, stage=stage, narratives=chapters)
    document = compose(table_set, ledger, subjects)
    absent = frozenset(sheet.key for sheet in document.sheets())
    case = Case(Filler(table_set, ledger, subjects), document, absent=absent)
    every = (f for rule in OF_WORDS for f in REGISTRY.rules[rule].find(case))
    return [(f.rule, f.message) for f in every if f.severity is not Severity.ADVICE]


@pytest.mark.parametrize(
    ("file", "year", "stage", "judged"),
    [("putuo_final_2024.txt", 2024, Stage.FINAL, FINAL), ("putuo_unit_2025.txt", 2025, Stage.BUDGET, UNIT)],
)
def test_the_findings_in_words_are_exactly_those_that_were_judged(file, year, stage, judged):
    told = found(file, year, stage)
    assert [rule for rule, _ in told] == [rule for rule, _, _ in judged]
    for (_, message), (_, one, other) in zip(told, judged, strict=True):
        assert one in message
        assert other in message


def test_each_was_judged_by_hand():
    rows = re.findall(
        r"^\| `([a-z-]+)` \|.*\| (true|false) \|", JUDGED.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(rule for rule, _ in rows) == sorted(rule for rule, *_ in FINAL + UNIT)
    assert {verdict for _, verdict in rows} == {"true"}
