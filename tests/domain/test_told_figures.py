"""机关运行经费 where the form asks for it in words alone: read where it is said once, never guessed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets.domain.documents import Chapter, Paragraph
from budgets.domain.key_figures import key_figures
from tests.makers.documents import document_of
from tests.makers.sample_document import document

KEY = "agency_running_costs"


def told(*texts: str, chapter: str = KEY) -> Decimal | None:
    one = Chapter(chapter, "三", "机关运行经费安排情况", tuple(Paragraph(text) for text in texts))
    figure = key_figures(replace(document(), chapters=(one,))).get(KEY)
    assert figure is None or figure.at == f"chapter-{KEY}"
    return figure and figure.amount


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("机关运行经费安排80.49万元，主要用于日常办公费。", "804900"),
        ("2023年，某局安排机关运行经费80.49万元，比2022年预算增加3.00万元。", "804900"),
        ("财政拨款的机关运行经费预算为1,080.49万元。", "10804900"),
        ("机关运行经费80.49万元。机关运行经费共计804900元。", "804900"),
    ],
)
def test_it_is_read_where_it_is_said(text, yuan):
    assert told(text) == Decimal(yuan)


@pytest.mark.parametrize(
    "text",
    ["机关运行经费比上年增加3.00万元。", "机关运行经费80.49万元。机关运行经费为81.00万元。", "机关运行经费由财政保障，其中办公费5.00万元。", "公用经费80.49万元。", "无。"],
)  # fmt: skip
def test_what_is_not_said_of_it_is_not_taken(text):
    assert told(text) is None


def test_another_chapter_does_not_say_it():
    assert told("机关运行经费安排80.49万元。", chapter="term_definitions") is None


def test_the_table_that_prints_it_goes_before_words():
    figure = key_figures(document_of("shanghai_2023", "entered"))[KEY]
    assert not figure.at.startswith("chapter-")
