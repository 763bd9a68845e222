"""What the portal gives out as a workbook, it takes in again as the same disclosure; and how fast it takes in."""

import io
import time
from functools import cache
from pathlib import Path

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.importing.comparing.reports import Part
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from budgets.rendering.workbook.xlsx import workbook as exported
from tests.makers.libreoffice import converted, needs_calc
from tests.makers.sample_files import WORD, WORKBOOK, taken

SAME = ("facts", "organizations", "goals", "procurements", "assets", "assets_as_of", "wording")


@cache
def original() -> Taken:
    return taken(WORD)


@cache
def export() -> bytes:
    """The workbook of the sample, all its tables."""
    ledger = original().ledger
    return exported(compose(tablesets.get(ledger.table_set), ledger, subjects_of(2023)))


def assert_the_same(again: Taken) -> None:
    assert (again.differences, again.suspects, again.unread) == ([], [], [])
    assert [table.key for table in again.tables] == [table.key for table in original().tables]
    assert again.parts == set(Part) - {
        Part.NARRATIVES,
        Part.PROJECTS,
        Part.SERVICES,
        Part.UNIT_ROWS,
        Part.LAST_YEAR,
    }  # its set prints none
    for name in SAME:
        assert getattr(again.ledger, name) == getattr(original().ledger, name)


def test_the_exported_workbook_is_taken_in_as_the_same_disclosure():
    assert_the_same(taken(read(io.BytesIO(export()), "公开.xlsx")))


@needs_calc
def test_and_so_it_is_after_libreoffice_saved_it_again(tmp_path: Path):
    (tmp_path / "公开.xlsx").write_bytes(export())
    assert_the_same(taken(converted(tmp_path / "公开.xlsx", "xlsx", tmp_path / "saved")))


@pytest.mark.sweep(1)
@pytest.mark.parametrize(("file", "limit"), [(WORKBOOK, 1.0), (WORD, 2.0)])
def test_a_warm_process_takes_in_the_sample_within_its_limit(file, limit):
    taken(file)
    start = time.process_time()
    taken(file)
    assert time.process_time() - start < limit
