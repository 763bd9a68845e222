"""What a ledger adds up to is added up once for a page, a draft or a file, and once more for a file whose wrong cell is found."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from budgets import ledger, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain import facts, sheets
from budgets.domain.classification import Subjects
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.importing.reading.grids import GridCell
from budgets.rules import check
from budgets.workflow.drafts import draft_of
from tests.makers import sample_files
from tests.makers.disclosures import a_sound_disclosure

from ..admin.forms import enter, fields, of

PAGES = (
    ("change",), ("preview",), ("wording",), ("chapter", "overview"), ("enter", "revenue"), ("enter", "procurement"),
)  # fmt: skip
MOST = 17  # the frame, the draft, its own rows, and which year there was before


@pytest.fixture
def filed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many facts each filing of a Filler took."""
    made: list[int] = []

    def counting(given: Any) -> facts.Filed:
        made.append(len(tuple(given)))
        return facts.Filed(given)

    monkeypatch.setattr(sheets, "Filed", counting)
    return made


@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_rules_add_up_what_the_document_has_added_up(filed: list[int], table_set: str) -> None:
    check(Ledger(table_set, "130225", "乐亭县", "1", "某局", 2023), subjects_of(2023))
    assert len(filed) == 1


@pytest.mark.django_db
def test_a_draft_is_added_up_once_and_last_year_once(filed: list[int]) -> None:
    for year, times in ((2022, 1), (2023, 2)):
        disclosure = a_sound_disclosure(year=year)
        filed.clear()
        draft_of(disclosure)
        assert len(filed) == times


@pytest.mark.django_db
@pytest.mark.parametrize("asked", PAGES, ids="-".join)
def test_a_page_is_added_up_once(filed: list[int], client: Client, asked: tuple[str, ...]) -> None:
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    filed.clear()
    assert client.get(of(disclosure, *asked)).status_code == 200
    # A page of words shows the findings of what is saved beside what is typed, which may be other words.
    assert len(filed) == (2 if asked[0] in ("wording", "chapter") else 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("grid", "shown"), [("revenue", "facts"), ("procurement", "procurements")])
def test_an_entry_page_reads_its_own_rows_alone(
    client: Client, django_assert_max_num_queries: Any, grid: str, shown: str
) -> None:
    disclosure = a_sound_disclosure()
    whole, own = ledger.read(disclosure), ledger.read(disclosure, only=shown)
    assert getattr(own, shown) == getattr(whole, shown)
    assert not any(getattr(own, name) for name in ("facts", *ledger.RECORDS) if name != shown)
    enter(client, "accountant")
    client.get(of(disclosure, "enter", grid))  # the first page of a session puts it on the list
    with django_assert_max_num_queries(MOST):
        client.get(of(disclosure, "enter", grid))


def test_a_second_adding_up_would_be_seen(filed: list[int]) -> None:
    for _ in range(2):
        Filler(tablesets.get("hebei_2023"), Ledger("hebei_2023", "", "", "", "", 2023), Subjects())
    assert len(filed) == 2


@pytest.mark.django_db
def test_a_step_is_added_up_once(filed: list[int], client: Client) -> None:
    disclosure = a_sound_disclosure()
    enter(client, "accountant")
    opened = client.get(of(disclosure, "step", "submit"))
    filed.clear()
    assert client.post(of(disclosure, "step", "submit"), fields(opened)).status_code == 302
    assert len(filed) == 1


@pytest.mark.parametrize(
    ("spoil", "times"), [(lambda source: source, 1), (None, 2)], ids=["sound", "wrong cell"]
)
def test_a_file_is_added_up_once(filed: list[int], spoil: Callable[[Any], Any] | None, times: int) -> None:
    source = sample_files.workbook()
    wrong = spoil or (lambda one: sample_files.with_cells(one, 2, GridCell(9, 5, "1.00", Decimal(1))))
    taken = sample_files.taken(wrong(source))
    assert bool(taken.suspects) == (times == 2)
    assert len(filed) == times
