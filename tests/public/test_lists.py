"""The lists: who has published what, at a fixed number of light queries, from publications alone."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Publication, PublicationState
from budgets.rendering.html import list_table
from budgets.workflow import lifecycle
from tests.makers.disclosures import (
    a_department,
    a_disclosure,
    a_person,
    a_region,
    a_sound_disclosure,
    published,
    restated,
)
from tests.rendering.markup import find, parse, words

pytestmark = pytest.mark.django_db
OTHERS = (("301", "乐亭县财政局"), ("512", "乐亭县卫生健康局"))


def rows(response) -> list[list[str]]:
    """The body of the page's table, cell by cell, without its sum."""
    (table,) = find(parse(response.content.decode()), "table")
    body = find(table, "tbody")[0]
    return [[words(cell) for cell in row] for row in find(body, "tr") if row.get("class") != "total"]


def links(response) -> set[str]:
    return {a.get("href") for a in find(parse(response.content.decode()), "a")}


TIME = "/130225/2023/?show=time"
LISTS = ("/", "/130225/", "/130225/2023/", "/130225/483/")


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.slow
def test_as_many_queries_for_three_as_for_one(client):
    published()
    for_one = {address: queries(client, address) for address in LISTS}
    for code, name in OTHERS:
        published(a_sound_disclosure(a_department(code, name)))
    for_three = {address: queries(client, address) for address in LISTS}
    assert for_one == for_three
    assert max(for_one.values()) <= 6
    assert "3 个部门已公开" in words(parse(client.get("/").content.decode()))


def test_neither_payload_nor_rows_nor_drafts_are_read(client):
    published()
    with CaptureQueriesContext(connection) as asked:
        for address in (*LISTS, "/?q=行政运行"):
            client.get(address)
    for query in asked:
        sql = query["sql"].lower()
        assert '"payload"' not in sql
        assert "line" not in sql
        assert "budgets_disclosure" not in sql


def test_a_year_says_who_has_published_and_who_has_not(client):
    published()
    a_disclosure(a_department("301", "乐亭县财政局"))
    closed = a_department("999", "乐亭县旧局")
    closed.active = False
    closed.save()
    restated(approved_on=date(2023, 1, 1))
    response = client.get(TIME)
    done, open_ = rows(response)
    by_code = {row[0]: row for row in (done, open_)}
    assert by_code["301"][2] == "尚未公开"
    assert by_code["483"][2].startswith("已公开")
    assert "超过二十日" in by_code["483"][3]
    assert by_code["301"][1] == "乐亭县财政局 尚未公开" and by_code["483"][1] == "乐亭县行政审批局"
    assert by_code["483"][4] == "1,200.00"
    assert "/130225/483/2023/budget/" in links(response)
    assert "/130225/301/2023/budget/" not in links(response)


@pytest.mark.slow
def test_days_are_counted_from_approval_to_the_first_revision(client):
    disclosure = a_sound_disclosure()
    officer = a_person("bureau_officer", region=disclosure.department.region)
    first = published(disclosure, officer)
    lifecycle.correct(disclosure, by=officer, reason="电话更正")
    disclosure.refresh_from_db()
    disclosure.contact = "0315-1111111"
    disclosure.save()
    published(disclosure, officer)
    restated(approved_on=first.published_on.replace(day=1))
    (row,) = rows(client.get(TIME))
    assert row[2].startswith("已公开 第 2 版（更正）")
    assert row[3].startswith(f"第 {first.published_on.day - 1} 天")


@pytest.mark.slow
def test_a_withdrawn_disclosure_is_listed_as_such(client):
    disclosure = a_sound_disclosure()
    officer = a_person("bureau_officer", region=disclosure.department.region)
    published(disclosure, officer)
    lifecycle.withdraw(disclosure, by=officer, reason="附表漏列")
    (row,) = rows(client.get(TIME))
    today = Publication.objects.get().state.withdrawn_on
    assert row[2].startswith("已撤回") and row[3] == f"已撤下 {today}"
    address = "/130225/483/2023/budget/"
    for leading in ("/130225/", "/130225/2023/", "/130225/483/"):
        assert address in links(client.get(leading)) and client.get(address).status_code == 410
    for leading in ("/", "/130225/"):
        assert "/130225/2023/" in links(client.get(leading)), "the year stays in reach"
        assert "2023年度 已撤回" in words(parse(client.get(leading).content.decode()))
    assert f"已撤回 {today}" in words(parse(client.get("/130225/483/").content.decode()))
    assert row[4:] == [], "a column that nobody fills is left out"
    assert "已撤回" in words(parse(client.get("/130225/").content.decode()))
    assert "2023年部门预算" not in words(parse(client.get("/").content.decode()))


def test_home_leads_to_years_and_to_the_newest(client):
    published()
    response = client.get("/")
    assert "1 个部门已公开" in words(parse(response.content.decode()))
    assert {"/130225/", "/130225/2023/", "/130225/483/2023/budget/"} <= links(response)


def test_every_list_has_its_state_without_data(client):
    assert "还没有登记地区" in client.get("/").content.decode()
    a_region()
    assert "还没有部门公开" in client.get("/").content.decode()
    assert "还没有登记部门" in client.get("/130225/").content.decode()
    a_department()
    assert "乐亭县行政审批局" in client.get("/130225/").content.decode()
    assert "还没有公开的内容" in client.get("/130225/483/").content.decode()
    assert client.get("/130225/2023/").status_code == 404


@pytest.mark.slow
def test_no_link_is_dead(client, settings):
    """From the first page on, every link within the site answers."""
    settings.SITE_ADDRESS = "http://testserver"
    published()
    seen, waiting = set(), ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address)
        assert response.status_code == 200, address
        if not response["Content-Type"].startswith("text/html"):
            continue
        page = parse(b"".join(response) if response.streaming else response.content)
        for a in find(page, "a"):
            href = response.wsgi_request.build_absolute_uri(a.get("href")).partition("#")[0]
            own = "http://testserver/"
            if href.startswith(own) and not href.startswith(f"{own}care/") and len(seen) < 80:
                waiting.append(href.removeprefix("http://testserver"))
    assert {"/130225/", "/130225/2023/", "/130225/483/", "/130225/483/2023/budget/r1/"} <= seen
    assert len(seen) > 40


def test_lists_are_the_same_for_everybody(client):
    published()
    anonymous = client.get("/130225/").content
    client.force_login(a_person("bureau_officer"))
    response = client.get("/130225/")
    assert response.content == anonymous
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize(("after", "late"), [(20, False), (21, True)])
def test_the_list_of_a_year_counts_twenty_days(client, monkeypatch, no_pdf, few_pages, after, late):
    """Mutant: nineteen days. The twentieth day after the approval is in time, the next is not."""
    from datetime import timedelta

    from budgets.workflow import versions

    monkeypatch.setattr(versions, "today", lambda: date(2023, 1, 16) + timedelta(days=after))
    published()
    page = client.get("/130225/2023/").content.decode()
    assert f"第 {after} 天" in page and ("超过二十日" in page) == late


@pytest.fixture
def three(monkeypatch):
    """Three departments of one county, two rows a page: 900, 1,200 and 30 (万元), published on the 3rd, 1st and 2nd."""
    monkeypatch.setattr(list_table, "PER_PAGE", 2)
    for n, (code, name) in enumerate((("483", "乐亭县行政审批局"), *OTHERS)):
        publication = published(a_sound_disclosure(a_department(code, name)))
        amount = ("9000000.00", "12000000.00", "300000.00")[n]
        restated(
            PublicationState.objects.filter(publication=publication),
            figures={"current_expenditure": [amount, "balance.general_public.revenue"]},
            approved_on=date(2023, 1, (3, 1, 2)[n]),
        )


def codes(client, address: str) -> list[str]:
    return [row[0] for row in rows(client.get(address))]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "ordinarily", "key"),
    [
        ("/130225/", ["301", "483", "512"], "y2023"),
        ("/130225/2023/", ["301", "483", "512"], "current_expenditure"),
    ],
)
def test_lists_are_ordered_by_amount_and_turned_page_by_page(client, three, address, ordinarily, key):
    assert codes(client, address) == ordinarily[:2]
    assert codes(client, f"{address}?page=2") == ordinarily[2:]
    assert codes(client, f"{address}?sort={key}") == ["512", "483"]
    assert codes(client, f"{address}?sort=-{key}") == ["301", "483"]
    assert codes(client, f"{address}?sort=-{key}&page=2") == ["512"]
    assert any(link.endswith("page=2") for link in links(client.get(address)))
    assert "共 3 个部门" in words(parse(client.get(address).content.decode()))


@pytest.mark.slow
def test_a_year_is_ordered_by_the_days_since_approval(client, three):
    """The fewest days first: whoever was approved last."""
    assert codes(client, "/130225/2023/?sort=days") == ["483", "512"]
    assert codes(client, "/130225/2023/?sort=-days") == ["301", "512"]


@pytest.mark.slow
def test_an_amount_that_was_withdrawn_is_neither_shown_nor_told_by_the_order(client, three):
    restated(PublicationState.objects.filter(publication__department__code="301"), status="withdrawn")
    address = "/130225/2023/?sort=-current_expenditure"
    assert codes(client, address) == ["483", "512"]
    gone = rows(client.get(f"{address}&page=2"))[0]
    assert gone[1:3] == ["乐亭县财政局 已撤回", ""]


@pytest.mark.slow
def test_what_lies_beyond_the_page_is_not_asked_for_row_by_row(client, three):
    few = {address: queries(client, f"{address}?sort=code") for address in LISTS[1:3]}
    for n in range(9):
        published(a_sound_disclosure(a_department(f"6{n}0", f"乐亭县第{n}局")))
    assert {address: queries(client, f"{address}?sort=code") for address in LISTS[1:3]} == few


@pytest.mark.slow
def test_names_are_sorted_as_they_are_spoken(client):
    names = ["财政局", "地震局", "教育局", "卫生健康局", "行政审批局", "住房和城乡建设局"]
    assert sorted(names) != names, "the code points have another order"
    for code, name in zip(("16", "15", "14", "13", "12", "11"), reversed(names), strict=True):
        a_department(code, name)
    published(a_sound_disclosure(a_department("13", "卫生健康局")))
    for page in LISTS[1:3]:
        for sort, expected in (("name", names), ("-name", names[::-1])):
            found = [row[1].removesuffix(" 尚未公开") for row in rows(client.get(f"{page}?sort={sort}"))]
            assert found == expected
    client.force_login(a_person("bureau_officer"))
    table = client.get("/admin/overview/2023/", {"sort": "name"}).context["table"]
    assert [row.record.department.name for row in table.rows] == names
