"""Pages and print of every table set: each cell in its place, headed by its own caption and columns, nothing run together."""

from functools import cache

import pytest

from budgets.domain.addresses import addresses
from budgets.domain.documents import ColumnKind, Document, Sheet
from budgets.rendering.excerpts import halves
from budgets.rendering.html.disclosure_pages import disclosure_page, pages
from tests.makers.documents import document_of, every_document
from tests.makers.sample_document import imprint

from .conftest import print_of
from .markup import HTML, Shown, column_heads, find, grid, ids, parse, row_heads, shown, words

NAMES = (ColumnKind.CAPTION, ColumnKind.GROUP)


def folded(text: str) -> str:
    return " ".join(text.split())


@cache
def page(table_set: str, kind: str):
    return parse(disclosure_page(document_of(table_set, kind), imprint()))


@cache
def tables(table_set: str, kind: str) -> list[Shown]:
    return [shown(table) for table in find(page(table_set, kind), "table")]


def printed_rows(sheet: Sheet) -> list[list[str]]:
    return [[folded(cell.text) for cell in row.cells] for row in sheet.rows]


def differing(document: Document, seen: list[Shown]) -> list[str]:
    """The tables that hold other cells, heads or titles than the document."""
    found = []
    for sheet, table in zip(document.sheets(), seen, strict=True):
        body = [[cell or "" for cell in row] for row in table.body]
        heads = [[folded(text) for text in column.path] for column in sheet.columns]
        counted = ["栏次", *map(str, range(1, len(sheet.columns)))] if sheet.numbered else []
        if (table.title, table.heads, table.numbers) != (folded(sheet.title), heads, counted):
            found.append(f"{sheet.key}: heads")
        if body != printed_rows(sheet):
            found.append(f"{sheet.key}: cells")
    return found


@pytest.mark.sweep(1, 8)
@every_document
def test_every_cell_stands_in_its_row_and_column(table_set, kind):
    assert differing(document_of(table_set, kind), tables(table_set, kind)) == []


@pytest.mark.sweep(1)
@every_document
def test_the_check_would_notice_a_moved_cell(table_set, kind):
    """The negative control: the rows of one table in another order."""
    document = document_of(table_set, kind)
    seen = [
        Shown(t.element, t.title, t.preface, t.heads, t.numbers, t.body[::-1])
        for t in tables(table_set, kind)
    ]
    assert any(fault.endswith("cells") for fault in differing(document, seen))


@pytest.mark.sweep(2)
@every_document
def test_print_holds_every_cell(table_set, kind):
    text = print_of(document_of(table_set, kind))
    for sheet, table in zip(document_of(table_set, kind).sheets(), find(parse(text), "table"), strict=True):
        rows = [
            list(row) for row in table.findall(f"{HTML}tbody/{HTML}tr") if "blank" not in row.get("class", "")
        ]
        placed, seen, body = grid(rows), set(), []
        for y in range(len(rows)):
            line = [placed[y, x] for x in range(len(sheet.columns))]
            body.append(["" if cell in seen else words(cell) for cell in line])
            seen |= set(line)
        assert body == printed_rows(sheet), sheet.key


@pytest.mark.sweep(0, 4)
@every_document
def test_every_page_is_made_and_no_id_stands_twice(table_set, kind):
    document = document_of(table_set, kind)
    made = dict(pages(document, imprint()))
    sheets, chapters = list(document.sheets()), document.chapters
    fixed = [path for path in made if "nonempty" not in path]
    assert len(fixed) == 2 + len(sheets) + len(document.tables) + len(chapters)
    for path, text in made.items():
        found = ids(parse(text))
        assert len(found) == len(set(found)), path


def wrongly_headed(table_set: str, kind: str) -> list[tuple[str, str, list[str]]]:
    """Amounts whose row headers are not the captions and groups of their own list."""
    wrong = []
    for sheet, table in zip(document_of(table_set, kind).sheets(), tables(table_set, kind), strict=True):
        heads = {cell.get("id"): found for cell, found in row_heads(table.element).items()}
        two, named = len(halves(sheet)) > 1, addresses(sheet)
        for r, row in enumerate(sheet.rows):
            for c, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True)):
                if column.kind not in (ColumnKind.AMOUNT, ColumnKind.NUMBER):
                    continue
                own = (
                    [column.caption]
                    if two
                    else [i for i, k in enumerate(sheet.columns) if k.kind in NAMES and i < c]
                )
                wanted = {folded(row.cells[i].text) for i in own} - {""}
                if set(heads[named[r][c]]) != wanted:
                    wrong.append((named[r][c], cell.text, heads[named[r][c]]))
    return wrong


@every_document
def test_every_amount_is_headed_by_its_own_caption_alone(table_set, kind):
    assert wrongly_headed(table_set, kind) == []


def test_a_place_alone_would_head_it_by_both(monkeypatch):
    """The negative control: without the `headers` attribute the right list is headed by the left one, too."""
    monkeypatch.setattr("budgets.rendering.sheet_layout.second_heads", lambda sheet: {})
    text = disclosure_page(document_of("shanghai_2023", "entered"), imprint())
    table = shown(find(parse(text), "table")[0])
    assert any(len(found) == 2 for found in row_heads(table.element).values())


@every_document
def test_a_cell_that_names_its_headers_names_those_of_its_column(table_set, kind):
    named = 0
    for sheet, table in zip(document_of(table_set, kind).sheets(), tables(table_set, kind), strict=True):
        for cell in (cell for cell in table.element.iter() if cell.get("headers")):
            key = cell.get("id").rpartition(".")[2]
            column = next(column for column in sheet.columns if column.key == key)
            assert column_heads(table.element, cell) == [folded(text) for text in column.path]
            named += 1
        assert (
            bool(halves(sheet)) == any(cell.get("headers") for cell in table.element.iter()) or not sheet.rows
        )
    assert named


INLINE = {f"{HTML}{tag}" for tag in ("a", "b", "button", "code", "em", "i", "label", "small", "span", "time")}

IN_TEXT = ("term", "amount")  # words of a paragraph, which stand as they were written


def run_together(root) -> list[str]:
    """Neighbours whose words stick together where no style sets them apart: copied text, a page without CSS."""
    found = []
    for parent in root.iter():
        children = list(parent)
        for before, after in zip(children, children[1:], strict=False):
            if (
                before.tag in INLINE
                and after.tag in INLINE
                and not before.tail
                and before.get("class") not in IN_TEXT
                and words(before)
                and words(after)
            ):
                found.append(f"{words(before)}|{words(after)}")
        for child in children:
            left = parent.text if child is children[0] else children[children.index(child) - 1].tail
            if child.tag == f"{HTML}small" and left and left.strip() and not left[-1].isspace():
                found.append(f"{left.strip()}|{words(child)}")
    return found


@pytest.mark.sweep(0, 4)
@every_document
def test_no_words_run_together(table_set, kind):
    made = dict(pages(document_of(table_set, kind), imprint(earlier=(), reason="原因")))
    for path, text in made.items():
        # What only a screen reader hears begins with its own colon.
        assert [pair for pair in run_together(parse(text)) if "|：" not in pair] == [], path


def test_words_that_run_together_would_be_noticed():
    assert run_together(parse("<p><span>2026-11-26</span><span>第 1 版</span></p>")) == ["2026-11-26|第 1 版"]
    assert run_together(parse("<p><span>一</span> <span>二</span></p>")) == []
