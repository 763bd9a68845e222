"""On a phone every table is read as a list with its figures in sight, and the table itself, when it is asked for, shows its first
amounts before anything is scrolled sideways; in every table set."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from budgets.public.large_type import enlarged
from budgets.rendering.html.disclosure_pages import pages
from tests.makers.documents import REAL, document_of, every_document
from tests.makers.sample_document import imprint

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
PLACE = "http://page.example/"
STYLES = (Path(__file__).parents[2] / "static" / "site.css").read_text(encoding="utf-8")
# How the tables were laid out before: codes beside the names, and every wide table as wide as it was.
BEFORE = """.tree .code.code { position: static; min-width: 5.5em; max-width: none }
.wide.wide.wide { min-width: 58rem }"""
# Tables whose first column of numbers reaches beyond the screen or its box, or lies below the names that stay.
BEYOND = """() => [...document.querySelectorAll("table")].filter(t => t.checkVisibility()).filter(t => {
  const leaves = [...t.querySelectorAll("thead th.n")].filter(h => h.colSpan === 1 && h.checkVisibility());
  if (!leaves.length) return false;
  const left = h => h.getBoundingClientRect().left, first = leaves.reduce((a, b) => left(a) <= left(b) ? a : b);
  const inColumn = c => Math.abs(left(c) - left(first)) < 1;
  const cells = [first, ...[...t.querySelectorAll("tbody td.n")].filter(inColumn)];
  const edge = Math.min(innerWidth, t.closest(".scroll").getBoundingClientRect().right) + 0.5;
  const names = Math.max(0, ...[...t.querySelectorAll(".name")].filter(n => left(n) < left(first))
    .map(n => n.getBoundingClientRect().right));
  return cells.some(c => { const b = c.getBoundingClientRect(); return b.right > edge || b.left < names - 0.5 });
}).map(t => t.caption.textContent.trim())"""
# Names, figures and words of the lists that reach beyond the screen (or by a letter beyond their place), with everything unfolded.
OUT_OF_SIGHT = """() => { document.querySelectorAll(".reading details").forEach(e => e.open = true);
  return [...document.querySelectorAll(".reading :is(b, span:not(.vh), dd, li, summary)")].filter(e => e.checkVisibility() && e.textContent.trim())
  .filter(e => { const b = e.getBoundingClientRect(); return b.left < 0 || b.right > innerWidth + 0.5 || e.scrollWidth > e.clientWidth + parseFloat(getComputedStyle(e).fontSize)
    && getComputedStyle(e).display !== "inline" }).map(e => e.textContent.trim().slice(0, 30)) }"""
FIRST = """() => Math.min(...[...document.querySelectorAll(".reading b")].filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().bottom), 1e9)"""
WHOLE = ".whole.whole.whole { display: block !important }"
# Codes that are seen and reach out of the column of names, or into the name beside them, in each block.
IN_THE_WAY = """() => [...document.querySelectorAll(".tree .code:not(:empty)")].filter(c =>
  c.checkVisibility() && getComputedStyle(c).clipPath === "none").filter(c => {
  const text = e => { const r = document.createRange(); r.selectNodeContents(e); return r.getBoundingClientRect() };
  const row = [...c.parentElement.children], name = row.slice(row.indexOf(c)).find(e => e.classList.contains("name"));
  const code = text(c), words = text(name);
  return code.right > name.getBoundingClientRect().right
    || name.textContent && code.bottom > words.top + 3 && code.right > words.left;
}).map(c => c.textContent)"""


@pytest.fixture
def phone(page):
    page.set_viewport_size(PHONE)
    return page


def opened(page, table_set: str, kind: str, *, paths: str = "") -> Iterator[str]:
    """The pages of a document one after the other, each open when its path is given out."""
    made = dict(pages(document_of(table_set, kind), imprint()))

    def answer(route) -> None:
        path = route.request.url.removeprefix(PLACE)
        if path.endswith("site.css"):
            route.fulfill(body=STYLES, content_type="text/css")
        else:
            text = made.get(path.removeprefix("care/"), "").encode()
            html = enlarged(text) if path.startswith("care/") else text
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    for path in made:
        if paths in path:
            page.goto(PLACE + path)
            yield path


def faults(page, path: str, script: str) -> list[str]:
    return [f"{path}: {found}" for found in page.evaluate(script)]


# Of a table in two blocks without an amount every row of the second stands beside an empty first one.
TWO_BLOCKS_EMPTY = ("shanghai_final_2024", "empty")


@pytest.mark.sweep(0, 1)
@every_document
def test_the_first_amounts_are_seen_without_scrolling_sideways(phone, table_set, kind):
    if (table_set, kind) == TWO_BLOCKS_EMPTY:
        return
    found = []
    for path in opened(phone, table_set, kind):
        phone.add_style_tag(content=WHOLE)
        found += faults(phone, path, BEYOND) + faults(phone, path, IN_THE_WAY)
        if kind not in ("largest", "worn"):  # twenty digits, or full-width ones, do not fit in large type
            phone.goto(f"{PLACE}care/{path}")
            phone.add_style_tag(content=WHOLE)
            found += faults(phone, f"{path} 关怀版", BEYOND)
    assert found == []


@pytest.mark.sweep(0, 1)
@every_document
def test_every_figure_of_a_list_is_in_sight(phone, table_set, kind):
    found = []
    for path in opened(phone, table_set, kind):
        for place in (path, f"care/{path}"):
            phone.goto(PLACE + place)
            if kind == "real" and "tables/" in path and (first := phone.evaluate(FIRST)) < 1e9:
                found += [f"{place}: first figure at {first}"] if first > PHONE["height"] else []
            found += faults(phone, place, OUT_OF_SIGHT)
    assert found == []


def test_a_figure_out_of_sight_would_be_noticed(phone):
    for path in opened(phone, "hebei_2023", "real", paths="tables/expenditure/index"):
        phone.add_style_tag(
            content=".read small { white-space: nowrap } .read small span { display: inline }"
        )
        assert faults(phone, path, OUT_OF_SIGHT)


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("table_set", REAL)
def test_codes_beside_the_names_would_be_noticed(phone, table_set):
    """The negative control: the tables as they were laid out before."""
    found = []
    for path in opened(phone, table_set, "real", paths="tables/"):
        phone.add_style_tag(content=WHOLE + BEFORE)
        found += faults(phone, path, BEYOND)
    assert found


def test_a_code_over_a_name_would_be_noticed(phone):
    """The negative control: a name that leaves no line to its code."""
    for path in opened(phone, "hebei_2023", "real", paths="tables/expenditure/index"):
        phone.add_style_tag(content=WHOLE + ".tree .name.name { padding-top: .5rem !important }")
        assert faults(phone, path, IN_THE_WAY)


@pytest.mark.parametrize("table_set", REAL)
def test_a_wide_screen_keeps_codes_in_columns_of_their_own(page, table_set):
    page.set_viewport_size({"width": 1280, "height": 800})
    for _ in opened(page, table_set, "real", paths="tables/expenditure/index"):
        for media in ("screen", "print"):
            page.emulate_media(media=media)
            widths = page.locator(".tree tbody .code").evaluate_all(
                "es => es.map(e => e.getBoundingClientRect().width)"
            )
            assert min(widths) > 20
