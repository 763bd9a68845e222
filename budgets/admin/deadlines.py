"""Where a disclosure stands against the days within which it is made public, in words and tone."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, When

from budgets.domain.law import days_late, due
from budgets.domain.terms import Stage
from budgets.models import (
    DepartmentYear,
    Disclosure,
    FiscalYear,
    Job,
    Publication,
    PublicationState,
    PublicationStatus,
)

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
    `own_approval` and `usual_approval` are the dates that the bureau set for the
    department and for all, `year_locked` whether it locked the year.
    """
    years = FiscalYear.objects.filter(
        region=OuterRef("department__region"), fiscal_year=OuterRef("fiscal_year")
    )
    own = DepartmentYear.objects.filter(
        department=OuterRef("department"), year__fiscal_year=OuterRef("fiscal_year")
    )
    states = PublicationState.objects.filter(publication__disclosure=OuterRef("pk"))
    standing = Case(When(status=PublicationStatus.CURRENT, then=0), default=1)
    revisions = Publication.objects.filter(disclosure=OuterRef("pk")).order_by("revision")
    return rows.annotate(
        usual_approval=Subquery(years.values("approved_on")[:1]),
        own_approval=Subquery(own.values("approved_on")[:1]),
        year_locked=Exists(years.filter(locked_at__isnull=False)),
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


def approval_set(disclosure: Disclosure) -> date | None:
    """The date of approval that the bureau set for the department's budget; of rows from `dated` alone."""
    if disclosure.stage != Stage.BUDGET:
        return None
    own: date | None = getattr(disclosure, "own_approval", None)
    return own or getattr(disclosure, "usual_approval", None)


def deadline(disclosure: Disclosure | None, today: date, approved_on: date | None = None) -> Deadline:
    """Where a disclosure stands; without a date of approval there is none to count from.

    The date is the disclosure's own, else the one that the bureau set; `approved_on` is that of a department that has
    begun nothing, which is as late as any other.
    """
    if disclosure is None:
        counted = _counted(approved_on, today)
        return (
            counted if counted and counted.left is not None else Deadline(None, None, "尚未开始", "warn", 1)
        )
    if not hasattr(disclosure, "first_published_on"):
        disclosure = dated(Disclosure.objects.all()).get(pk=disclosure.pk)
    first: date | None = getattr(disclosure, "first_published_on", None)
    withdrawn: date | None = getattr(disclosure, "withdrawn_on", None)
    if withdrawn is not None and not getattr(disclosure, "public_now", False):
        return Deadline(None, None, f"已撤下 {withdrawn}", "bad", 3)
    if first is not None:
        return _ended(getattr(disclosure, "approval_published", None), first)
    counted = _counted(disclosure.approved_on or approval_set(disclosure), today)
    return counted or Deadline(None, None, "未填批复日期", "warn", 2)


def _counted(approved_on: date | None, today: date) -> Deadline | None:
    """The days that are left after an approval; None without one."""
    if approved_on is None:
        return None
    last, left = due(approved_on), -days_late(approved_on, today)
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
