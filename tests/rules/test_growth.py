"""The rules cost no more than the length of a chapter: no text that a person can save stops the others."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import cycle

import pytest

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.ledgers import Narrative
from budgets.domain.paragraphs import LONGEST_CHAPTER
from budgets.domain.places import Passage
from budgets.domain.quantities import percents, quantities
from budgets.fonts.glyphs import missing_glyphs
from tests.makers.clean_budget import a_year_before
from tests.makers.published_ledgers import laoting, putuo

LENGTH = 300_000  # characters, fifteen times what a chapter may hold
LIMIT = 2.0  # seconds of processor time, the reading of the tables taken off
NOISE = 0.05  # seconds below which time says nothing
SHAPES = {
    "amounts without a full stop": "预算收支情况12.34万元，",
    "amounts with nothing between": "收入1.2万元",
    "years": "与2022年预算相比2023年收入",
    "compared": "比上年增加5万元，与2022年相比",
    "changes": "基本支出比上年增加12.34万元，主要是人员增加，",
    "shares": "基本支出12.34万元，占本年支出的18.94%，",
    "shares of nothing": "占",
    "shares alone": "占5%",
    "growth": "增长5.2%",
    "brackets": "（",
    "items": "一般公共服务支出（类）行政运行（项）1.00万元，",
    "items half named": "（类）",
    "digits": "1",
    "groups": "1,234",
    "groups of commas": "1，234",
    "numerals": "零",
    "ten thousands": "万",
    "numerals of money": "柒佰元",
    "own department": "本部门",
    "sums": "共计",
    "budgets": "预算",
    "goals": "绩效目标",
    "sentences": "收入5万元。",
    "semicolons": "；",
    "lines": "一、\n",
    "headings": "1、\n",
    "blanks": "5 ",
    "names": "[[甲]]",
    "open names": "[[",
    "procurement": "采购货物",
    "vehicles": "公务用车购置",
    "unchanged": "公务接待费5万元，与2022年预算持平，",
    "not fitting": "公务接待费5.33万元，三公经费2023年9.99万元，",
    "counted": "截至2022年12月31日，固定资产5万元，",
    "the list of projects": "1、项目甲\n",
    "parts": "其中：培训5.00万元，",
    "parts of one": "培训5.00万元，其中：",
    "carried out": "年初预算为5.00万元，支出决算为4.00万元，完成年初预算的80.00%，决算数小于预算数，",
    "reasons": "培训减少5.00万元，主要原因是培训增加",
    "nothing planned": "未安排公务接待费",
    "codes in words": "204类06款",
    "kinds of vehicles": "车辆5辆，其中：轿车5辆、",
}  # fmt: skip

LIKELY = ("amounts without a full stop", "brackets", "shares", "lines")


def cost(ledger, text, subjects, previous):
    chapters = tuple(
        Narrative(word.key, word.title, text if n == 1 else "无")
        for n, word in enumerate(tablesets.get(ledger.table_set).chapters)
    )
    ledger = replace(ledger, narratives=chapters)
    began = time.process_time()
    rules.check(ledger, subjects, missing_glyphs, previous=previous and a_year_before(previous))
    return time.process_time() - began


@cache
def own(document):
    """What the tables and chapters of a document cost themselves."""
    ledger = document()
    return min(cost(ledger, "无", subjects_of(ledger.year), ledger) for _ in range(3))


def of_words(document, shape, length):
    """What so many characters of a shape cost beyond that."""
    ledger, words = document(), SHAPES[shape]
    text = words * (length // len(words))
    return cost(ledger, text, subjects_of(ledger.year), ledger) - own(document)


def grows(spent: Callable[[int], float], length: int) -> float:
    """How many times as much the whole length costs as a quarter; measured again while a busy machine makes it seem too much."""
    times = 0.0
    for _ in range(3):
        part, whole = (min(spent(n) for _ in range(3)) for n in (length // 4, length))
        times = whole / max(part, NOISE)
        if times <= 5:
            break
    return times


@pytest.mark.sweep(2)
@pytest.mark.parametrize("document", [laoting, putuo])
@pytest.mark.parametrize("shape", LIKELY)
def test_a_chapter_beyond_the_limit_costs_little(document, shape):
    assert of_words(document, shape, LENGTH) < LIMIT


@pytest.mark.sweep(0, 8)
@pytest.mark.parametrize("document", [laoting, putuo])
@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_words_beyond_the_limit_costs_more(document, shape):
    assert of_words(document, shape, LENGTH) < LIMIT


@pytest.mark.sweep(0, 4)
@pytest.mark.parametrize(("shape", "document"), zip(SHAPES, cycle((laoting, putuo)), strict=False))
def test_four_times_the_words_cost_no_more_than_five_times_the_time(document, shape):
    assert grows(lambda length: of_words(document, shape, length), LONGEST_CHAPTER) <= 5


@pytest.mark.sweep(0, 4)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_texts_say_in_figures_is_read_in_one_pass(shape):
    words = SHAPES[shape]

    def read(length):
        text = words * (length // len(words))
        began = time.process_time()
        for line in text.splitlines():
            for _ in quantities(line, 2023):
                pass
            for _ in percents(line):
                pass
        return time.process_time() - began

    assert grows(read, LENGTH // 3) <= 5


def test_what_is_within_the_limit_is_read():
    ledger = laoting()
    text = "公务接待费5.33万元。" + "无。" * (LONGEST_CHAPTER // 2 - 8)
    rule = "text-amount-agrees"
    chapters = [
        replace(ledger.narratives[0], text=text),
        replace(ledger.narratives[1], text=text + "无。" * 10),
    ]
    found = rules.check(replace(ledger, narratives=tuple(chapters)), subjects_of(ledger.year))
    assert [f.at.chapter for f in found if f.rule == rule] == [chapters[0].key]
    assert [f.at for f in found if f.rule == "chapters-printable"] == [Passage(chapters[1].key)]
