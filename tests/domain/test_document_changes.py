"""A planted change is marked and nothing else: cells, rows, sentences, tables that come and go, in both sets."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.domain.document_changes import DocumentChanges, document_changes
from budgets.domain.documents import Cell, Chapter, ColumnKind, Document, Paragraph, Sheet
from budgets.domain.sentence_changes import How, split_sentences
from tests.makers.documents import CASES, document_of, random_document

SETS = list(tablesets.SETS)
KINDS = ("real", "entered", "largest")
TYPED = {ColumnKind.AMOUNT, ColumnKind.NUMBER, ColumnKind.TEXT, ColumnKind.CAPTION, ColumnKind.GROUP}


def marked(changes: DocumentChanges) -> list[tuple[str, str, str]]:
    """Everything that is marked: (table, row, column) and (chapter, how, sentence)."""
    cells = [
        (sheet.sheet.key, row.row.key, column)
        for sheet in changes.sheets
        for row in sheet.rows
        for column in (row.before if row.how is How.CHANGED else [row.how.value] * (row.how is not How.KEPT))
    ]
    said = [
        (chapter.chapter.key, one.how.value, one.after or one.before)
        for chapter in changes.chapters
        for one in chapter.sentences
        if one.how is not How.KEPT
    ]
    return [*cells, *said]


def with_sheet(document: Document, old: Sheet, new: Sheet | None) -> Document:
    """The document with a table in place of another, or without it."""

    def put(sheet: Sheet) -> tuple[Sheet, ...]:
        return (sheet,) if sheet is not old else (new,) if new else ()

    chapters = tuple(
        replace(
            c,
            blocks=tuple(
                b for block in c.blocks for b in (put(block) if isinstance(block, Sheet) else (block,))
            ),
        )
        for c in document.chapters
    )
    return replace(
        document, tables=tuple(s for sheet in document.tables for s in put(sheet)), chapters=chapters
    )


def places(document: Document) -> Iterator[tuple[Sheet, int, int]]:
    for sheet in document.sheets():
        for r in range(len(sheet.rows)):
            for c, column in enumerate(sheet.columns):
                if column.kind in TYPED:
                    yield sheet, r, c


def with_cell(document: Document, sheet: Sheet, r: int, c: int) -> Document:
    cell = sheet.rows[r].cells[c]
    now = (
        Cell("77,777.77", Decimal("77777.77"), cell.key)
        if sheet.columns[c].kind is ColumnKind.AMOUNT
        else replace(cell, text=f"{cell.text}改")
    )
    cells = tuple(now if n == c else each for n, each in enumerate(sheet.rows[r].cells))
    rows = tuple(replace(row, cells=cells) if n == r else row for n, row in enumerate(sheet.rows))
    return with_sheet(document, sheet, replace(sheet, rows=rows))


def sentences(document: Document) -> Iterator[tuple[Chapter, int, str]]:
    for chapter in document.chapters:
        for b, block in enumerate(chapter.blocks):
            if isinstance(block, Paragraph):
                yield from ((chapter, b, s) for s in split_sentences(block.text) if len(s) > 8)


def with_sentence(document: Document, chapter: Chapter, b: int, old: str, new: str) -> Document:
    block = chapter.blocks[b]
    assert isinstance(block, Paragraph)
    blocks = (
        *chapter.blocks[:b],
        replace(block, text=block.text.replace(old, new, 1)),
        *chapter.blocks[b + 1 :],
    )
    chapters = tuple(replace(c, blocks=blocks) if c is chapter else c for c in document.chapters)
    return replace(document, chapters=chapters)


def documents(table_set: str) -> list[Document]:
    kinds = [kind for kind in KINDS if (table_set, kind) in CASES]
    return [document_of(table_set, kind) for kind in kinds] + [
        random_document(table_set, n) for n in range(6 - len(kinds))
    ]


@pytest.mark.parametrize("table_set", SETS)
def test_a_document_does_not_differ_from_itself(table_set):
    for document in documents(table_set):
        changes = document_changes(document, document)
        assert changes.none and marked(changes) == [] and changes.words == "没有改动"


@pytest.mark.parametrize("table_set", SETS)
def test_a_changed_cell_is_marked_and_nothing_else(table_set):
    """50 cells of documents, those of lists and goals among them."""
    chance = random.Random(table_set)
    for n in range(50):
        document = chance.choice(documents(table_set)[n % 6 : n % 6 + 1])
        sheet, r, c = chance.choice(list(places(document)))
        changes = document_changes(document, with_cell(document, sheet, r, c))
        row, column = sheet.rows[r], sheet.columns[c]
        assert marked(changes) == [(sheet.key, row.key, column.key)]
        [[was]] = [list(r.before.values()) for s in changes.sheets for r in s.rows if r.before]
        assert was == row.cells[c] and changes.words == "改了 1 格"


@pytest.mark.parametrize("table_set", SETS)
def test_a_changed_sentence_is_marked_and_nothing_else(table_set):
    chance = random.Random(table_set)
    for n in range(50):
        document = documents(table_set)[n % 6]
        said = list(sentences(document))
        if not said:
            continue
        chapter, b, old = chance.choice(said)
        at = chance.randrange(len(old) - 1)
        new = f"{old[:at]}改动{old[at:]}"
        changes = document_changes(document, with_sentence(document, chapter, b, old, new))
        assert marked(changes) == [(chapter.key, "changed", new.strip())], old
        assert changes.words == "改了 1 句"


@pytest.mark.parametrize("table_set", SETS)
def test_rows_that_come_and_go_stand_in_their_place(table_set):
    """Of tables with codes and of lists that only count their rows: no other row is marked."""
    chance = random.Random(table_set)
    for document in documents(table_set):
        for sheet in (s for s in document.sheets() if len(s.rows) > 3):
            words = [tuple(c.text for c in row.cells) for row in sheet.rows]
            n = chance.randrange(1, len(sheet.rows))
            if words.count(words[n]) > 1:
                continue
            rows = [*sheet.rows[:n], *sheet.rows[n + 1 :]]
            if all(row.key == str(m) for m, row in enumerate(sheet.rows, 1)):
                rows = [replace(row, key=str(m)) for m, row in enumerate(rows, 1)]
            less = with_sheet(document, sheet, replace(sheet, rows=tuple(rows)))
            gone = document_changes(document, less)
            assert [(s, how) for s, _, how in marked(gone)] == [(sheet.key, "dropped")]
            [at] = [m for s in gone.sheets for m, row in enumerate(s.rows) if row.how is How.DROPPED]
            assert at == n
            assert [(s, how) for s, _, how in marked(document_changes(less, document))] == [
                (sheet.key, "new")
            ]


@pytest.mark.parametrize("table_set", SETS)
def test_of_goal_tables_the_one_that_came_is_new(table_set):
    document = document_of(table_set, "entered")
    for sheet in list(document.sheets()):
        less = with_sheet(document, sheet, None)
        came, went = document_changes(less, document), document_changes(document, less)
        assert [s.sheet.title for s in came.sheets if s.how is not How.KEPT] == [sheet.title]
        assert [s.sheet.title for s in went.sheets if s.how is not How.KEPT] == [sheet.title]


@pytest.mark.parametrize("table_set", SETS)
def test_lines_above_a_table_and_of_the_head_are_told(table_set):
    document = document_of(table_set, "empty")
    sheet = document.tables[0]
    noted = with_sheet(document, sheet, replace(sheet, notes=(*sheet.notes, "注：改。")))
    [changed] = [s for s in document_changes(document, noted).sheets if s.changed]
    assert changed.lines == (("增", "注：改。"),)
    moved = replace(document, contact="电话 1", approved_on="2023-02-01")
    assert [label for label, _, _ in document_changes(document, moved).head] == ["批复日期", "联系方式"]
