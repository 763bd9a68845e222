"""What lists and the search need of a publication: a few columns, written once when it is published."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from budgets.domain.addresses import addresses, heads
from budgets.domain.documents import ColumnKind, Document, Paragraph, Row, Sheet
from budgets.domain.headlines import WHOLE
from budgets.domain.key_figures import key_figures, stored
from budgets.domain.money import in_unit
from budgets.domain.terms import Stage
from budgets.rendering.excerpts import halves

SAYING = (ColumnKind.AMOUNT, ColumnKind.NUMBER, ColumnKind.TEXT)
# One passage a line: its anchor on the page, its heading, its words. Anchors are written in private-use characters,
# so that what people type (a number, an English word) never matches one.
FIELD, PASSAGE = "\t", "\n"
PRIVATE = {code: 0xE000 + code for code in range(0x21, 0x7F)}
PLAIN = {private: code for code, private in PRIVATE.items()}

type Passage = tuple[str, str, str]


def summary(document: Document) -> dict[str, Any]:
    """The fields of PublicationState that are read from the document: text, approved_on, total (yuan, or None), figures."""
    figures = key_figures(document)
    return {
        "text": searchable(document),
        "approved_on": date.fromisoformat(document.approved_on) if document.approved_on else None,
        "total": figures[WHOLE].amount if WHOLE in figures else None,
        "figures": stored(figures),
        "table_set": document.table_set,
        "contact": document.contact,
    }


def searchable(document: Document) -> str:
    """The document's words, a passage a line, each with the anchor where it stands on the disclosure page."""
    return PASSAGE.join(
        FIELD.join([anchor.translate(PRIVATE), " ".join(heading.split()), " ".join(words.split())])
        for anchor, heading, words in told(document)
    )


def told(document: Document) -> Iterator[Passage]:
    """Every passage in document order: the title, the rows of the tables, the paragraphs."""
    about = f"{document.unit_code} {document.year} {Stage(document.stage).label}"
    yield "", f"{document.unit_name} {document.title}", about  # a blank, for a name may end in a digit
    begin = heads(document.sheets())
    for sheet in document.tables:
        yield from table_passages(sheet, begin[sheet.key])
    for chapter in document.chapters:
        for block in chapter.blocks:
            if isinstance(block, Paragraph):
                yield f"chapter-{chapter.key}", chapter.title, block.text
            else:
                yield from table_passages(block, begin[block.key])


def table_passages(sheet: Sheet, first: str) -> Iterator[Passage]:
    """The table's goals and notes, then what each row says; a fixed line without any amount says nothing.

    The addresses of its cells begin with `first`.
    """
    goals = [line for _, lines in sheet.preface for line in lines]
    yield sheet.key, sheet.title, " ".join([*goals, *sheet.notes])
    captions = [i for i, column in enumerate(sheet.columns) if column.kind == ColumnKind.CAPTION]
    for row, named in zip(sheet.rows, addresses(sheet, first), strict=True):
        for caption in captions:
            words = row_words(sheet, row, caption)
            if words and row.cells[caption].text:
                yield named[caption], sheet.title, words
        for place, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True)):
            # A row without a name has its items in its heads: “三公”经费 of Shanghai.
            if not captions and column.kind == ColumnKind.AMOUNT and cell.text:
                yield named[place], sheet.title, f"{' '.join(dict.fromkeys(column.path))}：{cell.text}"


def row_words(sheet: Sheet, row: Row, caption: int) -> str:
    """The row's name with its code, then each text or amount after the head it stands under; blank without any."""
    cells = list(zip(sheet.columns, row.cells, strict=True))
    said = [
        f"{column.path[-1]} {cell.text}"
        for column, cell in cells
        if column.caption == caption and column.kind in SAYING and cell.text
    ]
    own = next((columns for _, columns in halves(sheet) if caption in columns), range(caption))
    codes = [
        cells[i][1].text
        for i in own
        if i < caption and sheet.columns[i].kind == ColumnKind.CODE and cells[i][1].text
    ]
    return f"{' '.join([*codes, row.cells[caption].text])}：{'，'.join(said)}" if said else ""


def passages(text: str) -> list[Passage]:
    """The stored passages as (anchor, heading, words)."""
    split = [line.split(FIELD, 2) for line in text.split(PASSAGE) if line]
    return [(anchor.translate(PLAIN), heading, words) for anchor, heading, words in split]


def total_in(total: Decimal | None) -> str:
    """A stored total in 万元 with two places; blank when there is none."""
    return "" if total is None else f"{in_unit(total, '万元'):,.2f}"
