"""Lists by django-tables2: in the order that is asked for, a page at a time, nothing else taken from the query."""

import re
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.test import RequestFactory
from django_tables2 import Column

from budgets.rendering.html import list_table
from budgets.rendering.html.list_table import ListTable


@dataclass(frozen=True)
class Unit:
    name: str
    total: Decimal | None
    hidden: int = 0


class UnitTable(ListTable):
    caption = "各单位"
    name = Column("单位")
    total = Column("合计")
    hidden = Column("次序", orderable=False)

    class Meta:
        template_name = "tables/list.html"


UNITS = [Unit("甲", Decimal("10.00"), 3), Unit("乙", None, 2), Unit("丙", Decimal("2.00"), 1)]


@pytest.fixture(autouse=True)
def two_a_page(monkeypatch):
    monkeypatch.setattr(list_table, "PER_PAGE", 2)


def table(query: str = "") -> UnitTable:
    return UnitTable(UNITS, RequestFactory().get(f"/?{query}"))


def names(query: str = "") -> str:
    return "".join(bound.record.name for bound in table(query).paginated_rows)


def links(query: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', table(query).as_html(None))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "甲乙"),  # as they came
        ("page=2", "丙"),
        ("sort=total", "丙甲"),  # 2.00 before 10.00
        ("sort=total&page=2", "乙"),  # the blank last
        ("sort=-total", "甲丙"),
        ("sort=-total&page=2", "乙"),
        ("sort=name", "丙乙"),
    ],
)
def test_the_query_orders_and_turns_pages(query, shown):
    order = names(query)
    assert order == shown


@pytest.mark.parametrize(
    "query",
    [
        "sort=", "sort=nothing", "sort=__class__", "sort=hidden", "sort=-", "sort=--total", "sort=nothing,total",
        "page=0.5", "page=x", "page=", "per_page=1", "per_page=0", "sort=" + "total" * 900, "page=" + "9" * 5000,
    ],
)  # fmt: skip
def test_what_names_no_column_and_no_page_changes_nothing(query):
    assert names(query) == "甲乙"


@pytest.mark.parametrize("page", ["0", "-1", "99"])
def test_beyond_the_last_page_is_the_last(page):
    assert names(f"page={page}") == "丙"


def test_the_rows_that_were_given_stay_as_they_are():
    names("sort=total")
    assert [unit.name for unit in UNITS] == ["甲", "乙", "丙"]


def test_links_turn_the_order_round_and_keep_it_from_page_to_page():
    assert links("") == ["?sort=name", "?sort=total", "?page=2"]
    assert links("sort=total&other=1") == ["?sort=name", "?sort=-total", "?sort=total&amp;page=2"]
    assert links("sort=-total&page=2") == ["?sort=name", "?sort=total", "?sort=-total&amp;page=1"]


def test_the_head_says_how_the_rows_are_ordered():
    assert "aria-sort" not in table().as_html(None)
    assert table("sort=total").as_html(None).count('aria-sort="ascending"') == 1
    assert table("sort=-total").as_html(None).count('aria-sort="descending"') == 1


def test_one_page_has_nothing_to_turn(monkeypatch):
    monkeypatch.setattr(list_table, "PER_PAGE", 3)
    assert "<nav" not in table().as_html(None)
