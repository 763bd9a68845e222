"""Word files as they come: tables in mid-chapter, other chapters, content controls, text boxes, page headers."""

import io
from copy import deepcopy

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.documents import Paragraph
from budgets.importing.reading.grids import Grid, Source, Text
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from tests.makers.sample_files import WORD, taken


def source(document) -> Source:
    out = io.BytesIO()
    document.save(out)
    out.seek(0)
    return read(out, "说明.docx")


def sample():
    return docx.Document(str(WORD))


def paragraph(document, text: str):
    return next(p for p in document.paragraphs if p.text.strip() == text)


def written(*lines: str):
    """A Word file of these paragraphs alone."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return document


def chapter(result: Taken, number: int) -> list[str]:
    ledger = result.ledger
    blocks = compose(tablesets.get(ledger.table_set), ledger, subjects_of(2023)).chapters[number].blocks
    return [block.text if isinstance(block, Paragraph) else f"<{block.key}>" for block in blocks]


def test_a_changed_amount_is_named_by_its_address_in_the_word_table():
    document = sample()
    row = document.tables[0].rows[11]
    assert row.cells[4].text == "78.88"
    row.cells[4].text = "78.89"
    result = taken(source(document))
    (suspect,) = result.suspects
    assert (suspect.table, suspect.sheet, suspect.cell) == ("balance", "部门预算收支总表", "E12")


def test_a_table_in_mid_chapter_keeps_its_place():
    document = sample()
    after = paragraph(document, "机构设置：")
    after._p.addnext(parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>机构情况详见上表。</w:t></w:r></w:p>"))
    organization = next(t for t in document.tables if t.rows[0].cells[0].text == "部门名称")
    title = paragraph(document, "部门机构设置情况")._p
    moved = after._p.getnext()
    moved.addprevious(title)
    moved.addprevious(organization._tbl)
    result = taken(source(document))
    assert result.unread == []
    assert chapter(result, 0)[-3:] == ["机构设置：", "<organization>", "机构情况详见上表。"]
    assert "[[表：organization]]" in result.ledger.narratives[0].text.splitlines()


def test_a_chapter_that_the_set_does_not_know_stands_in_its_place():
    document = sample()
    glossary = paragraph(document, "八、名词解释")
    glossary.insert_paragraph_before("八、政府购买服务情况")
    glossary.insert_paragraph_before("本年无政府购买服务。")
    glossary.runs[0].text = "九、名词解释"
    paragraph(document, "九、其他需要说明的事项").runs[0].text = "十、其他需要说明的事项"
    result = taken(source(document))
    keys = [narrative.key for narrative in result.ledger.narratives]
    assert keys[6:] == ["state_assets", "chapter_8", "term_definitions", "other_matters"]
    assert result.ledger.narratives[7].text == "本年无政府购买服务。"
    assert result.unread == []


def test_sections_numbered_like_chapters_stay_in_their_chapter():
    text = taken(source(sample())).ledger.narratives[4].text
    assert [line for line in text.splitlines() if line[1:2] == "、" and line[0] in "一二三"] == [
        "一、总体绩效目标",
        "二、\u2003分项绩效目标",
        "三、工作保障措施",
    ]


def test_chapters_alone_are_taken_in_without_tables():
    result = taken(
        source(
            written("一、部门职责及机构设置情况", "负责审批。", "二、部门预算安排的总体情况", "收支平衡。")
        )
    )
    assert [(n.key, n.text) for n in result.ledger.narratives] == [
        ("organization", "负责审批。"),
        ("overview", "收支平衡。"),
    ]
    assert (result.tables, result.ledger.facts) == ([], ())
    assert not [finding for finding in result.findings if finding.rule == "intake-table-missing"]


def test_what_stands_before_the_chapters_is_title_lead_or_reported():
    lines = [
        "附件",
        "某局2023年预算公开情况说明",
        "现公开如下：",
        "另有一段。",
        "一、部门职责及机构设置情况",
        "负责。",
    ]
    result = taken(source(written(*lines)))
    assert (result.ledger.narrative_title, result.ledger.lead) == (lines[1], lines[2])
    assert [(u.sheet, u.cell, u.text) for u in result.unread] == [
        ("正文", "第1段", "附件"),
        ("正文", "第4段", "另有一段。"),
    ]


def test_page_headers_and_footnotes_are_reported_and_page_numbers_are_not():
    document = written("一、部门职责及机构设置情况", "负责。")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    result = taken(source(document))
    assert [(u.sheet, u.text, u.why) for u in result.unread] == [
        ("页眉", "内部资料", "正文之外的文字不属于公开内容")
    ]


def test_content_controls_text_boxes_line_breaks_and_deleted_text():
    document = written("一、部门职责及机构设置情况")
    body = document.element.body
    w = nsdecls("w")
    pieces = [
        f"<w:sdt {w}><w:sdtContent><w:p><w:r><w:t>控件中的一段。</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        f"<w:p {w}><w:r><w:t>前一行</w:t><w:br/><w:t>后一行</w:t></w:r></w:p>",
        f"<w:p {w}><w:ins><w:r><w:t>插入的。</w:t></w:r></w:ins><w:del><w:r><w:delText>删除的。</w:delText></w:r></w:del></w:p>",
        f"<w:p {w}><w:r><w:t>外面</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框中</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r></w:p>",
    ]
    for piece in reversed(pieces):
        document.paragraphs[0]._p.addnext(parse_xml(piece))
    assert body.find(qn("w:sdt")) is not None
    text = taken(source(document)).ledger.narratives[0].text
    assert text.splitlines() == ["控件中的一段。", "前一行", "后一行", "插入的。", "外面", "框中"]


def test_merged_cells_of_a_word_table_are_addressed_by_grid_column():
    document = docx.Document()
    table = document.add_table(3, 4)
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row.cells):
            cell.text = f"{r}{c}"
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 3))
    (grid,) = [block for block in source(document).blocks if isinstance(block, Grid)]
    assert {(m.top, m.left, m.bottom, m.right) for m in grid.merges} == {(1, 1, 2, 1), (1, 2, 1, 4)}
    assert grid.text(3, 4) == "23"
    assert grid.shown()[1, 4] == "01 02 03"
    assert grid.cells[2, 4].address == "D2"


def test_a_small_table_inside_a_cell_is_read_as_lines_of_that_cell():
    document = docx.Document()
    outer = document.add_table(2, 2)
    for n, cell in enumerate(outer._cells):
        cell.text = f"格{n}"
    inner = outer.cell(0, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "甲", "乙"
    (grid,) = [block for block in source(document).blocks if isinstance(block, Grid)]
    assert grid.cells[1, 1].raw == "格0\n甲\n乙"


def test_an_unknown_word_table_is_reported_cell_by_cell():
    document = sample()
    strange = document.add_table(1, 2)
    strange.cell(0, 0).text, strange.cell(0, 1).text = "名称", "12.00"
    result = taken(source(document))
    assert [(u.cell, u.text) for u in result.unread] == [("A1", "名称"), ("B1", "12.00")]
    assert all(u.why == "没有认出是哪一张预算公开表" for u in result.unread)


def test_the_same_word_table_twice_is_read_once():
    document = sample()
    first = document.tables[0]
    last = document.paragraphs[-1]
    last._p.addnext(deepcopy(first._tbl))
    last._p.addnext(parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>部门预算收支总表</w:t></w:r></w:p>"))
    result = taken(source(document))
    assert result.differences == []
    assert {u.why for u in result.unread} == {"同一张表在文件中出现了两次，只读取了第一张"}


def test_paragraphs_know_their_place():
    blocks = [block for block in source(sample()).blocks if isinstance(block, Text)]
    assert blocks[11].place == "第12段"
