"""What .ci/mutants.py names is there, and how it tells a change that was noticed from one that was not."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def script():
    spec = importlib.util.spec_from_file_location("mutants", ROOT / ".ci" / "mutants.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


mutants = script()


def missing(group) -> list[str]:
    """The modules and tests of a group that are no file."""
    files = (*(f"budgets/{module}" for module in group.modules), *group.tests)
    return [name for name in files if not (ROOT / name).is_file()]


@pytest.mark.parametrize("name", mutants.GROUPS)
def test_every_module_and_test_of_a_group_is_there(name):
    assert missing(mutants.GROUPS[name]) == []


def test_a_name_that_is_gone_is_noticed():
    group = mutants.Group(
        ("domain/money.py", "domain/gone.py"), ("tests/gone.py", "tests/domain/test_money.py")
    )
    assert missing(group) == ["budgets/domain/gone.py", "tests/gone.py"]


def test_every_group_stands_in_the_table_of_results():
    rows = [
        line.split("|")[1].strip()
        for line in (ROOT / "docs" / "mutants.md").read_text().splitlines()
        if line.startswith("| ")
    ]
    assert sorted(set(rows) & set(mutants.GROUPS)) == sorted(mutants.GROUPS)
