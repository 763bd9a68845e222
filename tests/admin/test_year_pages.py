"""The bureau's year: who opens it, what is refused, dates by list, the lock, and what the office is told."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from budgets import access, tablesets
from budgets.admin import home
from budgets.admin.approval_lists import read_day, read_list
from budgets.domain.law import due
from budgets.models import ChapterText, Department, DepartmentYear, Disclosure, FiscalYear, Narrative
from budgets.workflow import lifecycle
from budgets.workflow.starting import start
from budgets.workflow.year_opening import CannotOpen, Terms, lock, open_year, set_dates, set_terms
from tests.makers.disclosures import (
    a_department,
    a_person,
    a_region,
    a_sound_disclosure,
    an_open_year,
    approved,
    submitted,
)

from .forms import enter, fields, of

pytestmark = pytest.mark.django_db
YEARS, YEAR = reverse("admin:fiscal_years"), reverse("admin:fiscal_year", args=[2024])
BUREAU = ("bureau_officer", "bureau_administrator")
OTHERS = ("accountant", "reviewer", "auditor", "central_administrator")

BUDGETS = [key for key, _ in tablesets.usual()]


@pytest.fixture
def two():
    """Two departments, each with its accountant."""
    found = a_department(), a_department("484", "乐亭县水务局")
    return [(department, a_person(department=department)) for department in found]


def sent(client, do: str, **data):
    """The page's form with some fields changed, sent by that button."""
    page = client.get(YEAR)
    return client.post(YEAR, fields(page) | {"do": do} | data)


def test_whichever_button_is_pressed_all_that_was_typed_is_saved_or_nothing(client, two):
    year = an_open_year(2024)
    (first, _), (second, _) = two
    enter(client, "bureau_officer")
    text, day = "text-hebei_2023-overview", f"day-{first.pk}"
    typed = {text: "一。\r\n二。", day: "2024-01-15", "list": f"{second.code} 2024-01-18"}
    refused = sent(client, "lock", **typed | {text: "[[没有这个数]]"})
    assert refused.status_code == 200 and "起草文字没有保存" in refused.text
    assert fields(refused)[day] == "2024-01-15" and fields(refused)["list"] == typed["list"]
    year.refresh_from_db()
    assert not year.locked and not DepartmentYear.objects.exists()
    done = client.post(YEAR, fields(refused) | {"do": "lock", text: typed[text]}, follow=True)
    assert "已填 1 个部门的批复日期" in done.text and "已保存起草文字" in done.text and "已锁定" in done.text
    assert {own.department: own.approved_on for own in year.departments.all()} == {
        first: date(2024, 1, 15),
        second: date(2024, 1, 18),
    }
    assert ChapterText.objects.get().text == "一。\n二。"
    # What stands as it was is not told as saved again.
    assert "起草文字，以后" not in sent(client, "unlock").text
    year.refresh_from_db()
    version = year.version
    sent(client, "terms")
    year.refresh_from_db()
    assert not year.locked and year.version == version + 1


def test_the_bureau_opens_a_year_and_nobody_else(client):
    data = {"number": "2024", "table_set": "shanghai_2023", "approved_on": "2024-02-29"}
    for role in OTHERS:
        enter(client, role)
        assert client.get(YEARS).status_code == client.post(YEARS, data).status_code == 404, role
    for role, number in zip(BUREAU, ("2024", "2025"), strict=True):
        person = enter(client, role)
        assert client.post(YEARS, data | {"number": number, "approved_on": ""}).status_code == 302
        assert FiscalYear.objects.get(fiscal_year=number).opened_by == person
    assert "已经开放" in client.post(YEARS, data).text
    assert FiscalYear.objects.count() == 2


@pytest.mark.sweep(1)
@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_reaches_an_open_year(client, role):
    year = an_open_year(2024)
    person = enter(client, role)
    for do in ("terms", "dates", "texts", "lock", "unlock"):
        assert client.post(YEAR, {"do": do, "version": "1"}).status_code == 404
    with pytest.raises(CannotOpen):
        lock(year, by=person)
    with pytest.raises(CannotOpen):
        open_year(a_region(), 2025, table_set="hebei_2023", by=person)


def test_the_bureau_of_another_region_sees_and_changes_its_own_alone(client):
    year = an_open_year(2024)
    person = enter(client, "bureau_officer", region=a_region("130224", "滦南县"))
    assert client.get(YEAR).status_code == client.post(YEAR, {"do": "lock"}).status_code == 404
    for act in (lambda: lock(year, by=person), lambda: set_dates(year, {}, by=person)):
        with pytest.raises(CannotOpen):
            act()
    an_open_year(2024, region=person.region)
    with pytest.raises(CannotOpen, match="不属于本地区"):
        own = FiscalYear.objects.get(region=person.region)
        set_dates(own, {a_department(): date(2024, 1, 16)}, by=person)
    assert not access.years_for(person).filter(pk=year.pk).exists()


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", BUDGETS)
def test_a_department_starts_what_is_open_with_the_bureaus_set_and_date(client, two, table_set):
    (department, accountant), (other, _) = two
    add = reverse("admin:budgets_disclosure_add")
    officer = a_person("bureau_officer", name="赵财政")
    client.force_login(accountant)
    for page in (client.get(add), client.get(reverse("admin:index"))):
        assert "乐亭县财政局开放" in page.text and officer.name in page.text
    assert client.post(add, {"year": "2024"}).status_code == 200 and not Disclosure.objects.exists()
    otherwise = next(key for key in BUDGETS if key != table_set)
    year = an_open_year(2024, otherwise, approved_on=date(2024, 1, 10))
    set_terms(
        year, Terms(otherwise, year.approved_on), {department: (table_set, date(2024, 2, 29))}, by=officer
    )
    data = {"year": "2024", "table_set": otherwise}  # which is asked of nobody
    assert client.post(add, data).status_code == 302
    begun = Disclosure.objects.get()
    assert (begun.table_set, begun.approved_on) == (table_set, date(2024, 2, 29))
    assert due(begun.approved_on) == date(2024, 3, 20)
    client.force_login(a_person(department=other))
    client.post(add, data)
    assert Disclosure.objects.get(department=other).table_set == otherwise
    assert Disclosure.objects.get(department=other).approved_on == date(2024, 1, 10)


def test_another_table_set_takes_over_rows_and_no_chapters(two):
    (department, accountant), _ = two
    last = a_sound_disclosure(department)
    Narrative.objects.filter(disclosure=last).update(text="去年的文字。")
    an_open_year(2024, "shanghai_2023")
    new = start(department, 2024, by=accountant, like=last)
    assert set(new.narratives.values_list("text", flat=True)) == {""}
    assert {n.key for n in new.narratives.all()} == {c.key for c in tablesets.get("shanghai_2023").chapters}
    assert new.expenditure_lines.count() and not new.wordings.exists()
    an_open_year(2025)  # the control: with the same set the text comes along
    assert "去年的文字。" in start(department, 2025, by=accountant, like=last).narratives.first().text


def test_dates_fill_what_is_blank_and_touch_nothing_else(client, two):
    (first, _), (second, _) = two
    third, fourth = a_department("485", "甲局"), a_department("486", "乙局")
    blank = a_sound_disclosure(first, year=2024, approved_on=None)
    typed = a_sound_disclosure(second, year=2024)
    handed_in = submitted(a_sound_disclosure(third, year=2024, approved_on=None))
    before = handed_in.submitted_hash, handed_in.version
    a_sound_disclosure(fourth, approved_on=None)  # another year
    an_open_year(2024)
    enter(client, "bureau_officer")
    text = "编码\t部门\t批复日期\n483\t审批局\t2024年2月29日\n484 2024/1/18\n485,2024.1.18\n\n486 20240118"
    answer = client.post(YEAR, {"do": "dates", "version": "1", "list": text}, follow=True)
    assert "已填 4 个部门的批复日期。1 个部门的草稿填上了批复日期。" in answer.text
    version = blank.version
    for each in (blank, typed, handed_in):
        each.refresh_from_db()
    assert (blank.approved_on, blank.version) == (date(2024, 2, 29), version + 1)
    assert typed.approved_on == date(2024, 1, 16)
    assert (handed_in.approved_on, handed_in.submitted_hash, handed_in.version) == (None, *before)
    assert "填的是 2024-01-16，财政局定的是 2024-01-18" in answer.text, "what differs is told"
    assert "提交的内容里没有批复日期" in answer.text
    assert "财政局填写 2024-02-29" in client.get(of(blank, "history")).text
    assert Disclosure.objects.get(department=fourth, fiscal_year=2023).approved_on is None
    lifecycle.approve(handed_in, by=a_person("bureau_officer"))  # its content is what was submitted


LISTS = {
    "999 2024-01-16": "没有编码为 999",
    "483 2023-02-29": "没有“2023-02-29”这一天",
    "483 2024-13-01": "没有“2024-13-01”这一天",
    "483 元月十六": "“元月十六”不是日期",
    "483": "后面没有日期",
    "水务局 2024-01-16": "不是以部门预算编码开头",
    "483 2024-01-16\n483 2024-01-17": "编码 483 在第 2 行已经写过",
    "483 2042-01-16": "不在 2023 年至 2024 年之间",
    "": "请粘贴清单",
}


@pytest.mark.sweep(4)
@pytest.mark.parametrize("text", LISTS)
def test_a_list_with_a_line_that_says_nothing_is_refused_whole(client, two, text):
    an_open_year(2024)
    enter(client, "bureau_officer")
    answer = client.post(
        YEAR, {"do": "dates", "version": "1", "list": f"484 2024-01-18\n{text}" if text else ""}
    )
    assert LISTS[text] in answer.text and answer.status_code in (200, 409)
    assert not DepartmentYear.objects.exists()
    assert text.splitlines()[-1:] == [] or text.splitlines()[-1] in answer.text, "what was pasted stays"


def test_days_are_read_as_people_write_them():
    for text in ("2024-2-29", "2024/02/29", "2024.2.29", "2024年2月29日", "2024 年 2 月 29 日", "20240229"):
        assert read_day(text) == date(2024, 2, 29)
    for text in ("2023-02-29", "29.2.2024", "2024-2", "昨天", "", "２０２４-2-29"):
        with pytest.raises(ValueError, match="日期|这一天"):
            read_day(text)
    assert read_list("", []) == ({}, [])


def test_the_page_saves_table_sets_and_dates_and_refuses_what_is_none(client, two):
    (first, _), (second, _) = two
    an_open_year(2024)
    enter(client, "bureau_administrator")
    day, chosen = f"day-{first.pk}", f"set-{second.pk}"
    answer = sent(client, "terms", approved_on="2024-01-10", **{day: "2024-01-12", chosen: "shanghai_2023"})
    assert answer.status_code == 302
    told = {own.department_id: (own.table_set, own.approved_on) for own in DepartmentYear.objects.all()}
    assert told == {first.pk: ("", date(2024, 1, 12)), second.pk: ("shanghai_2023", None)}
    refused = sent(client, "terms", **{day: "2024-02-30"})
    assert "没有“2024-02-30”这一天" in refused.text and 'value="2024-02-30"' in refused.text
    assert "不在 2023 年至 2024 年之间" in sent(client, "terms", approved_on="2034-01-10").text
    stale = sent(client, "terms", version="1", approved_on="2024-01-11")
    assert stale.status_code == 409 and "别人又改动过" in stale.text and "2024-01-11" in stale.text
    assert client.post(YEAR, {"do": "nothing"}).status_code == 409
    assert FiscalYear.objects.get().approved_on == date(2024, 1, 10)
    assert sent(client, "terms", **{day: "", chosen: ""}).status_code == 302
    assert not DepartmentYear.objects.exists(), "blank is as for all"


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", BUDGETS)
def test_chapters_start_with_the_bureaus_texts(client, two, table_set):
    (department, accountant), _ = two
    chapter = tablesets.get(table_set).chapters[0].key
    an_open_year(2024, table_set)
    enter(client, "bureau_officer")
    name = f"text-{table_set}-{chapter}"
    for wrong in ("收入[[没有这个数]]万元。", "[[本年收入合计·增减·乱]]", "长" * 20_001):
        refused = sent(client, "texts", **{name: wrong})
        assert refused.status_code == 200 and not ChapterText.objects.exists()
        assert wrong[:40] in refused.text, "what was typed stays"
    text = "[[单位名称]][[年度]]年的情况，（请写明主要工作）。"
    assert sent(client, "texts", **{name: text}).status_code == 302
    begun = start(department, 2024, by=accountant)
    row = begun.narratives.get(key=chapter)
    assert row.text == text and "请写明主要工作" in row.reread
    assert not begun.narratives.exclude(key=chapter).exclude(text="").exists()
    assert sent(client, "texts", **{name: " "}).status_code == 302 and not ChapterText.objects.exists()


def test_a_locked_year_takes_nothing_from_departments_and_says_so(client, two):
    (department, accountant), (other, second) = two
    year, officer = an_open_year(2024), a_person("bureau_officer", name="赵财政")
    draft = a_sound_disclosure(department, year=2024)
    handed_in = submitted(a_sound_disclosure(other, year=2024), by=second)
    client.force_login(accountant)
    chapter = of(draft, "chapter", "overview")
    opened = fields(client.get(chapter)) | {"text": "写了半天的一章。"}  # the page stands open
    grid = of(draft, "enter", "revenue")
    typed = fields(client.get(grid))
    lock(year, by=officer)
    held = Disclosure.objects.get(pk=draft.pk)
    for url, data, kept in ((chapter, opened, "写了半天的一章。"), (grid, typed, "1100101")):
        answer = client.post(url, data)
        assert answer.status_code == 403
        assert "2024年度已由财政局锁定" in answer.text and officer.name in answer.text
        assert url == grid or kept in answer.text, "nothing typed is lost"
    script = client.post(chapter, opened, headers={"accept": "application/json"})
    assert script.status_code == 403
    draft.refresh_from_db()
    assert draft.version == held.version
    for url in (chapter, grid, of(draft, "change"), reverse("admin:index")):
        assert "锁定" in client.get(url).text
    for key in ("submit", "delete"):
        page = client.post(of(draft, "step", key), {"version": draft.version})
        assert page.status_code == 409 and "2024年度已由财政局锁定" in page.text
    for step, row, by in (
        (lifecycle.submit, draft, accountant),
        (lifecycle.recall, handed_in, second),
    ):
        with pytest.raises(lifecycle.Refused, match="锁定"):
            step(row, by=by)
    third = a_department("485", "甲局")
    client.force_login(a_person(department=third))
    add = client.post(reverse("admin:budgets_disclosure_add"), {"year": "2024"})
    assert "锁定" in add.text and not Disclosure.objects.filter(department=third).exists()
    lifecycle.approve(handed_in, by=officer)  # the bureau goes on
    client.force_login(officer)
    assert sent(client, "unlock").status_code == 302
    client.force_login(accountant)  # the control: the same page is taken once the lock is gone
    assert client.post(chapter, opened).status_code == 302
    assert draft.narratives.get(key="overview").text == "写了半天的一章。"


def test_a_lock_holds_one_year_of_one_region(two, monkeypatch):
    (department, accountant), _ = two
    lock(an_open_year(2024), by=a_person("bureau_officer"))
    elsewhere = a_department("101", "远局", a_region("130224", "滦南县"))
    for row in (a_sound_disclosure(department), a_sound_disclosure(elsewhere, year=2024)):
        by = a_person(department=row.department)
        assert access.may(by, access.May.EDIT, row)
    locked = a_sound_disclosure(department, year=2024)
    assert not access.may(accountant, access.May.EDIT, locked)
    assert access.may(accountant, access.May.VIEW, locked)
    monkeypatch.setattr(access.taking, "is_locked_for", lambda *asked: False)  # the control
    assert access.may(accountant, access.May.EDIT, locked)


def test_the_overview_tells_whom_to_remind_of_what(client, monkeypatch, two):
    (first, accountant), (second, _) = two
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2024, 2, 10))
    Department.objects.filter(pk=first.pk).update(phone="0315-4600001")
    year, officer = an_open_year(2024), a_person("bureau_officer")
    undated, public = a_department("485", "甲局"), a_department("486", "乙局")
    set_dates(year, {first: date(2024, 1, 16), second: date(2024, 2, 1)}, by=officer)
    start(second, 2024, by=a_person(department=second))
    approved(a_sound_disclosure(public, year=2024, approved_on=None), officer)
    client.force_login(officer)
    url = reverse("admin:overview_year", args=[2024])
    page = client.get(url)
    rows = {row.department: row for row in page.context["rows"]}
    assert (rows[first].deadline.words, rows[second].deadline.words) == ("逾期 5 天", "还有 11 天")
    assert (page.context["late"], page.context["undated"]) == (1, 2)
    assert "不能算作按期" in page.text
    told = rows[first].reminder
    for words in (first.name, "还没有开始编报", "2024-01-16", "2024-02-05", "逾期 5 天", "/admin/"):
        assert words in told, words
    assert accountant.name in page.text and "0315-4600001" in page.text and "没有会计账号" in page.text
    assert "各表还没有金额" in rows[second].reminder and "章没有写" in rows[second].reminder
    assert "没有批复日期" in rows[undated].reminder and "没有批复日期" in rows[public].reminder
    assert "按期" not in rows[public].deadline.words
    late = page.context["late_told"]
    assert first.name in late and second.name not in late and undated.name not in late
    for only, codes in (("late", {"483"}), ("undated", {"485", "486"}), ("unstarted", {"483", "485"})):
        table = client.get(url, {"only": only}).context["table"]
        assert {row.record.department.code for row in table.paginated_rows} == codes, only
    # what is missing is told no more once it is there
    full = a_sound_disclosure(first, year=2024)
    told = {r.department: r for r in client.get(url).context["rows"]}[first].reminder
    assert "没有提交" in told and "金额" not in told and "没有写" not in told
    Disclosure.objects.filter(pk=full.pk).update(approved_on=date(2024, 2, 9))
    row = {r.department: r for r in client.get(url).context["rows"]}[first]
    assert row.differs and row.deadline.words == "还有 19 天"
    assert "财政局定 01-16" in client.get(url, {"only": "differs"}).text


def test_overview_and_year_ask_as_much_for_forty_as_for_four(client):
    an_open_year(2024)
    enter(client, "bureau_officer")
    region = a_region()

    def asked(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def more(numbers) -> None:
        for n in numbers:
            department = Department.objects.create(region=region, code=f"5{n:02d}", name=f"第{n}局")
            a_person(department=department)
            if n % 2:
                Disclosure.objects.create(department=department, fiscal_year=2024)

    urls = [reverse("admin:overview_year", args=[2024]), YEAR]
    more(range(4))
    few = [asked(url) for url in urls * 2][2:]  # the first time more is asked, once for all
    more(range(4, 40))
    assert [asked(url) for url in urls] == few


def test_years_with_disclosures_are_open_after_the_upgrade(two):
    """With the table sets that these have, so that nothing that works stops; a deleted draft opens nothing."""
    (first, accountant), (second, _) = two
    third = a_department("485", "甲局")
    for department, table_set in ((first, "hebei_2023"), (second, "shanghai_2023"), (third, "hebei_2023")):
        Disclosure.objects.create(department=department, fiscal_year=2023, table_set=table_set)
    Disclosure.with_deleted.create(department=first, fiscal_year=2022, deleted_at=timezone.now())
    migration = import_module("budgets.migrations.0019_years_are_opened")
    migration.open_years(apps, None)
    (year,) = FiscalYear.objects.all()
    assert (year.fiscal_year, year.table_set, year.opened_by, year.locked) == (
        2023,
        "hebei_2023",
        None,
        False,
    )
    own = DepartmentYear.objects.get()
    assert (own.department, own.table_set) == (second, "shanghai_2023")
    assert access.may(accountant, access.May.EDIT, Disclosure.objects.get(department=first))


def test_the_bureaus_year_is_the_latest_that_it_opened(two):
    officer = a_person("bureau_officer")
    an_open_year(2025)  # one that was there before years were opened says nothing
    assert home.current_year(officer, date(2023, 5, 1)) == 2023
    open_year(a_region(), 2024, table_set="hebei_2023", by=officer)
    assert home.current_year(officer, date(2023, 5, 1)) == 2024
