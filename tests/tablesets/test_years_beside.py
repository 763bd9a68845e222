"""Columns of last year, change and rate: filled, printed, taken in again, typed, and held against last year's disclosure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.cell_sums import cell_sums
from budgets.domain.composing import compose
from budgets.domain.consolidating import consolidated
from budgets.domain.crosswalk import Crosswalk, Move
from budgets.domain.declarations import faults
from budgets.domain.documents import Sheet
from budgets.domain.identities import Kind, amounts, broken, identities
from budgets.domain.last_year_taken import last_year_of
from budgets.domain.ledgers import Ledger
from budgets.domain.places import CellRef
from budgets.domain.snapshots import dumps, loads
from budgets.domain.suspects import suspects
from budgets.domain.tables import Beside
from budgets.domain.year_columns import of_this_year, rate
from budgets.forms.template import draft_workbook
from budgets.importing.pipeline import take_in
from budgets.ledger import read
from budgets.models import LastYearLine
from budgets.rendering.data.data_package import package
from budgets.rendering.html.disclosure_pages import disclosure_page
from budgets.rendering.pdf.print_html import print_html
from budgets.rendering.pdf.renderer import Renderer
from budgets.rendering.workbook.xlsx import workbook
from budgets.rules.rule_states import Between
from budgets.synthetic.draws import random_facts
from budgets.workflow.drafts import draft_of, earlier_year
from budgets.workflow.last_year_checked import last_year_held
from budgets.workflow.starting import lay_out
from tests.makers.disclosures import a_disclosure, some_subjects
from tests.makers.sample_document import imprint
from tests.rendering.conftest import ADDRESS
from tests.tablesets.synthetic import SYNTHETIC
from tests.tablesets.synthetic.years_beside import YEARS_BESIDE

from ..admin.forms import enter, fields, of

KEY, YEAR = YEARS_BESIDE.key, 2023
SUBJECTS = subjects_of(YEAR)
D = Decimal


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(tablesets.SETS, KEY, SYNTHETIC[KEY])
    yield


def a_ledger(seed: int, key: str = KEY, year: int = YEAR) -> Ledger:
    return Ledger(key, "130225", "乐亭县", "483", "某局", year, facts=random_facts(seed, key))


def with_last_year(seed: int, before: int) -> Ledger:
    """A budget whose columns of last year are what another one says."""
    told = last_year_of(YEARS_BESIDE, a_ledger(before, year=YEAR - 1), Crosswalk(), SUBJECTS)
    return replace(a_ledger(seed), last_year=told)


def printed(ledger: Ledger) -> dict[str, Sheet]:
    return {sheet.key: sheet for sheet in compose(YEARS_BESIDE, ledger, SUBJECTS).tables}


def taken(content: bytes, name: str = "表.xlsx"):
    return take_in(
        BytesIO(content), name=name, region="130225", unit="483", unit_name="某局", region_name="乐亭县",
        year=YEAR, table_set=KEY, subjects=SUBJECTS,
    )  # fmt: skip


def test_a_table_of_two_years_leaves_the_columns_out() -> None:
    table = YEARS_BESIDE.table("balance")
    sheet = of_this_year(table, printed(with_last_year(4, 5))["balance"])
    usual = compose(YEARS_BESIDE, a_ledger(4), SUBJECTS).tables[0]
    assert [c.key for c in sheet.columns] == [
        "serial",
        "revenue_line",
        "revenue",
        "expenditure_line",
        "expenditure",
    ]
    assert [c.caption for c in sheet.columns] == [1, 1, 1, 3, 3]
    assert (
        amounts([sheet]).items()
        >= {c: a for c, a in amounts([of_this_year(table, usual)]).items() if a}.items()
    )


@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.sweep(3, 20)) for n in range(200)])
def test_last_year_is_what_it_printed_and_all_adds_up(seed: int) -> None:
    ledger = with_last_year(seed, seed + 1000)
    now = amounts(printed(ledger).values())
    then = amounts(printed(a_ledger(seed + 1000)).values())
    for table in YEARS_BESIDE.tables:
        for word in table.besides():
            for cell in [cell for cell in now if (cell.table, cell.column) == (table.key, word.key)]:
                here, there = (cells.get(cell._replace(column=word.of), D(0)) for cells in (now, then))
                assert now[cell] == (there if word.tells == "last" else here - there), cell
    assert broken(identities(YEARS_BESIDE, now), now) == []
    assert {cell.row for cell in then if then[cell] and cell.table == "expenditure"} <= {
        cell.row for cell in now if cell.table == "expenditure"
    }


def test_a_rate_has_two_places_and_none_of_nothing() -> None:
    assert (rate(D("12.00"), D("8.00")), rate(D("2.00"), D("3.00")), rate(D("0.00"), D("3.00"))) == (
        D("50.00"), D("-33.33"), D("-100.00"),
    )  # fmt: skip
    assert rate(D("5.00"), D(0)) is None


def test_it_prints_everywhere_and_is_frozen_and_read_again() -> None:
    ledger = with_last_year(4, 5)
    document = compose(YEARS_BESIDE, ledger, SUBJECTS)
    page = disclosure_page(document, imprint())
    assert all(words in page for words in ("2022年预算数", "上年预算数", "增减额", "增减率（%）"))
    assert loads(dumps(ledger, document)) == (ledger, document)
    assert b"last_year" not in dumps(*_usual())
    assert len(package(document)) > 1000
    found = taken(workbook(document))
    assert (found.differences, found.unread, found.suspects) == ([], [], [])
    assert (found.ledger.last_year, set(found.ledger.facts)) == (ledger.last_year, set(ledger.facts))


def _usual():
    usual = replace(a_ledger(4, "hebei_2023"), table_set="hebei_2023")
    return usual, compose(tablesets.get("hebei_2023"), usual, SUBJECTS)


@pytest.mark.slow
@pytest.mark.pango
def test_its_pdf_is_read_again() -> None:
    ledger = with_last_year(4, 5)
    html = print_html(
        compose(YEARS_BESIDE, ledger, SUBJECTS), address=ADDRESS, revision=1,
        published_on=date(2023, 2, 10), fingerprint="0" * 64,
    )  # fmt: skip
    renderer = Renderer()
    try:
        content = renderer.render(html, created=datetime(2023, 2, 10, tzinfo=UTC))
    finally:
        renderer.close()
    found = taken(content, "表.pdf")
    assert (found.differences, found.ledger.last_year) == ([], ledger.last_year)


@pytest.mark.parametrize("tells", ["last", "change", "rate"])
def test_a_wrong_cell_of_a_file_is_named(tells: str) -> None:
    """One cell of each kind is changed in the printed document; the file's reader names that cell."""
    document = compose(YEARS_BESIDE, with_last_year(4, 5), SUBJECTS)
    sheet = next(sheet for sheet in document.tables if sheet.key == "general_public_expenditure")
    n = next(i for i, column in enumerate(sheet.columns) if column.key == f"total_{tells}")
    row = next(row for row in sheet.rows if row.total)
    amount = (row.cells[n].amount or D(row.cells[n].text)) + D("1.00")
    kept = row.cells[n].amount is not None
    cell = replace(row.cells[n], text=f"{amount:.2f}", amount=amount if kept else None)
    rows = tuple(
        replace(each, cells=(*each.cells[:n], cell, *each.cells[n + 1 :])) if each is row else each
        for each in sheet.rows
    )
    wrong = replace(
        document, tables=tuple(replace(s, rows=rows) if s is sheet else s for s in document.tables)
    )
    told = taken(workbook(wrong))
    assert [(d.table, d.given) for d in told.differences] == [(sheet.key, f"{amount:.2f}")]


def test_each_changed_cell_of_last_year_is_told_from_the_others() -> None:
    cells = amounts(printed(with_last_year(4, 5)).values())
    among = identities(YEARS_BESIDE, cells)
    new = [
        cell for cell in cells if cell.table == "balance" and cell.column.endswith("_last") and cells[cell]
    ]
    assert len(new) > 6
    for cell in new:
        assert suspects(among, {**cells, cell: cells[cell] + D("1.00")}) == [cell]


def test_codes_that_moved_count_under_the_new_one_and_split_ones_stay() -> None:
    before = a_ledger(5, year=YEAR - 1)
    codes = sorted({f.function for f in before.facts if f.family == "expenditure" and f.amount})
    moves = Crosswalk([
        Move(YEAR, "function", codes[0], "2019999"),
        Move(YEAR, "function", codes[1], "2080101"), Move(YEAR, "function", codes[1], "2080102"),
    ])  # fmt: skip
    rows = {c.row for c in last_year_of(YEARS_BESIDE, before, moves, SUBJECTS) if c.table == "expenditure"}
    assert codes[0] not in rows and {"2019999", codes[1]} <= rows
    assert not {"2080101", "2080102"} & (rows - set(codes))


def test_a_column_beside_nothing_is_a_fault_of_the_declaration() -> None:
    table = YEARS_BESIDE.table("three_public")
    lost = tuple(
        replace(w, of="nobody") if isinstance(w, Beside) and w.tells == "rate" else w for w in table.columns
    )
    wrong = replace(YEARS_BESIDE, tables=(replace(table, columns=lost),), figures=())
    assert faults(YEARS_BESIDE) == []
    assert any("nobody" in fault.message for fault in faults(wrong))


@pytest.mark.django_db
def test_it_is_entered_from_last_year_typed_and_held_against_it(client: Client) -> None:
    a_disclosure(year=YEAR - 1, facts=random_facts(5, KEY), table_set=KEY)
    disclosure = a_disclosure(year=YEAR, facts=random_facts(4, KEY), table_set=KEY)
    rule = "last-year-as-published"
    missing = [f for f in draft_of(disclosure).findings if f.rule == rule]
    assert len(missing) == 1 and "都没有填" in missing[0].message
    lay_out(disclosure)
    ledger = read(disclosure)
    assert ledger.last_year == with_last_year(4, 5).last_year
    draft, before = draft_of(disclosure), earlier_year(disclosure)
    assert rule not in {f.rule for f in draft.findings}
    assert last_year_held(ledger, before, draft.document) == Between(rule, [])
    assert last_year_held(ledger, None, draft.document).lacking == "没有公开的2022年数，没有核对"
    assert last_year_held(_usual()[0], before, draft.document).idle == "这套表样不列上年数"
    wrong = replace(ledger, last_year=ledger.last_year[1:])
    assert len(last_year_held(wrong, before, draft.document).findings) == 1
    enter(client, "accountant")
    page = of(disclosure, "enter", "last-balance-expenditure")
    shown = client.get(page)
    assert shown.status_code == 200 and "上年数" in shown.text
    line = LastYearLine.objects.filter(disclosure=disclosure, table="balance", column="expenditure").first()
    line.amount += D("10000.00")
    line.save()
    (told,) = [f for f in draft_of(disclosure).findings if f.rule == rule]
    assert told.at == CellRef("balance", line.row, "expenditure_last")
    assert "相差 1.00万元" in told.message
    assert all(f"/{year}/budget/" in told.message for year in (YEAR, YEAR - 1))
    assert "last-balance-expenditure" in client.get(of(disclosure, "change")).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "column", "row"), [("balance", "revenue", "service"), ("basic_expenditure", "total", "30201")]
)
def test_what_is_typed_is_saved_and_prints(client: Client, table: str, column: str, row: str) -> None:
    some_subjects()
    disclosure = a_disclosure(year=YEAR, facts=random_facts(4, KEY), table_set=KEY)
    lay_out(disclosure)
    enter(client, "accountant")
    page = of(disclosure, "enter", f"last-{table}-{column}")
    form = client.get(page)
    sent = fields(form)
    if table == "balance":
        place = next(
            name
            for name in sent
            if f'name="{name}"' in form.text and f'id="c-{row}-amount"' in _input(form.text, name)
        )
    else:
        place = next(name for name in sent if name.endswith("-amount") and not sent[name])
        sent[place.replace("-amount", "-row")] = row
    saved = client.post(page, sent | {place: "12.34"})
    assert saved.status_code == 302, saved.text[:2000]
    assert [(c.table, c.column, c.row, c.amount) for c in read(disclosure).last_year] == [
        (table, column, row, D("123400.00"))
    ]
    sheet = next(sheet for sheet in draft_of(disclosure).document.tables if sheet.key == table)
    at = [c.key for c in sheet.columns].index(f"{column}_last")
    assert "12.34" in {each.cells[at].text for each in sheet.rows}


def _input(page: str, name: str) -> str:
    return next(tag for tag in page.split("<input")[1:] if f'name="{name}"' in tag.partition(">")[0])


def test_a_draft_given_out_as_a_form_comes_back() -> None:
    ledger = with_last_year(4, 5)
    found = taken(draft_workbook(YEARS_BESIDE, ledger, SUBJECTS), "填报表.xlsx")
    assert (found.differences, found.unread) == ([], [])
    assert (found.ledger.last_year, set(found.ledger.facts)) == (ledger.last_year, set(ledger.facts))


def test_a_county_adds_last_year_and_takes_its_rate_anew() -> None:
    documents = [compose(YEARS_BESIDE, with_last_year(seed, seed + 9), SUBJECTS) for seed in (4, 5)]
    whole = {s.key: s for s in consolidated(YEARS_BESIDE, documents, SUBJECTS, name="某县").tables}["balance"]
    row = next(row for row in whole.rows if row.total)
    cells = dict(zip([column.key for column in whole.columns], row.cells, strict=True))
    at = [column.key for column in documents[0].tables[0].columns].index("revenue_last")
    totals = [next(r for r in d.tables[0].rows if r.total).cells[at].amount or D(0) for d in documents]
    assert cells["revenue_last"].amount == sum(totals)
    now, then = cells["revenue"].amount, cells["revenue_last"].amount
    assert cells["revenue_change"].amount == now - then and cells["revenue_rate"].text == f"{rate(now, then)}"


def test_the_page_of_a_number_says_what_a_change_goes_into() -> None:
    document = compose(YEARS_BESIDE, with_last_year(4, 5), SUBJECTS)
    sums = cell_sums(YEARS_BESIDE, document, CellRef("expenditure", "total", "total_change"))
    assert [(each.kind, each.gap) for each in sums.part_of] == [(Kind.CHANGE, D("0.00"))]
