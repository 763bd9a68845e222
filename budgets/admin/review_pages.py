"""A disclosure held against what it was: changed cells and sentences marked, with what stands against it beside."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

from budgets import access
from budgets.admin.base import READING, ScopedAdmin, object_view
from budgets.admin.noted import notes_on
from budgets.admin.step_pages import ordered, steps_for
from budgets.admin.task_list import MOST_SHOWN
from budgets.domain.document_changes import ChapterChange, RowChange, SheetChange
from budgets.domain.documents import Column, ColumnKind, HeadCell, header_grid
from budgets.domain.same_rows import COUNTS
from budgets.domain.sentence_changes import How, SentenceChange
from budgets.models import Disclosure
from budgets.workflow.drafts import draft_of
from budgets.workflow.reviewing import Base, Basis, bases_of, changes_since

NUMBERS = {ColumnKind.AMOUNT, ColumnKind.NUMBER}
NAMES = {ColumnKind.CAPTION, ColumnKind.GROUP, ColumnKind.CODE}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as the page shows it: `was` what it held where it differs, None where it does not; `kind` its class."""

    text: str
    was: str | None
    kind: str
    heads: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    how: How
    total: bool
    cells: list[ShownCell]


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A table with the rows that are shown; `left_out` are those without a change, when they are not."""

    change: SheetChange
    head: list[list[HeadCell]]
    rows: list[ShownRow]
    left_out: int
    numbers: frozenset[int]  # places of the columns of money and numbers


def shown_sheet(change: SheetChange, *, everything: bool) -> ShownSheet:
    """The table with all its rows, or the changed ones and of the columns those in which they say something."""
    rows = [row for row in change.rows if everything or row.how is not How.KEPT]
    columns = list(enumerate(change.sheet.columns))
    if not everything:
        columns = [(n, column) for n, column in columns if _says(n, column, rows)]
    first = next((n for n, column in columns if column.kind in NAMES), 0)
    shown = [
        ShownRow(row.how, row.row.total, [_cell(row, column, n, n == first) for n, column in columns])
        for row in rows
    ]
    numbers = frozenset(at for at, (_, column) in enumerate(columns) if column.kind in NUMBERS)
    head = header_grid(tuple(column for _, column in columns))
    return ShownSheet(change, head, shown, len(change.rows) - len(rows), numbers)


def _says(n: int, column: Column, rows: list[RowChange]) -> bool:
    if column.kind in COUNTS:
        return False
    return column.kind in NAMES or any(row.row.cells[n].text or column.key in row.before for row in rows)


def _cell(row: RowChange, column: Column, n: int, heads: bool) -> ShownCell:
    was = row.before.get(column.key)
    kind = "n" if column.kind in NUMBERS else "name" if column.kind in NAMES - {ColumnKind.CODE} else ""
    return ShownCell(row.row.cells[n].text, was.text if was else None, kind, heads)


def shown_sentences(change: ChapterChange, *, everything: bool) -> list[SentenceChange]:
    return [one for one in change.sentences if everything or one.how is not How.KEPT]


class ReviewPages(ScopedAdmin):
    """The page of a review; it reads only."""

    def object_urls(self) -> list[URLPattern]:
        return [*super().object_urls(), self.page("<int:object_id>/review/", self.review_view, "review")]

    @object_view(*READING)
    def review_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """What changed since `?against=` (the first that there is); `?show=all` with what did not. 404 for a base that is not there."""
        bases = bases_of(disclosure)
        asked = request.GET.get("against", "")
        if asked and asked not in {basis.value for basis in bases}:
            raise Http404
        base = bases[Basis(asked)] if asked else next(iter(bases.values()), None)
        draft = draft_of(disclosure)
        person = access.person_of(request)
        settled = [finding for finding in draft.findings if finding not in draft.blockers]
        return self.render(
            request,
            "admin/disclosure/review.html",
            disclosure,
            title="核对改动",
            bases=bases.values(),
            base=base,
            open=notes_on(disclosure, draft, draft.blockers[:MOST_SHOWN]),
            settled=notes_on(disclosure, draft, settled[:MOST_SHOWN]),
            steps=ordered(steps_for(person, disclosure), ready=not draft.blockers),
            writable=True,
            **self._shown(draft, base, everything=request.GET.get("show") == "all"),
        )

    def _shown(self, draft: Any, base: Base | None, *, everything: bool) -> dict[str, Any]:
        if base is None:
            return {"everything": everything}
        changes = changes_since(draft, base)
        # Last year's heads, titles and lines name last year: all differ, and none of it is a change.
        year = base.basis is Basis.YEAR
        return {
            "everything": everything,
            "changes": changes,
            "head": () if year else changes.head,
            "year": year,
            "sheets": [
                shown_sheet(sheet, everything=everything)
                for sheet in changes.sheets
                if everything or sheet.cells or (sheet.lines and not year)
            ],
            "chapters": [
                (chapter, shown_sentences(chapter, everything=everything))
                for chapter in changes.chapters
                if everything or chapter.count or (chapter.before and not year)
            ],
        }
