"""Published PDFs: the Shanghai disclosure whole, and what is hard about pages, each on a page of its own."""

import io
import subprocess
import sys
import time
from functools import cache

import pikepdf
import pytest

from budgets.domain.tables import Table
from budgets.importing.comparing.reports import Part
from budgets.importing.reading.grids import Grid, GridCell, Source, Text
from budgets.importing.reading.pdf_child import read_pdf
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from tests.makers.papers import Paper, altered, bound
from tests.makers.sample_files import SAMPLE, with_cells

from .test_shanghai import GIVEN, SET, by_value, given_facts, printed, published, taken

PDF = SAMPLE / "shanghai-putuo-finance-bureau-2025.pdf"
HEAD = [["项目", None, "金额"], ["编码", "名称", "合计"]]
WIDTHS = (60, 200, 100)


@cache
def source() -> Source:
    return read(PDF)


@cache
def whole() -> Taken:
    return taken(source())


def blocks(*papers: Paper, **how) -> list:
    """Paragraphs as text, tables as rows of text, in order; then what could not be read."""
    found, unread = read_pdf("试.pdf", bound(*papers, **how))
    shown = [block.text if isinstance(block, Text) else rows(block) for block in found]
    return [*shown, *[entry.why for entry in unread]]


def rows(grid: Grid) -> list[list[str]]:
    return [[cell.raw for cell in row] for _, row in grid.rows()]


def squeezed(texts) -> list[str]:
    return ["".join(text.split()) for text in texts if text]


def text_of(key: str) -> list[str]:
    return next(n for n in whole().ledger.narratives if n.key == key).text.splitlines()


def test_every_cell_of_the_nine_tables_is_read():
    grids = [match for match in source().blocks if isinstance(match, Grid)]
    assert len(grids) == len(GIVEN["tables"]) == 9
    for grid, given in zip(grids, GIVEN["tables"], strict=True):
        read_cells = [squeezed(row) for row in rows(grid)]
        below_title = [row for row in read_cells if row][2:]
        expected = [squeezed(row) for row in [*given["head"], *given["rows"]]]
        assert below_title == [row for row in expected if row]
        assert read_cells[0] == [given["title"]]


def test_its_facts_print_the_tables_again_and_nothing_is_left_over():
    found = whole()
    assert by_value(found.ledger.facts) == by_value(given_facts())
    assert printed(found) == published()
    assert (found.differences, found.suspects, found.unread) == ([], [], [])
    assert not [f for f in found.findings if f.rule.startswith("intake-")]
    assert found.parts == {Part.FACTS, Part.NARRATIVES}


def test_tables_over_two_pages_are_one_and_say_their_pages():
    tables = {table.key: table.sheet for table in whole().tables}
    assert list(tables) == [table.key for table in SET.tables if isinstance(table, Table)]
    assert [tables[key] for key in ("balance", "revenue", "basic_expenditure")] == [
        "2025年部门财务收支预算总表（第9页）",
        "2025年部门收入预算总表（第10—11页）",
        "2025年部门一般公共预算基本支出部门预算经济分类预算表（第19—20页）",
    ]


def test_a_difference_says_where_it_stands_as_a_person_counts():
    source = whole().source
    grid = next(grid for grid in source.grids if grid.name.startswith("2025年部门收入预算总表"))
    # Three rows of head, so that the fourth is the first item: 201 一般公共服务支出.
    row = next(row for row, cells in grid.rows() if cells[0].text == "201")
    assert (row, grid.text(row, 5)) == (4, "22,186,440.80")
    changed = with_cells(source, source.grids.index(grid), GridCell(row, 5, "22,186,441.80"))
    found = [d for d in taken(changed).differences if d.cell == "E4"]
    assert [(d.sheet, d.row, d.column, d.given) for d in found] == [
        ("2025年部门收入预算总表（第10—11页）", "一般公共服务支出", "合计", "22186441.80")
    ]


def test_chapters_are_found_by_their_titles():
    ledger = whole().ledger
    assert [(n.key, n.title, len(n.text.splitlines())) for n in ledger.narratives] == [
        ("mandate", "上海市普陀区财政局主要职能", 14),
        ("organization", "上海市普陀区财政局机构设置", 3),
        ("term_definitions", "名词解释", 4),
        ("overview", "2025年部门预算编制说明", 15),
        ("other_matters", "其他相关情况说明", 14),
        ("projects", "项目经费情况说明", 15),
    ]
    assert (ledger.narrative_title, ledger.lead) == ("上海市普陀区2025年区级部门预算", "")
    assert ledger.unit_name == "上海市普陀区财政局"


def test_lines_are_paragraphs_again():
    assert text_of("overview")[5] == (
        "2.“一般公共服务支出（类）财政事务（款）一般行政管理事务（项）”10.00万元，主要用于财政业务指导与宣传。"
    )
    assert text_of("other_matters")[3] == (
        "（二）公务车购置及运行费0万元，其中：公务用车购置费0万元，与2024年预算一致0万元，主要原因是本部门"
        "无公务用车；公务车用车运行费0万元，与2024年预算一致0万元，主要原因是本部门无公务用车。"
    )
    assert text_of("other_matters")[10].endswith("援滇干部工作经费3.00万元。")
    assert text_of("projects")[5].startswith("办公室、预算科、") and text_of("projects")[5].endswith(
        "管理科。"
    )
    assert (
        text_of("mandate")[-2].startswith("（十一）负责政府投资项目") and len(text_of("mandate")[-2]) == 151
    )


def test_what_a_page_clips_away_is_not_there():
    """Items 7 to 11 are drawn on two pages and shown on one."""
    items = [line.partition(".")[0] for line in text_of("overview")[4:]]
    assert items == [str(n) for n in range(1, 12)]


@pytest.mark.slow
def test_it_is_the_clip_that_tells():
    command = altered("marks.common = lambda clip, own: clip")
    found, _ = read_pdf("试.pdf", PDF.read_bytes(), command=command)
    items = [block.text for block in found if isinstance(block, Text) and "购房补贴（项）" in block.text]
    assert len(items) == 2


def test_notes_keep_their_own_words():
    assert whole().ledger.wording == {
        "government_fund_expenditure/note/0": "注:本部门2025年无政府性基金预算财政拨款安排的预算，故本表为空表。",
        "state_capital_expenditure/note/0": "注:本部门2025年无政府性基金预算财政拨款安排的预算，故本表为空表。",
        "three_public/meta/1": "单位:万元",
    }


@pytest.mark.slow
def test_progress_is_told_page_by_page():
    told: list[tuple[int, int]] = []
    read(PDF, progress=lambda done, of: told.append((done, of)))
    assert told == [(n, 24) for n in range(1, 25)]


@pytest.mark.slow
def test_thirty_five_pages_are_read_in_time():
    with pikepdf.open(PDF) as once, pikepdf.open(PDF) as again:
        once.pages.extend(again.pages[:11])
        out = io.BytesIO()
        once.save(out)
    start = time.monotonic()
    found, _ = read_pdf("长.pdf", out.getvalue())
    assert time.monotonic() - start < 30
    assert sum(isinstance(block, Grid) for block in found) == 11


def test_a_table_without_repeated_header_goes_on_over_the_page():
    first, second = Paper(), Paper()
    first.text(200, 60, "某某收入预算表", 16).table(50, 100, WIDTHS, [*HEAD, ["201", "甲", "1.00"]])
    second.table(50, 60, WIDTHS, [["202", "乙", "2.00"], ["合计", None, "3.00"]])
    second.text(50, 120, "注：本表金额为元。")
    table, note = blocks(first, second)
    assert table == [
        ["某某收入预算表"], ["项目", "金额"], ["编码", "名称", "合计"],
        ["201", "甲", "1.00"], ["202", "乙", "2.00"], ["合计", "3.00"],
    ]  # fmt: skip
    assert note == "注：本表金额为元。"


def test_a_sum_alone_on_the_next_page_belongs_to_its_table():
    first, second, other = Paper(), Paper(), Paper()
    first.text(200, 60, "某某收入预算表", 16).table(
        50, 100, WIDTHS, [*HEAD, ["201", "甲", "1.00"], ["202", "乙", "2.00"]]
    )
    second.table(50, 60, WIDTHS, [["合计", "", "3.00"]])
    (table,) = blocks(first, second)
    assert table[-1] == ["合计", "3.00"]
    # A ruled line of other columns is no row of it.
    other.table(50, 60, [WIDTHS[0] + 90, 40], [["联系人", "某某"]])
    grids = [block for block in blocks(first, other) if isinstance(block, list)]
    assert grids == [table[:-1]]


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    ("written", "width", "read"),
    [
        ("785\n.81", 24, "785.81"), ("78.\n88", 24, "78.88"), ("5.2\n2", 24, "5.22"), ("201\n030\n1", 24, "2010301"),
        ("785\n81", 24, None), ("12.34\n56.78", 33, None), ("5.2\n2", 90, None), ("100\n200", 24, None),
    ],
)  # fmt: skip
def test_digits_are_joined_only_where_the_cell_was_too_narrow_for_one_number(written, width, read):
    paper = Paper().text(200, 60, "某某收入预算表", 16)
    paper.table(50, 100, [60, width], [["项目", "数"], ["甲", written]], height=44)
    found, _ = read_pdf("窄.pdf", bound(paper))
    cell = next(
        c
        for grid in found
        if isinstance(grid, Grid)
        for c in grid.cells.values()
        if c.raw.startswith(written[:2])
    )
    assert (cell.problem == "", cell.text) == ((True, read) if read else (False, written.replace("\n", " ")))


def test_title_unit_and_header_repeated_on_each_page_stand_once():
    papers = []
    for page, body in enumerate((["201", "甲", "1.00"], ["202", "乙", "2.00"])):
        paper = Paper().text(200, 60, "某某收入预算表" + "（续）" * page, 16).text(300, 85, "单位：元")
        paper.table(50, 100, WIDTHS, [*HEAD, body])
        papers.append(paper)
    (table,) = blocks(*papers)
    assert table[2:] == [
        ["项目", "金额"],
        ["编码", "名称", "合计"],
        ["201", "甲", "1.00"],
        ["202", "乙", "2.00"],
    ]


def test_another_title_begins_another_table():
    papers = []
    for word in ("收入", "支出"):
        paper = Paper().text(200, 60, f"某某{word}预算表", 16)
        paper.table(50, 100, WIDTHS, [*HEAD, ["201", word, "1.00"]])
        papers.append(paper)
    assert [table[0] for table in blocks(*papers)] == [["某某收入预算表"], ["某某支出预算表"]]


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    ("turned", "size", "matrix"),
    [(90, (595, 842), "0 1 -1 0 595 0"), (180, (842, 595), "-1 0 0 -1 842 595"), (270, (595, 842), "0 -1 1 0 0 842")],
)  # fmt: skip
def test_a_page_that_is_turned_is_read_as_it_is_seen(turned, size, matrix):
    """Its box begins elsewhere than at nought as well."""
    paper = Paper(842, 595).text(300, 60, "某某收入预算表", 16)
    paper.table(50, 100, WIDTHS, [*HEAD, ["201", "甲", "1.00"]])
    upright = blocks(paper)
    with pikepdf.open(io.BytesIO(bound(paper))) as pdf:
        page = pdf.pages[0]
        page.MediaBox, page.Rotate = pikepdf.Array([30, 40, 30 + size[0], 40 + size[1]]), turned
        page.contents_add(pdf.make_stream(f"q 1 0 0 1 30 40 cm {matrix} cm".encode()), prepend=True)
        page.contents_add(pdf.make_stream(b"Q"))
        out = io.BytesIO()
        pdf.save(out)
    found, unread = read_pdf("试.pdf", out.getvalue())
    assert ([rows(block) for block in found], unread) == (upright, ())


def test_a_table_open_at_its_sides_is_read():
    paper = Paper()
    paper.table(50, 100, WIDTHS, [["编码", "名称", "合计"], ["201", "甲", "1.00"]], sides=False)
    assert blocks(paper) == [[["编码", "名称", "合计"], ["201", "甲", "1.00"]]]


def test_a_table_without_rules_is_listed_not_guessed():
    paper = Paper().text(50, 60, "一、收支情况")
    for x, words in ((50, "行政运行"), (250, "12.00"), (350, "10.00"), (450, "2.00")):
        paper.text(x, 100, words)
    assert blocks(paper) == [
        "一、收支情况",
        "像是没有框线的表格，无法确定各数字属于哪一列，没有读取",
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("22,186,\n440.80", "22186440.80"),  # broken at a separator
        ("100\n200", "单元格中有几段数字，无法确定是一个金额还是几个"),  # two amounts, or one?
        ("1.00  2.00", "单元格中有几段数字，无法确定是一个金额还是几个"),
    ],
)
def test_an_amount_in_pieces_is_read_only_when_it_can_be_one(text, amount):
    paper = Paper()
    paper.table(50, 100, WIDTHS, [["编码", "名称", "合计"], ["201", "甲", text]], height=30)
    (grid,), _ = read_pdf("试.pdf", bound(paper))
    cell = grid.cells[2, 3]
    assert cell.problem == amount if cell.problem else str(cell.amount()) == amount


def test_letters_without_encoding_are_listed():
    paper = Paper().text(50, 60, "正常的一段文字。").draw("BT /F2 12 Tf 50 600 Td <00120034> Tj ET")
    paper.table(50, 100, WIDTHS, [["编码", "名称", "合计"], ["201", "甲", ""]])
    paper.draw("BT /F2 10 Tf 320 705 Td <00120034> Tj ET")
    text, table, why = blocks(paper)
    assert (text, table[1], why) == (
        "正常的一段文字。",
        ["201", "甲", "��"],
        "字体没有文字编码，无法确定是什么字",
    )


def test_print_twice_for_bold_white_rules_and_hidden_words_change_nothing():
    paper = Paper()
    for x in (50, 50.3):
        paper.text(x, 60, "一、总体情况。")
    paper.text(50, 200, "看不见的字", mode=3)
    paper.draw(
        "1 1 1 rg 40 600 500 40 re f 40 560 500 40 re f 40 600 250 40 re f 40 560 250 40 re f 0 0 0 rg"
    )
    paper.draw("q 0 0 10 10 re W n").text(50, 230, "剪去的字").draw("Q")
    paper.text(50, 240, "第二段。")
    assert blocks(paper) == ["一、总体情况。", "第二段。"]


def test_page_numbers_contents_and_running_heads_are_no_content():
    papers = [
        Paper()
        .text(270, 60, "目　录", 16)
        .text(80, 120, "一、收入…………………3")
        .text(80, 150, "二、支出…………………4")
    ]
    for n in range(2, 6):
        paper = Paper().text(50, 30, "某局2025年部门预算", 9).text(280, 810, f"— {n} —", 9)
        paper.text(74, 100, f"第{n}页的正文在这里。")
        papers.append(paper)
    found, unread = read_pdf("试.pdf", bound(*papers))
    assert [block.text for block in found if block.body] == [f"第{n}页的正文在这里。" for n in range(2, 6)]
    assert [block.text for block in found if not block.body] == ["某局2025年部门预算"]
    assert unread == ()


def test_a_paragraph_goes_on_over_the_page_and_numbers_begin_anew():
    line = "本单位按照预算管理的有关规定编制预算将全部收入和支出都反映在预算中并且"
    first = Paper(width=500).text(50, 600, line, 11)
    second = (
        Paper(width=500)
        .text(50, 60, "接受监督。", 11)
        .text(72, 80, "（一）收入。", 11)
        .text(72, 100, "（二）支出。", 11)
    )
    assert blocks(first, second) == [f"{line}接受监督。", "（一）收入。", "（二）支出。"]


def test_a_page_that_is_a_picture_is_listed():
    pages = [Paper().text(50, 100, f"这是第{n}段完整的文字说明。") for n in range(3)]
    with (
        pikepdf.open(io.BytesIO(bound(*pages))) as pdf,
        pikepdf.open(io.BytesIO(bound(Paper(), picture=True))) as scan,
    ):
        pdf.pages.extend(scan.pages)
        out = io.BytesIO()
        pdf.save(out)
    _, unread = read_pdf("试.pdf", out.getvalue())
    assert [(entry.sheet, entry.why) for entry in unread] == [("第4页", "这一页是图片，没有文字，没有读取")]


@pytest.mark.slow
def test_it_needs_no_django_and_leaves_the_parser_to_the_child():
    told = f"""if True:
        import sys
        from budgets.data.subject_lists import subjects_of
        from budgets.importing.pipeline import take_in
        taken = take_in({str(PDF)!r}, year=2025, table_set="shanghai_2023", subjects=subjects_of(2025))
        print(len(taken.tables), *({{"django", "pypdfium2_raw", "pdfminer"}} & set(sys.modules)))"""
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert run.stdout == "9\n"
