"""The HTML for paper: what it holds, that it escapes, how headings nest; no Pango needed."""

import re
from dataclasses import replace
from datetime import date

import pytest
import segno

from budgets.domain.documents import Chapter, Paragraph
from tests.rendering.conftest import ADDRESS, DIGEST, print_of


def headings(html: str) -> list[tuple[int, str]]:
    return [
        (int(level), re.sub("<[^>]+>", "", text))
        for level, text in re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", html, re.S)
    ]


def test_the_cover_says_who_what_when_and_where(printed):
    cover = printed[: printed.index("<nav")]
    for words in ("乐亭县行政审批局", "2023年部门预算", "2023年2月10日", "第1版", "2023年1月29日", ADDRESS):
        assert words in cover
    assert " ".join(DIGEST[start : start + 8] for start in range(0, 64, 8)) in cover


def test_the_qr_code_is_that_of_the_address(printed):
    path = re.search(r'<path[^>]* d="([^"]+)"', printed)
    drawn = segno.make_qr(ADDRESS, error="m").svg_inline(border=0, omitsize=True)
    assert path and path[1] in drawn
    assert path[1] not in segno.make_qr(ADDRESS + "x", error="m").svg_inline(border=0, omitsize=True)


def test_headings_nest(printed, document):
    levels = headings(printed)
    assert levels[0] == (1, "乐亭县行政审批局2023年部门预算")
    assert (2, document.narrative_title) in levels
    assert [text for level, text in levels if level == 3 and "、" in text] == [
        f"{chapter.number}、{chapter.title}" for chapter in document.chapters
    ]
    assert all(after <= before + 1 for (before, _), (after, _) in zip(levels, levels[1:], strict=False))


def test_a_heading_that_skips_levels_is_raised(document):
    chapter = Chapter("x", "一", "章", (Paragraph("深", 4), Paragraph("文"), Paragraph("浅", 2)))
    html = print_of(replace(document, chapters=(chapter,)))
    assert [level for level, text in headings(html) if text in ("一、章", "深", "浅")] == [3, 4, 4]


def test_every_text_is_escaped(document):
    bad = '<script>alert("1")</script>&'
    changed = replace(
        document,
        unit_name=bad,
        region_name=bad,
        narrative_title=bad,
        lead=bad,
        contact=bad,
        tables=tuple(replace(s, title=bad, meta=(bad,), notes=(bad,)) for s in document.tables),
        chapters=(Chapter("x", "一", bad, (Paragraph(bad), Paragraph(bad, 2))),),
    )
    html = print_of(changed, reason=bad)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 30


def test_a_draft_carries_its_band_and_nothing_that_only_the_public_version_has(document):
    html = print_of(document, band="未公开", published_on=None)
    assert 'data-band="未公开"' in html
    assert "二维码，网址" not in html
    assert DIGEST[:8] not in html
    assert ADDRESS not in html


def test_a_correction_says_why(document):
    assert "更正说明" not in print_of(document)
    html = print_of(document, revision=2, reason="表6 取暖费录入错误")
    assert "更正说明：</b>表6 取暖费录入错误" in html
    assert "第2版" in html


def test_chapters_that_stand_before_the_tables(document):
    html = print_of(replace(document, before_tables=2))
    places = [html.rindex(text) for text in (
        f'id="narrative" data-bookmark="{document.narrative_title}"',
        'id="chapter-organization"', 'id="chapter-overview"', 'id="table-balance"',
        'id="table-three_public"', 'id="chapter-agency_running_costs"',
    )]  # fmt: skip
    assert places == sorted(places)


def test_empty_tables_share_a_page(printed):
    leaves = re.findall(r'<div class="(leaf [^"]*)">', printed)
    assert [("follows" in classes) for classes in leaves] == [False] * 7 + [True, False]


def test_the_same_arguments_give_the_same_text(printed, document):
    assert print_of(document) == printed


@pytest.mark.parametrize("day, words", [(date(2024, 12, 5), "2024年12月5日")])
def test_dates_are_written_out(document, day, words):
    assert words in print_of(document, published_on=day)
