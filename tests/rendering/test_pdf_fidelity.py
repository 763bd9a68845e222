"""The sample's PDF says what expected.json says: read back through its structure tree, cell by cell, word for word."""

import pytest

from tests.makers.sample_document import expected, expected_paragraphs, expected_tables
from tests.rendering.conftest import CREATED
from tests.rendering.tagged import Block, Table, Tagged, fold

pytestmark = pytest.mark.pango


def numbered(section: dict) -> bool:
    return section["id"].startswith("T") and section["id"][1:].isdigit()


def head_rows(table: Table) -> list[int]:
    return sorted({cell.row for cell in table.cells if cell.head})


def body(table: Table) -> list[list[str]]:
    rows = [table.texts(row) for row in range(len(head_rows(table)), table.rows)]
    return [row for row in rows if any(row)]


def header_path(table: Table, column: int) -> list[str]:
    """What stands above a column, from top to bottom, without the 栏次 row and the 绩效目标 row."""
    path: list[str] = []
    for row in head_rows(table):
        cell = table.grid[row, column]
        heads = all(c.tag == "TH" for c in table.cells if c.row == row)
        if heads and (cell.row, cell.text) not in [(row - 1, text) for text in path] and cell.row == row:
            path.append(cell.text)
    return path


@pytest.fixture(scope="module")
def blocks(sample) -> list[Block]:
    return sample.blocks()


@pytest.fixture(scope="module")
def tables(blocks) -> list[Table]:
    return [block.table for block in blocks if block.table]


@pytest.mark.slow
def test_the_eighteen_tables_stand_in_order_under_their_titles(tables):
    assert [table.title for table in tables] == [section["title"] for section in expected_tables()]


def test_every_body_cell_stands_in_its_row_and_column(tables):
    assert [body(table) for table in tables] == [
        [[fold(text) for text in row] for row in section["rows"]] for section in expected_tables()
    ]
    assert sum(bool(text) for table in tables for row in body(table) for text in row) == 771


def test_header_paths(tables):
    for table, section in zip(tables, expected_tables(), strict=True):
        paths = [header_path(table, column) for column in range(table.columns)]
        assert paths == section["columns"], section["title"]


def wrongly_linked(tables: list[Table]) -> list[tuple[str, str]]:
    """(table, cell) of the body cells whose header links do not end in the path above their column."""
    return [
        (table.title, cell.text)
        for table, section in zip(tables, expected_tables(), strict=True)
        for cell in table.cells
        for path in [section["columns"][cell.column]]
        if not cell.head and cell.headers[-len(path) :] != path
    ]


def test_every_body_cell_is_linked_to_what_stands_above_it(tables):
    assert wrongly_linked(tables) == []


@pytest.mark.slow
def test_without_our_corrections_the_links_are_wrong(altered, printed):
    """The negative control: WeasyPrint's own links, under a header that spans rows."""
    stock = altered("from budgets.rendering.pdf import press", "press.finish = lambda document, pdf: None")
    tables = [b.table for b in Tagged(stock.render(printed, created=CREATED)).blocks() if b.table]
    assert len(wrongly_linked(tables)) > 100


def test_every_amount_is_linked_to_the_caption_of_its_own_side(tables):
    for table, section in zip(tables, expected_tables(), strict=True):
        captions = {cell.column for cell in table.cells if cell.tag == "TH" and not cell.head}
        for cell in table.cells:
            left = [c for c in captions if c < cell.column]
            if cell.head or cell.tag == "TH" or not left or not cell.text:
                continue
            caption = table.grid[cell.row, max(left)]
            assert caption.text in cell.headers, (section["title"], cell)
            others = {table.grid[cell.row, c].text for c in captions if c > cell.column} - {caption.text}
            assert not others & set(cell.headers), (section["title"], cell)


def test_column_numbers_stand_under_the_heads_of_the_nine_tables(tables):
    for table, section in zip(tables, expected_tables(), strict=True):
        lines = [table.texts(row) for row in head_rows(table)]
        found = [line for line in lines if line[0] == "栏次"]
        wanted = [["栏次", *map(str, range(1, len(section["columns"])))]] if numbered(section) else []
        assert found == wanted, section["title"]


def test_lines_above_the_tables_and_notes_below(tables):
    assert [table.meta for table in tables] == [section["meta"] for section in expected_tables()]
    assert [table.notes for table in tables] == [
        [fold(note) for note in section["notes"]] for section in expected_tables()
    ]


def test_goals_stand_above_their_indicators(tables):
    for table, section in zip(tables, expected_tables(), strict=True):
        rows = [row for row in head_rows(table) if table.grid[row, 0].text == "绩效目标"]
        said = [fold(table.grid[row, 1].text) for row in rows]
        goals = section.get("goals", [])
        assert said == (["".join(map(fold, goals))] if goals else []), section["title"]


def test_titles_lead_and_all_paragraphs_word_for_word_in_order(blocks):
    sections = expected()["sections"]
    title = next(section for section in sections if section["kind"] == "title")
    words = [title["text"], title["lead"]]
    for section in sections:
        if section["kind"] == "chapter":
            words.append(f"{section['number']}、{section['title']}")
            for block in section["blocks"]:
                words += block["paragraphs"] if block["kind"] == "text" else [block["title"]]
    printed = [block.text for block in blocks]
    start = printed.index(title["text"])
    assert printed[start : start + len(words)] == [fold(text) for text in words]
    assert len(expected_paragraphs()) == 94


def test_nothing_is_printed_that_the_document_does_not_say(blocks, document):
    """Before the first table only cover and contents; after the last chapter only the explanations."""
    printed = [block.text for block in blocks]
    last = printed.index(fold(expected_paragraphs()[-1]))
    explained = [text for item in document.explanations for text in (item.message, item.text)]
    rest = printed[last + 1 :]
    assert len(rest) == 2 + len(explained)
    assert all(any(text in line for line in rest) for text in explained)
