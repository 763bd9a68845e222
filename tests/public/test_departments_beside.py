"""Departments side by side: figures that are printed, medians of those of one kind and one form, plain addresses."""

import re
from decimal import Decimal
from statistics import median

import pytest
from django.core.management import call_command

from budgets.domain.key_figures import SPENT, key_figures
from budgets.domain.kinds_of_body import kind_of
from budgets.domain.snapshots import loads
from budgets.models import Publication
from budgets.public.departments_beside import FEWEST
from tests.makers.public_years import a_public_year

pytestmark = pytest.mark.django_db
AT = "/130225/2023/compare/"


def test_without_a_department_it_says_what_is_typical(client):
    a_public_year()
    page = client.get(AT).text
    assert "各类部门的中位数" in page and "政府部门" in page and "3 个" in page and "丁局" not in page
    assert (
        client.get("/130225/2022/compare/").status_code
        == client.get("/999999/2023/compare/").status_code
        == 404
    )


def test_two_departments_side_by_side(client):
    call_command("make_county", 3, years=[2023], table_set=["hebei_2023"], rows_only=True)
    second, first = Publication.objects.order_by("-department__code").select_related("department__region")[:2]
    place = f"/{first.department.region.code}"
    page = client.get(
        f"{place}/2023/compare/?unit={second.department.code}&unit={first.department.code}"
    ).text
    heads = re.findall(r'<th scope="col" class="n">(.+?)</th>', page)
    assert heads[:2] == [second.department.name, first.department.name] and heads[2].endswith("中位数")
    assert page.count(" selected>") == 2
    for one in (first, second):
        assert f'href="{place}/{one.department.code}/2023/budget/#' in page


@pytest.mark.parametrize(
    "asked",
    [
        "unit=104",
        "unit=999",
        "unit=",
        "unit=%00",
        "unit=a&unit=b&unit=c",
        "unit=101&unit=101&unit=" + "9" * 4000,
    ],
)
def test_whatever_is_asked_is_answered(client, asked):
    a_public_year()
    answer = client.get(f"{AT}?{asked}")
    assert answer.status_code == 200 and answer.text.count("甲局") >= 1
    assert len(re.findall('<th scope="col" class="n">', answer.text)) in (2, 3)


@pytest.mark.parametrize("table_set", ["hebei_2023", "shanghai_2023"])
def test_the_median_is_that_of_the_printed_figures(client, table_set):
    call_command("make_county", 9, years=[2023], table_set=[table_set], rows_only=True)
    rows = Publication.objects.select_related("department__region").order_by("department__code")
    documents = {row.department.code: loads(row.content)[1] for row in rows}
    place = f"/{rows[0].department.region.code}/2023/compare/"
    first = next(iter(documents))
    kind = kind_of(documents[first].unit_name)
    of = [key_figures(one)[SPENT].amount for one in documents.values() if kind_of(one.unit_name) == kind]
    page = client.get(f"{place}?unit={first}").text
    line = re.search(r'<th scope="row">本年支出</th>(.+?)</tr>', page)[1]
    told = re.findall(r">([\d,.]+)<", line)
    own = key_figures(documents[first])[SPENT].amount
    assert len(of) >= FEWEST and told == [wan(own), wan(Decimal(median(of)))]


def wan(yuan: Decimal) -> str:
    return f"{round(yuan / 10000, 2):,.2f}"


def test_it_costs_as_many_queries_whatever_the_county(client, django_assert_num_queries):
    a_public_year()
    with django_assert_num_queries(3):
        client.get(f"{AT}?unit=102&unit=101")
    call_command("make_county", 12, years=[2023], table_set=["hebei_2023"], rows_only=True)
    region = Publication.objects.order_by("-pk").first().department.region.code
    with django_assert_num_queries(3):
        client.get(f"/{region}/2023/compare/?unit=10001&unit=10002")
