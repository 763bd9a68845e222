"""Fidelity of the disclosure page: every cell, header, note and word of the sample in its place, nothing invented."""

from functools import cache

import pytest

from budgets.rendering.html.disclosure_pages import disclosure_page
from tests.makers.sample_document import document, expected, expected_paragraphs, expected_tables, imprint

from .markup import Shown, find, parse, shown, words

TABLES = range(18)


@cache
def page():
    return parse(disclosure_page(document(), imprint()))


@cache
def tables() -> list[Shown]:
    return [shown(table) for table in find(page(), "table")]


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
def test_all_eighteen_tables_stand_in_order():
    assert [table.title for table in tables()] == [folded(table["title"]) for table in expected_tables()]


@pytest.mark.parametrize("n", TABLES)
def test_every_cell_stands_in_its_row_and_column(n):
    """A cell merged with the one above counts as the blank that is printed there."""
    seen = [[cell or "" for cell in row] for row in tables()[n].body]
    assert seen == [[folded(text) for text in row] for row in expected_tables()[n]["rows"]]


def test_771_cells_say_something_and_no_more():
    assert sum(bool(cell) for table in tables() for row in table.body for cell in row) == 771


def test_only_group_cells_reach_over_rows():
    """A blank that is hidden under a merged cell continues the group above: never an amount, never a name."""
    for n, sheet in enumerate(document().sheets()):
        covered = {c for row in tables()[n].body for c, cell in enumerate(row) if cell is None}
        assert {sheet.columns[c].kind.value for c in covered} <= {"group"}


@pytest.mark.parametrize("n", TABLES)
def test_header_paths(n):
    assert tables()[n].heads == [[folded(t) for t in path] for path in expected_tables()[n]["columns"]]


@pytest.mark.parametrize("n", TABLES)
def test_column_numbers_stand_under_the_statutory_headers(n):
    width = len(expected_tables()[n]["columns"])
    counted = ["栏次", *map(str, range(1, width))] if expected_tables()[n]["id"].startswith("T") else []
    assert tables()[n].numbers == counted


@pytest.mark.parametrize("n", TABLES)
def test_meta_lines_goals_and_notes(n):
    around = find(page(), "div", "sheet")[n]
    meta = [words(span) for line in find(around, "p", "place") for span in find(line, "span")]
    notes = [words(note) for note in find(around, "p", "note")]
    wanted = expected_tables()[n]
    assert meta == [folded(line) for line in wanted["meta"]]
    assert tables()[n].preface == [folded(line) for line in wanted.get("goals", [])]
    assert notes == [folded(note) for note in wanted["notes"]]


def test_94_paragraphs_word_for_word_in_order():
    paragraphs = [
        words(part)
        for chapter in find(page(), "section", "chapter")
        for part in chapter
        if part.tag.rpartition("}")[2] in ("p", "h4", "h5", "h6")
    ]
    assert len(paragraphs) == 94
    assert paragraphs == [folded(text) for text in expected_paragraphs()]


def test_narrative_title_lead_and_chapter_titles():
    (narrative,) = find(page(), "article", "narrative")
    title = next(s for s in expected()["sections"] if s["kind"] == "title")
    chapters = [s for s in expected()["sections"] if s["kind"] == "chapter"]
    assert [words(h) for h in find(narrative, "h2")] == [folded(title["text"])]
    assert words(find(narrative, "p", "lead")[0]) == folded(title["lead"])
    seen = [words(find(chapter, "h3")[0]) for chapter in find(narrative, "section", "chapter")]
    assert seen == [f"{chapter['number']}、{chapter['title']}" for chapter in chapters]


def test_annex_tables_stand_where_the_text_has_them():
    """In document order among the paragraphs, not gathered at the end."""
    for chapter, section in zip(find(page(), "section", "chapter"), chapters_expected(), strict=True):
        kinds = [
            "table" if "sheet" in part.get("class", "").split() else "text" for part in list(chapter)[1:]
        ]
        wanted = [kind for block in section["blocks"] for kind in kinds_of(block)]
        assert kinds == wanted


def chapters_expected():
    return [s for s in expected()["sections"] if s["kind"] == "chapter"]


def kinds_of(block) -> list[str]:
    return ["table"] if block["kind"] == "table" else ["text"] * len(block["paragraphs"])


def test_the_checks_would_notice(monkeypatch):
    """Negative control: one cell moved by a column, and the cell test fails."""
    text = disclosure_page(document(), imprint())
    broken = text.replace(">785.81</a></td>", '></a></td><td class="n">785.81</td>', 1)
    assert broken != text
    seen = shown(find(parse(broken), "table")[0])
    assert [[c or "" for c in row] for row in seen.body] != expected_tables()[0]["rows"]
