"""The top of a disclosure: four figures and a bar, each tied to the cell that it stands in."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from budgets.domain.goal_costs import projects
from budgets.domain.headlines import headlines
from budgets.rendering.html.disclosure_pages import disclosure_page
from budgets.rendering.html.glance import breakdown
from budgets.rendering.html.svg import share_bar
from tests.makers.documents import document_of, every_document
from tests.makers.sample_document import document, imprint

from .conftest import print_of
from .markup import HTML, find, parse, words


@cache
def disclosure():
    return parse(disclosure_page(document(), imprint()))


def test_the_four_figures_stand_in_the_cells_they_link_to():
    lines = headlines(document())
    assert [(line.label, line.amount) for line in lines] == [
        ("收入总计", "990.62"),
        ("基本支出", "801.68"),
        ("项目支出", "188.94"),
        ("“三公”经费", "10.73"),
    ]
    cells = {e.get("id"): words(e) for e in disclosure().iter() if e.tag in (f"{HTML}td", f"{HTML}th")}
    for line in lines:
        assert cells[line.cell] == line.amount
        for mention in line.mentions:
            assert not mention.amount or cells[mention.cell] == mention.amount
    shown_links = [a.get("href") for a in find(disclosure(), "a", "figure")]
    assert shown_links == [f"#{line.cell}" for line in lines]


def test_the_bar_adds_up_and_each_part_links_to_its_cell():
    spent = breakdown(document())
    assert [(part.label, str(part.amount), str(part.share)) for part in spent.parts] == [
        ("一般公共服务支出", "785.81", "79.3"),
        ("社会保障和就业支出", "78.88", "8.0"),
        ("卫生健康支出", "70.69", "7.1"),
        ("住房保障支出", "55.24", "5.6"),
    ]
    cells = {e.get("id"): words(e) for e in disclosure().iter() if e.get("id")}
    assert all(cells[part.cell] == f"{part.amount:.2f}" for part in spent.parts)
    (bar,) = [e for e in parse(share_bar(spent, title="钱")).iter() if e.tag.endswith("}svg")]
    assert all(f"{part.label} {part.amount} 万元" in bar.get("aria-label") for part in spent.parts)
    widths = [Decimal(rect.get("width")) for rect in bar]
    assert abs(sum(widths) - 1000) < 1
    assert all(
        abs(width / 10 - part.share) < Decimal("0.2") for width, part in zip(widths, spent.parts, strict=True)
    )


def test_classes_are_drawn_where_one_is_not_nearly_all():
    """79.3% of the sample is one class: uses tell more. In the other set no class takes three quarters."""
    shanghai = parse(disclosure_page(document_of("shanghai_2023", "real"), imprint()))
    drawn = [
        [e.get("class") for e in page.iter() if e.tag.endswith("}svg")] for page in (disclosure(), shanghai)
    ]
    assert ["bar-of-shares" in each for each in drawn] == [False, True]
    assert ["hundred" in each for each in drawn] == [True, True]


def test_no_bar_when_the_classes_do_not_add_up():
    given = document()
    key = next(f for f in given.figures if f.key == "project").sheet
    sheet = next(s for s in given.tables if s.key == key)
    rows = tuple(r for r in sheet.rows if r.cells[1].text != "221")
    tables = tuple(replace(s, rows=rows) if s.key == key else s for s in given.tables)
    assert breakdown(replace(given, tables=tables)) is None


UNSEPARATED = re.compile(r"(?<![\d,./-])\d{4,}\.\d")


@pytest.mark.sweep(4, 8)
@every_document
def test_numbers_that_the_portal_composes_have_separators(table_set, kind):
    """On the page and in the PDF; a table keeps what its set prints."""
    given = document_of(table_set, kind)
    page = parse(disclosure_page(given, imprint()))
    composed = [*find(page, "section", "glance"), *find(page, "p", "lede"), *find(parse(print_of(given)), "section", "glance")]  # fmt: skip
    targets = {
        target for project in projects(given) for target in (project.limit, *dict(project.goals).values())
    }
    told = " ".join(words(element) for element in composed)
    for target in filter(None, targets):  # words of the document
        told = told.replace(" ".join(target.split()), "")
    assert UNSEPARATED.findall(told) == []


def test_a_number_without_separators_would_be_noticed(monkeypatch):
    monkeypatch.setattr("budgets.domain.headlines.separated", str)
    found = [line.amount for line in headlines(document_of("hebei_2023", "largest"))]
    assert UNSEPARATED.findall(" ".join(found))
