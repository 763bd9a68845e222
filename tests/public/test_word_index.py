"""The index of the search: kept by the database beside every change, made anew by `reindex`, and what it costs."""

import importlib
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from budgets.models import Department, PublicationState, Region, SearchEntry
from budgets.public import found_names, found_texts, search
from budgets.public.search_addresses import Asked
from budgets.publishing import word_index
from budgets.publishing.word_index import DEPARTMENTS, REGIONS, TEXTS
from tests.makers.disclosures import a_department, a_region
from tests.makers.searched_counties import a_public_text, searched_counties

pytestmark = pytest.mark.django_db
MIGRATION = importlib.import_module("budgets.migrations.0026_search_index")


def held(index, *grams: str) -> list[int]:
    return index.holding([[frozenset([gram])] for gram in grams], 100)


def test_an_index_holds_what_its_table_holds_after_every_change():
    region = a_region("130224", "滦南县")
    department = a_department("301", "滦南县财政局", region)
    assert held(DEPARTMENTS, "财政", "luannan") == [department.pk]
    Department.objects.filter(pk=department.pk).update(name_words="水务")  # by whatever way
    assert held(DEPARTMENTS, "财政") == [] and held(DEPARTMENTS, "水务") == [department.pk]
    with pytest.raises(RuntimeError), transaction.atomic():
        Department.objects.filter(pk=department.pk).update(name_words="林业")
        raise RuntimeError
    assert held(DEPARTMENTS, "林业") == [] and held(DEPARTMENTS, "水务") == [department.pk]
    department.delete()
    assert held(DEPARTMENTS, "水务") == []
    assert held(REGIONS, "滦南") == [region.pk] == held(REGIONS, "130224")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its indexes itself")
def test_no_later_migration_leaves_a_table_without_its_triggers():
    """A column with a default makes the table anew and drops them: that migration calls `guard`."""
    wanted = {f"{table}_words_{name}" for table in MIGRATION.INDEXED for name in MIGRATION.TRIGGERS}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        assert wanted - {name for (name,) in cursor.fetchall()} == set()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its indexes itself")
def test_triggers_keep_it_on_sqlite():
    """Negative control: without them an index is behind. A migration that makes a table anew calls `guard` for that."""
    with connection.cursor() as cursor:
        for name in MIGRATION.TRIGGERS:
            cursor.execute(f"DROP TRIGGER budgets_department_words_{name}")
    one = a_department("301", "乐亭县财政局")
    assert held(DEPARTMENTS, "财政") == []
    MIGRATION.guard(connection)
    assert held(DEPARTMENTS, "财政") == [one.pk]
    one.delete()
    assert held(DEPARTMENTS, "财政") == []


def test_alternatives_years_and_the_order():
    for year in (2022, 2023, 2024):
        a_public_text(a_department(), f"\t题{year}\t甲", year=year)
    keys = [
        word_index.key_of(e.publication.fiscal_year, e.publication_id)
        for e in SearchEntry.objects.order_by("-id")
    ]
    assert [word_index.year_of(key) for key in keys] == [2024, 2023, 2022]
    one, two = frozenset(["2022"]), frozenset(["甲", "2024"])
    assert TEXTS.holding([[one, two]], 9) == [keys[0], keys[2]]
    assert TEXTS.holding([[one, two], [frozenset(["甲"])]], 1) == keys[:1]
    assert TEXTS.holding([[frozenset(["甲"])]], 9, span=word_index.years(2022, 2023), newest=False) == [
        keys[2],
        keys[1],
    ]
    assert TEXTS.holding([], 2) == keys[:2]
    assert TEXTS.holding([[one], []], 9) == []


def refilled() -> str:
    out = StringIO()
    call_command("reindex", stdout=out)
    return out.getvalue().splitlines()[-1]


def state_of_the_index() -> tuple:
    return (
        list(SearchEntry.objects.order_by("id").values_list("id", "grams")),
        list(Department.objects.order_by("pk").values_list("name_words", flat=True)),
        list(Region.objects.order_by("pk").values_list("callings", flat=True)),
    )


def test_reindex_mends_whatever_is_wrong_and_changes_nothing_else():
    searched_counties()
    before = state_of_the_index()
    assert refilled() == f"完成：核对 {len(before[0])} 个版本。"
    assert state_of_the_index() == before
    withdrawn = PublicationState.objects.order_by("pk").first()
    PublicationState.objects.filter(pk=withdrawn.pk).update(status="withdrawn")
    SearchEntry.objects.exclude(pk=before[0][0][0]).update(grams="坏")
    SearchEntry.objects.order_by("-id").first().delete()
    Department.objects.update(name_words="")
    Region.objects.update(callings="")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO budgets_searchentry_words(budgets_searchentry_words) VALUES ('delete-all')"
            )
    refilled()
    entries, *names = state_of_the_index()
    assert entries == [entry for entry in before[0] if entry[0] % word_index.YEARS_APART != withdrawn.pk]
    assert tuple(names) == before[1:]
    assert search.find(Asked("三公经费")).page.hits


def test_the_migration_fills_it_from_what_is_public_already():
    from django.apps import apps

    searched_counties()
    before = state_of_the_index()
    SearchEntry.objects.all().delete()
    Department.objects.update(name_words="")
    Region.objects.update(callings="")
    MIGRATION.fill(apps, None)
    assert state_of_the_index() == before


def make(number: int, first: int) -> None:
    """So many more departments with a disclosure each, alike but for their names."""
    rows = [f"{chr(0xE061 + n)}\t某表\t3020{n} 办公费：合计 {n}.50，专用词语{n}" for n in range(9)]
    for n in range(first, first + number):
        department = a_department(f"3{n:05}", f"乐亭县第{n}教育局")
        text = "\n".join([f"\t{department.name} 2023年部门预算\t", *rows])
        a_public_text(department, text)


PHRASES = (
    "办公费", "办公", "费", "教育局", "教育局 办公费", "乐亭县办公费", "2023 办公费", "潜水艇", "教盲局", "蛟育局", "教育局办公费", "3.5", "jyj",
    "办公费 没有的词", "教育 局办", "乐亭", "专用词语1 专用词语2 30203 合计", "第1教育局",
)  # fmt: skip


@pytest.fixture
def read(monkeypatch) -> list[int]:
    """How many texts were read, a number a query; pages are short, so that few are many."""
    monkeypatch.setattr(found_texts, "A_PAGE", 4)
    monkeypatch.setattr(found_texts, "FEW", 8)
    monkeypatch.setattr(found_texts, "MOST", 12)
    counts: list[int] = []
    plain = found_texts.texts
    monkeypatch.setattr(found_texts, "texts", lambda keys: counts.append(len(keys)) or plain(keys))
    return counts


def test_neither_queries_nor_texts_grow_with_what_is_public(read):
    """Four times as much is public, both times more than can be paged through: as many queries, as many texts."""

    def asked(phrase: str) -> tuple[int, int]:
        read.clear()
        with CaptureQueriesContext(connection) as queries:
            search.find(Asked(phrase))
        return sum(each["sql"].startswith("SELECT") for each in queries), sum(read)

    make(15, 0)
    few = {phrase: asked(phrase) for phrase in PHRASES}
    make(45, 15)
    more = {phrase: asked(phrase) for phrase in PHRASES}
    assert {phrase: (few[phrase], more[phrase]) for phrase in PHRASES if few[phrase] != more[phrase]} == {}
    assert (
        max(queries for queries, _ in more.values()) <= 30 and max(texts for _, texts in more.values()) <= 12
    )


def test_names_are_walked_up_to_a_bound(monkeypatch):
    walked: list[int] = []
    plain = found_names.rows
    monkeypatch.setattr(found_names, "rows", lambda keys: walked.append(len(keys)) or plain(keys))
    monkeypatch.setattr(found_names, "MOST_WALKED", 10)
    for n in range(30):
        a_department(f"3{n:05}", f"乐亭县第{n}教育局")
    for phrase in PHRASES:
        search.find(Asked(phrase))
    assert max(walked) == 10


def test_texts_that_only_seem_to_hold_a_word_are_read_up_to_a_bound(read):
    """Each of them has the grams and none of them the word: the walk ends."""
    for n in range(30):
        a_public_text(a_department(f"3{n:05}", f"第{n}局"), "\t题\t甲\n\ue061\t表\t办公，公费")
    assert not search.find(Asked("办公费")).page.hits
    assert sum(read) == 12
