"""The public pages beyond fidelity: addresses, figures, excerpts, bands, weight, and what must not stand in them."""

import gzip
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from budgets.domain.documents import Sheet
from budgets.rendering.excerpts import filled_rows
from budgets.rendering.html import disclosure_pages
from budgets.rendering.imprint import Revision, Status, file_name
from tests.makers.sample_document import document, imprint

from .markup import HTML, find, ids, parse, shown, words

STATIC = Path(__file__).parents[2] / "static"
HEAVIEST = 60 * 1024  # HTML and style sheet as they travel, ux.md section 3


@cache
def pages() -> dict[str, str]:
    return dict(disclosure_pages.pages(document(), imprint()))


@cache
def disclosure():
    return parse(pages()["index.html"])


def sheet(key: str) -> Sheet:
    return next(s for s in document().sheets() if s.key == key)


@pytest.mark.slow
def test_a_page_per_table_and_chapter_one_without_empty_rows_where_there_are_any_and_one_for_frames():
    keys = [s.key for s in document().sheets()]
    shorter = [s.key for s in document().sheets() if 0 < len(filled_rows(s)) < len(s.rows)]
    assert set(pages()) == {
        "index.html",
        "embed/index.html",
        *(f"tables/{key}/index.html" for key in keys),
        *(f"tables/{key}/nonempty/index.html" for key in shorter),
        *(f"chapters/{chapter.key}/index.html" for chapter in document().chapters),
        *(f"tables/{sheet.key}/embed/index.html" for sheet in document().tables),
    }


def test_the_same_document_gives_the_same_pages():
    assert dict(disclosure_pages.pages(document(), imprint())) == pages()


@pytest.mark.slow
def test_titles_are_unique_and_every_page_has_one_first_heading():
    titles = [words(find(parse(text), "title")[0]) for text in pages().values()]
    assert len(set(titles)) == len(titles)
    for text in pages().values():
        root = parse(text)
        assert root.get("lang") == "zh-CN"
        assert len(find(root, "h1")) == 1


def test_headings_go_down_one_level_at_a_time():
    levels = [int(e.tag[-1]) for e in disclosure().iter() if e.tag in {f"{HTML}h{n}" for n in range(1, 7)}]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False))


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    "path", ["index.html", "tables/balance/index.html", "tables/balance/nonempty/index.html"]
)
def test_ids_are_unique(path):
    found = ids(parse(pages()[path]))
    assert len(found) == len(set(found))


def test_links_within_the_page_lead_somewhere():
    found = set(ids(disclosure()))
    targets = {a.get("href")[1:] for a in find(disclosure(), "a") if a.get("href").startswith("#")}
    assert len(targets) > 20
    assert targets <= found


@pytest.mark.slow
def test_relative_links_lead_to_pages_and_files_of_the_revision():
    known = {path.removesuffix("index.html") for path in pages()} | {d.href for d in imprint().downloads}
    for path, text in pages().items():
        depth = path.count("/")
        for a in find(parse(text), "a"):
            href = a.get("href").partition("#")[0]
            if href.startswith(("/", "https://")) or not href:
                continue
            ups = href.count("../")
            below = "/".join(path.split("/")[: depth - ups])
            if "figures/" in href:  # answered by the application
                continue
            target = "/".join(filter(None, [below, href.replace("../", "").removeprefix("./")]))
            assert target in known, (path, href)


@pytest.mark.parametrize("path", ["index.html", "tables/fiscal_balance/index.html"])
def test_nothing_but_own_files_is_asked_for_and_nothing_runs(path):
    text = pages()[path]
    root = parse(text)
    # A data block is none that runs: browsers leave it alone, and so does the policy.
    assert {each.get("type") for each in find(root, "script")} <= {"application/ld+json"}
    assert not find(root, "style")
    assert not [e for e in root.iter() if any(name == "style" or name.startswith("on") for name in e.attrib)]
    asked = [e.get("href") for e in find(root, "link") if e.get("rel") in ("stylesheet", "icon")]
    assert asked == ["/static/mark.svg", "/static/site.css"]
    assert not [e for e in root.iter() if e.get("src")]


def test_the_style_sheet_asks_for_nothing():
    css = (STATIC / "site.css").read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css
    assert "@font-face" not in css


def test_page_weight():
    css = len(gzip.compress((STATIC / "site.css").read_bytes(), 9))
    for path, text in pages().items():
        assert len(gzip.compress(text.encode(), 9)) + css <= HEAVIEST, path


@pytest.mark.slow
def test_the_page_without_empty_rows_keeps_every_amount():
    for one in (s for s in document().sheets() if f"tables/{s.key}/nonempty/index.html" in pages()):
        whole = shown(find(parse(pages()[f"tables/{one.key}/index.html"]), "table")[0])
        short = shown(find(parse(pages()[f"tables/{one.key}/nonempty/index.html"]), "table")[0])
        assert short.heads == whole.heads
        assert short.body == [whole.body[row] for row in filled_rows(one)]
        left_out = [row for i, row in enumerate(whole.body) if i not in filled_rows(one)]
        amounts = [i for i, column in enumerate(one.columns) if column.kind == "amount"]
        assert not any(row[i] for row in left_out for i in amounts)


def test_rows_with_figures_of_the_balance_table():
    assert len(filled_rows(sheet("balance"))) == 6
    assert len(filled_rows(sheet("goal_1"))) == 5
    assert filled_rows(sheet("government_fund_expenditure")) == []


def test_an_empty_table_says_so():
    text = pages()["tables/government_fund_expenditure/index.html"]
    assert "本表无数据" in text
    assert "空表列示" in text


def test_files_are_saved_under_speaking_names():
    names = {a.get("href"): a.get("download") for a in find(disclosure(), "a") if a.get("download")}
    assert names["disclosure.pdf"] == "乐亭县行政审批局_2023_部门预算_r1.pdf"
    assert names["disclosure.csv.zip"] == "乐亭县行政审批局_2023_部门预算_r1.csv.zip"
    assert set(names) == {"disclosure.pdf", "disclosure.xlsx", "disclosure.csv.zip", "disclosure.json"}
    odd = replace(document(), unit_name="教育局/本级\n")
    assert file_name(odd, 2, "pdf") == "教育局 本级 _2023_部门预算_r2.pdf"


def test_a_pdf_to_come_is_announced():
    text = disclosure_pages.disclosure_page(
        document(), imprint(pdf_pending=True, downloads=imprint().downloads[1:])
    )
    assert "PDF 正在生成" in text
    assert "disclosure.pdf" not in text
    assert "PDF 正在生成" not in pages()["index.html"]


def test_citation_names_the_fixed_address_and_the_whole_hash():
    cite = words(find(disclosure(), "section", "cite")[0])
    assert "https://budget.example/130225/483/2023/budget/r1/" in cite
    assert imprint().digest in cite
    assert "办公室 0315-0000001" in cite
    assert "批复日期 2023-01-29" in words(disclosure())


def test_explanations_are_printed_with_their_finding():
    listed = words(find(disclosure(), "section", "explanations")[0])
    assert "绩效目标合计 188.10，项目支出 188.94。" in listed
    assert "差额为小额零星项目。" in listed
    bare = replace(document(), explanations=())
    assert not find(parse(disclosure_pages.disclosure_page(bare, imprint())), "section", "explanations")


def bands(**changes) -> list[str]:
    root = parse(disclosure_pages.disclosure_page(document(), imprint(**changes)))
    return [words(e) for e in root.iter() if "band" in e.get("class", "").split()]


def test_bands():
    assert bands() == []
    (preview,) = bands(status=Status.PREVIEW, published_on=None, downloads=())
    assert preview.startswith("未公开")
    (corrected,) = bands(revision=2, reason="表 3 数字更正")
    assert "更正版" in corrected
    assert "表 3 数字更正" in corrected
    (old,) = bands(status=Status.SUPERSEDED, replaced=Revision(2, date(2023, 3, 1), "表 3 数字更正"))
    assert old.startswith("已更正")
    assert "第 2 版" in old
    (orphan,) = bands(status=Status.SUPERSEDED)
    assert "后来的版本已撤回" in orphan


def test_a_preview_cannot_be_cited_and_tells_no_robot():
    text = disclosure_pages.disclosure_page(
        document(), imprint(status=Status.PREVIEW, published_on=None, downloads=())
    )
    assert "/r1/" not in text
    assert imprint().digest not in text
    assert 'content="noindex"' in text
    assert "noindex" not in pages()["index.html"]


def test_words_of_the_document_are_escaped():
    evil = '<img src=x onerror="alert(1)">'
    given = document()
    first = replace(given.tables[0], title=evil, meta=(evil,), notes=(evil,), preface=((evil, (evil,)),))
    cells = (replace(first.rows[0].cells[0], text=evil), *first.rows[0].cells[1:])
    first = replace(
        first,
        rows=(replace(first.rows[0], cells=cells),),
        columns=tuple(replace(c, path=(evil,)) for c in first.columns),
    )
    given = replace(
        given,
        tables=(first, *given.tables[1:]),
        figures=(),
        unit_name=evil,
        lead=evil,
        contact=evil,
        narrative_title=evil,
    )
    for text in (
        disclosure_pages.disclosure_page(given, imprint(reason=evil)),
        disclosure_pages.table_page(given, "balance", imprint(reason=evil)),
    ):
        assert "<img" not in text
        assert text.count("&lt;img src=x onerror=") > 5


@pytest.mark.slow
def test_chapters_that_come_before_the_tables_stand_there():
    """Another region's document opens with words; its headings still go down one level at a time."""
    root = parse(disclosure_pages.disclosure_page(replace(document(), before_tables=2), imprint()))
    order = [
        e.get("id")
        for e in root.iter()
        if e.get("id") in ("chapter-overview", "balance", "chapter-three_public")
    ]
    assert order == ["chapter-overview", "balance", "chapter-three_public"]
    levels = [int(e.tag[-1]) for e in root.iter() if e.tag in {f"{HTML}h{n}" for n in range(1, 7)}]
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False))
    bare = replace(document(), chapters=tuple(replace(c, number="") for c in document().chapters))
    titles = [
        words(find(c, "h3")[0])
        for c in find(parse(disclosure_pages.disclosure_page(bare, imprint())), "section", "chapter")
    ]
    assert titles == [chapter.title for chapter in bare.chapters]
