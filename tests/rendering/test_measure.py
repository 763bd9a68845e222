"""How sheets are planned for paper: orientation, type size, row pitch, column widths, wrapped heads."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.rendering.pdf.measure import (
    LANDSCAPE,
    NARRATIVE,
    PORTRAIT,
    SIZES,
    TIGHTEST,
    balance,
    body_ems,
    ems,
    head_height,
    pad,
    plan_annex,
    plan_statutory,
    wrap,
)

LONG = "二十三、灾害防治及应急管理支出"


def ledger(
    rows: int, *, caption: str = LONG, amounts: int = 3, wide: bool = False, number: int | None = 1
) -> Sheet:
    """A table of a caption and some amount columns."""
    columns = (
        Column("line", ("项目",), ColumnKind.CAPTION),
        *(Column(f"a{n}", ("一般公共预算财政拨款",), ColumnKind.AMOUNT) for n in range(amounts)),
    )
    amount = Cell("1234567.89", Decimal("1234567.89"))
    body = tuple(Row(str(n), 1, (Cell(caption), *(amount,) * amounts)) for n in range(rows))
    return Sheet("t", number, "表", ("单位：万元",), columns, body, numbered=True, wide=wide)


def test_the_nine_tables_of_the_sample_take_one_page_each_in_nine_points_or_more(document):
    for sheet in document.tables:
        plan = plan_statutory(sheet)
        assert plan.single, sheet.title
        assert plan.size >= 9.0
        assert plan.pitch >= TIGHTEST * plan.size
        assert plan.height <= plan.paper.height


def test_no_caption_of_the_nine_tables_wraps(document):
    for sheet in document.tables:
        plan = plan_statutory(sheet)
        for index, width in enumerate(plan.widths):
            assert body_ems(sheet, index) * plan.size + pad(sheet) <= width + 0.02, (sheet.title, index)


def test_wide_tables_are_turned_unless_their_rows_need_the_height(document):
    turned = [sheet.number for sheet in document.tables if plan_statutory(sheet).paper is LANDSCAPE]
    assert turned == [2, 3]
    assert plan_statutory(document.tables[3]).paper is PORTRAIT, "37 rows"


@pytest.mark.parametrize("rows", [1, 9, 34, 37, 45, 200])
def test_columns_fill_the_paper(rows):
    for sheet in (ledger(rows), ledger(rows, wide=True), ledger(rows, number=None)):
        plan = plan_statutory(sheet) if sheet.number else plan_annex(sheet)
        assert sum(plan.widths) == pytest.approx(plan.paper.width, abs=0.1)
        assert plan.size in SIZES


def test_type_shrinks_before_pages_multiply():
    sizes = [plan_statutory(ledger(rows)).size for rows in (10, 38, 43)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1] >= 9.0
    many = plan_statutory(ledger(120))
    assert not many.single
    assert many.size == SIZES[0], "a table of several pages is set in full size"


def test_a_tall_caption_beside_short_rows_is_given_its_height():
    columns = (
        Column("class", ("功能分类科目编码", "类"), ColumnKind.CODE),
        Column("item", ("功能分类科目编码", "项"), ColumnKind.CODE),
        Column("business", ("事业单位经营收入",), ColumnKind.AMOUNT),
    )
    sheet = Sheet("t", 1, "表", (), columns, ())
    assert head_height(sheet, (60, 60, 200), 10) == 2 * (13 + 6.5)
    assert head_height(sheet, (60, 60, 30), 10) == 4 * 13 + 6.5, "two characters a line take four lines"


def test_a_table_that_fits_in_no_way_is_still_planned():
    monster = plan_statutory(ledger(5, amounts=40))
    assert monster.paper is LANDSCAPE
    assert min(monster.widths) > 0
    assert plan_annex(ledger(5, amounts=40, number=None)).paper is LANDSCAPE


def test_annexes_stay_among_the_words_when_they_can(document):
    annexes = [block for chapter in document.chapters for block in chapter.blocks if isinstance(block, Sheet)]
    assert len(annexes) == 9
    assert {plan_annex(sheet).paper.name for sheet in annexes} == {NARRATIVE.name}
    full = replace(ledger(20, amounts=14, number=None), wide=True)
    assert plan_annex(full).paper is LANDSCAPE


def test_text_is_measured_in_ems():
    assert ems("合计") == 2
    assert ems("“三公”") == 4
    assert 3.2 < ems("990.62") < 3.5, "five figures of the bold face and a point"


def test_wrapping_keeps_figures_whole():
    assert wrap("附属单位上缴收入", 8) == 1
    assert wrap("附属单位上缴收入", 4) == 2
    assert wrap("2023年预算", 2.5) == 3


def test_lines_of_a_wrapped_head_come_out_even():
    size, gap = 10.0, 8.0
    assert balance("合计", size, 60, gap) == 0
    spare = balance("事业收入", size, 3.4 * size + gap, gap)
    assert 2.0 * size <= 3.4 * size - spare < 3.0 * size, "two and two, not three and one"
