"""Live references: what each prints in both table sets, how cells are named, and what is told of one that says nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.documents import ColumnKind, Paragraph
from budgets.domain.facts import Fact
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.places import CellRef, Passage
from budgets.domain.sheets import Filler
from budgets.domain.terms import Family
from budgets.rules import check
from budgets.sentences.cell_names import CellNames, Unnamed
from budgets.sentences.live_documents import Composed, composed_words
from budgets.sentences.references import references
from tests.makers.published_ledgers import laoting, putuo

BOTH = pytest.mark.parametrize("ledger", [laoting, putuo], ids=["hebei_2023", "shanghai_2023"])


def less(ledger: Ledger, family: Family, by: str) -> Ledger:
    """The year before, with less money in the first fact of a family."""
    changed: list[Fact] = []
    for fact in ledger.facts:
        take = fact.family is family and not any(f.family is family for f in changed)
        changed.append(replace(fact, amount=fact.amount - Decimal(by)) if take else fact)
    return replace(ledger, year=ledger.year - 1, facts=tuple(changed))


def said(ledger: Ledger, text: str, previous: Ledger | None = None) -> Composed:
    chapter = Narrative(ledger.narratives[0].key, "章", text)
    spoken = replace(ledger, narratives=(chapter, *ledger.narratives[1:]))
    filler = Filler(tablesets.get(ledger.table_set), spoken, subjects_of(ledger.year))
    return composed_words(filler, previous)


def printed(ledger: Ledger, text: str, previous: Ledger | None = None) -> str:
    composed = said(ledger, text, previous)
    assert not composed.written[0].faults, composed.written[0].faults
    block = composed.document.chapters[0].blocks[0]
    assert isinstance(block, Paragraph)
    return block.text


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("text", "hebei", "shanghai"),
    [
        ("[[人员经费]]", "721.19万元", "22826756.00元"),  # a bare name prints as it always did
        ("[[人员经费]]万元", "721.19万元", "2,282.68万元"),
        ("[[人员经费]]元", "7211900.00元", "22,826,756.00元"),
        ("[[支出合计]]万元", "990.62万元", "3,121.42万元"),
        ("[[政府性基金预算财政拨款支出]]万元", "0万元", "0万元"),
        ("[[人员经费·上年]]万元", "720.19万元", "2,281.68万元"),
        ("[[人员经费·增减词]][[人员经费·增减]]万元", "增加1.00万元", "增加1.00万元"),
        ("[[人员经费·变动]]", "增加1.00万元", "增加1.00万元"),
        ("[[人员经费·比{上年}年预算]]", "比2022年预算增加1.00万元", "比2024年预算增加1.00万元"),
        ("[[人员经费·比上年·升降]]", "比上年增加1.00万元，增长0.14%", "比上年增加1.00万元，增长0.04%"),
        ("[[项目支出·比上年]]", "与上年持平", "与上年持平"),
        ("[[项目支出·增减词]][[项目支出·增减]]万元", "持平0万元", "持平0万元"),
        ("[[人员经费·增减率]]", "0.14%", "0.04%"),
        ("[[人员经费·增减率·1位小数]]%", "0.1%", "0.0%"),
        ("占基本支出的[[人员经费·占基本支出]]", "占基本支出的89.96%", "占基本支出的90.87%"),
        ("[[年度]]年与[[上年]]年", "2023年与2022年", "2025年与2024年"),
        ("[[行政运行]]万元", "785.81万元", "1,623.18万元"),
        ("[[行政运行/项目支出]]万元", "188.94万元", "13.85万元"),
        ("[[表5/行政运行/基本支出]]万元", "596.87万元", "1,609.33万元"),
        ("[[工资福利支出]]万元", "715.67万元", "2,210.95万元"),
        ("[[30101]]万元", "221.03万元", "264.24万元"),
        ("[[表9/公务接待费]]万元", "0.30万元", "0.95万元"),
        ("[[2070101]]万元", "0万元", "0万元"),  # a code of the list without money
    ],
)
def test_a_reference_prints_what_it_names_in_both_sets(text, hebei, shanghai):
    for ledger, expected in ((laoting(), hebei), (putuo(), shanghai)):
        assert printed(ledger, text, less(ledger, Family.BASIC_EXPENDITURE, "10000")) == expected


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[人员经费·上年]]万元", "系统中没有"),
        ("[[没有这个数]]", "没有名为"),
        ("[[住房公积金]]万元", "2210201 住房公积金、30113 住房公积金"),
        ("[[人员经费·占政府性基金预算财政拨款支出]]", "为 0，不能计算占比"),
        ("[[人员经费·上年·增减]]", "一处只能引用一样"),
        ("[[·上年]]", "没有写名称"),
        ("[[表5/行政运行/没有的列]]", "没有名为"),
    ],
)
@BOTH
def test_what_says_nothing_stays_as_typed_and_is_told(ledger, text, why):
    composed = said(ledger(), f"甲{text}乙")
    assert composed.document.chapters[0].blocks[0] == Paragraph(f"甲{text}乙")
    assert [why in fault.why for fault in composed.written[0].faults] == [True]
    chapter = Narrative(ledger().narratives[0].key, "章", f"甲{text}乙")
    spoken = replace(ledger(), narratives=(chapter, *ledger().narratives[1:]))
    (told,) = [f for f in check(spoken, subjects_of(spoken.year)) if f.rule == "figures-known"]
    assert why in told.message
    assert isinstance(told.at, Passage) and told.at.quote in text


def test_a_rate_of_nothing_is_told():
    last = replace(laoting(), year=2022, facts=())
    composed = said(laoting(), "[[人员经费·增减率]] [[人员经费·比上年·升降]]", last)
    assert ["上年为 0" in fault.why for fault in composed.written[0].faults] == [True]
    assert composed.written[0].printed.text.endswith("比上年增加721.19万元")


@BOTH
def test_every_cell_with_money_can_be_named_and_its_name_means_it(ledger):
    """Negative control below: a cell that is asked for by its bare caption alone is often two."""
    document = said(ledger(), "无。").document
    filler = Filler(tablesets.get(ledger().table_set), ledger(), subjects_of(ledger().year))
    names = CellNames(filler, document)
    tried = 0
    for sheet in document.tables:
        for row in sheet.rows:
            for column in sheet.columns:
                line = row.named(column)
                if column.kind is not ColumnKind.AMOUNT or not row.cells[column.caption].key or "." in line:
                    continue
                known = names.at(CellRef(sheet.key, line, column.key))
                assert known is not None
                name = names.name_of(known)
                found = names.find(tuple(name.split("/")))
                assert not isinstance(found, Unnamed), (name, found)
                assert found.cell == known.cell, (name, found.cell, known.cell)
                tried += 1
    assert tried > 150
    assert isinstance(names.find(("住房公积金",)), Unnamed)


def test_a_finding_in_a_printed_sentence_stands_where_it_was_typed():
    text = "[[年度]]年“三公”经费[[人员经费]]万元，[[年度]]年公务接待费7.77万元。"
    ledger = replace(laoting(), narratives=(Narrative("three_public", "章", text),))
    told = [f for f in check(ledger, subjects_of(2023)) if f.rule == "text-amount-agrees"]
    places = [f.at for f in told]
    assert [place.quote for place in places if isinstance(place, Passage)] == [
        "[[年度]]年“三公”经费",
        "[[年度]]年公务接待费",
    ]
    assert all(place.quote in text for place in places if isinstance(place, Passage))


def test_the_grammar_takes_the_unit_and_leaves_the_places_of_tables():
    text = "[[甲·上年]]万元、[[表：goal]]、[[乙/丙]] 元、[[丁·比上年·升降·1位小数]]"
    found = references(text)
    assert [(r.path, r.aspect, r.unit.strip(), r.places) for r in found] == [
        (("甲",), "上年", "万元", None),
        (("乙", "丙"), "", "元", None),
        (("丁",), "比", "", 1),
    ]
    assert [text[r.start : r.end] for r in found][0] == "[[甲·上年]]万元"
