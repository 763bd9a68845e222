"""Pictures: what is drawn is what the cells print; parts that touch differ by three to one or by pattern; no day is counted wrong."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from budgets.domain.addresses import Addressed
from budgets.domain.documents import Document
from budgets.domain.goal_costs import lengths, projects
from budgets.domain.headlines import headlines
from budgets.domain.money import separated
from budgets.rendering.html.disclosure_pages import disclosure_page
from budgets.rendering.html.large_figures import first_day
from budgets.rendering.imprint import Revision, Status
from budgets.rendering.pictures import drawing
from budgets.rendering.pictures.days import MOST, strip, term
from budgets.rendering.pictures.hundred import hundred, shared_out
from tests.makers.documents import document_of, every_document
from tests.makers.sample_document import document, imprint

from .markup import find, parse, words

CSS = (Path(__file__).parents[2] / "static" / "site.css").read_text(encoding="utf-8")


@cache
def printed(of: Document) -> dict[str, str]:
    return {
        address: found.sheet.rows[found.row].cells[found.column].text
        for address, found in Addressed(of.sheets()).cells.items()
    }


def as_said(of: Document, address: str) -> str:
    """What the cell prints with separators, of 元 in 万元."""
    found = Addressed(of.sheets()).find(address)
    text = found.sheet.rows[found.row].cells[found.column].text or "0.00"
    if found.sheet.unit != "元":
        return separated(text)
    return f"{Decimal(text.replace(',', '')) / 10_000:,.2f}"


@pytest.mark.sweep(2)
@every_document
def test_a_hundred_squares_and_every_number_a_cell(table_set, kind):
    of = document_of(table_set, kind)
    uses = hundred(of)
    assert not uses or sum(use.squares for use in uses) == 100
    assert all(as_said(of, use.cell) == use.text and use.unit == "万元" for use in uses if use.cell)
    lines = headlines(of)
    assert {line.unit for line in lines} <= {"万元"}, "figures beside each other have one unit"
    assert all(as_said(of, line.cell) == line.amount for line in lines)
    assert all(printed(of)[each.cell] == each.limit for each in projects(of) if each.cell)


def test_the_sample_of_a_hundred_yuan():
    assert [(use.label, use.text, use.words) for use in hundred(document())] == [
        ("人员经费", "721.19", "73 元"),
        ("公用经费", "80.49", "8 元"),
        ("项目支出", "188.94", "19 元"),
    ]
    assert hundred(replace(document(), figures=())) == ()


@pytest.mark.parametrize("amounts", [("1",), ("1", "1", "1"), ("0.01", "99999"), ("33.35", "33.35", "33.30")])
def test_shares_are_whole_and_a_hundred(amounts):
    shares = shared_out([Decimal(amount) for amount in amounts])
    exact = [Decimal(amount) * 100 / sum(map(Decimal, amounts)) for amount in amounts]
    assert sum(shares) == 100
    assert all(abs(share - of) < 1 for share, of in zip(shares, exact, strict=True))


def test_projects_stand_with_their_goals_in_words():
    first = projects(document())[0]
    assert (first.name, first.anchor, first.most, first.limit) == (
        "大厅业务经费",
        "goal_1",
        300000,
        "≤30万元",
    )
    assert first.goals[0] == ("年度内审批业务量", "≥5000件")
    assert max(filter(None, lengths(projects(document())))) == 1
    page = parse(disclosure_page(document(), imprint()))
    (shown,) = find(page, "ol", "projects")
    assert "年度内审批业务办结率 ≥98百分比" in words(shown)


def drawn_length(bar: str) -> float:
    """How many percent of its track a bar fills."""
    return float(re.search(r'class="s1"[^>]* d="M0 0h([\d.]+)', bar)[1])


APPROVED = date(2023, 1, 31)


@pytest.mark.parametrize(
    ("day", "late", "cells"), [(0, 0, 20), (20, 0, 20), (21, 1, 21), (400, 380, 20 + MOST)]
)
def test_days_are_counted_from_the_approval(day, late, cells):
    told = term(APPROVED.isoformat(), APPROVED + timedelta(days=day))
    assert (told.day, told.late) == (day, late)
    drawn = strip(told)
    assert drawn.count("<rect") == cells and drawn.count('"passed"') == min(day, 20)
    assert f"第 {day} 天" in drawn and ("超过二十日" in drawn) == bool(late)


@pytest.mark.parametrize("approved", ["", "2014-12-31", "2023-03-01"])
def test_no_strip_where_a_day_or_the_law_is_missing(approved):
    assert term(approved, date(2023, 2, 10)) is None
    assert term(APPROVED.isoformat(), None) is None


def test_a_correction_does_not_make_the_first_version_late():
    later = replace(imprint(), revision=2, published_on=date(2023, 9, 1))
    assert first_day(replace(later, earlier=(Revision(1, date(2023, 2, 10)),))) == date(2023, 2, 10)
    assert first_day(later) is None, "the first version was withdrawn: its day cannot be read"
    assert first_day(replace(imprint(), status=Status.PREVIEW, published_on=None)) is None


def light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05


def ratio(one: str, other: str) -> float:
    return max(light(one), light(other)) / min(light(one), light(other))


def palettes() -> dict[str, dict[str, str]]:
    """The colours by name: light, and dark as far as it says something else."""
    found = [dict(re.findall(r"--([a-z0-9]+): (#[0-9a-f]{6})", block)) for block in
             re.findall(r":root[^{]*\{([^}]*--s1:[^}]*)\}", CSS)]  # fmt: skip
    plain, dark = found
    return {"light": plain, "dark": plain | dark}


@pytest.mark.parametrize("look", ["light", "dark"])
def test_neighbours_differ_by_three_to_one_in_either_look(look):
    colours = palettes()[look]
    named = [colours[f"s{n}"] for n in range(1, 7)]
    assert [pair for pair in zip(named, named[1:], strict=False) if ratio(*pair) < 3] == []
    assert ratio(colours["ink"], colours["paper"]) >= 4.5
    assert ratio(colours["soft"], colours["desk"]) >= 4.5 and ratio(colours["link"], colours["paper"]) >= 4.5
    assert ratio("#a9c4b8", "#e3cfa4") < 3, "the control: two light ones side by side"


def test_parts_differ_by_pattern_too_and_paper_has_the_colours_of_the_page():
    """With every colour taken away no two parts are the same."""
    grey = [re.sub(r'class="[^"]*"|"#[0-9a-f]{6}"', "", drawing.part(n, [(0, 0)])) for n in range(5)]
    assert all(one != other for one, other in combinations(grey, 2))
    assert list(drawing.COLOURS) == [palettes()["light"][f"s{n}"] for n in range(1, 6)]
