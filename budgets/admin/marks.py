"""What a link points out on the page it opens: rows and cells of a grid, the sentence of a chapter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Model
from django.http import HttpRequest

from budgets.admin.cells import GridPage
from budgets.admin.entry_grids import Grid
from budgets.domain.classification import Subjects
from budgets.domain.passages import sentence, span
from budgets.domain.places import Passage, parsed

MOST = 20  # rows that one link marks


@dataclass(frozen=True, slots=True)
class Mark:
    """A row of a grid, and a cell of it, that a link points out."""

    row: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """A row that a link points out and that the grid has not."""

    row: str
    words: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence that a link points out, with the words meant, and what to select in the field.

    `start` and `end` count as browsers do, in UTF-16; without words the whole chapter is meant, or they are gone.
    """

    before: str = ""
    words: str = ""
    after: str = ""
    start: int = 0
    end: int = 0
    gone: bool = False


def asked_for(request: HttpRequest) -> list[str]:
    """What the address asks to be marked."""
    return request.GET.getlist("mark")[:MOST] if request.method != "POST" else []


def marks(request: HttpRequest) -> list[Mark]:
    """The rows that the address asks to be marked."""
    return [Mark(*text.split("/", 1)) for text in asked_for(request) if text]


def rows_to_add(grid: Grid, asked: Iterable[Mark], existing: Sequence[Model]) -> list[Model]:
    """Unsaved rows for the codes that were asked for and are not there, to be shown in their places."""
    if not grid.scheme:
        return []
    present = {getattr(row, grid.row) for row in existing}
    codes = dict.fromkeys(mark.row for mark in asked if mark.row.isdigit() and mark.row not in present)
    return [grid.model(**{grid.row: code}) for code in codes if len(code) == grid.lengths[-1]]


def point_out(page: GridPage, asked: Iterable[Mark], added: Iterable[Model], subjects: Subjects) -> None:
    """Mark rows and cells of a page; a row that is not there is said above the table."""
    new = {getattr(row, page.grid.row) for row in added}
    rows = {row.key: row for row in page.rows if row.key}
    for mark in asked:
        row = rows.get(mark.row)
        name = subjects.name(mark.row, page.grid.scheme) if page.grid.scheme else ""
        called = mark.row if name in ("", mark.row) else f"{mark.row} {name}"
        if row is None:  # said once, whatever cells of it are pointed out
            if mark.row not in {each.row for each in page.absent}:
                page.absent.append(Absent(mark.row, _missing(page, mark.row, called)))
            continue
        if mark.row in new:
            row.mark = f"请添加 {called}"
        elif not row.mark:
            row.mark = "请看这一行" if row.form else "由下面各行得出，请看各行"
        for cell in row.cells:
            cell.marked = cell.marked or cell.column == mark.column != ""


def _missing(page: GridPage, row: str, called: str) -> str:
    if row == "total" or not page.grid.scheme:
        return "这张表还没有内容，请填写。"
    return f"这张表里没有 {called} 的行，如有请添加。"


def sentence_asked_for(request: HttpRequest, text: str) -> Sentence | None:
    """What the address points out in the text of a chapter, the first of several; None when it points at nothing."""
    try:
        place = parsed(next(iter(asked_for(request)), ""))
    except ValueError:
        return None
    if not isinstance(place, Passage):
        return None
    if not place.quote:
        return Sentence()
    text = text.replace("\r\n", "\n")
    found = span(text, place)
    if found is None:
        return Sentence(words=place.quote, gone=True)
    start, end = sentence(text, *found)
    return Sentence(
        text[start : found[0]],
        text[slice(*found)],
        text[found[1] : end],
        _units(text[:start]),
        _units(text[:end]),
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
