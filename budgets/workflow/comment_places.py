"""Where comments may stand: the cells, rows and tables of a document, its sentences as they were typed, the whole."""

from collections.abc import Iterable, Iterator

from budgets import tablesets
from budgets.domain.documents import Column, ColumnKind, Row, Sheet
from budgets.domain.ledgers import Narrative
from budgets.domain.passages import passage, span
from budgets.domain.places import CellRef, Passage, Place, TablePlace, Whole
from budgets.domain.sheets import Filler
from budgets.models import Disclosure
from budgets.sentences.live_documents import equations_of
from budgets.sentences.writing import Written, write
from budgets.workflow.drafts import Draft, year_before

NAMING = {ColumnKind.CAPTION, ColumnKind.GROUP, ColumnKind.CODE, ColumnKind.SERIAL}


def row_place(sheet: Sheet, row: Row) -> CellRef:
    """The place of a whole row: a cell without a column, by the first caption of the row that has a key."""
    captions = (row.cells[column.caption].key for column in sheet.columns)
    return CellRef(sheet.key, next(filter(None, captions), row.key), "")


def row_at(sheet: Sheet, place: CellRef) -> Row | None:
    """The row that a cell or a row stands in; None where the sheet has none."""
    columns = [column for column in sheet.columns if column.key == place.column]
    for row in sheet.rows:
        if place.column and any(row.named(column) == place.row for column in columns):
            return row
        if not place.column and row_place(sheet, row) == place:
            return row
    return None


def cells_of(sheet: Sheet, row: Row) -> Iterator[tuple[CellRef, Column, str]]:
    """The cells of a row that say something of their own, with column and text; names and numbers of rows do not."""
    for column, cell in zip(sheet.columns, row.cells, strict=True):
        if column.kind not in NAMING:
            yield CellRef(sheet.key, row.named(column), column.key), column, cell.text


def stands(draft: Draft, place: Place) -> bool:
    """Whether comments can be made on a place of this draft: it is there, and of a kind that comments are made on."""
    match place:
        case Whole():
            return True
        case Passage():
            texts = [chapter.text for chapter in draft.ledger.narratives if chapter.key == place.chapter]
            return any(not place.quote or span(text, place) is not None for text in texts)
        case TablePlace():
            return not place.part and any(sheet.key == place.table for sheet in draft.document.sheets())
        case CellRef():
            sheet = sheet_of(draft, place.table)
            return sheet is not None and row_at(sheet, place) is not None
        case _:
            return False


def sheet_of(draft: Draft, key: str) -> Sheet | None:
    """The printed table of a key; None where the document has none."""
    return next((sheet for sheet in draft.document.sheets() if sheet.key == key), None)


class SentencePlaces:
    """The places of printed sentences in the text as it was typed, where its live references stand."""

    def __init__(self, disclosure: Disclosure, draft: Draft) -> None:
        filler = Filler(tablesets.get(draft.ledger.table_set), draft.ledger, draft.subjects)
        self._equations = equations_of(filler, draft.document, lambda: year_before(disclosure))
        self._chapters = {narrative.key: narrative for narrative in draft.ledger.narratives}

    def of(self, chapter: str, printed: Iterable[str]) -> Iterator[Passage]:
        """The place of each sentence of a chapter as it prints, in their order; the chapter for one that is not found."""
        typed = self._chapters.get(chapter)
        written = write(typed, self._equations, whole=True) if typed else None
        end = 0
        for sentence in printed:
            place, end = _found(written, sentence, end) if written else (None, end)
            yield place or Passage(chapter)


def _found(written: Written, sentence: str, after: int) -> tuple[Passage | None, int]:
    text = written.printed.text
    start = text.find(sentence, after) if sentence else -1
    if start < 0:
        return None, after
    end = start + len(sentence)
    plain = Narrative(written.printed.key, written.printed.title, text)
    return written.as_typed(passage(plain, start, end)), end
