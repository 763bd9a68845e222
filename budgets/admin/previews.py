"""Preview of a draft: the public pages with the band 未公开, and the PDF, made by the renderer and fetched when ready."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, reverse

from budgets.domain.documents import Document
from budgets.drafts import draft_of
from budgets.models import Disclosure
from budgets.publishing.site import site
from budgets.rendering import html
from budgets.rendering.imprint import Imprint, Status

from .base import READING, object_view
from .texts import TextPages


def imprint(digest: str) -> Imprint:
    """A preview has no revision, no date and no files yet."""
    return Imprint(site=site(), status=Status.PREVIEW, digest=digest)


class PreviewPages(TextPages):
    """The draft as it would be public."""

    def object_urls(self) -> list[URLPattern]:
        own = "<int:object_id>/preview/"
        return [
            *super().object_urls(),
            self.page(own, self.preview_view, "preview"),
            self.page(f"{own}tables/<slug:key>/", self.preview_table_view, "preview_table"),
            self.page(f"{own}tables/<slug:key>/nonempty/", self.preview_nonempty_view, "preview_nonempty"),
        ]

    @object_view(*READING)
    def preview_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """The page of the disclosure."""
        draft = draft_of(disclosure)
        return HttpResponse(html.disclosure_page(draft.document, imprint(draft.hash)))

    @object_view(*READING)
    def preview_table_view(self, request: HttpRequest, disclosure: Disclosure, key: str) -> HttpResponse:
        """The page of one table; 404 when the document has no such table."""
        return self.preview_one(disclosure, key, nonempty=False)

    @object_view(*READING)
    def preview_nonempty_view(self, request: HttpRequest, disclosure: Disclosure, key: str) -> HttpResponse:
        """The page of one table without its empty rows."""
        return self.preview_one(disclosure, key, nonempty=True)

    def preview_one(self, disclosure: Disclosure, key: str, *, nonempty: bool) -> HttpResponse:
        draft = draft_of(disclosure)
        if key not in {sheet.key for sheet in draft.document.sheets()}:
            raise Http404
        page = html.nonempty_page if nonempty else html.table_page
        return HttpResponse(page(draft.document, key, imprint(draft.hash)))
