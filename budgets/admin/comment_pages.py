"""The pages of review comments: all of a disclosure, a new one, and the way to the first that is open."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, reverse

from budgets import access
from budgets.access import May
from budgets.admin.base import FORM, READING, ScopedAdmin, object_view
from budgets.admin.comment_notes import open_first, remarks_on
from budgets.admin.review_pages import SHOWN
from budgets.domain.place_words import PlaceWords
from budgets.domain.places import CellRef, Passage, Place, TablePlace, Whole, parsed, serialised
from budgets.models import Comment, Disclosure, Person
from budgets.workflow.comment_places import cells_of, row_at, row_place, sheet_of, stands
from budgets.workflow.commenting import LONGEST, answer, close, comment
from budgets.workflow.drafts import Draft, draft_of
from budgets.workflow.stepping import Refused

ANSWER, CLOSE = "answer", "close"
type Choice = tuple[str, str, str]  # the place as text, what it is called here, and in full


class CommentPages(ScopedAdmin):
    """Comments are made while a disclosure is with the reviewers, answered and closed until it is public."""

    def object_urls(self) -> list[URLPattern]:
        own = "<int:object_id>/comments/"
        return [
            *super().object_urls(),
            self.page(own, self.comments_view, "comments"),
            self.page(f"{own}new/", self.new_comment_view, "comment_new"),
            self.page(f"{own}first/", self.first_comment_view, "comment_first"),
        ]

    @object_view(*FORM)
    def comments_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """All comments, open ones first. POST `do` answers with everything that was typed, or closes one; what is not taken
        stays typed."""
        person = access.person_of(request)
        typed, refusal, refused = _typed(request.POST), "", 0
        if request.method == "POST":
            action, on = _pressed(request, disclosure, person)
            try:
                messages.success(request, _reply(action, on, typed, disclosure, person))
            except RefusedOn as kept:
                refusal, refused = str(kept.why), kept.comment.pk
            else:
                if not typed:
                    return HttpResponseRedirect(f"{request.path}#c-{on.pk}")
        draft = draft_of(disclosure)
        remarks = open_first(remarks_on(disclosure, draft, person))
        for remark in remarks:
            remark.typed = typed.get(remark.comment.pk, "")
        return self.render(
            request,
            "admin/disclosure/comments.html",
            disclosure,
            title="审核意见",
            remarks=remarks,
            may_comment=access.may_here(person, May.COMMENT, disclosure),
            writable=True,
            refusal=refusal,
            refused=refused,
            left=len(typed) if not refusal else 0,
            status=409 if refusal else 200,
        )

    @object_view(*READING)
    def first_comment_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """To where the first open comment is mended; to the list where none is open, or no page types its place."""
        remarks = remarks_on(disclosure, draft_of(disclosure), access.person_of(request))
        links = next((remark.links for remark in remarks if remark.open), [])
        url = reverse("admin:budgets_disclosure_comments", args=[disclosure.pk])
        return HttpResponseRedirect(links[0].url if links else url)

    @object_view(*FORM)
    def new_comment_view(self, request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
        """A form for a comment on `?at=`, or on what stands around it; 404 for a place that is not there."""
        person = access.person_of(request)
        draft = draft_of(disclosure)
        at = _asked_for(request.GET.get("at", "whole"), draft)
        chosen = request.POST.get("place", serialised(at))
        refusal = ""
        kept = urlencode({name: request.GET[name] for name in SHOWN if name in request.GET})
        review = reverse("admin:budgets_disclosure_review", args=[disclosure.pk]) + (
            f"?{kept}" if kept else ""
        )
        if request.method == "POST":
            try:
                made = comment(disclosure, place=chosen, text=request.POST.get("text", ""), by=person)
            except Refused as refused:
                refusal = str(refused)
            else:
                messages.success(request, "意见已记下，部门可以看到。")
                place = parsed(made.place)
                beside = isinstance(place, CellRef) or (isinstance(place, Passage) and place.quote)
                return HttpResponseRedirect(f"{review}#{'at' if beside else 'c'}-{made.pk}")
        choices = list(_choices(draft, at))
        return self.render(
            request,
            "admin/disclosure/comment_new.html",
            disclosure,
            title="提意见",
            choices=choices,
            chosen=chosen,
            text=request.POST.get("text", ""),
            longest=LONGEST,
            back=f"{review}#{_section(at)}",
            refusal=refusal,
            allowed=access.may_here(person, May.COMMENT, disclosure),
            writable=True,
            status=409 if refusal else 200,
        )


class RefusedOn(Exception):
    """A reply that was not taken, and the comment it was for; nothing else that was sent with it is taken either."""

    def __init__(self, why: Refused, comment: Comment) -> None:
        super().__init__(str(why))
        self.why, self.comment = why, comment


def _typed(post: QueryDict) -> dict[int, str]:
    """What was typed for each comment of the page, by its key."""
    names = {name: name.removeprefix("text-") for name in post if name.startswith("text-")}
    texts = {int(key): str(post[name]) for name, key in names.items() if _is_number(key)}
    return {key: text for key, text in texts.items() if text.strip()}


def _pressed(request: HttpRequest, disclosure: Disclosure, person: Person) -> tuple[str, Comment]:
    """What the pressed button does, and to which comment; 404 for what is not there."""
    action, _, key = request.POST.get("do", "").partition("-")
    on = _comments(disclosure, person).filter(pk=int(key) if _is_number(key) else 0).first()
    if on is None or action not in (ANSWER, CLOSE):
        raise Http404
    return action, on


def _comments(disclosure: Disclosure, person: Person) -> QuerySet[Comment]:
    return access.comments_for(person).filter(disclosure=disclosure).select_related("disclosure")


def _reply(action: str, on: Comment, typed: dict[int, str], disclosure: Disclosure, person: Person) -> str:
    """Close one comment, or take every answer that was typed: what was done, in words, and out of `typed` what was taken.

    Raises RefusedOn, with all of `typed` left.
    """
    if action == CLOSE:
        try:
            close(on, text=typed.get(on.pk, ""), by=person)
        except Refused as why:
            raise RefusedOn(why, on) from why
        typed.pop(on.pk, None)
        return "已关闭这条意见。"
    others = _comments(disclosure, person).filter(pk__in=typed).exclude(pk=on.pk)
    answered = [on, *others]
    with transaction.atomic():
        for each in answered:
            try:
                answer(each, text=typed.get(each.pk, ""), by=person)
            except Refused as why:
                raise RefusedOn(why, each) from why
    for each in answered:
        del typed[each.pk]
    return f"已答复 {len(answered)} 条意见。"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _section(place: Place) -> str:
    """The part of the review page that a place is in, as its address names it."""
    if isinstance(place, CellRef | TablePlace):
        return f"r-{place.table}"
    return f"r-c-{place.chapter}" if isinstance(place, Passage) else "comments"


def _asked_for(text: str, draft: Draft) -> Place:
    try:
        place = parsed(text)
    except ValueError as error:
        raise Http404 from error
    if not stands(draft, place):
        raise Http404
    return place


def _choices(draft: Draft, at: Place) -> list[Choice]:
    """What a comment at a place may speak of, from narrow to wide: the row and each of its cells, the sentence and its
    chapter; of the whole the whole alone."""
    words = PlaceWords(draft.document, draft.subjects)
    found: list[tuple[Place, str]] = []
    if isinstance(at, CellRef) and (sheet := sheet_of(draft, at.table)) and (row := row_at(sheet, at)):
        found += [(row_place(sheet, row), "整行")]
        found += [
            (cell, f"{'·'.join(column.path)}　{text or '空'}") for cell, column, text in cells_of(sheet, row)
        ]
        found += [(TablePlace(sheet.key), "整张表")]
    elif isinstance(at, Passage):
        found += [(at, f"这一句　{words(at)}")] if at.quote else []
        found += [(Passage(at.chapter), "整章")]
    elif not isinstance(at, Whole):
        found += [(at, words(at))]
    found += [(Whole(), "整份公开")]
    return [(serialised(place), label, words(place)) for place, label in dict(found).items()]
