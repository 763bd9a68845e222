"""What stands beside an entry grid: the findings of its cells, what else is to do, and what one change changes."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern

from budgets import ledger as ledgers
from budgets import tablesets
from budgets.admin.base import READING, ScopedAdmin, object_view
from budgets.admin.comment_notes import remarks_at
from budgets.admin.declaring import grids_of
from budgets.admin.entry_grids import Grid
from budgets.admin.grid_layout import Layout
from budgets.admin.task_list import RECORDS, desk
from budgets.admin.typed_parts import grid_part
from budgets.domain.consequences import Moved, moved
from budgets.domain.documents import Document
from budgets.domain.facts import Fact, typed
from budgets.domain.families import FAMILIES
from budgets.domain.ledgers import LastYear, Ledger
from budgets.domain.sheets import Filler
from budgets.domain.terms import Family
from budgets.models import Disclosure, LastYearLine
from budgets.models.fields import NumberField, OptionalAmountField
from budgets.models.lines import Line
from budgets.sentences.live_documents import composed_words
from budgets.workflow.drafts import draft_of, year_before

VERSION_HEADER = "X-Version"  # of the rows as they are saved: a page that was made just before is made again
STEP = 100  # quanta: the change that is tried, in amounts that print as whole ones


class BesidePages(ScopedAdmin):
    """Pieces of pages that the script of an entry grid asks for; each reads only."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("<int:object_id>/enter/<slug:key>/beside/", self.beside_view, "beside"),
            self.page("<int:object_id>/enter/<slug:key>/moves/", self.moves_view, "moves"),
        ]

    @object_view(*READING)
    def beside_view(self, request: HttpRequest, disclosure: Disclosure, key: str) -> HttpResponse:
        """The findings that lead to a grid, with the cells they mark, and how many things keep the draft from being submitted."""
        grid = _grid(disclosure, key)
        beside = found_beside(disclosure, grid.key)
        answer = render(request, "admin/disclosure/beside.html", {"original": disclosure, **beside})
        answer[VERSION_HEADER] = grid_part(Layout(grid, disclosure), None).version(disclosure)
        return answer

    @object_view(*READING)
    def moves_view(self, request: HttpRequest, disclosure: Disclosure, key: str) -> HttpResponse:
        """What else changes with one cell; nothing for a cell that the grid has not, or that holds no number."""
        grid = _grid(disclosure, key)
        row, column = request.GET.get("row", ""), request.GET.get("column", "")
        layout = Layout(grid, disclosure)
        result = moves(layout, ledgers.read(disclosure), row, column)
        if result is None:
            return HttpResponse("")
        own = {layout.declaration.key, grid.table}
        tables = [table for table in result.tables if table.key not in own]
        return render(request, "admin/disclosure/moves.html", {"moved": result, "tables": tables})


MOST = 20  # findings that stand beside a grid


def found_beside(disclosure: Disclosure, task: str) -> dict[str, Any]:
    """What a page shows of the findings and open comments that are mended on it: `task` and its notes, the whole desk."""
    draft = draft_of(disclosure)
    board = desk(disclosure, draft)
    here = board.at(task)
    return {
        "task": task,
        "desk": board,
        "notes": here[:MOST],
        "found": len(here),
        "more": len(here[MOST:]),
        "remarks": remarks_at(disclosure, task, draft),
    }


def _grid(disclosure: Disclosure, key: str) -> Grid:
    grids = grids_of(tablesets.get(disclosure.table_set))
    if key not in grids:
        raise Http404
    return grids[key]


def moves(layout: Layout, ledger: Ledger, row: str, field: str) -> Moved | None:
    """What differs once the amount in a row and field is another one; None when no number is typed there.

    The document is composed with both amounts and compared, so nothing that depends on the cell is left out.
    """
    after = _changed(layout, ledger, row, field)
    if after is None:
        return None
    before = year_before(layout.disclosure)

    def printed(said: Ledger) -> Document:
        return composed_words(Filler(layout.table_set, said, layout.subjects), before).document

    return moved(printed(ledger), printed(after))


def _changed(layout: Layout, ledger: Ledger, row: str, field: str) -> Ledger | None:
    grid = layout.grid
    names = {t.field.name: t.field for t in layout.typed.values()}
    if not isinstance(names.get(field), OptionalAmountField | NumberField) or not row:
        return None
    more = layout.table_set.quantum * STEP
    if issubclass(grid.model, Line):
        family = Family(grid.model.FAMILY)
        shape = FAMILIES[family]
        try:
            meaning: dict[str, Any] = {
                **{name: typed(name, value) for name, value in grid.fixed},
                grid.row: typed(grid.row, row),
                shape.across: typed(shape.across, field),
            }
        except ValueError:
            return None
        probe = Fact(family, more, **meaning)
        others = [fact for fact in ledger.facts if replace(fact, amount=probe.amount) != probe]
        there = sum(
            (fact.amount for fact in ledger.facts if replace(fact, amount=probe.amount) == probe), more
        )
        return replace(ledger, facts=(*others, replace(probe, amount=there)))
    if grid.model is LastYearLine:
        own = LastYear(**dict(grid.fixed), row=row, amount=more)
        there = sum((cell.amount for cell in ledger.last_year if replace(cell, amount=more) == own), more)
        rest = [cell for cell in ledger.last_year if replace(cell, amount=more) != own]
        return replace(ledger, last_year=(*rest, replace(own, amount=there)))
    source = RECORDS[grid.key]
    records = list(getattr(ledger, source))
    for n, record in enumerate(records):
        if (str(getattr(record, grid.row)) if grid.row else str(n + 1)) == row:
            records[n] = replace(record, **{field: (getattr(record, field) or 0) + more})
            changed: dict[str, Any] = {source: tuple(records)}
            return replace(ledger, **changed)
    return None
