"""Random accounts, departments of units and budgets of the synthetic sets, each file in a disguise drawn.

`uv run python -m tests.long.drawn_disguises --accounts 1000 --departments 1000 --budgets 1000 [--changes 4] [--seed 0]`

Clean stays clean: what is read is what was drawn, without a difference or suspect. Then single amounts are changed by the
smallest step: noticed, and told exactly. A cell that stands in the same equations as its neighbours, or in none, cannot be
told: those are counted apart (untold). Of a department each of its two to six units is read; they add up to it, and one changed
cell of it is named.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import django
import pytest
from django.conf import settings

if not settings.configured:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgets.settings")
    django.setup()

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.identities import amounts, identities
from budgets.domain.places import CellRef
from budgets.domain.suspects import corrections
from budgets.domain.terms import Family
from budgets.domain.unit_sums import units_added
from tests.domain.test_unit_sums import changed, merged
from tests.importing.guards import Guarded, keep
from tests.importing.test_random_workbooks import faults, taken
from tests.makers.disguises import a_ledger, disguised
from tests.makers.workers import YEAR
from tests.tablesets.synthetic import SYNTHETIC

ACCOUNTS = "shanghai_final_2024"
NEW = ("years_beside", "events", "by_economic", "unit_rows")  # sets with columns that no real one has yet
OF_UNITS = ("hebei_2023", "shanghai_2023", "by_economic", "events", "unit_rows")


def drawn(key: str, seed: int, changes: int) -> Counter[str]:
    """Whether a drawn file is read as it was meant, and of single changes of it: how many were noticed and told exactly,
    and how many nothing could tell apart: `alone` in one equation, or `alike` in the same ones as their neighbours."""
    guarded = Guarded(seed, key)
    found = faults(guarded.made, taken(guarded.made, guarded.source))
    if found:
        print(key, seed, *found[:3], sep="\n  ")
    count = Counter(files=1, clean=not found)
    chance = random.Random(seed)  # noqa: S311
    cells = guarded.cells()
    there = set(cells)
    where, alike = in_the_same_sums(guarded)
    for _ in range(changes):
        ref = chance.choice(cells)
        noticed, suspects = guarded.outcome([(ref, guarded.change(ref, chance))])
        exact = suspects == {guarded.place(ref)}
        neighbours = {guarded.place(each) for each in alike.get(ref, set()) & there}
        untold = not exact and (ref not in alike or bool(suspects) and suspects <= neighbours)
        listed = exact and not guarded.instead() or untold and guarded.place(ref) in guarded.instead()
        kind = "alike" if len(where.get(ref, ())) > 1 else "alone"
        count.update(
            {
                "changes": 1,
                "noticed": noticed,
                "exact": exact,
                "untold": untold,
                "listed": listed,
                kind: untold,
            }
        )
        if not (noticed and (exact or untold)):
            print(key, seed, ref, "noticed" if noticed else "not noticed", sorted(suspects))
    return count


type Sums = dict[
    CellRef, tuple[tuple[int, int], ...]
]  # the number of each equation, with the sign of the cell in it


def in_the_same_sums(guarded: Guarded) -> tuple[Sums, dict[CellRef, set[CellRef]]]:
    """By cell its equations, and the cells that stand in the same ones with the same sign, or in the same single one;
    nothing for a cell that stands in no equation."""
    table_set = guarded.set
    cells = amounts(compose(table_set, guarded.ledger, subjects_of(YEAR)).tables)
    where: dict[CellRef, list[tuple[int, int]]] = {}
    for n, identity in enumerate(identities(table_set, cells)):
        for cell, sign in identity.terms():
            where.setdefault(cell, []).append((n, sign))
    groups: dict[tuple[tuple[int, int], ...], set[CellRef]] = {}
    told_by = {  # in one equation only a sum that is too high looks as its parts that are too low
        cell: tuple(sums) if len(sums) > 1 else ((sums[0][0], 1),) for cell, sums in where.items()
    }
    for cell, sums in told_by.items():
        groups.setdefault(sums, set()).add(cell)
    return told_by, {cell: groups[sums] for cell, sums in told_by.items()}


def department(key: str, seed: int) -> Counter[str]:
    """Two to six units of a department, each read from its disguise, and the department held against their sum."""
    chance = random.Random(f"{seed} {key}")  # noqa: S311
    of_units = tablesets.of_body(key, unit=True)
    made = [disguised(seed * 10 + n, of_units) for n in range(chance.randint(2, 6))]
    read = [taken(each) for each in made]
    wrong = [fault for each, found in zip(made, read, strict=True) for fault in faults(each, found)]
    declared, subjects = tablesets.get(key), subjects_of(YEAR)
    units = [compose(tablesets.get(of_units), found.ledger, subjects) for found in read]
    facts = [f for each in made for f in each.ledger.facts if f.family is not Family.BASIC_BY_CLASS]
    whole = compose(declared, replace(a_ledger(0, key), facts=merged(facts)), subjects)
    gaps = units_added(declared, whole, units).gaps
    other, place, gap = changed(whole, random.Random(seed))  # noqa: S311
    told = {each.cell: each.amount for each in units_added(declared, other, units).gaps}
    cells = amounts(other.tables)
    if any(place.column == each.key for each in declared.table(place.table).besides()):
        # Last year is held within the table (0048), not against the units.
        right = corrections(identities(declared, cells), cells)
        told = {cell: cells[cell] - amount for cell, amount in right.items() if amount is not None}
    if told != {place: gap}:
        print(key, seed, place, gap, told)
    if wrong or gaps:
        print(key, seed, *wrong[:3], *gaps[:3], sep="\n  ")
    return Counter(
        departments=1, units=len(made), clean=not (wrong or gaps), noticed=bool(told), exact=told == {place: gap}
    )  # fmt: skip


def told_of(name: str, counts: Iterable[Counter[str]]) -> Counter[str]:
    """The sum of the counts, printed, and on the way after each fifty."""
    whole: Counter[str] = Counter()
    for n, count in enumerate(counts, 1):
        whole.update(count)
        if not n % 50:
            print(name, n, dict(whole), flush=True)
    print(name, dict(whole), flush=True)
    return whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("accounts", "departments", "budgets"):
        parser.add_argument(f"--{name}", type=int, default=0)
    parser.add_argument("--changes", type=int, default=4, help="of each file")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    tablesets.SETS.update(SYNTHETIC)
    with pytest.MonkeyPatch.context() as patch:
        keep(patch)
        seeds = range(asked.seed, asked.seed + asked.accounts)
        told_of("accounts", (drawn(ACCOUNTS, seed, asked.changes) for seed in seeds))
        pairs = [(OF_UNITS[n % len(OF_UNITS)], asked.seed + n) for n in range(asked.departments)]
        told_of("departments", (department(*pair) for pair in pairs))
        pairs = [(NEW[n % len(NEW)], asked.seed + n) for n in range(asked.budgets)]
        told_of("budgets", (drawn(*pair, asked.changes) for pair in pairs))


if __name__ == "__main__":
    main()
