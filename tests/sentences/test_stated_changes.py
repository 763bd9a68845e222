"""What a department says of its changes is quoted word for word, with what it compares itself with."""

from dataclasses import replace

import pytest

from budgets.domain.documents import Chapter, Paragraph
from budgets.sentences.stated_changes import MOST, stated_changes
from tests.makers.sample_document import document


def said(*texts: str, stage: str = "budget"):
    chapter = Chapter("overview", "二", "总体情况", tuple(Paragraph(text) for text in texts))
    return list(stated_changes(replace(document(), chapters=(chapter,), stage=stage)))


@pytest.mark.parametrize(
    ("text", "words", "otherwise"),
    [
        ("2023年支出990.62万元。比2022年预算增加47.02万元，主要是人员增加。其他。", "比2022年预算增加47.02万元，主要是人员增加。", False),
        ("与2022年决算相比减少3.00万元。", "与2022年决算相比减少3.00万元。", True),
        ("“三公”经费与上年持平。", "“三公”经费与上年持平。", False),
    ],
)  # fmt: skip
def test_a_sentence_that_compares_is_quoted(text, words, otherwise):
    (one,) = said(text)
    assert (one.words, one.otherwise, one.chapter, one.title) == (words, otherwise, "overview", "总体情况")


def test_a_final_account_compares_itself_with_what_was_spent():
    (one,) = said("比2022年决算增加1.00万元。", stage="final")
    assert not one.otherwise


@pytest.mark.parametrize(
    "text", ["支出990.62万元。", "比例为5%。", "增加了服务窗口。", "较好地完成了任务。", ""]
)
def test_a_sentence_that_compares_nothing_is_not(text):
    assert said(text) == []


def test_headings_are_no_sentences_and_many_are_cut():
    chapter = Chapter("overview", "二", "总体", (Paragraph("比上年增加1.00万元", 2),))
    assert list(stated_changes(replace(document(), chapters=(chapter,)))) == []
    assert len(said(*["比上年增加1.00万元。"] * (MOST + 5))) == MOST
