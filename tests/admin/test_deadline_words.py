"""What the portal says of the days left, and from which rows it knows: without a page."""

from datetime import date, timedelta

import pytest

from budgets.admin.deadlines import Deadline, dated, deadline
from budgets.domain.law import DISCLOSURE
from budgets.models import Disclosure, PublicationStatus
from tests.makers.disclosures import a_department, a_disclosure, a_public_row

APPROVED = date(2023, 1, 16)
LAST = APPROVED + timedelta(days=DISCLOSURE.days)
LONG_AGO = DISCLOSURE.since - timedelta(days=1)


def draft(approved_on, **asked) -> Disclosure:
    """A disclosure that was asked for with `dated`."""
    found = Disclosure(approved_on=approved_on)
    for name, value in ({"first_published_on": None, "approval_published": None} | asked).items():
        setattr(found, name, value)
    return found


@pytest.mark.parametrize(
    ("left", "words", "tone", "late"),
    [
        (6, "还有 6 天", "", False), (5, "还有 5 天", "warn", False), (1, "还有 1 天", "warn", False),
        (0, "今天到期", "warn", False), (-1, "逾期 1 天", "bad", True), (-30, "逾期 30 天", "bad", True),
    ],
)  # fmt: skip
def test_the_days_that_are_left(left, words, tone, late):
    found = deadline(draft(APPROVED), LAST - timedelta(days=left))
    assert found == Deadline(LAST, left, words, tone, 0)
    assert (found.late, found.ended) == (late, False)


@pytest.mark.parametrize(
    ("disclosure", "words", "tone", "order"),
    [
        (None, "尚未开始", "warn", 1), (draft(None), "未填批复日期", "warn", 2),
        (draft(LONG_AGO), "批复早于公开期限的规定", "", 2),
    ],
)  # fmt: skip
def test_where_nothing_is_counted(disclosure, words, tone, order):
    found = deadline(disclosure, LAST + timedelta(days=400))
    assert found == Deadline(None, None, words, tone, order)
    assert (found.late, found.ended) == (False, False)


@pytest.mark.parametrize(
    ("approved", "first", "expected"),
    [
        (APPROVED, LAST, Deadline(LAST, None, "已按期公开", "good", 3)),
        (APPROVED, LAST + timedelta(days=1), Deadline(LAST, None, "逾期 1 天公开", "warn", 3)),
        (None, LAST, Deadline(None, None, "已公开", "good", 3)),
        (LONG_AGO, LAST, Deadline(None, None, "已公开", "good", 3)),
    ],
)  # fmt: skip
def test_the_first_publication_ends_the_count(approved, first, expected):
    disclosure = draft(LONG_AGO, first_published_on=first, approval_published=approved)
    found = deadline(disclosure, LAST + timedelta(days=400))
    assert found == expected
    assert (found.late, found.ended) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize("written", [(1, 2), (2, 1)])  # the order of rows says nothing
@pytest.mark.parametrize("standing", [1, 2, None])
def test_the_approval_that_counts_is_that_of_the_version_that_stands_else_of_the_newest(standing, written):
    mine = a_disclosure(facts=(), approved_on=APPROVED)
    other = a_disclosure(a_department("484", "乐亭县水务局"), facts=(), approved_on=APPROVED)
    for revision in written:
        status = PublicationStatus.CURRENT if revision == standing else PublicationStatus.WITHDRAWN
        day = date(2023, 2, 10 * revision)
        a_public_row(mine, revision=revision, on=day, status=status, approved_on=day - timedelta(days=30))
    found = {each.pk: each for each in dated(Disclosure.objects.all())}
    asked = found[mine.pk]
    assert asked.first_published_on == date(2023, 2, 10)
    assert asked.approval_published == date(2023, 2, 10 * (standing or 2)) - timedelta(days=30)
    assert asked.public_now is (standing is not None)
    assert deadline(Disclosure.objects.get(pk=mine.pk), LAST) == deadline(asked, LAST)
    nothing = found[other.pk]
    assert (nothing.first_published_on, nothing.approval_published) == (None, None)
    assert nothing.public_now is False
    assert deadline(Disclosure.objects.get(pk=other.pk), LAST).words == "今天到期"
