"""A disclosure held against what it was: changed cells and sentences marked, with what stands against it beside."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

from budgets import access
from budgets.admin.base import READING, ScopedAdmin, object_view
from budgets.admin.noted import notes_on
from budgets.admin.step_pages import ordered, steps_for
from budgets.admin.task_list import MOST_SHOWN
from budgets.models import Disclosure
from budgets.rendering.html.changed_tables import shown_sentences, shown_sheet
from budgets.workflow.drafts import draft_of
from budgets.workflow.reviewing import Base, Basis, bases_of, changes_since


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
