"""Places: kept as text and read again, told apart, found again in their chapter, and said in words."""

import random
from dataclasses import fields

import pytest

from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.findings import key_of
from budgets.domain.ledgers import Narrative
from budgets.domain.paragraphs import LONGEST_CHAPTER
from budgets.domain.passages import LONGEST_QUOTE, first, passage, sentence, span
from budgets.domain.place_words import PlaceWords
from budgets.domain.places import (
    KINDS,
    AmountRow,
    CellRef,
    CodePlace,
    FieldPlace,
    Passage,
    Record,
    TablePlace,
    Whole,
    parsed,
    serialised,
)
from tests.makers.clean_budget import SET, clean

EACH = {
    CellRef("balance", "total", "revenue"): "cell/balance/total/revenue",
    TablePlace("revenue"): "table/revenue",
    TablePlace("revenue", "notes"): "table/revenue/notes",
    CodePlace("function", "2010301"): "code/function/2010301",
    AmountRow("expenditure", "2080501", "general_public", "basic"): "amount/expenditure/2080501/general_public/basic",
    AmountRow("revenue", "2010301", "", "service"): "amount/revenue/2010301//service",
    Passage("overview"): "words/overview",
    Passage("overview", "收入/支出", 2): "words/overview/%E6%94%B6%E5%85%A5%2F%E6%94%AF%E5%87%BA/2",
    Record("goal", "大厅"): "record/goal/%E5%A4%A7%E5%8E%85",
    Record("procurement", "a", "", 2): "record/procurement/a//2",
    FieldPlace("contact"): "field/contact",
    Whole(): "whole",
}  # fmt: skip


def test_every_kind_is_tried():
    assert {type(place) for place in EACH} == set(KINDS.values())


@pytest.mark.parametrize("place", EACH, ids=lambda place: type(place).__name__)
def test_a_place_is_kept_as_text_and_read_again(place):
    assert serialised(place) == EACH[place]
    assert parsed(EACH[place]) == place
    assert hash(parsed(EACH[place])) == hash(place)


@pytest.mark.parametrize("text", ["", "cell", "cell/a/b", "room/1", "whole/more", "words/a/b/c", "部门/收入"])
def test_what_is_no_place_is_refused(text):
    with pytest.raises(ValueError, match="."):
        parsed(text)


def test_whatever_is_in_a_part_comes_back():
    chance = random.Random(7)
    letters = "甲乙/%|:#?& \n“”" + "a1-_"
    for _ in range(300):
        kind = chance.choice([kind for kind in KINDS.values() if kind is not Whole])
        words = ["".join(chance.choices(letters, k=chance.randint(0, 6))) for _ in range(3)]
        if kind is CellRef:
            place = CellRef(*words)
        else:
            parts = fields(kind)
            place = kind(
                *(chance.randint(1, 9) if part.type is int else chance.choice(words) for part in parts)
            )
        assert parsed(serialised(place)) == place


def test_keys_differ_by_rule_place_and_what_tells_apart_and_fit_the_database():
    long = Passage("overview", "长" * 10_000)
    keys = {
        key_of(rule, place, apart)
        for rule in ("a-rule", "b-rule")
        for place in (*EACH, long)
        for apart in ("", "x")
    }
    assert len(keys) == 4 * (len(EACH) + 1)
    assert max(map(len, keys)) < 40


def test_the_words_of_each_kind_name_what_a_person_looks_for():
    ledger = clean()
    words = PlaceWords(compose(SET, ledger, subjects_of(2023)), subjects_of(2023))
    assert words(CellRef("balance", "current_revenue", "revenue")).startswith("表1 部门预算收支总表“")
    assert words(TablePlace("procurement")) == "2023年部门政府采购预算" or "采购" in words(
        TablePlace("procurement")
    )
    assert words(CodePlace("function", "2010301")) == "科目 2010301 行政运行"
    assert words(AmountRow("expenditure", "2010301", "general_public", "basic")) == (
        "支出 一般公共预算 2010301 行政运行 基本支出"
    )
    assert words(AmountRow("three_public", "official_hospitality", "", "general_public")) == (
        "“三公”经费 一般公共预算 公务接待费"
    )
    chapter = ledger.narratives[0]
    assert words(Passage(chapter.key)) == chapter.title
    assert words(Passage(chapter.key, "收入合计")) == f"{chapter.title}“收入合计”"
    assert words(Record("indicator", "大厅", "办结率", 2)) == "绩效指标“大厅·办结率”（第2个）"
    assert words(Record("asset", "vehicles")) == "固定资产“车辆（台、辆）”"
    assert words(FieldPlace("approved_on")) == "批复日期"


class TestPassages:
    TEXT = "甲。收入5万元；支出5万元，其中：支出\n乙，收入6万元"

    def of(self, text=None) -> Narrative:
        return Narrative("overview", "总体情况", self.TEXT if text is None else text)

    def test_each_stands_for_its_own_words(self):
        starts = [i for i in range(len(self.TEXT)) if self.TEXT.startswith("收入", i)]
        places = [passage(self.of(), i, i + 2) for i in starts]
        assert places == [Passage("overview", "收入", 1), Passage("overview", "收入", 2)]
        assert [span(self.TEXT, place) for place in places] == [(i, i + 2) for i in starts]

    def test_it_stays_when_the_amount_is_mended_and_when_words_come_before(self):
        place = first(self.of(), "支出")
        moved = "新的一段。\n" + self.TEXT.replace("5万元", "7万元")
        start, end = span(moved, place)
        assert moved[start:end] == "支出"
        assert moved[slice(*sentence(moved, start, end))] == "支出7万元，其中：支出"

    def test_words_that_are_gone_are_not_found(self):
        assert span("别的话", first(self.of(), "收入")) is None
        assert span(self.TEXT, Passage("overview")) is None
        assert first(self.of(), "没有的话") == Passage("overview")

    def test_any_piece_of_a_text_is_found_again(self):
        chance = random.Random(3)
        for _ in range(200):
            text = "".join(chance.choices("收支入出5万元，。；\n", k=80))
            start = chance.randrange(70)
            end = start + chance.randint(1, 10)
            place = passage(self.of(text), start, end)
            found = span(text, place)
            assert found is not None
            assert text[slice(*found)] == place.quote
            assert abs(found[0] - start) < len(place.quote), "at most shifted within itself"

    def test_a_long_one_is_known_by_its_end_and_a_chapter_too_long_by_the_place(self):
        text = "长" * 500 + "末"
        place = passage(self.of(text), 0, 501)
        assert len(place.quote) == LONGEST_QUOTE
        assert place.quote.endswith("末")
        over = "一" * (LONGEST_CHAPTER + 1)
        assert passage(self.of(over), 40, 41).nth == 41
