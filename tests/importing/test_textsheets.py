"""Chapters on worksheets of their own are read as chapters; other words are listed."""

import io
import random
from functools import cache

import openpyxl
import pytest

from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from tests.makers.sample_files import SAMPLE, taken, word
from tests.makers.sample_files import WORKBOOK as LAOTING

from .test_shanghai import WORKBOOK as SHANGHAI
from .test_shanghai import taken as shanghai

PDF = SAMPLE / "shanghai-putuo-finance-bureau-2025.pdf"


@cache
def chapters(set_key: str) -> Taken:
    """The disclosure whose words go onto the sheets."""
    return shanghai(read(PDF)) if set_key == "shanghai" else taken(word())


def plain(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("[["))


def with_words(set_key: str, *, several: bool) -> openpyxl.Workbook:
    """The workbook of tables with a sheet for each chapter, its text in one cell or a line in each."""
    book = openpyxl.load_workbook(SHANGHAI if set_key == "shanghai" else LAOTING)
    for n, narrative in enumerate(chapters(set_key).ledger.narratives):
        sheet = book.create_sheet(f"说明{n}", n)
        sheet["A1"] = narrative.title
        lines = plain(narrative.text).splitlines()
        for row, text in enumerate(lines if several else ["\n".join(lines)]):
            sheet.cell(3 + row, 1).value = text
    return book


def source(book: openpyxl.Workbook):
    out = io.BytesIO()
    book.save(out)
    return read(io.BytesIO(out.getvalue()), "预算.xlsx")


@pytest.mark.slow
@pytest.mark.parametrize("several", [True, False])
@pytest.mark.parametrize("set_key", ["shanghai", "laoting"])
def test_sheets_of_words_are_chapters(set_key, several):
    take = shanghai if set_key == "shanghai" else taken
    found = take(source(with_words(set_key, several=several)))
    wanted = chapters(set_key).ledger
    assert [(n.key, n.title, n.text) for n in found.ledger.narratives] == [
        (n.key, n.title, plain(n.text)) for n in wanted.narratives
    ]
    assert found.ledger.facts == wanted.facts
    assert [u for u in found.unread if "说明" in u.sheet + u.cell] == []


def test_words_that_head_no_chapter_and_sheets_with_numbers_are_listed():
    book = openpyxl.load_workbook(SHANGHAI)
    book.create_sheet("随笔")["A1"] = "会议纪要"
    sheet = book.create_sheet("名词解释")
    sheet["A1"], sheet["A2"] = "名词解释", 12
    found = shanghai(source(book))
    assert {u.sheet for u in found.unread} == {"随笔", "名词解释"}
    assert found.ledger.narratives == ()


@pytest.mark.slow
def test_sheets_of_words_in_another_order_are_still_the_same_chapters():
    book = with_words("shanghai", several=True)
    random.Random(1).shuffle(book._sheets)
    found = shanghai(source(book))
    assert {n.key: n.text for n in found.ledger.narratives} == {
        n.key: plain(n.text) for n in chapters("shanghai").ledger.narratives
    }
