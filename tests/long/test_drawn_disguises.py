"""A little of the long measurement: accounts, a department of units and the sets with new columns, read from disguises."""

import pytest

from tests.long.drawn_disguises import ACCOUNTS, department, drawn
from tests.tablesets.synthetic import declare


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("key", [ACCOUNTS, "by_economic", "unit_rows"])
def test_clean_stays_clean_and_one_change_is_told(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)
    found = drawn(key, 3, 3)
    assert (found["files"], found["clean"], found["changes"], found["noticed"]) == (1, 1, 3, 3)
    assert found["exact"] + found["untold"] == 3
    if key != ACCOUNTS:
        assert department(key, 3)["exact"] == 1
