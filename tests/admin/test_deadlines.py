"""The twenty days: counted from the approval, ended by the first publication, told alike wherever they are told."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from budgets.admin import home
from budgets.admin.deadlines import deadline
from budgets.admin.overview import OverviewTable
from budgets.domain.law import DISCLOSURE
from budgets.models import Disclosure, PublicationState
from budgets.public.lists import entries
from budgets.workflow import lifecycle, versions
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_person,
    a_sound_disclosure,
    approved,
    published,
)

from .forms import enter, of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf", "few_pages")]
APPROVAL = date(2023, 1, 16)  # of every sound disclosure


@pytest.fixture
def officer():
    return a_person("bureau_officer")


def on(monkeypatch, day: date) -> None:
    """It is that day in Beijing."""
    monkeypatch.setattr(versions, "today", lambda: day)
    monkeypatch.setattr(timezone, "localdate", lambda *args: day)


def words(disclosure) -> str:
    return deadline(Disclosure.objects.get(pk=disclosure.pk), timezone.localdate()).words


@pytest.mark.parametrize(("after", "told", "late"), [(20, "已按期公开", False), (21, "逾期 1 天公开", True)])
def test_the_first_publication_ends_the_count(monkeypatch, officer, after, told, late):
    """Whatever comes after it: a correction, its withdrawal, another correction."""
    disclosure = a_sound_disclosure()
    on(monkeypatch, APPROVAL + timedelta(days=after))
    publication = published(disclosure, officer)
    (entry,) = entries(type(publication).objects.all())
    assert (entry.days, entry.late) == (after, late)
    on(monkeypatch, APPROVAL + timedelta(days=400))
    steps = (lifecycle.correct, lifecycle.withdraw)
    said = [words(disclosure)]
    for step in steps:
        step(disclosure, by=officer, reason="联系方式有误")
        said.append(words(disclosure))
    gone = f"已撤下 {APPROVAL + timedelta(days=400)}"
    assert said == [told, told, gone], "what is not public is not called published in time"
    (row,) = home.year_rows(officer, 2023, timezone.localdate())
    assert (row.deadline.late, row.deadline.ended, row.deadline.words) == (False, True, gone)
    disclosure.refresh_from_db()
    lifecycle.publish(approved(disclosure, officer), by=officer)
    assert words(disclosure) == told, "public again, the first publication counts"


def test_a_draft_and_one_without_a_date_are_still_counted(monkeypatch):
    on(monkeypatch, APPROVAL + timedelta(days=21))
    assert words(a_sound_disclosure()) == "逾期 1 天"
    assert words(a_disclosure(a_department("484", "乐亭县水务局"))) == "未填批复日期"


def test_admin_and_public_lists_count_from_the_same_approval(monkeypatch, officer):
    """A correction that is being written may name another date: what is told is what was published."""
    disclosure = a_sound_disclosure()
    on(monkeypatch, APPROVAL + timedelta(days=30))
    publication = published(disclosure, officer)
    lifecycle.correct(disclosure, by=officer, reason="批复日期有误")
    Disclosure.objects.filter(pk=disclosure.pk).update(approved_on=APPROVAL + timedelta(days=15))
    (entry,) = entries(type(publication).objects.all())
    assert (entry.late, words(disclosure)) == (True, "逾期 10 天公开")
    PublicationState.objects.update(approved_on=None)
    assert words(disclosure) == "已公开"


def test_home_overview_hub_and_list_say_the_same(client, monkeypatch, officer):
    on(monkeypatch, APPROVAL + timedelta(days=10))
    disclosure = a_sound_disclosure()
    published(disclosure, officer)
    a_sound_disclosure(a_department("484", "乐亭县水务局"))
    on(monkeypatch, APPROVAL + timedelta(days=400))
    lifecycle.correct(disclosure, by=officer, reason="联系方式有误")
    client.force_login(officer)
    overview = client.get(reverse("admin:overview"))
    said = {row.department.code: row.deadline.words for row in overview.context["rows"]}
    assert said == {"483": "已按期公开", "484": "逾期 380 天"}
    assert (overview.context["published"], overview.context["late"]) == (1, 1)
    assert [row.department.code for row in client.get(reverse("admin:index")).context["late"]] == ["484"]
    assert "已按期公开" in client.get(of(disclosure, "change")).text
    assert "已按期公开" in client.get(reverse("admin:budgets_disclosure_changelist")).text
    enter(client, "accountant")
    assert "已按期公开" in client.get(reverse("admin:index")).text


def test_the_hub_says_what_is_public_now(client, monkeypatch, officer):
    disclosure = a_sound_disclosure()
    published(disclosure, officer)
    lifecycle.correct(disclosure, by=officer, reason="联系方式有误")
    client.force_login(officer)
    assert "现行公开版本不变" in client.get(of(disclosure, "change")).text
    lifecycle.withdraw(disclosure, by=officer, reason="误公开")
    page = client.get(of(disclosure, "change")).text
    assert "现行公开版本不变" not in page and "现在没有公开的版本" in page


def test_the_bureaus_year_is_the_latest_public_or_submitted_one(client, monkeypatch, officer):
    """A draft of another year, which any accountant may begin, changes nothing for the bureau."""
    on(monkeypatch, date(2023, 2, 1))
    first, second = a_department(), a_department("484", "乐亭县水务局")
    a_disclosure(second, year=2024)
    assert home.current_year(officer, timezone.localdate()) == 2023
    a_disclosure(first, year=2021)
    published(a_sound_disclosure(first, year=2022), officer)
    assert home.current_year(officer, timezone.localdate()) == 2022
    disclosure = a_sound_disclosure(second)
    approved(disclosure, officer)
    assert home.current_year(officer, timezone.localdate()) == 2023
    client.force_login(officer)
    assert client.get(reverse("admin:overview")).context["year"] == 2023


def test_the_lists_do_not_ask_row_by_row(monkeypatch, officer):
    on(monkeypatch, APPROVAL)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            home.year_rows(officer, 2023, timezone.localdate())
        return len(queries)

    a_disclosure(a_department("101", "甲局"))
    one = asked()
    for n in range(6):
        a_disclosure(a_department(f"2{n}0", f"乙{n}局"))
    assert asked() == one


def test_the_overview_is_ordered_by_day_and_turned_page_by_page(client, monkeypatch, officer):
    on(monkeypatch, APPROVAL + timedelta(days=25))
    monkeypatch.setattr(OverviewTable, "most", 2)
    client.force_login(officer)

    def shown(query: str = "") -> list[str]:
        page = client.get(reverse("admin:overview_year", args=[2023]) + query)
        return [bound.record.department.code for bound in page.context["table"].paginated_rows]

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown("?sort=due")
        return len(queries)

    for code, days in (("101", 4), ("102", 0), ("103", 9)):
        a_disclosure(a_department(code, f"{code}局"), approved_on=APPROVAL + timedelta(days=days))
    a_department("104", "未局")
    assert shown() == ["102", "101"]  # late, the latest first
    assert shown("?page=2") == ["103", "104"]
    assert shown("?sort=-due") == ["103", "101"]
    assert shown("?sort=approved") == ["102", "101"]
    assert shown("?sort=-approved&page=2") == ["102", "104"]  # a blank is the last
    assert shown("?sort=-code&page=2") == ["102", "101"]
    few = asked()
    for n in range(6):
        a_disclosure(a_department(f"2{n}0", f"乙{n}局"))
    assert asked() == few


def test_an_approval_older_than_the_law_is_never_late():
    old = a_disclosure(a_department(), approved_on=DISCLOSURE.since - timedelta(days=1))
    told = deadline(old, date(2026, 1, 1))
    assert (told.late, told.due, told.words) == (False, None, "批复早于公开期限的规定")
