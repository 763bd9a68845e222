"""The disclosures: their list, the page of one with its tasks, findings and steps, its history."""

from operator import itemgetter
from typing import Any

from django.contrib import admin
from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from budgets import access
from budgets.admin import autosave, home
from budgets.admin.base import READING, object_view
from budgets.admin.comment_notes import open_first, remarks_on
from budgets.admin.comment_pages import CommentPages
from budgets.admin.deadlines import dated
from budgets.admin.deleted_pages import DeletedPages
from budgets.admin.draft_files import DraftFilePages
from budgets.admin.editing import changes
from budgets.admin.explaining import ExplainPages, Unsaved
from budgets.admin.held_steps import offered
from budgets.admin.inspection_pages import InspectedPages
from budgets.admin.intakes import IntakePages
from budgets.admin.previews import PreviewPages, pending
from budgets.admin.publishing_times import look_again
from budgets.admin.review_pages import ReviewPages
from budgets.admin.saving_words import told_together
from budgets.admin.sign_off_pages import SignOffPages
from budgets.admin.start_pages import StartPages
from budgets.admin.step_pages import StepPages
from budgets.admin.task_list import desk
from budgets.admin.typed_parts import explanations_part
from budgets.domain.headlines import headlines
from budgets.models import (
    Action,
    Disclosure,
    Explanation,
    JobKind,
    JobState,
    LogEntry,
    Person,
    PublicationStatus,
    Status,
)
from budgets.rendering.imprint import path_of
from budgets.workflow.commenting import with_open_comments
from budgets.workflow.drafts import draft_of
from budgets.workflow.units_checked import with_approved

HEAVY = ("taken", "before", "after", "report")  # of a file that was taken in: pages of lists do not read it


@admin.register(Disclosure)
class DisclosureAdmin(
    IntakePages,
    DraftFilePages,
    PreviewPages,
    ReviewPages,
    CommentPages,
    SignOffPages,
    InspectedPages,
    StepPages,
    ExplainPages,
    StartPages,
    DeletedPages,
):
    """Disclosures of the departments that exist for the person."""

    list_display = (
        "title_label",
        "department",
        "state",
        "approved_on",
        "deadline_label",
        "updated_at",
        "updated_by",
    )
    list_display_links = ("title_label",)
    list_filter = ("fiscal_year", "status")
    list_select_related = ("department", "updated_by")
    search_fields = ("department__name", "department__code", "fiscal_year")
    search_help_text = "按部门名称、编码或年度查找"
    ordering = ("-fiscal_year", "department__code", "stage")

    @admin.display(description="内容", ordering="fiscal_year")
    def title_label(self, row: Disclosure) -> str:
        return row.title

    @admin.display(description="状态", ordering="status")
    def state(self, row: Disclosure) -> str:
        return Status(row.status).label

    @admin.display(description="公开期限")
    def deadline_label(self, row: Disclosure) -> str:
        return home.item(row, timezone.localdate()).deadline.words

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the department, region, people and all that the deadline of each row is told from."""
        people = ("submitted_by", "agreed_by", "approved_by", "updated_by")
        submitted = LogEntry.objects.filter(disclosure=OuterRef("pk"), action=Action.SUBMIT)
        rows = with_open_comments(dated(super().get_queryset(request))).annotate(handed_in=Exists(submitted))
        return rows.select_related("department__region", *people)

    def may_change(self, user: Person, row: Model | None) -> bool:
        """The stock form is never used: a disclosure is edited part by part, each under its own check."""
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self.hub_view(request, object_id)

    @object_view(*READING)
    def hub_view(self, request: HttpRequest, disclosure: Disclosure, **context: Any) -> HttpResponse:
        """The page of one disclosure: who did what, what is to be filled in, what stands against it, what can be done."""
        return self.show_hub(request, disclosure)

    def show_hub(
        self, request: HttpRequest, disclosure: Disclosure, unsaved: Unsaved | None = None, **context: Any
    ) -> HttpResponse:
        """The page; what a form said on findings and was not saved stays in its fields."""
        explanations = Prefetch("explanations", Explanation.objects.select_related("person"))
        prefetch_related_objects([disclosure], explanations)  # for the draft, the form's version and the page
        draft = draft_of(disclosure)
        intakes = (
            disclosure.intakes.select_related("person")
            .defer(*HEAVY)
            .filter(
                Q(undone_at=None, confirmed_at__isnull=False)
                | Q(person=access.person_of(request), confirmed_at=None)
            )
        )
        publications = list(
            disclosure.publications.select_related("state")
            .defer("payload", "checks", "state__text")
            .order_by("-revision")
        )
        board = desk(disclosure, draft)
        person = access.person_of(request)
        remarks = remarks_on(disclosure, draft, person)
        offer = offered(person, disclosure, draft, remarks, ready=not board.left)
        for note in board.notes:
            if kept := (unsaved or {}).get(f"text-{note.field}"):
                note.typed, note.refused = kept[:2], kept[2]
        under_way = getattr(disclosure, "publishing", True)  # as the query of the page found
        publishing = disclosure.jobs.publishing().first() if under_way else None
        followed = disclosure.jobs.filter(kind__in=(JobKind.PUBLISH, JobKind.PDF))
        job = publishing or followed.exclude(due_at__gt=timezone.now()).first()
        ahead = disclosure.jobs.filter(kind=JobKind.AHEAD, version=disclosure.version, state=JobState.FAILED)
        return self.render(
            request,
            "admin/disclosure/hub.html",
            disclosure,
            title=str(disclosure),
            item=home.item(disclosure, timezone.localdate()),
            next_told=home.next_for(person, disclosure),
            unschedule=access.May.UNSCHEDULE,
            recallable=access.may_here(request.user, access.May.UNSCHEDULE, disclosure),
            desk=board,
            refused=[note for note in board.notes if note.refused],
            figures=headlines(draft.document),
            remarks=open_first(remarks),
            still_open=[remark for remark in remarks if remark.open],
            steps=offer.steps,
            offer=offer,
            writable=access.may_here(request.user, access.May.EDIT, disclosure),
            opened=explanations_part().version(disclosure),
            shelf=autosave.shelf(request, reverse("admin:budgets_disclosure_change", args=[disclosure.pk])),
            log=disclosure.log.select_related("person").order_by("-id")[:8],
            publications=publications,
            job=job,
            publishing=publishing,
            unbuilt=ahead.first() if disclosure.publish_at else None,
            look_again=look_again([disclosure]),
            public=path_of(draft.document),
            units=with_approved(disclosure),
            current=any(row.state.status == PublicationStatus.CURRENT for row in publications),
            pending=access.person_of(request).role in access.ROLES[access.May.PUBLISH]
            and pending(disclosure),
            intake=next((each for each in intakes if each.confirmed_at), None),
            waiting=next((each for each in intakes if not each.confirmed_at), None),
            **context,
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.whole_history_view(request, object_id)

    @object_view(*READING)
    def whole_history_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """Savings and steps of one disclosure together, latest first."""
        savings = told_together(changes(disclosure))
        saved = [
            {"at": one.at, "who": one.who, "words": one.words, "lines": one.lines, "more": one.more}
            for one in savings
        ]
        taken = [
            {"at": row.at, "who": row.person, "words": row.reason, "step": row.get_action_display()}
            for row in disclosure.log.select_related("person")
        ]
        entries = sorted([*saved, *taken], key=itemgetter("at"), reverse=True)
        return self.render(
            request,
            "admin/disclosure/history.html",
            disclosure,
            title="修改历史",
            entries=entries,
            writable=True,
        )
