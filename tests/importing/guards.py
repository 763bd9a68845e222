"""A disguised workbook, read once, in which single cells are then changed: is it noticed, and which cells are suspected?"""

import io
import random
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.money import YUAN_IN
from budgets.domain.places import CellRef
from budgets.domain.sheets import Filler
from budgets.importing.comparing import comparison
from budgets.importing.comparing.comparison import derive, differences, find_suspects, others_alike
from budgets.importing.comparing.reports import Place
from budgets.importing.reading.grids import Grid, GridCell
from budgets.importing.reading.sources import read
from budgets.importing.recognising.matches import Match
from budgets.importing.recognising.recognition import recognise
from budgets.importing.taking import leaf_facts
from budgets.importing.taking.leaf_facts import take_facts
from budgets.importing.taking.table_bodies import Body, read_body
from tests.makers.disguises import disguised
from tests.makers.workers import YEAR

SMALLEST = Decimal("0.01")  # of the unit that the table is written in, or of the set's where that is coarser


class Guarded:
    """One random budget in its disguise. Rules are left out: the guard is the comparison and the identities."""

    def __init__(self, seed: int, table_set: str) -> None:
        self.made = disguised(seed, table_set)
        self.set, self.ledger = tablesets.get(table_set), self.made.ledger
        self.source = read(io.BytesIO(self.made.content()), "预算.xlsx")
        self.matches: dict[str, Match] = {}
        self.bodies: dict[str, Body] = {}
        for grid in self.source.grids:
            self.look(grid, self.matches, self.bodies)

    def look(self, grid: Grid, matches: dict[str, Match], bodies: dict[str, Body]) -> None:
        """Recognise the tables of one sheet and read them."""
        for match in recognise(replace(self.source, blocks=(grid,)), self.set).matches:
            matches[match.key], bodies[match.key] = match, read_body(match, match.word, self.set.unit)

    def cells(self) -> list[CellRef]:
        """Every money cell of the file, blank ones too."""
        return [ref for body in self.bodies.values() for ref in body.cells]

    def place(self, ref: CellRef) -> Place:
        return Place(ref.table, self.matches[ref.table].sheet, self.bodies[ref.table].cells[ref].address)

    def change(self, ref: CellRef, chance: random.Random) -> GridCell:
        """The cell with its amount raised or lowered by the smallest step that prints; a blank one is never made negative.

        What a file in a finer unit has beyond that is 尾差: `test_units` tries it.
        """
        match = self.matches[ref.table]
        step = SMALLEST * max(Decimal(1), YUAN_IN[self.set.unit] / YUAN_IN[match.unit or self.set.unit])
        column = match.heading.columns[ref.column]
        row = int("".join(filter(str.isdigit, self.place(ref).cell)))
        old = match.grid.cells.get((row, column))
        was = (old.amount() if old else None) or Decimal(0)
        new = was + (step if was < step else chance.choice((step, -step)))
        return GridCell(row, column, str(new), new)

    def outcome(self, changes: Sequence[tuple[CellRef, GridCell]]) -> tuple[bool, set[Place]]:
        """Whether the changes are noticed, and the suspects."""
        matches, bodies = dict(self.matches), dict(self.bodies)
        grids: dict[int, Grid] = {}
        for ref, cell in changes:
            old = self.matches[ref.table].grid
            grid = grids.setdefault(id(old), replace(old, cells=copy(old.cells)))
            grid.put(cell)
        for grid in grids.values():
            self.look(grid, matches, bodies)
        facts = tuple(take_facts(self.set, bodies))
        sheets = derive(Filler(self.set, replace(self.ledger, facts=facts), subjects_of(YEAR)))
        found = differences(matches.values(), bodies, sheets)
        lost = any(body.doubtful for body in bodies.values())
        self.right = find_suspects(self.set, matches.values(), bodies)
        self.read = matches, bodies
        return bool(found or lost), {self.place(ref) for ref in self.right}

    def instead(self) -> set[Place]:
        """Of the last outcome, the cells that are said to be perhaps wrong in the stead of the suspects."""
        matches, bodies = self.read
        alike = others_alike(self.set, matches.values(), bodies, self.right)
        return {self.place(ref) for refs in alike.values() for ref in refs}


@pytest.fixture
def kept(monkeypatch):
    keep(monkeypatch)


def keep(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows from the declarations and the printed rows alone is worked out once a workbook, not once a change."""
    identities, leaves = comparison.identities, leaf_facts.leaves

    @lru_cache(8)
    def identities_of(key, tables, refs):
        return identities(
            replace(tablesets.get(key), tables=tuple(tablesets.get(key).table(t) for t in tables)), refs
        )

    tables = {id(table): table for key in tablesets.SETS for table in tablesets.get(key).tables}

    @lru_cache(1000)
    def leaves_of(table, rows):
        return list(leaves(tables[table], rows))

    monkeypatch.setattr(
        comparison,
        "identities",
        lambda present, cells: identities_of(present.key, tuple(t.key for t in present.tables), tuple(cells)),
    )
    monkeypatch.setattr(leaf_facts, "leaves", lambda table, rows: leaves_of(id(table), tuple(rows)))
