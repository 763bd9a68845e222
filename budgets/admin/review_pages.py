"""A disclosure held against what it was: changed cells and sentences marked, with what stands against it beside."""

from collections import defaultdict
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, reverse

from budgets import access
from budgets.access import May
from budgets.admin.base import READING, ScopedAdmin, object_view
from budgets.admin.comment_notes import Remark, open_first, remarks_on
from budgets.admin.held_steps import offered
from budgets.admin.noted import notes_on
from budgets.admin.task_list import MOST_SHOWN
from budgets.domain.document_changes import ChapterChange, SheetChange, document_changes
from budgets.domain.places import Place, Whole, serialised
from budgets.domain.sentence_changes import How, SentenceChange
from budgets.models import Disclosure
from budgets.rendering.html.changed_tables import ShownRow, ShownSheet, shown_sheet
from budgets.workflow.comment_places import SentencePlaces, cells_of, row_place
from budgets.workflow.drafts import Draft, draft_of
from budgets.workflow.reviewing import Base, Basis, bases_of, changes_since
from budgets.workflow.signing import sign_off_of

SHOWN = ("against", "show")  # what the address says of what a review shows


class ReviewPages(ScopedAdmin):
    """The page of a review; it reads only."""

    def object_urls(self) -> list[URLPattern]:
        return [*super().object_urls(), self.page("<int:object_id>/review/", self.review_view, "review")]

    @object_view(*READING)
    def review_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """What changed since `?against=` (the first that there is); `?show=all` with what did not, as where nothing is
        there to hold it against. 404 for a base that is not there."""
        bases = bases_of(disclosure)
        asked = request.GET.get("against", "")
        if asked and asked not in {basis.value for basis in bases}:
            raise Http404
        base = bases[Basis(asked)] if asked else next(iter(bases.values()), None)
        draft = draft_of(disclosure)
        person = access.person_of(request)
        settled = [finding for finding in draft.findings if finding not in draft.blockers]
        remarks = remarks_on(disclosure, draft, person)
        asking = access.may_here(person, May.COMMENT, disclosure)
        offer = offered(person, disclosure, draft, remarks, ready=not draft.blockers)
        kept = {name: request.GET[name] for name in SHOWN if name in request.GET}
        beside = Beside(disclosure, draft, remarks, asking=asking, kept=kept)
        return self.render(
            request,
            "admin/disclosure/review.html",
            disclosure,
            title="核对改动",
            bases=bases.values(),
            base=base,
            open=notes_on(disclosure, draft, draft.blockers[:MOST_SHOWN]),
            settled=notes_on(disclosure, draft, settled[:MOST_SHOWN]),
            steps=offer.steps,
            offer=offer,
            remarks=open_first(remarks),
            still_open=sum(remark.open for remark in remarks),
            ask_whole=beside.ask(Whole()),
            signatures=sign_off_of(disclosure).lines,
            writable=True,
            **self._shown(draft, base, beside, everything=request.GET.get("show") == "all"),
        )

    def _shown(
        self, draft: Draft, base: Base | None, beside: "Beside", *, everything: bool
    ) -> dict[str, Any]:
        everything = everything or base is None
        changes = changes_since(draft, base) if base else document_changes(draft.document, draft.document)
        # Last year's heads, titles and lines name last year: all differ, and none of it is a change.
        year = base is not None and base.basis is Basis.YEAR
        return {
            "everything": everything,
            "changes": changes,
            "head": () if year else changes.head,
            "year": year,
            "sheets": [
                beside.table(shown_sheet(sheet, everything=everything), sheet)
                for sheet in changes.sheets
                if everything or sheet.cells or (sheet.lines and not year)
            ],
            "chapters": [
                (chapter, beside.sentences(chapter, everything=everything))
                for chapter in changes.chapters
                if everything or chapter.count or (chapter.before and not year)
            ],
        }


class Beside:
    """What was said on the rows and sentences of a page, and where more can be said."""

    def __init__(
        self,
        disclosure: Disclosure,
        draft: Draft,
        remarks: list[Remark],
        *,
        asking: bool,
        kept: dict[str, str],
    ) -> None:
        self.kept = kept
        self.new = reverse("admin:budgets_disclosure_comment_new", args=[disclosure.pk]) if asking else ""
        self.places = SentencePlaces(disclosure, draft)
        self.said: dict[Place, list[Remark]] = defaultdict(list)
        for remark in remarks:
            self.said[remark.place].append(remark)

    def ask(self, place: Place) -> str:
        """Where to comment on a place, from where the way back shows what is shown here; blank for who may not."""
        return f"{self.new}?{urlencode({'at': serialised(place)} | self.kept)}" if self.new else ""

    def table(self, shown: ShownSheet, change: SheetChange) -> ShownSheet:
        """The table with both at each of its rows; a dropped one is there no more."""

        def with_both(row: ShownRow) -> ShownRow:
            if row.how is How.DROPPED:
                return row
            own = row_place(change.sheet, row.row)
            places = [own, *(cell for cell, _, _ in cells_of(change.sheet, row.row))]
            said = [remark for place in dict.fromkeys(places) for remark in self.said.get(place, ())]
            return replace(row, ask=self.ask(own), said=said)

        if change.how is How.DROPPED:
            return shown
        return replace(shown, rows=[with_both(row) for row in shown.rows])

    def sentences(
        self, chapter: ChapterChange, *, everything: bool
    ) -> list[tuple[SentenceChange, str, list[Remark]]]:
        """The sentences that are shown, each with where to comment on it and what was said there."""
        if not (self.new or self.said):
            return [(one, "", []) for one in chapter.sentences if everything or one.how is not How.KEPT]
        key = chapter.chapter.key
        there = [change.after if change.after else "" for change in chapter.sentences]
        places = self.places.of(key, there)
        out = []
        for change, place in zip(chapter.sentences, places, strict=True):
            if everything or change.how is not How.KEPT:
                said = self.said.get(place, []) if place.quote else []
                out.append((change, self.ask(place) if change.after else "", said))
        return out
