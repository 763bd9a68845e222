"""Cost is growth: four times the items cost no more than five times, for all that a large budget goes through."""

import io
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets import ledger, rules, tablesets
from budgets.admin.finding_links import Links
from budgets.admin.task_list import MOST_SHOWN
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.facts import Fact, Filed
from budgets.domain.identities import amounts, identities
from budgets.domain.ledgers import Ledger, UnitRow
from budgets.domain.terms import Stage
from budgets.domain.years_compared import years_compared
from budgets.fonts.glyphs import missing_glyphs
from budgets.importing.confined_intake import take_in_apart
from budgets.importing.pipeline import take_in
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from budgets.models import Disclosure
from budgets.publishing.rows_proved import row_faults
from budgets.rendering.html.compare_page import Beside
from budgets.rendering.html.disclosure_pages import compare_page, disclosure_page
from budgets.rendering.workbook.xlsx import workbook
from budgets.synthetic.draws import random_facts
from tests.makers.disclosures import a_department, a_person
from tests.makers.disguises import a_ledger
from tests.makers.large_budgets import YEAR, drawn, large_ledger
from tests.makers.sample_document import imprint
from tests.tablesets.synthetic import declare

SETS = list(tablesets.SETS)
SOME = 30
MORE = 4 * SOME
MOST = 5.0  # times the cost
QUERIES = 27  # the comments of a review and the list of sessions are two of them
OF_ACCOUNTS = 4  # three families that only accounts have, and the published budget that they are held against


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time, the least of two runs: what else the machine does makes none of them shorter."""
    seconds = []
    for _ in range(2):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


def grows(work: Callable[[int], Callable[[], object]]) -> float:
    """How many times as much the work on four times the items costs; measured again while it seems too much."""
    some, more = work(SOME), work(MORE)
    for _ in range(4):
        times = spent(more) / spent(some)
        if times <= MOST:
            break
    return times


@cache
def large(items: int, table_set: str, seed: int = 1) -> Ledger:
    return large_ledger(items, table_set, seed)


def every_amount_off(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Nothing ties, every second amount is negative, and every third code is unknown."""
    return tuple(
        replace(
            fact,
            amount=fact.amount + 100 if n % 2 else -fact.amount,
            function=f"{fact.function[:-1]}8" if fact.function and n % 3 == 0 else fact.function,
        )
        for n, fact in enumerate(facts)
    )


def spoilt(items: int, table_set: str) -> Ledger:
    said = large(items, table_set)
    words = [replace(n, text=n.text.replace("，主要", "，与2022年预算持平，主要")) for n in said.narratives]
    return replace(said, facts=every_amount_off(said.facts), narratives=tuple(words))


def filling(said: Ledger) -> Callable[[], object]:
    return lambda: compose(tablesets.get(said.table_set), said, subjects_of(YEAR))


def checking(said: Ledger) -> Callable[[], object]:
    before = large(len(said.narratives), said.table_set, 2)
    return lambda: rules.check(said, subjects_of(YEAR), missing_glyphs, previous=before)


@cache
def exported(items: int, table_set: str) -> bytes:
    return workbook(compose(tablesets.get(table_set), large(items, table_set), subjects_of(YEAR)))


def asked(table_set: str) -> dict[str, object]:
    return {
        "region": "130225",
        "unit": "483",
        "unit_name": "乐亭县行政审批局",
        "year": YEAR,
        "table_set": table_set,
    }


def taking_in(items: int, table_set: str) -> Callable[[], Taken]:
    content = exported(items, table_set)
    return lambda: take_in(
        read(io.BytesIO(content), "预算.xlsx"),
        subjects=subjects_of(YEAR),
        glyphs=missing_glyphs,
        **asked(table_set),
    )


@pytest.mark.parametrize("table_set", SETS)
def test_filling_grows_with_the_items(table_set):
    assert grows(lambda items: filling(large(items, table_set))) <= MOST


def of_units(items: int) -> Ledger:
    """A budget of the set `unit_rows` of a department with that many units."""
    rows = [UnitRow(f"单位{n}", f"483{n:03}", Decimal(1000 + n), Decimal(n)) for n in range(10 * items)]
    return replace(a_ledger(1, "unit_rows"), unit_rows=tuple(rows))


def by_economic(items: int) -> Ledger:
    facts = random_facts(1, "by_economic", [each.function for each in drawn(items, 1)], items)
    return replace(a_ledger(1, "by_economic"), facts=facts)


def undeclared(items: int) -> Ledger:
    """Tables as they stand, with lists of codes, items behind 其中 and totals."""
    money = [
        Column(f"m{n}", (name,), ColumnKind.AMOUNT) for n, name in enumerate(("合计", "基本支出", "项目支出"))
    ]
    columns = (Column("c", ("项目",), ColumnKind.CAPTION), *money)
    lines = [caption for n in range(4 * items) for caption in (f"{n + 1}.事项", "其中：补助")]
    cells = [Cell("9", Decimal(9)), Cell("4", Decimal(4)), Cell("5", Decimal(5))]
    rows = [Row(f"r{n}", 1, (Cell(caption), *cells)) for n, caption in enumerate(lines)]
    sheets = [Sheet(f"undeclared_{n}", n, "支出总表", (), columns, tuple(rows), unit="元") for n in (1, 2)]
    return Ledger("as_it_stands", "130225", "乐亭县", "483", "某局", YEAR, given=tuple(sheets))


@pytest.mark.parametrize("budget", [of_units, by_economic, undeclared])
def test_rows_of_units_grids_and_undeclared_tables_grow_with_their_rows(budget, monkeypatch):
    declare(monkeypatch)

    def checked(items: int) -> Callable[[], object]:
        said = budget(items)
        return lambda: rules.check(said, subjects_of(YEAR), missing_glyphs)

    assert grows(checked) <= MOST


@pytest.mark.django_db
def test_proving_the_rows_of_what_is_public_grows_with_it():
    """Counted in queries, which no busy machine changes: a chunk of a hundred rows at a time."""
    asked_for = []
    for number in (2, 8):
        call_command("make_county", number, years=[YEAR], rows_only=True, verbosity=0)
        with CaptureQueriesContext(connection) as queries:
            list(row_faults())
        asked_for.append(len(queries))
    assert asked_for[1] <= asked_for[0] + 1


@pytest.mark.sweep(1, 3)
@pytest.mark.parametrize("table_set", SETS)
@pytest.mark.parametrize("budget", [large, spoilt])
def test_checking_grows_with_the_items_whatever_is_found(table_set, budget):
    assert grows(lambda items: checking(budget(items, table_set))) <= MOST


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_taking_in_grows_with_the_items(table_set):
    assert grows(lambda items: taking_in(items, table_set)) <= MOST


def test_what_looks_at_all_facts_for_each_fact_is_noticed():
    """The negative control: a sum for each code over all facts, as tables were once filled."""

    def each_from_all(items: int) -> Callable[[], object]:
        facts = large(items, "hebei_2023").facts
        each = facts * 10  # long enough for a busy machine to hide little of it
        return lambda: [sum(f.amount for f in facts if f.function == fact.function) for fact in each]

    assert grows(each_from_all) > MOST


@pytest.mark.sweep(1)
@pytest.mark.parametrize("table_set", SETS)
def test_the_facts_of_a_file_are_added_up_once(table_set, monkeypatch):
    filed: list[tuple[Fact, ...]] = []
    plain = Filed.__init__
    monkeypatch.setattr(Filed, "__init__", lambda self, facts: plain(self, facts) or filed.append(self.facts))
    taken = taking_in(SOME, table_set)()
    assert sum(facts is taken.ledger.facts for facts in filed) == 1


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("table_set", SETS)
def test_a_thousand_items_are_taken_in_by_the_limited_child(table_set):
    """Our own export, with a sheet for the goals of each project, is within every limit."""
    content = exported(1000, table_set)
    taken = take_in_apart("预算.xlsx", content, subjects=subjects_of(YEAR), **asked(table_set))
    assert set(taken.ledger.facts) == set(large(1000, table_set).facts)
    printed = any(annex.source == "goals" for annex in tablesets.get(table_set).annexes)
    assert not taken.differences and bool(taken.ledger.goals) == printed
    assert len(taken.ledger.goals) in (0, len(large(1000, table_set).goals))


def test_identities_of_four_times_the_rows_are_four_times_as_many():
    def number(items: int) -> int:
        table_set = tablesets.get("hebei_2023")
        return len(
            identities(
                table_set, amounts(compose(table_set, large(items, "hebei_2023"), subjects_of(YEAR)).tables)
            )
        )

    assert number(MORE) <= MOST * number(SOME)


# The desk


def stored(said: Ledger, year: int) -> Disclosure:
    """A draft that says this; unknown codes and negative amounts, too, as an accountant may type them."""
    disclosure = Disclosure.objects.create(
        department=a_department(), fiscal_year=year, table_set=said.table_set, stage=said.stage
    )
    ledger.write(disclosure, replace(said, year=year))
    return disclosure


def most_queries(table_set: str) -> int:
    return QUERIES + (OF_ACCOUNTS if tablesets.get(table_set).stage is Stage.FINAL else 0)


def asked_of(client, url: str) -> tuple[int, object]:
    client.get(url)  # what is looked up once a process is not counted
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    assert page.status_code == 200
    return len(queries), page


@pytest.fixture
def accountant(client, db):
    call_command("load_subjects", verbosity=0, stdout=io.StringIO())
    client.force_login(a_person("accountant"))
    return client


@pytest.mark.sweep(2, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_a_desk_page_asks_few_queries_whatever_is_found(accountant, table_set):
    few = stored(large(3, table_set), YEAR - 1)
    many = stored(spoilt(5 * SOME, table_set), YEAR)  # with the year before in the system
    pages = [
        asked_of(accountant, reverse("admin:budgets_disclosure_change", args=[d.pk])) for d in (few, many)
    ]
    assert max(number for number, _ in pages) <= most_queries(table_set)
    (_, page) = pages[1]
    desk = page.context["desk"]
    assert len(desk.notes) > 2 * MOST_SHOWN == 2 * page.text.count('<article class="finding')
    assert f"还有 {len(desk.notes) - MOST_SHOWN} 条没有列出" in page.text


def test_links_are_made_for_the_findings_that_are_listed(accountant, monkeypatch):
    made: list[object] = []
    plain = Links.of
    monkeypatch.setattr(Links, "of", lambda self, finding: made.append(finding) or plain(self, finding))
    many = stored(spoilt(5 * SOME, "hebei_2023"), YEAR)
    page = accountant.get(reverse("admin:budgets_disclosure_change", args=[many.pk]))
    notes = page.context["desk"].notes
    assert len(made) == MOST_SHOWN < len(notes)
    assert all([link.task for link in note.links] == note.tasks for note in notes)


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("table_set", SETS)
def test_a_page_with_its_findings_asks_no_more_queries_for_more_of_them(accountant, table_set):
    """Basic data and chapters show what is to be mended there; so does what the entry grid asks for."""
    stored(large(3, table_set), YEAR - 2)
    few = stored(spoilt(3, table_set), YEAR - 1)
    many = stored(spoilt(5 * SOME, table_set), YEAR)
    chapter = tablesets.get(table_set).chapters[0].key
    for name, *more in (("basics",), ("chapter", chapter), ("beside", "revenue")):
        numbers = [
            asked_of(accountant, reverse(f"admin:budgets_disclosure_{name}", args=[d.pk, *more]))[0]
            for d in (few, many)
        ]
        assert numbers[1] <= numbers[0], name


@pytest.mark.sweep(2, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_the_first_page_of_an_accountant_asks_few_queries(accountant, table_set):
    for year in (YEAR - 1, YEAR):
        stored(large(SOME, table_set, year), year)
    number, page = asked_of(accountant, reverse("admin:index"))
    assert number <= most_queries(table_set)  # the frame of a desk, and the list of the years
    assert [bool(desk) for _, desk in page.context["mine"]] == [True, True]


@pytest.mark.sweep(1, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_a_desk_page_grows_with_the_items(accountant, table_set):
    def shown(items: int) -> Callable[[], object]:
        years = {SOME: YEAR - 4, MORE: YEAR - 1}
        stored(large(items, table_set, 2), years[items])
        disclosure = stored(large(items, table_set), years[items] + 1)
        url = reverse("admin:budgets_disclosure_change", args=[disclosure.pk])
        return lambda: accountant.get(url)

    assert grows(shown) <= MOST


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("table_set", SETS)
def test_the_pages_of_a_disclosure_and_of_two_years_grow_with_the_items(table_set):
    def made(items: int) -> Callable[[], object]:
        now, before = (
            compose(tablesets.get(table_set), large(items, table_set, seed), subjects_of(YEAR))
            for seed in (1, 2)
        )
        beside = Beside(replace(before, year=YEAR - 1), 1, years_compared(now, before))
        return lambda: [disclosure_page(now, imprint(), beside), compare_page(now, imprint(), beside)]

    assert grows(made) <= MOST
