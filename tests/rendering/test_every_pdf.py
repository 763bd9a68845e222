"""The PDF of every table set, read back through its structure tree: cells, headers and what heads each amount."""

import re

import pytest

from budgets.domain.documents import ColumnKind, Document
from budgets.rendering.excerpts import halves
from tests.makers.documents import document_of, every_document

from .conftest import CREATED, print_of
from .tagged import Table, Tagged, fold
from .test_pdf_fidelity import body, head_rows

pytestmark = [pytest.mark.pango, pytest.mark.slow]
MONEY = (ColumnKind.AMOUNT, ColumnKind.NUMBER)


Pieces = list[Table]  # of one table, a page each: only the first has its title


def joined(tables: list[Table]) -> list[Pieces]:
    found: list[Pieces] = []
    for table in tables:
        if table.title:
            found.append([table])
        else:
            found[-1].append(table)
    return found


def differing(document: Document, tables: list[Pieces]) -> list[str]:
    """The tables that hold other titles, notes or cells than the document; a blank line says nothing."""
    found = []
    for sheet, pieces in zip(document.sheets(), tables, strict=True):
        rows = [[fold(cell.text) for cell in row.cells] for row in sheet.rows]
        notes = [note for piece in pieces for note in piece.notes]
        if (pieces[0].title, notes) != (fold(sheet.title), [fold(note) for note in sheet.notes]):
            found.append(f"{sheet.key}: title or notes")
        if [row for piece in pieces for row in body(piece)] != [row for row in rows if any(row)]:
            found.append(f"{sheet.key}: cells")
        found += [f"{sheet.key}: {fault}" for piece in pieces for fault in piece.faults]
    return found


def lines(piece: Table) -> list[int]:
    """The rows of the grid that say something below the head, as `body` gives them."""
    return [row for row in range(len(head_rows(piece)), piece.rows) if any(piece.texts(row))]


def bare(text: str) -> str:
    """Words without blanks: one at the end of a line is lost on paper."""
    return re.sub(r"\s", "", text)


def wrongly_headed(document: Document, tables: list[Pieces]) -> list[tuple[str, str, list[str]]]:
    """Amounts whose /Headers leave out a head of their column or their caption, or name one of the other list."""
    wrong = []
    for sheet, pieces in zip(document.sheets(), tables, strict=True):
        said = [row for row in sheet.rows if any(cell.text for cell in row.cells)]
        places = [(piece, y) for piece in pieces for y in lines(piece)]
        lists = [columns[0] for _, columns in halves(sheet)]
        for row, (piece, y) in zip(said, places, strict=True):
            for c, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True)):
                if column.kind not in MONEY or not cell.text:
                    continue
                heads = [bare(text) for text in piece.grid[y, c].headers]
                captioned = sheet.columns[column.caption].kind is ColumnKind.CAPTION
                own = bare(row.cells[column.caption].text) if captioned else ""
                others = {bare(row.cells[i].text) for i in lists if i != column.caption} - {own, ""}
                path = [bare(text) for text in column.path]
                if heads[-len(path) :] != path or (own and own not in heads) or others & set(heads):
                    wrong.append((sheet.key, cell.text, heads))
    return wrong


@pytest.mark.sweep(0, 7)
@every_document
def test_the_pdf_holds_every_cell_headed_by_its_own(renderer, table_set, kind):
    document = document_of(table_set, kind)
    content = renderer.render(print_of(document), created=CREATED)
    assert renderer.report["log"] == []
    tables = joined([block.table for block in Tagged(content).blocks() if block.table])
    assert differing(document, tables) == []
    assert wrongly_headed(document, tables) == []
    if kind == "entered":  # the negative control: two tables change places
        swapped = [tables[1], tables[0], *tables[2:]]
        assert differing(document, swapped)
