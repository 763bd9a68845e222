"""Two people at one draft: the second to save is told, keeps what was typed, and overwrites nothing unknowingly."""

import random
import threading
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from budgets.admin import editing
from budgets.models import ExpenditureLine
from budgets.workflow.starting import lay_out
from tests.makers.disclosures import a_disclosure, a_person, some_subjects

from .forms import fields, row_of

GENERAL = "expenditure-general_public"


@pytest.fixture
def disclosure(db):
    some_subjects()
    return a_disclosure()


def colleague(name: str) -> Client:
    client = Client()
    client.force_login(a_person("accountant", name=name))
    return client


def amount() -> Decimal:
    return ExpenditureLine.objects.get(function="2080505").basic


RACES = 500  # of two at once, and as many orders of two one after the other; ten of each in `.ci/run`


def both_typed(disclosure):
    """(address, first client and data, second client and data): both opened the page before either saved."""
    url = reverse("admin:budgets_disclosure_enter", args=[disclosure.pk, GENERAL])
    first, second = colleague("甲"), colleague("乙")
    out = []
    for client, typed in ((first, "81.00"), (second, "82.00")):
        data = fields(client.get(url))
        out.append((client, data | {f"{row_of(data, '2080505')}-basic": typed}))
    return url, *out


def test_the_second_is_told_and_keeps_what_was_typed(disclosure):
    url, (first, early), (second, late) = both_typed(disclosure)
    assert first.post(url, early).status_code == 302
    refused = second.post(url, late)
    assert refused.status_code == 409
    assert amount() == Decimal("810000.00")
    name = f"{row_of(late, '2080505')}-basic"
    assert fields(refused)[name] == "82.00"
    assert "现为 81.00" in refused.text and "甲" in refused.text
    assert refused.text.count('class="theirs"') == 1


def test_having_seen_it_the_second_may_save(disclosure):
    url, (first, early), (second, late) = both_typed(disclosure)
    first.post(url, early)
    again = fields(second.post(url, late))
    assert second.post(url, again).status_code == 302
    assert amount() == Decimal("820000.00")


def test_without_the_check_the_first_would_be_lost(disclosure, monkeypatch):
    """The negative control: the same two savings, the check switched off."""

    def always(current, version):
        return True

    monkeypatch.setattr(editing, "opened_at", always)
    url, (first, early), (second, late) = both_typed(disclosure)
    assert first.post(url, early).status_code == second.post(url, late).status_code == 302
    assert amount() == Decimal("820000.00")


@pytest.mark.sweep(2)
@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "９", "99999999999999999999"])
def test_a_form_without_its_version_saves_nothing(disclosure, version):
    url, (first, early), _ = both_typed(disclosure)
    assert first.post(url, early | {"version": version}).status_code == 409
    assert amount() == Decimal("800000.00")


def behind(disclosure, page: str) -> None:
    """Somebody else changes just what that page types."""
    change = {
        "basics": lambda: type(disclosure).objects.filter(pk=disclosure.pk).update(contact="别人填的"),
        "goals": lambda: disclosure.goals.create(position=1, project="别人加的"),
        "wording": lambda: disclosure.wordings.create(place="balance/title", caption="别人改的"),
        "explain": lambda: disclosure.explanations.create(
            finding_key="k", rule="r", message="m", text="别人写的"
        ),
        "chapter": lambda: disclosure.narratives.filter(key="overview").delete(),
        GENERAL: lambda: disclosure.expenditure_lines.filter(function="2010301").update(project=5),
        "revenue": lambda: disclosure.revenue_lines.filter(function="2010301").delete(),
    }
    change[page]()


PAGES = {
    "basics": ("basics",), "goals": ("goals",), "wording": ("wording",), "explain": ("explain",),
    "chapter": ("chapter", "overview"), GENERAL: ("enter", GENERAL), "revenue": ("enter", "revenue"),
}  # fmt: skip


@pytest.mark.sweep(1, 16)
@pytest.mark.parametrize("changed", PAGES)
@pytest.mark.parametrize("part", PAGES)
def test_a_form_is_refused_when_its_own_part_was_changed_and_only_then(disclosure, part, changed):
    lay_out(disclosure)
    disclosure.wordings.create(place="revenue/title", caption="收入表")
    url = reverse(f"admin:budgets_disclosure_{PAGES[part][0]}", args=[disclosure.pk, *PAGES[part][1:]])
    client = colleague("丙")
    hub = reverse("admin:budgets_disclosure_change", args=[disclosure.pk])
    data = fields(client.get(hub if part == "explain" else url))
    behind(disclosure, changed)
    type(disclosure).objects.filter(pk=disclosure.pk).update(version=disclosure.version + 1)
    assert client.post(url, data).status_code == (409 if part == changed else 302)


def test_two_tabs_of_one_person_in_two_tables_both_save(disclosure):
    """Journey 17: the second is no conflict, and marks no cell."""
    client = colleague("甲")
    revenue, general = (
        reverse("admin:budgets_disclosure_enter", args=[disclosure.pk, key]) for key in ("revenue", GENERAL)
    )
    first, second = fields(client.get(revenue)), fields(client.get(general))
    first |= {f"{row_of(first, '2080505')}-other": "1.00"}
    second |= {f"{row_of(second, '2080505')}-basic": "82.00"}
    assert client.post(revenue, first).status_code == client.post(general, second).status_code == 302
    assert amount() == Decimal("820000.00")
    assert disclosure.revenue_lines.get(function="2080505").other == Decimal("10000.00")
    assert type(disclosure).objects.get(pk=disclosure.pk).version == disclosure.version + 2


def test_what_was_put_back_as_it_was_is_no_conflict(disclosure):
    url, (first, early), (second, late) = both_typed(disclosure)
    assert first.post(url, early).status_code == 302
    back = fields(first.get(url))
    assert first.post(url, back | {f"{row_of(back, '2080505')}-basic": "80.00"}).status_code == 302
    assert second.post(url, late).status_code == 302


@pytest.mark.parametrize("page", ["basics", "goals", "wording", ("chapter", "overview")])
def test_what_was_not_changed_stands_in_nobodys_way(disclosure, page):
    name, *rest = [page] if isinstance(page, str) else page
    disclosure.narratives.filter(key="overview").update(text="一行\n又一行")
    url = reverse(f"admin:budgets_disclosure_{name}", args=[disclosure.pk, *rest])
    client = colleague("丙")
    data = fields(client.get(url))
    assert client.post(url, {k: v.replace("\n", "\r\n") for k, v in data.items()}).status_code == 302
    assert type(disclosure).objects.get(pk=disclosure.pk).version == disclosure.version


def test_kept_words_are_shown_beside_a_conflict(disclosure):
    url = reverse("admin:budgets_disclosure_chapter", args=[disclosure.pk, "overview"])
    client = colleague("丁")
    stale = fields(client.get(url)) | {"text": "我写的长文"}
    colleague("戊").post(url, fields(colleague("己").get(url)) | {"text": "别人写的"})
    refused = client.post(url, stale)
    assert refused.status_code == 409
    assert fields(refused)["text"] == "我写的长文"
    assert disclosure.narratives.get(key="overview").text == "别人写的"


def drawn_order(disclosure, seed: int) -> None:
    """Two people open and save two pages in a drawn order: a saving is taken when nobody saved that page since it was opened."""
    chance = random.Random(seed)
    people = [colleague("甲"), colleague("乙")]
    pages = [
        reverse("admin:budgets_disclosure_basics", args=[disclosure.pk]),
        reverse("admin:budgets_disclosure_goals", args=[disclosure.pk]),
    ]
    names = {pages[0]: "contact", pages[1]: "rows-0-project"}
    seen: dict[tuple[int, str], tuple[dict[str, str], int]] = {}
    saved = dict.fromkeys(pages, 0)
    for n in range(8):
        who, url = chance.randrange(2), chance.choice(pages)
        if (who, url) not in seen or chance.random() < 0.4:
            seen[who, url] = (fields(people[who].get(url)), saved[url])
            continue
        data, at = seen.pop((who, url))
        typed = f"{seed}-{n}"
        answer = people[who].post(url, data | {names[url]: typed})
        assert answer.status_code == (302 if at == saved[url] else 409), (seed, n)
        if answer.status_code == 302:
            saved[url] += 1
        else:
            assert fields(answer)[names[url]] == typed, "what was typed is kept"
            assert fields(people[who].get(url))[names[url]] != typed


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("part", range(RACES // 10))
def test_no_drawn_order_overwrites_unsaid(disclosure, part):
    disclosure.goals.create(position=1, project="窗口运行")
    for seed in range(10 * part, 10 * part + 10):
        drawn_order(disclosure, seed)


def race(disclosure) -> list[int]:
    """The two answers when both press the button at the same moment."""
    url, *people = both_typed(disclosure)
    barrier, answers = threading.Barrier(2), []

    def save(client: Client, data: dict[str, str]) -> None:
        barrier.wait()
        try:
            answers.append(client.post(url, data).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=person) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's test database has one writer at a time"
)
@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("part", range(RACES // 10))
def test_of_two_at_once_one_wins(part):
    some_subjects()
    for year in range(2010, 2020):
        assert race(a_disclosure(year=year)) == [302, 409]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's test database has one writer at a time"
)
def test_without_the_check_both_would_win(monkeypatch):
    """The negative control."""
    some_subjects()

    def always(current, version):
        return True

    monkeypatch.setattr(editing, "opened_at", always)
    assert race(a_disclosure(year=2020)) == [302, 302]
