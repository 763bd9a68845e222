"""Every amount of any budget stands guard: one changed by 0.01 is noticed and the one suspect; two changed are noticed."""

import random
from collections import Counter

import pytest

from budgets.importing.comparing import comparison

from .guards import Guarded, kept  # noqa: F401  a fixture
from .sweeps import times

PARTS = 4
EACH = 40  # changes of one workbook
SINGLE = {"hebei_2023": 400, "shanghai_2023": 120}
DOUBLE = {"hebei_2023": 80, "shanghai_2023": 40}
# 三公 in one row of one table: what stands in one equation only, or in none, see docs/what-checks-cannot-find.md.
ALONE = {("shanghai_2023", "three_public")}


def tally(table_set: str, seeds, size: int) -> tuple[Counter, list[str]]:
    """How many of `EACH` changes of `size` cells a workbook were noticed, and how many told exactly."""
    count: Counter = Counter()
    missed = []
    for seed in seeds:
        chance = random.Random(seed)
        guarded = Guarded(seed, table_set)
        cells = guarded.cells()
        for _ in range(EACH):
            refs = chance.sample(cells, size)
            noticed, suspects = guarded.outcome([(ref, guarded.change(ref, chance)) for ref in refs])
            exact = suspects == {guarded.place(ref) for ref in refs}
            alone = any((table_set, ref.table) in ALONE for ref in refs)
            count.update({"changes": 1, "noticed": noticed, "exact": exact, "alone": alone})
            count.update(
                {
                    "unnoticed, not alone": not noticed and not alone,
                    "inexact, not alone": not exact and not alone,
                }
            )
            if not (noticed and exact):
                missed.append(
                    f"{table_set} {seed} {refs}: {'' if noticed else 'not '}noticed, suspects {suspects}"
                )
    return count, missed


def seeds_of(number: int, part: int) -> range:
    return range(part, max(PARTS, times(number) // EACH), PARTS)


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("table_set", SINGLE)
def test_one_change_is_noticed_and_the_one_suspect(table_set, part, kept):  # noqa: F811
    count, missed = tally(table_set, seeds_of(SINGLE[table_set], part), 1)
    print(table_set, dict(count), *missed, sep="\n")
    assert count["unnoticed, not alone"] <= count["changes"] / 1000
    assert count["inexact, not alone"] <= count["changes"] / 100


@pytest.mark.sweep(0, 1)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("table_set", DOUBLE)
def test_two_changes_are_noticed(table_set, part, kept):  # noqa: F811
    count, missed = tally(table_set, seeds_of(DOUBLE[table_set], part), 2)
    print(table_set, dict(count), *missed, sep="\n")
    assert count["unnoticed, not alone"] <= count["changes"] / 1000
    assert count["inexact, not alone"] <= count["changes"] / 10


@pytest.mark.slow
def test_untouched_nothing_is_noticed():
    for table_set in SINGLE:
        assert Guarded(0, table_set).outcome([]) == (False, set())


@pytest.mark.slow
def test_without_identities_the_sweep_fails(monkeypatch):
    monkeypatch.setattr(comparison, "identities", lambda *_: [])
    count, _ = tally("hebei_2023", range(1), 1)
    assert count["exact"] == 0
