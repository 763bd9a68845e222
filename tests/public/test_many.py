"""Lists and search when much is public: rows are counted in the database, from indexes, and no department is left out."""

import itertools
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Disclosure, Publication, PublicationState, YearSum
from budgets.public import found_names, list_pages, search
from budgets.public.search_addresses import Asked
from budgets.publishing import year_sums
from tests.makers.disclosures import a_department, a_person, a_region
from tests.makers.searched_counties import a_public_text

pytestmark = pytest.mark.django_db
SERIAL = itertools.count(1)


def make(departments: int, years: tuple[int, ...], *, size: int = 10) -> None:
    """Publications without files, in two regions; every seventh was withdrawn, every fifth has a second revision."""
    regions = a_region(), a_region("130224", "滦南县")
    submitter, approver = a_person("accountant"), a_person("bureau_officer")
    for n in range(departments):
        department = a_department(f"{n:05}", f"第{n}局", regions[n % 2])
        for year in years:
            disclosure = Disclosure.objects.create(department=department, fiscal_year=year)
            revisions = 2 if n % 5 == 0 else 1
            for revision in range(1, revisions + 1):
                serial = next(SERIAL)
                publication = Publication.objects.create(
                    department=department, disclosure=disclosure, fiscal_year=year, stage="budget", revision=revision,
                    payload=b"x" * size, payload_hash="1" * 64, chain_previous=f"{serial:064x}", chain_entry=f"{serial:064x}",
                    published_on=date(2024, 1, 1 + serial % 28), published_at="2024-01-01T00:00Z",
                    submitted_by=submitter, approved_by=approver, published_by=approver,
                )  # fmt: skip
                last = revision == revisions
                status = ("withdrawn" if serial % 7 == 0 else "current") if last else "superseded"
                PublicationState.objects.create(publication=publication, status=status)
    for region in regions:
        year_sums.renew(region.pk)


def counted_one_by_one() -> dict[tuple[int, int], int]:
    out: dict[tuple[int, int], set[int]] = {}
    for row in Publication.objects.filter(state__status="current").select_related("department"):
        out.setdefault((row.department.region_id, row.fiscal_year), set()).add(row.department_id)
    return {key: len(found) for key, found in out.items()}


def test_departments_are_counted_by_region_and_year():
    make(9, (2022, 2023))
    rows = list(YearSum.objects.values_list("region", "fiscal_year", "departments"))
    assert {(region, year): count for region, year, count in rows} == counted_one_by_one()
    assert [year for region, year, _ in rows if region == rows[0][0]] == [2023, 2022]


def test_the_first_page_asks_as_much_for_many_as_for_few(client):
    """And of what is public it reads the rows that it names: neither counts nor sums grow with the publications."""

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return [query["sql"] for query in queries]

    make(4, (2022, 2023))
    few = asked()
    make(20, (2020, 2021))
    many = asked()
    assert len(few) == len(many) <= 6
    assert not any("COUNT(" in sql or "SUM(" in sql for sql in many if "publication" in sql)
    assert all("LIMIT" in sql or " IN (" in sql for sql in many if "budgets_publication" in sql)


def test_counties_are_leafed_through_and_no_year_is_out_of_reach(client, monkeypatch):
    monkeypatch.setattr(list_pages, "PER_PAGE", 1)
    make(2, (2020, 2021, 2022, 2023))
    first, second, beyond = (client.get(address).text for address in ("/", "/?page=2", "/?page=9"))
    assert '"?page=2"' in first and '"?page=1"' in second and "第 2／2 页" in second and beyond == second
    for page, own, other in ((first, "130224", "130225"), (second, "130225", "130224")):
        assert f'"/{own}/2023/"' in page and f'"/{own}/2021/"' in page and f'"/{other}/"' not in page
        assert f'"/{own}/2020/"' not in page and f'<a href="/{own}/">更早的年度</a>' in page
    assert '"/130225/2020/"' in client.get("/130225/").text
    monkeypatch.setattr(list_pages, "PER_PAGE", 2)
    assert "翻页" not in client.get("/").text


def test_the_latest_are_the_last_ones_published(client):
    make(12, (2023,))
    current = Publication.objects.filter(state__status="current").order_by("-pk")[: list_pages.LATEST]
    page = client.get("/").content.decode()
    hrefs = [f'/{p.department.region.code}/{p.department.code}/2023/budget/"' for p in current]
    assert len(hrefs) == list_pages.LATEST and all(href in page for href in hrefs)


def test_a_near_name_is_found_behind_any_number_of_others():
    """Behind more names that share characters with it than are looked at."""
    for n in range(found_names.MOST_WALKED + 20):
        a_department(f"1{n:04}", f"审计局{n}")
    last = a_department("99999", "行政审批局", a_region("659001", "石河子市"))
    assert [one.href for one in search.find(Asked("行政审坡局")).near] == ["/659001/99999/"]
    last.delete()
    assert "/659001/99999/" not in [one.href for one in search.find(Asked("行政审坡局")).near]


@pytest.mark.parametrize("typed", ["gdp", "GDP", "Gdp", "ＧＤＰ"])
def test_latin_letters_are_found_in_either_case_and_width_on_both_databases(typed):
    a_public_text(a_department("301", "乐亭县财政局"), "\t标题\t单位GDP能耗下降")
    a_department("77777", "GDP核算中心")
    result = search.find(Asked(typed))
    assert len(result.page.hits) == 1 and len(result.departments) == 1
