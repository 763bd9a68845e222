"""The sample's Word file in every form that departments give such a file: read as the same disclosure each time."""

import os
from dataclasses import replace
from itertools import combinations, product

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from budgets.importing.reading.docx_numbering import FORMATS
from budgets.importing.reading.grids import Grid, Text
from budgets.importing.taken import Taken
from tests.makers.sample_files import WORD, taken

from .documents import FORMS, chapters, lists, numbered, p, sample, set_text, source

SAME = (
    "facts", "organizations", "goals", "projects", "procurements", "assets", "assets_as_of",
    "narrative_title", "lead", "wording",
)  # fmt: skip
ORIGINAL = taken(WORD)
# Kinds of forms, in the order in which a document can take them on.
KINDS = (
    ("titles within", "lines in paragraphs"),
    ("merged by hMerge",),
    tuple(form for form in FORMS if form.startswith("split")),
    ("tables in tables", "tables in text boxes"),
    ("heading styles", "outline levels", "automatic numbers", "automatic sections"),
    ("content controls",),
    ("changes tracked",),
    ("contents",),
)
PAIRS = [pair for left, right in combinations(KINDS, 2) for pair in product(left, right)]
EVERY = max(1, round(8 / float(os.environ.get("SWEEP", "1"))))


def plain(narratives) -> list:
    """Chapters without blanks: Word sets its own between a number and what follows."""
    return [replace(each, text="".join(each.text.split(" "))) for each in narratives]


def assert_the_same(found: Taken) -> None:
    for name in SAME:
        assert getattr(found.ledger, name) == getattr(ORIGINAL.ledger, name), name
    assert plain(found.ledger.narratives) == plain(ORIGINAL.ledger.narratives)
    assert (found.differences, found.suspects, found.unread) == ([], [], [])
    assert [table.key for table in found.tables] == [table.key for table in ORIGINAL.tables]
    assert [(f.rule, f.message) for f in found.findings] == [(f.rule, f.message) for f in ORIGINAL.findings]


@pytest.mark.sweep(1, 6)
@pytest.mark.parametrize("form", FORMS)
def test_each_form_says_the_same(form):
    document = sample()
    FORMS[form](document)
    assert_the_same(taken(source(document)))


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS[::EVERY], ids=" + ".join)
def test_so_do_two_at_once(pair):
    document = sample()
    for form in pair:
        FORMS[form](document)
    assert_the_same(taken(source(document)))


def read_text(document) -> list[str]:
    return [block.text for block in source(document).blocks if isinstance(block, Text)]


def listed(*items: tuple[str, int], levels=(("chineseCounting", "%1、"), ("decimal", "%2."))) -> list[str]:
    """The paragraphs of a list: text and level each."""
    document = docx.Document()
    number = lists(document, *levels)
    for text, level in items:
        numbered(document.add_paragraph(text), number, level)
    return read_text(document)


def test_levels_count_by_themselves_and_begin_again_below_the_next_one():
    assert listed(("甲", 0), ("乙", 1), ("丙", 1), ("丁", 0), ("戊", 1)) == [
        "一、甲", "1.乙", "2.丙", "二、丁", "1.戊"
    ]  # fmt: skip


def test_a_number_may_hold_those_above_it():
    levels = (("decimal", "第%1部分"), ("decimal", "%1.%2"), ("lowerLetter", "（%3）"))
    assert listed(("甲", 0), ("乙", 1), ("丙", 2), ("丁", 2), levels=levels) == [
        "第1部分 甲", "1.1 乙", "（a）丙", "（b）丁"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "n", "shown"),
    [
        ("chineseCounting", 1, "一"),
        ("chineseCountingThousand", 10, "十"),
        ("japaneseCounting", 12, "十二"),
        ("chineseCounting", 105, "一百零五"),
        ("chineseCounting", 110, "一百一十"),
        ("chineseCounting", 2020, "二千零二十"),
        ("chineseLegalSimplified", 23, "贰拾叁"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 13, "子"),
        ("ideographDigital", 20, "二〇"),
        ("decimal", 7, "7"),
        ("decimalZero", 7, "07"),
        ("decimalFullWidth", 17, "１７"),
        ("decimalEnclosedCircleChinese", 3, "③"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
    ],
)
def test_how_numbers_are_written(kind, n, shown):
    assert FORMATS[kind](n) == shown


@pytest.mark.parametrize(
    ("kind", "text"),
    [("bullet", "●"), ("hebrew1", "%1、"), ("none", "%1、"), ("decimal", "%1" + "、" * 10_000)],
    ids=["bullet", "unknown", "none", "endless"],
)
def test_bullets_and_unknown_numbers_are_left_out(kind, text):
    assert listed(("甲", 0), levels=((kind, text),)) == ["甲"]


def test_a_list_that_begins_anew():
    document = docx.Document()
    number = lists(document, ("decimal", "%1、"))
    again = parse_xml(
        f'<w:num {nsdecls("w")} w:numId="500"><w:abstractNumId w:val="{number}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    document.part.numbering_part.element.append(again)
    for text, key in (("甲", number), ("乙", number), ("丙", "500"), ("丁", "500")):
        numbered(document.add_paragraph(text), key)
    assert read_text(document) == ["1、甲", "2、乙", "1、丙", "2、丁"]


def test_a_style_may_bring_the_number():
    document = docx.Document()
    number = lists(document, ("chineseCounting", "%1、"))
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{number}"/></w:numPr>'))
    for text in ("甲", "乙"):
        document.add_paragraph(text, style="Heading 1")
    blocks = [block for block in source(document).blocks if isinstance(block, Text)]
    assert [(block.text, block.level) for block in blocks] == [("一、甲", 1), ("二、乙", 1)]


def test_numbers_that_word_writes_into_cells_are_their_text():
    document = docx.Document()
    number = lists(document, ("decimal", "%1."))
    table = document.add_table(2, 2)
    for row, text in zip(table.rows, ("甲", "乙"), strict=True):
        numbered(row.cells[0].paragraphs[0], number)
        row.cells[1].text = text
    (grid,) = source(document).grids
    assert [(grid.text(row, 1), grid.text(row, 2)) for row in (1, 2)] == [("1", "甲"), ("2", "乙")]


@pytest.mark.slow
def test_the_unit_in_a_paragraph_above_a_table_counts():
    document = sample()
    FORMS["lines in paragraphs"](document)
    for paragraph in document.paragraphs:
        if "预算年度" in paragraph.text:
            set_text(paragraph, paragraph.text.replace("万元", "元"))
    facts = {replace(fact, amount=fact.amount / 10_000) for fact in ORIGINAL.ledger.facts}
    assert set(taken(source(document)).ledger.facts) == facts


@pytest.mark.slow
def test_text_between_a_title_and_its_table_stays_in_its_place():
    document = sample()
    title = next(x for x in document.paragraphs if x.text == "部门机构设置情况")
    title._p.addnext(p("下表列出各单位的情况，截至2022年12月31日。"))
    found = taken(source(document))
    assert found.unread == []
    assert found.ledger.narratives[0].text.splitlines()[-1] == "下表列出各单位的情况，截至2022年12月31日。"
    assert found.ledger.organizations == ORIGINAL.ledger.organizations


@pytest.mark.slow
def test_a_second_part_of_other_columns_without_a_header_is_listed_not_guessed():
    document = sample()
    FORMS["split, no header"](document)
    part = document.tables[3]._tbl  # the second half of 部门预算收入总表
    for row in part.findall(qn("w:tr")):
        row.remove(row.findall(qn("w:tc"))[-1])
    found = taken(source(document))
    grid = [block for block in source(document).blocks if isinstance(block, Grid)][2]
    assert [(u.cell, u.text) for u in found.unread] == [
        (cell.address, cell.text) for _, cells in grid.rows() for cell in cells
    ]
    assert {u.why for u in found.unread} == {"没有认出是哪一张预算公开表"}


@pytest.mark.slow
def test_a_title_between_equal_headers_begins_another_table():
    document = sample()
    tables = [table._tbl for table in document.tables]
    FORMS["titles within"](document)
    first, second = tables[4], tables[7]  # 一般公共预算 and 国有资本经营预算: the same columns
    for row in second.findall(qn("w:tr")):
        first.append(row)
    second.getparent().remove(second)
    found = taken(source(document))
    assert found.ledger.facts == ORIGINAL.ledger.facts
    assert {table.key for table in found.tables} == {table.key for table in ORIGINAL.tables}


@pytest.mark.slow
def test_chapters_headed_by_their_titles_alone():
    document = sample()
    for paragraph, _, title in chapters(document):
        set_text(paragraph, title)
    assert plain(taken(source(document)).ledger.narratives) == plain(ORIGINAL.ledger.narratives)


@pytest.mark.slow
def test_numbers_tell_chapters_where_styles_do_not():
    document = sample()
    section = next(x for x in document.paragraphs if x.text == "三、工作保障措施")
    section.style = "heading 1"
    assert plain(taken(source(document)).ledger.narratives) == plain(ORIGINAL.ledger.narratives)
