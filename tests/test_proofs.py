"""Each row of docs/asvs.csv and docs/targets.md names tests that are there, and none is missing."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("proofs", Path(__file__).parents[1] / ".ci" / "proofs.py")
assert SPEC is not None and SPEC.loader is not None
proofs = sys.modules["proofs"] = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(proofs)
ROWS = {"asvs": proofs.asvs(), "targets": proofs.targets()}
WHOLE = {"asvs": proofs.CHAPTERS, "targets": None}


@pytest.mark.parametrize("kind", ROWS)
def test_every_row_is_there_once_and_names_tests_that_are_there(kind):
    assert [*proofs.faults(kind, ROWS[kind]), *proofs.missing(ROWS[kind], WHOLE[kind])] == []


def test_the_scope_of_the_standard_is_level_two():
    assert sum(proofs.CHAPTERS.values()) == len(ROWS["asvs"]) == 210
    assert proofs.main() == 0


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_too_few_or_too_many_is_named(kind):
    rows = ROWS[kind]
    assert len(list(proofs.missing(rows[1:], WHOLE[kind]))) == 1
    assert any("2 rows" in told for told in proofs.missing([*rows, rows[0]], WHOLE[kind]))


@pytest.mark.parametrize("kind", ROWS)
def test_what_a_row_lacks_is_named(kind):
    row = next(row for row in ROWS[kind] if row.answer == "shown")
    assert list(proofs.faults(kind, [row])) == []
    for changed, told in (
        (replace(row, answer="yes"), "is no answer"),
        (replace(row, tests=()), "0 tests"),
        (replace(row, answer="not shown", why="open"), "not shown, and"),
        (replace(row, tests=("tests/test_proofs.py::test_of_nothing",)), "there is no tests/test_proofs.py"),
        (replace(row, tests=("tests/nowhere.py::test_of_nothing",)), "there is no tests/nowhere.py"),
    ):
        assert any(told in each for each in proofs.faults(kind, [changed])), told
    assert kind == "targets" or "without a word" in next(
        iter(proofs.faults(kind, [replace(row, answer="reason", tests=(), why="")]))
    )
