"""Read-only lists: what was published, and who did what."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from budgets.admin.base import READING, ScopedAdmin, object_view
from budgets.admin.verifying import checks
from budgets.models import Action, LogEntry, Publication, PublicationStatus, Role


@admin.register(Publication)
class PublicationAdmin(ScopedAdmin):
    """Public versions; nothing of them can be changed, here or anywhere."""

    list_display = (
        "department",
        "fiscal_year",
        "revision_label",
        "published_on",
        "standing",
        "fingerprint",
        "published_by",
    )
    list_filter = ("fiscal_year", "state__status")
    list_select_related = ("department", "state", "published_by")
    search_fields = ("department__name", "department__code", "payload_hash")
    search_help_text = "按部门或内容摘要查找"
    list_display_links = ("department", "revision_label")
    fields = (
        "department", "fiscal_year", "stage", "revision_label", "standing", "public_reason", "withdrawn_reason",
        "published_at", "submitted_by", "approved_by", "published_by", "payload_hash", "chain_previous", "chain_entry",
    )  # fmt: skip
    readonly_fields = fields
    change_form_template = "admin/publication.html"
    ordering = ("-published_at", "-id")

    @admin.display(description="版本", ordering="revision")
    def revision_label(self, row: Publication) -> str:
        return f"第 {row.revision} 版"

    @admin.display(description="状态", ordering="state__status")
    def standing(self, row: Publication) -> str:
        pending = "，PDF 待生成" if row.state.pdf_pending else ""
        return PublicationStatus(row.state.status).label + pending

    @admin.display(description="内容指纹")
    def fingerprint(self, row: Publication) -> str:
        return row.payload_hash[:12]

    @admin.display(description="撤回原因（公开）")
    def withdrawn_reason(self, row: Publication) -> str:
        return row.state.withdrawn_reason

    def object_urls(self) -> list[URLPattern]:
        return [self.page("<int:object_id>/verify/", self.verify_view, "verify")]

    @object_view(*READING)
    def verify_view(self, request: HttpRequest, publication: Publication) -> HttpResponse:
        """Whether this version is what its hashes say."""
        found = checks(publication)
        sound = not any(check.fault for check in found)
        return self.render(
            request, "admin/verify.html", publication, title=f"核验：{publication}", checks=found, sound=sound
        )


@admin.register(LogEntry)
class LogAdmin(ScopedAdmin):
    """Every step of every disclosure; rows are only ever added."""

    list_display = ("at", "disclosure", "action_label", "person", "role_label", "reason")
    list_filter = ("action",)
    list_select_related = ("disclosure__department", "person")
    search_fields = ("disclosure__department__name", "person__name", "reason")
    search_help_text = "按部门、经办人或说明查找"
    fields = ("at", "disclosure", "action_label", "person", "role_label", "reason", "version", "content_hash")
    readonly_fields = fields
    ordering = ("-at", "-id")

    @admin.display(description="事项", ordering="action")
    def action_label(self, row: LogEntry) -> str:
        return Action(row.action).label

    @admin.display(description="当时的角色", ordering="role")
    def role_label(self, row: LogEntry) -> str:
        return Role(row.role).label if row.role else "—"
