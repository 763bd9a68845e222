"""Saving by itself: accepted rows are saved whatever stands beside them, refused ones stay as they are, nobody is overwritten."""

import random
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from budgets import tablesets
from budgets.admin.declaring import grids_of
from budgets.domain.money import to_yuan
from budgets.models import Disclosure, ExpenditureLine, Organization
from tests.makers.disclosures import a_disclosure, a_person, some_subjects, submitted

from .forms import enter, fields, of, page_of, row_of

pytestmark = pytest.mark.django_db
GENERAL = "expenditure-general_public"
JSON = {"Accept": "application/json"}


@pytest.fixture
def disclosure():
    some_subjects()
    return a_disclosure()


def keep(client, url: str, data: dict, status: int = 200) -> dict:
    """What the script of the page is told."""
    answer = client.post(url, data, headers=JSON)
    assert answer.status_code == status, answer.text[:300]
    return answer.json()


def colleague() -> Client:
    client = Client()
    client.force_login(a_person("accountant"))
    return client


def test_accepted_rows_are_saved_and_a_refused_one_stays_as_it_was(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    wrong, new = row_of(data, "2080505"), row_of(data, "")
    data |= {f"{wrong}-basic": "八十", f"{new}-function": "2080502", f"{new}-basic": "1234.5"}
    told = keep(accountant, url, data)
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal("800000.00")
    assert ExpenditureLine.objects.get(function="2080502").basic == Decimal("12345000.00")
    assert [name for name, _ in told["errors"]] == [f"{wrong}-basic"]
    assert "八十" in told["errors"][0][1]
    assert told["cells"] == {f"{new}-basic": "1,234.50"}
    # The saved rows in their new order: 2010301, 2080502, 2080505.
    assert told["places"] == {"0": 0, "1": 2, new.removeprefix("rows-"): 1}


def test_a_press_after_the_page_saved_by_itself_is_told_that_all_is_saved(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    data |= {f"{row_of(data, '2080505')}-basic": "81.00"}
    version = keep(accountant, url, data)["version"]
    page = accountant.post(url, data | {"version": version}, follow=True).text
    assert (
        "都已保存，没有新的改动" in page and ExpenditureLine.objects.get(function="2080505").basic == 810000
    )


def test_what_is_saved_by_itself_opens_the_next_saving(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    row = row_of(data, "2080505")
    for typed in ("81.00", "82.00", "83.00"):
        told = keep(accountant, url, data | {f"{row}-basic": typed})
        data["version"] = told["version"]
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal("830000.00")
    assert accountant.post(url, data | {f"{row}-basic": "84.00"}).status_code == 302


def test_the_loser_is_told_what_is_saved_now(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    mine = fields(accountant.get(url))
    other = colleague()
    theirs = fields(other.get(url))
    row = row_of(theirs, "2080505")
    keep(other, url, theirs | {f"{row}-basic": "81.00"})
    told = keep(accountant, url, mine | {f"{row}-basic": "82.00"}, 409)
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal("810000.00")
    assert {r["key"]: r["cells"]["basic"] for r in told["rows"]}["2080505"] == "81.00"
    assert told["who"] and told["version"] != mine["version"]
    # Having seen both, mine is saved on top.
    keep(accountant, url, mine | {f"{row}-basic": "82.00", "version": told["version"]})
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal("820000.00")


def test_without_its_version_nothing_is_saved(accountant, disclosure):
    """The negative control of the lock."""
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    keep(accountant, url, data | {f"{row_of(data, '2080505')}-basic": "1.00", "version": ""}, 409)
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal("800000.00")


def test_the_order_and_the_history_of_records_are_kept(accountant, disclosure):
    url = page_of(disclosure, "organizations")
    for name in ("甲", "乙", "丙"):
        data = fields(accountant.get(url))
        keep(accountant, url, data | {f"{row_of(data, '', 'name')}-name": name})
    data = fields(accountant.get(url))
    told = keep(accountant, url, data | {"rows-0-ORDER": "3", "rows-1-ORDER": "1", "rows-2-ORDER": "2"})
    assert list(Organization.objects.order_by("position").values_list("name", flat=True)) == [
        "乙",
        "丙",
        "甲",
    ]
    assert told["places"] == {"0": 2, "1": 0, "2": 1}


@pytest.mark.sweep(4)
@pytest.mark.parametrize("key", ["revenue", GENERAL, "basic_expenditure", "three_public", "funds", "organizations",
                                 "projects", "procurement", "fixed_assets"])  # fmt: skip
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_an_untouched_page_of_any_grid_saves_nothing_new(accountant, table_set, key):
    some_subjects()
    disclosure = a_disclosure()
    Disclosure.objects.filter(pk=disclosure.pk).update(table_set=table_set)
    if key not in grids_of(tablesets.get(table_set)):
        return
    url = page_of(disclosure, key)
    page = accountant.get(url)
    told = keep(accountant, url, fields(page))
    assert (told["errors"], told["cells"]) == ([], {})
    assert told["version"] == fields(page)["version"]


def test_a_form_cut_short_is_refused_whole(accountant, disclosure):
    url = page_of(disclosure, "three_public")
    told = keep(accountant, url, fields(accountant.get(url)) | {"rows-TOTAL_FORMS": "2"}, 422)
    assert told["errors"] and told["places"] == {}


@pytest.mark.parametrize("role", ["reviewer", "bureau_officer", "auditor"])
def test_who_may_not_type_saves_nothing_by_itself_either(client, accountant, disclosure, role):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    person = enter(client, role)
    assert person.role == role
    assert (
        client.post(url, data | {f"{row_of(data, '2080505')}-basic": "1.00"}, headers=JSON).status_code == 403
    )
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal("800000.00")


def test_a_submitted_draft_is_not_changed(accountant):
    from tests.makers.disclosures import a_sound_disclosure

    disclosure = a_sound_disclosure()
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    submitted(disclosure)
    assert accountant.post(url, data | {"rows-0-basic": "1.00"}, headers=JSON).status_code == 403


@pytest.mark.sweep(1, 3)
@pytest.mark.parametrize("seed", range(10))  # 200 were run of the one, 75 of the other
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_two_people_interleaved_lose_nothing_and_are_refused_only_for_their_own_table(
    disclosure, table_set, seed
):
    """Random turns of two people over two tables and their cells, each page as its script would send it."""
    Disclosure.objects.filter(pk=disclosure.pk).update(table_set=table_set)
    rng = random.Random(seed)
    tables = {GENERAL: ("2010301", "2080505"), "revenue": ("2010301", "2080505")}
    names = {GENERAL: ("basic", "project"), "revenue": ("fiscal_appropriation", "service")}
    people = [colleague(), colleague()]
    pages = {}
    for n, client in enumerate(people):
        for key in tables:
            url = page_of(disclosure, key)
            pages[n, key] = {"url": url, "data": fields(client.get(url)), "seen": 0}
    saved: dict[tuple[str, str, str], str] = {}
    turns = dict.fromkeys(tables, 0)
    for _ in range(12):
        n, key = rng.randrange(2), rng.choice(list(tables))
        page = pages[n, key]
        row = row_of(page["data"], rng.choice(tables[key]))
        code, name, typed = (
            page["data"][f"{row}-function"],
            rng.choice(names[key]),
            f"{rng.randint(1, 999)}.00",
        )
        data = page["data"] | {f"{row}-{name}": typed}
        answer = people[n].post(page["url"], data, headers=JSON)
        stale = page["seen"] != turns[key]
        assert (answer.status_code == 409) == stale, (
            "a conflict is told exactly when somebody else saved this table"
        )
        if stale:
            told = answer.json()
            # As the script does: what is saved now, with what was typed on top.
            for each in told["rows"]:
                at = row_of(page["data"], each["key"])
                page["data"] |= {f"{at}-{field}": value for field, value in each["cells"].items()}
            page["data"]["version"] = told["version"]
            data = page["data"] | {f"{row}-{name}": typed}
            answer = people[n].post(page["url"], data, headers=JSON)
        told = answer.json()
        assert answer.status_code == 200 and told["errors"] == []
        changed = told["version"] != page["data"]["version"]
        page["data"] = data | {"version": told["version"]}
        turns[key] += changed
        page["seen"] = turns[key]
        saved[key, code, name] = typed
    for (key, code, name), typed in saved.items():
        lines = (
            disclosure.revenue_lines
            if key == "revenue"
            else disclosure.expenditure_lines.filter(fund="general_public")
        )
        wanted = to_yuan(Decimal(typed), tablesets.get(table_set).unit)
        assert getattr(lines.get(function=code), name) == wanted


def test_the_addresses_of_pieces_answer_what_they_are_asked(accountant, disclosure):
    beside = reverse("admin:budgets_disclosure_beside", args=[disclosure.pk, GENERAL])
    assert "件事" in accountant.get(beside).text
    assert (
        accountant.get(
            reverse("admin:budgets_disclosure_beside", args=[disclosure.pk, "nonsense"])
        ).status_code
        == 404
    )


def test_the_history_tells_savings_of_one_page_together(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    row = row_of(data, "2080505")
    for typed in ("81.00", "82.00", "83.00"):
        data["version"] = keep(accountant, url, data | {f"{row}-basic": typed})["version"]
    other = colleague()
    theirs = fields(other.get(url))
    keep(other, url, theirs | {f"{row}-basic": "84.00"})
    entries = accountant.get(of(disclosure, "history")).context["entries"]
    assert [entry["words"].count("3 次保存") for entry in entries[:2]] == [0, 1]
    assert [line.split("：")[-1] for line in entries[1]["lines"]] == [
        "基本支出 80.00 万元 → 81.00 万元", "基本支出 81.00 万元 → 82.00 万元", "基本支出 82.00 万元 → 83.00 万元",
    ]  # fmt: skip


def test_a_page_of_words_saves_each_field_that_can_be_read(accountant, disclosure):
    url = of(disclosure, "basics")
    data = fields(accountant.get(url))
    told = keep(accountant, url, data | {"contact": "0315-1", "approved_on": "元月"})
    disclosure.refresh_from_db()
    assert disclosure.contact == "0315-1" and disclosure.approved_on is None
    assert [name for name, _ in told["errors"]] == ["approved_on"]
    told = keep(
        accountant, url, data | {"contact": "0315-2", "version": told["version"], "states_no_money": "on"}
    )
    disclosure.refresh_from_db()
    assert disclosure.contact == "0315-2" and disclosure.states_no_money and told["errors"] == []


def test_a_chapter_that_somebody_else_saved_is_told_with_their_words(accountant, disclosure):
    url = of(disclosure, "chapter", "overview")
    mine, other = fields(accountant.get(url)), colleague()
    keep(other, url, fields(other.get(url)) | {"text": "他们写的。"})
    told = keep(accountant, url, mine | {"text": "我写的。"}, 409)
    assert told["fields"]["text"] == "他们写的。" and told["rows"] == []
    keep(accountant, url, mine | {"text": "我写的。", "version": told["version"]})
    assert disclosure.narratives.get(key="overview").text == "我写的。"
