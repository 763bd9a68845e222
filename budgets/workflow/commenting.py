"""Review comments: made, answered and closed, each an added row; what stands open keeps a disclosure where it is."""

from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from budgets.access import May
from budgets.domain.place_words import PlaceWords
from budgets.domain.places import parsed, serialised
from budgets.models import Comment, Disclosure, Happening, Person, Reply, ReplyKind, Role
from budgets.workflow.comment_places import stands
from budgets.workflow.drafts import draft_of
from budgets.workflow.stepping import NotAllowed, hold
from budgets.workflow.trail import tell

LONGEST = 2000  # characters of a comment or an answer
LONGEST_PLACE = 600  # of a place as text: a quote of 60 characters is 540
NOWHERE = "没有这个位置，请从核对改动页上点“提意见”。"


class OpenComments(NotAllowed):
    """Comments that nobody closed keep the disclosure from this step."""

    page = "comments"


def open_comments(disclosure: Disclosure) -> QuerySet[Comment]:
    """The comments on a disclosure that nobody closed, in the order in which they were made."""
    return disclosure.comments.exclude(replies__kind=ReplyKind.CLOSE)


def unanswered(disclosure: Disclosure) -> QuerySet[Comment]:
    """Of the open comments those to which the department said nothing."""
    return open_comments(disclosure).exclude(replies__kind=ReplyKind.ANSWER)


def left_unanswered(disclosure: Disclosure) -> int:
    """How many comments are unanswered; no query where `with_open_comments` counted them."""
    counted = vars(disclosure).get("comments_unanswered")
    return unanswered(disclosure).count() if counted is None else int(counted)


def with_open_comments(rows: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
    """The same disclosures, each with the number of its open comments in `comments_open`, and of the unanswered ones."""
    standing = Comment.objects.filter(disclosure=OuterRef("pk")).exclude(replies__kind=ReplyKind.CLOSE)
    silent = standing.exclude(replies__kind=ReplyKind.ANSWER)
    return rows.annotate(comments_open=_counted(standing), comments_unanswered=_counted(silent))


def _counted(comments: QuerySet[Comment]) -> Coalesce:
    counted = comments.order_by().values("disclosure").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def settled(disclosure: Disclosure, action: May) -> None:
    """Raises OpenComments while a comment is open."""
    if number := open_comments(disclosure).count():
        raise OpenComments(f"还有 {number} 条未关闭的意见，关闭以后才能{action.label}。")


def comment(disclosure: Disclosure, *, place: str, text: str, by: Person) -> Comment:
    """Say something on a place of what was handed in. Raises NotAllowed for no words and for a place that is not there."""
    said = _words(text, "意见")
    with transaction.atomic():
        locked = hold(disclosure, May.COMMENT, by, None)
        try:
            at = parsed(place)
        except ValueError as error:
            raise NotAllowed(NOWHERE) from error
        if len(serialised(at)) > LONGEST_PLACE or not stands(draft := draft_of(locked), at):
            raise NotAllowed(NOWHERE)
        where = PlaceWords(draft.document, draft.subjects)(at)
        tell(Happening.COMMENT, by, locked, words=f"位置：{where}", fields={"意见": ["", said]})
        return Comment.objects.create(
            disclosure=locked,
            place=serialised(at),
            text=said,
            submission=locked.submissions.count(),
            **_who(by),
        )


def answer(on: Comment, *, text: str, by: Person) -> Reply:
    """The department answers an open comment. Raises NotAllowed."""
    said = _words(text, "答复")
    with transaction.atomic():
        _hold_open(on, May.ANSWER, by)
        _tell(Happening.ANSWER, on, by, {"答复": ["", said]})
        return Reply.objects.create(comment=on, kind=ReplyKind.ANSWER, text=said, **_who(by))


def close(on: Comment, *, text: str = "", by: Person) -> Reply:
    """Close a comment: who made it, or the bureau. Raises NotAllowed."""
    with transaction.atomic():
        _hold_open(on, May.CLOSE, by)
        if not may_close(on, by):
            raise NotAllowed("意见由提出人或者财政局关闭。")
        said = text.strip()[:LONGEST]
        _tell(
            Happening.CLOSE,
            on,
            by,
            {"意见": ["未关闭", "已关闭"]} | ({"关闭时说": ["", said]} if said else {}),
        )
        return Reply.objects.create(comment=on, kind=ReplyKind.CLOSE, text=said, **_who(by))


def may_close(on: Comment, by: Person) -> bool:
    """Whether this comment is this person's to close, in a state in which comments may be."""
    return by.role == Role.BUREAU_OFFICER or on.person_id == by.pk


def _tell(action: Happening, on: Comment, by: Person, fields: dict[str, list[str]]) -> None:
    """What became of a comment, with the comment itself."""
    tell(action, by, on.disclosure, words=f"第 {on.pk} 号意见：{on.text}", fields=fields)


def _hold_open(on: Comment, action: May, by: Person) -> None:
    hold(on.disclosure, action, by, None)
    if on.replies.filter(kind=ReplyKind.CLOSE).exists():
        raise NotAllowed("这条意见已经关闭。")


def _words(text: str, what: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise NotAllowed(f"{what}没有写内容。")
    if len(said) > LONGEST:
        raise NotAllowed(f"{what}有 {len(said)} 字，最多 {LONGEST} 字，请写短一些。")
    return said


def _who(by: Person) -> dict[str, Any]:
    return {"person": by, "role": by.role, "at": timezone.now()}
