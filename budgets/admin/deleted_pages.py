"""Deleted drafts: their list, and the page that brings one back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, reverse

from budgets import access
from budgets.admin.base import FORM, READING, ScopedAdmin
from budgets.workflow.deleting import held, restore
from budgets.workflow.stepping import NotAllowed


class DeletedPages(ScopedAdmin):
    """What was deleted and can still be brought back, for its accountant and the bureau's administrator."""

    def object_urls(self) -> list[URLPattern]:
        return [
            *super().object_urls(),
            self.page("deleted/", self.deleted_view, "deleted"),
            self.page("<int:object_id>/restore/", self.restore_view, "restore"),
        ]

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """The deleted drafts, latest first; 403 for a role that brings none back."""
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        person = access.person_of(request)
        if person.role not in access.ROLES[access.May.RESTORE]:
            raise PermissionDenied
        rows = access.deleted_for(person).select_related("department", "deleted_by").order_by("-deleted_at")
        context: dict[str, Any] = {"title": "已删除的草稿", "rows": rows, "days": access.DELETED_KEPT}
        return self.render(request, "admin/deleted.html", None, **context)

    def restore_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What a deleted draft holds, and the button that brings it back; 404 when it is not there for this person."""
        person = access.person_of(request)
        found = (
            access.deleted_for(person).select_related("department", "deleted_by").filter(pk=object_id).first()
        )
        if found is None:
            raise Http404
        if request.method not in FORM:
            return HttpResponseNotAllowed(FORM)
        refusal = ""
        if request.method == "POST":
            try:
                restore(found, by=person)
            except NotAllowed as refused:
                refusal = str(refused)
            else:
                messages.success(request, f"已恢复{found.title}，内容与删除前相同。")
                return HttpResponseRedirect(reverse("admin:budgets_disclosure_change", args=[found.pk]))
        return self.render(
            request,
            "admin/restore.html",
            None,
            title="恢复删除的草稿",
            status=409 if refusal else 200,
            found=found,
            held=held(found),
            refusal=refusal,
        )
