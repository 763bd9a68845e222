"""The entry grid in Chromium while it adds up: the server's sums, at once, and what one change changes."""

import random
import re
import time
from decimal import Decimal

import pytest

from budgets import tablesets
from budgets.admin.declaring import grids_of
from budgets.admin.entry_grids import BY_KEY
from budgets.admin.grid_layout import Layout
from budgets.models import Disclosure, ExpenditureLine, Subject
from tests.makers.disclosures import a_department

from .grid_pages import GENERAL, open_grid, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_random_edits_add_up_as_the_server_does(desk, office):
    """Totals and parent rows after each of many random edits, against the server's own sheet of the same cells."""
    _, disclosure, _ = office
    rng = random.Random(3)
    Subject.objects.bulk_create(
        Subject(fiscal_year=2023, scheme="function", code=f"{a}{b:02}{c:02}", name=f"科目{a}{b}{c}", level=3, parent_code=f"{a}{b:02}")
        for a in (202, 203, 204) for b in (1, 2) for c in (1, 2, 3)
    )  # fmt: skip
    ExpenditureLine.objects.bulk_create(
        ExpenditureLine(disclosure=disclosure, fund="general_public", function=f"{a}{b:02}{c:02}", basic=rng.randint(0, 999) * 100)
        for a in (202, 203, 204) for b in (1, 2) for c in (1, 2, 3)
    )  # fmt: skip
    page = open_grid(desk, disclosure)
    script = """edits => edits.map(([n, name, value]) => {
        const input = document.querySelectorAll(`tr[data-entry] input[data-column=${name}]`)[n];
        Grid.put(input, value);
        const shown = {};
        for (const tr of document.querySelectorAll("tbody tr:not([data-entry])")) shown[tr.dataset.row] = [...tr.querySelectorAll("td.n[data-column]")].map(td => td.textContent);
        return shown;
    })"""
    codes = page.locator("tr[data-entry] input.code").evaluate_all(
        "all => all.map(each => each.value).filter(Boolean)"
    )
    values = {
        (code, name): getattr(line, name) / 10000
        for code in codes
        for line in [ExpenditureLine.objects.get(function=code, fund="general_public")]
        for name in ("basic", "project")
    }
    edits = [
        (
            rng.randrange(len(codes)),
            rng.choice(("basic", "project")),
            rng.choice(["", "-5.00", f"{rng.randint(0, 10**9) / 100:,.2f}"]),
        )
        for _ in range(10_000)
    ]
    checked = 0
    for start in range(0, len(edits), 500):
        for (n, name, text), shown in zip(
            edits[start : start + 500],
            page.evaluate(script, [list(e) for e in edits[start : start + 500]]),
            strict=True,
        ):
            values[codes[n], name] = Decimal(text.replace(",", "") or 0)
            for row, cells in shown.items():
                own = [
                    sum(values[c, k] for c in codes if row == "total" or c.startswith(row))
                    for k in ("basic", "project")
                ]
                right = [sum(own), *own]
                assert [Decimal(c.replace(",", "") or 0) for c in cells] == right, (row, cells, right)
            checked += 1
    assert checked == 10_000
    # And these sums are the server's own.
    page.evaluate("Grid.changed(Grid.entries()[0])")
    saved(page)
    page.wait_for_timeout(2500)
    sheet = Layout(BY_KEY[GENERAL], disclosure).sheet()
    last = {row: [Decimal(c.replace(",", "") or 0) for c in cells] for row, cells in shown.items()}
    for row in sheet.rows:
        if row.key in last:
            assert [cell.amount or 0 for cell in row.cells[2:]] == last[row.key]


def test_an_edit_of_300_rows_takes_less_than_50_ms(desk, office):
    _, disclosure, _ = office
    codes = [f"2{a:02}{b:02}{c:02}" for a in range(40, 46) for b in range(1, 6) for c in range(1, 11)]
    ExpenditureLine.objects.bulk_create(
        ExpenditureLine(disclosure=disclosure, fund="general_public", function=code, basic=100)
        for code in codes
    )
    page = open_grid(desk, disclosure)
    assert page.locator("tr[data-entry]").count() >= 300
    times = page.evaluate("""() => [...document.querySelectorAll("tr[data-entry] input[data-column=basic]")].slice(0, 60).map((input, n) => {
        const start = performance.now();
        Grid.put(input, String(n + 1));
        return performance.now() - start; })""")
    assert sorted(times)[len(times) // 2] <= 50, sorted(times)
    page.locator("tr[data-entry] input[data-column=basic]").first.focus()
    start = time.monotonic()
    page.evaluate("Grid.saveNow()")
    saved(page)
    assert time.monotonic() - start < 5


def test_what_moves_and_what_is_wrong_stands_beside(desk, office):
    _, disclosure, _ = office
    page = open_grid(desk, disclosure)
    page.get_by_label("第1行 基本支出").fill("1")
    saved(page)
    page.wait_for_selector("#grid-findings article")
    assert page.locator("td.found").count() > 0
    page.get_by_label("第2行 基本支出").focus()
    page.wait_for_selector("#grid-moves:not([hidden])")
    assert re.search(r"表 1.*格", page.locator("#grid-moves").inner_text())
    desk.look()


# Two rows of every blank page are typed; what the page then derives is what it derives when it is opened again.
TYPE = """() => { let cents = 1200;
    const rows = [...document.querySelectorAll("tr[data-entry]")].slice(0, 2);
    rows.forEach((tr, n) => tr.querySelectorAll("input:not(.order,[type=checkbox],[type=hidden])").forEach(input => {
        const code = {3: ["201", "208"], 5: ["30101", "30201"], 7: ["2010301", "2080505"]}[Grid.sums.lengths.at(-1)]?.[n];
        Grid.put(input, input.matches(".amount") ? String(cents += 100) : input.matches(".code") ? code : "甲");
    })); }"""
DERIVED = """() => { const found = {};
    for (const tr of document.querySelectorAll("table[data-grid] tbody tr:not([hidden])")) {
        const code = tr.querySelector("input.code"), key = code ? code.value : tr.dataset.row || "";
        for (const td of tr.querySelectorAll("td.n[data-column]:not(:has(input))")) {
            if (td.textContent.trim()) found[`${key || tr.sectionRowIndex}/${td.dataset.column}`] = td.textContent.trim();
        }
    }
    return found; }"""


def derived_before_and_after(desk, disclosure, key: str) -> tuple[dict, dict]:
    """What a page derives once two rows were typed, and what it derives when it is opened again."""
    page = open_grid(desk, disclosure, key)
    page.evaluate(TYPE)
    saved(page)
    before = page.evaluate(DERIVED)
    open_grid(desk, disclosure, key)
    return before, page.evaluate(DERIVED)


def blank(sound, table_set: str) -> Disclosure:
    sound.delete()
    stage = tablesets.get(table_set).stage
    return Disclosure.objects.create(
        department=a_department(), fiscal_year=2023, table_set=table_set, stage=stage
    )


# Expenditure is typed on a page of its own: here it comes to stand beside a new code once the page is opened again.
BESIDE = ("fund_item-government_fund", "fund_item-state_capital")


def own(key: str, derived: dict[str, str]) -> dict[str, str]:
    """What a page derives from what is typed on it."""
    spent = ("/total", "/basic", "/project") if key in BESIDE else ()
    return {place: text for place, text in derived.items() if not place.endswith(spent)}


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_no_total_waits_for_the_page_to_be_opened_again(desk, office, table_set):
    """Every page of the set, from blank."""
    disclosure = blank(office[1], table_set)
    told = {
        key: derived_before_and_after(desk, disclosure, key) for key in grids_of(tablesets.get(table_set))
    }
    assert {key: own(key, before) for key, (before, _) in told.items()} == {
        key: own(key, after) for key, (_, after) in told.items()
    }
    assert sum(bool(before) for before, _ in told.values()) >= 6


def test_a_page_without_the_row_of_its_total_is_seen_to_lack_it(desk, office, monkeypatch):
    """The negative control: as pages were that had the row of the total only once something was saved."""

    def once_saved(self, derived):
        return [self._derived(derived["total"])] if "total" in derived else []

    monkeypatch.setattr(Layout, "_total", once_saved)
    before, after = derived_before_and_after(desk, blank(office[1], "hebei_2023"), "procurement")
    assert "total/total" in set(after) - set(before)
