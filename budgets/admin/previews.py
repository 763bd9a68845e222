"""Preview of a draft: the public pages with the band 未公开, and the PDF that a worker makes on request."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, reverse

from budgets import access
from budgets.admin.base import FORM, READING, object_view
from budgets.admin.goals import GoalPages
from budgets.models import Disclosure, Job, JobKind, JobState
from budgets.publishing.site_words import site
from budgets.rendering.html import disclosure_pages
from budgets.rendering.imprint import Imprint, Status
from budgets.workflow import background
from budgets.workflow.drafts import Draft, draft_of
from budgets.workflow.kept_files import at_hand, is_at_hand


def imprint(draft: Draft, disclosure: Disclosure) -> Imprint:
    """A preview has no revision, no date and no files yet; its pages lead back to the draft."""
    back = reverse("admin:budgets_disclosure_change", args=[disclosure.pk])
    review = (
        reverse("admin:budgets_disclosure_review", args=[disclosure.pk]) if not disclosure.editable else ""
    )
    more = f"{review}?show=all" if review else ""
    return Imprint(site=site(), status=Status.PREVIEW, digest=draft.hash, draft=back, review=more)


class PreviewPages(GoalPages):
    """The draft as it would be public."""

    def object_urls(self) -> list[URLPattern]:
        own = "<int:object_id>/preview/"
        return [
            *super().object_urls(),
            self.page(own, self.preview_view, "preview"),
            self.page(f"{own}pdf/", self.preview_pdf_view, "preview_pdf"),
            self.page(f"{own}pdf/<int:job_id>/", self.preview_file_view, "preview_file"),
            self.page("<int:object_id>/jobs/<int:job_id>/", self.job_view, "job"),
            self.page("<int:object_id>/pending-pdf/", self.pending_pdf_view, "pending_pdf"),
            self.page(f"{own}tables/<slug:key>/", self.preview_table_view, "preview_table"),
            self.page(f"{own}tables/<slug:key>/nonempty/", self.preview_nonempty_view, "preview_nonempty"),
        ]

    @object_view(*READING)
    def preview_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """The page of the disclosure."""
        draft = draft_of(disclosure)
        return HttpResponse(disclosure_pages.disclosure_page(draft.document, imprint(draft, disclosure)))

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
        page = disclosure_pages.nonempty_page if nonempty else disclosure_pages.table_page
        return HttpResponse(page(draft.document, key, imprint(draft, disclosure)))

    @object_view(*FORM)
    def preview_pdf_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """POST asks a worker for the PDF of the content as it is now; GET says how far it is. Nothing is set here.

        Who pressed the button waits on the page and comes to the file by itself: `?open` leads there once it is made.
        """
        job = disclosure.jobs.filter(kind=JobKind.PREVIEW, version=disclosure.version).first()
        ready = job is not None and (not job.finished or is_at_hand(background.preview_file(job)))
        if request.method == "POST":
            if not ready:
                background.preview(disclosure, by=access.person_of(request))
            return HttpResponseRedirect(f"{request.path}?open=1")
        done = bool(job and job.state == JobState.DONE and ready)
        if job and done and "open" in request.GET:
            file = reverse("admin:budgets_disclosure_preview_file", args=[disclosure.pk, job.pk])
            return HttpResponseRedirect(file)
        return self.render(
            request,
            "admin/disclosure/preview_pdf.html",
            disclosure,
            title="预览 PDF",
            job=job,
            done=done,
            writable=True,
        )

    @object_view(*READING)
    def preview_file_view(self, request: HttpRequest, disclosure: Disclosure, job_id: int) -> FileResponse:
        """The finished PDF; 404 for a job of another disclosure and for one that is not done."""
        job = self.job_of(disclosure, job_id)
        file = at_hand(background.preview_file(job))
        if job.kind != JobKind.PREVIEW or job.state != JobState.DONE or not file.exists():
            raise Http404
        name = f"{disclosure}（未公开预览）.pdf"
        return FileResponse(file.open("rb"), content_type="application/pdf", filename=name)

    @object_view(*READING)
    def job_view(self, request: HttpRequest, disclosure: Disclosure, job_id: int) -> HttpResponse:
        """How far a job is, for a page that waits: {state, message}; the message is how it ended, or how far it is."""
        job = self.job_of(disclosure, job_id)
        if job.kind == JobKind.READ and job.person != access.person_of(request):
            raise Http404  # a file that waits is its owner's alone
        return JsonResponse(
            {
                "state": job.state if job.finished else "waiting",
                "message": job.message if job.finished else job.progress,
            }
        )

    def job_of(self, disclosure: Disclosure, job_id: int) -> Job:
        job = disclosure.jobs.filter(pk=job_id).first()
        if job is None:
            raise Http404
        return job

    @object_view(*FORM)
    def pending_pdf_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """POST asks a worker for the PDFs that were left out at publication; for those who may publish."""
        if access.person_of(request).role not in access.ROLES[access.May.PUBLISH]:
            raise PermissionDenied
        if request.method == "POST" and pending(disclosure):
            background.pending_pdfs(disclosure, by=access.person_of(request))
        return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))


def pending(disclosure: Disclosure) -> bool:
    """True when a public version still lacks its PDF."""
    return disclosure.publications.filter(state__pdf_pending=True).exists()
