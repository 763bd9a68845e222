"""A little of the long measurement: accounts, a department of units and the sets with new columns, read from disguises."""

from collections import Counter

import pytest

from budgets import tablesets
from tests.long.drawn_disguises import ACCOUNTS, clean, department, single
from tests.tablesets.synthetic import SYNTHETIC


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("key", [ACCOUNTS, "by_economic", "unit_rows"])
def test_clean_stays_clean_and_one_change_is_told(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in SYNTHETIC.values():
        monkeypatch.setitem(tablesets.SETS, each.key, each)
    assert clean(key, 3) == Counter(files=1, clean=1)
    found = single(key, 3, 3)
    assert (found["changes"], found["noticed"], found["exact"] + found["untold"]) == (3, 3, 3)
    if key != ACCOUNTS:
        assert department(key, 3)["exact"] == 1
