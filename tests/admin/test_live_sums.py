"""The lists by which an entry page adds up are the declared tables' own sums: tried on random budgets of every set."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from budgets import ledger, tablesets
from budgets.admin.declaring import grids_of
from budgets.admin.grid_layout import Layout
from budgets.admin.live_sums import live_sums
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import ZERO
from budgets.domain.money import in_unit
from budgets.models import Disclosure
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.disclosures import a_department, some_subjects

pytestmark = pytest.mark.django_db


def drawn(key: str, seed: int, year: int = 2023) -> Disclosure:
    """A draft of a random budget or accounts of a set, of the stage that the set is for."""
    some_subjects(year)
    table_set = tablesets.get(key)
    disclosure = Disclosure.objects.create(
        department=a_department(), fiscal_year=year, table_set=key, stage=table_set.stage.value
    )
    other = random_ledger(seed, table_set)
    own = ledger.read(disclosure)
    ledger.write(
        disclosure,
        replace(own, facts=other.facts, procurements=other.procurements, assets=other.assets),
    )
    return disclosure


def typed_amounts(layout: Layout) -> dict[tuple[str, str], Decimal]:
    """What is typed on a page, by row and field, in the unit of the set."""
    unit = layout.table_set.unit
    found = {}
    for n, row in enumerate(layout.existing()):
        key = str(getattr(row, layout.grid.row)) if layout.grid.row else str(n + 1)
        for name in live_sums(layout)["money"]:
            found[key, name] = in_unit(getattr(row, name) or ZERO, unit)
    return found


def added(sums: dict, amounts: dict, row: str, column: str) -> Decimal:
    """What the script of the page would show: the typed cells of the row's list and the column's."""

    def inside(key: str) -> bool:
        if row == key or row == "total" and not sums["rows"].get(row):
            return True
        if sums["given"]:
            return key in sums["rows"].get(row, ())
        return bool(sums["lengths"]) and key.startswith(row)

    fields = sums["columns"].get(column, ())
    return sum((amount for (key, name), amount in amounts.items() if inside(key) and name in fields), ZERO)


@pytest.mark.sweep(2)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_every_derived_cell_is_the_sum_of_its_list(table_set, seed):
    disclosure = drawn(table_set, seed)
    compared = 0
    for grid in grids_of(tablesets.get(table_set)).values():
        layout = Layout(grid, disclosure)
        sums, amounts, sheet = live_sums(layout), typed_amounts(layout), layout.sheet()
        for row in sheet.rows if sheet else ():
            for cell, column in zip(row.cells, sheet.columns, strict=True):
                if column.kind is not ColumnKind.AMOUNT or not sums["columns"].get(column.key):
                    continue
                assert added(sums, amounts, row.key, column.key) == (cell.amount or 0), (
                    grid.key,
                    row.key,
                    column.key,
                )
                compared += 1
    assert compared > 50


@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_a_column_left_out_would_be_seen(table_set):
    """The negative control: without one field the sums differ."""
    disclosure = drawn(table_set, 1)
    layout = Layout(grids_of(tablesets.get(table_set))["revenue"], disclosure)
    sums, amounts, sheet = live_sums(layout), typed_amounts(layout), layout.sheet()
    total = next(row for row in sheet.rows if row.total)
    n, column = next((n, c) for n, c in enumerate(sheet.columns) if len(sums["columns"].get(c.key, ())) > 1)
    assert added(sums, amounts, "total", column.key) == total.cells[n].amount
    used = next(name for (_, name), amount in amounts.items() if amount)
    for fields in sums["columns"].values():
        if used in fields:
            fields.remove(used)
    assert added(sums, amounts, "total", column.key) != total.cells[n].amount


@pytest.mark.sweep(1)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_ties_follow_what_is_typed(table_set, seed):
    """A changed cell moves the sides of the ties by what a recomputation says."""
    rng = random.Random(seed)
    disclosure = drawn(table_set, seed)
    tried = 0
    for grid in grids_of(tablesets.get(table_set)).values():
        layout = Layout(grid, disclosure)
        before = {tie["key"]: tie for tie in live_sums(layout)["ties"]}
        rows = [row for row in layout.existing() if row.pk]
        if not before or not rows:
            continue
        row = rng.choice(rows)
        key = str(getattr(row, grid.row))
        closed = {grid.field(column) for line, column in grid.closed if line == key}
        name = rng.choice([name for name in live_sums(layout)["money"] if name not in closed])
        step = layout.table_set.quantum * rng.randint(1, 999)
        type(row).objects.filter(pk=row.pk).update(**{name: (getattr(row, name) or 0) + step})
        after = {tie["key"]: tie for tie in live_sums(Layout(grid, disclosure))["ties"]}
        more = in_unit(step, layout.table_set.unit)
        for tie_key, tie in before.items():
            for side, sign in (("left", 1), ("right", -1)):
                moved = sum(
                    (more for s, r, codes, fields in tie["terms"]
                     if s == sign and name in fields and r in ("", key)
                     and (r or not codes or any(key.startswith(code) for code in codes))),
                    ZERO,
                )  # fmt: skip
                assert Decimal(after[tie_key][side]) - Decimal(tie[side]) == moved, (
                    grid.key,
                    tie_key,
                    key,
                    name,
                )
        tried += 1
    assert tried >= 3
