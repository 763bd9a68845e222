"""Where a disclosure stands against the days within which it is made public, in words and tone."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, When

from budgets.domain.law import days_late, due
from budgets.models import Disclosure, Job, Publication, PublicationState, PublicationStatus

SOON = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, the days left (negative when late; None when nothing is counted), and the words and tone for it.

    `order` sorts by urgency: what is counted, what was not begun, what has no date, what is done.
    """

    due: date | None
    left: int | None
    words: str
    tone: str
    order: int = 0

    @property
    def late(self) -> bool:
        """True while the last day is over and nothing was ever published."""
        return self.left is not None and self.left < 0

    @property
    def ended(self) -> bool:
        """True from the first publication on, whatever came after it."""
        return self.order == 3


def dated(rows: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
    """The disclosures with what `deadline` asks of their publications, in the same query.

    `first_published_on`; `approval_published`, the date of approval that the public lists count from (that of the
    version that stands, else of the newest); `public_now`, whether a version stands; `withdrawn_on`, the day on which
    the newest that was withdrawn was; `publishing`, whether a publication is under way.
    """
    states = PublicationState.objects.filter(publication__disclosure=OuterRef("pk"))
    standing = Case(When(status=PublicationStatus.CURRENT, then=0), default=1)
    revisions = Publication.objects.filter(disclosure=OuterRef("pk")).order_by("revision")
    return rows.annotate(
        first_published_on=Subquery(revisions.values("published_on")[:1]),
        approval_published=Subquery(
            states.order_by(standing, "-publication__revision").values("approved_on")[:1]
        ),
        publishing=Exists(Job.objects.publishing().filter(disclosure=OuterRef("pk"))),
        public_now=Exists(states.filter(status=PublicationStatus.CURRENT)),
        withdrawn_on=Subquery(
            states.filter(status=PublicationStatus.WITHDRAWN)
            .order_by("-publication__revision")
            .values("withdrawn_on")[:1]
        ),
    )


def deadline(disclosure: Disclosure | None, today: date) -> Deadline:
    """Where a disclosure stands; without a date of approval there is none to count from."""
    if disclosure is None:
        return Deadline(None, None, "尚未开始", "warn", 1)
    if not hasattr(disclosure, "first_published_on"):
        disclosure = dated(Disclosure.objects.all()).get(pk=disclosure.pk)
    first: date | None = getattr(disclosure, "first_published_on", None)
    withdrawn: date | None = getattr(disclosure, "withdrawn_on", None)
    if withdrawn is not None and not getattr(disclosure, "public_now", False):
        return Deadline(None, None, f"已撤下 {withdrawn}", "bad", 3)
    if first is not None:
        return _ended(getattr(disclosure, "approval_published", None), first)
    if disclosure.approved_on is None:
        return Deadline(None, None, "未填批复日期", "warn", 2)
    last, left = due(disclosure.approved_on), -days_late(disclosure.approved_on, today)
    if last is None:
        return Deadline(None, None, "批复早于公开期限的规定", "", 2)
    if left < 0:
        return Deadline(last, left, f"逾期 {-left} 天", "bad")
    words, tone = "今天到期" if left == 0 else f"还有 {left} 天", "warn" if left <= SOON else ""
    return Deadline(last, left, words, tone)


def _ended(approved_on: date | None, first: date) -> Deadline:
    if approved_on is None or due(approved_on) is None:
        return Deadline(None, None, "已公开", "good", 3)
    late = days_late(approved_on, first)
    words, tone = (f"逾期 {late} 天公开", "warn") if late > 0 else ("已按期公开", "good")
    return Deadline(due(approved_on), None, words, tone, 3)
