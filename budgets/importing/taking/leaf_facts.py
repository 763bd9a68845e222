"""Leaf rows out of matched tables: each cell that means just one fact gives that fact."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.facts import ZERO, Fact, Filed, Slice, order_of, where
from budgets.domain.leaf_cells import WITH_NON_FISCAL, Leaf, as_fact, leaves, told
from budgets.domain.money import CENT, to_yuan
from budgets.domain.places import CellRef
from budgets.domain.tables import Table, TableSet, Tree
from budgets.domain.terms import Family, Fund
from budgets.importing.taking.table_bodies import Body


def take_facts(table_set: TableSet, bodies: Mapping[str, Body]) -> dict[Fact, CellRef]:
    """The facts of the matched tables, in yuan, each taken once, with the cell that it was read in.

    Where two tables print the same fact, the one that prints more of its family is taken. What the tables of all money
    hold beyond the fiscal tables is non-fiscal; a negative rest is no fact and shows as a difference. Zeros are no
    facts: blank and zero are the same amount.
    """
    taken: dict[Slice, tuple[Fact, CellRef]] = {}
    tables = [table for table in table_set.tables if table.key in bodies]
    pinned: list[tuple[str, Leaf, Fact]] = []
    open_leaves: list[tuple[Leaf, Decimal]] = []
    for table in tables:
        body = bodies[table.key]
        coded = isinstance(table.rows, Tree)
        for leaf in leaves(table, dict.fromkeys(ref.row for ref in body.cells)):
            given = body.cells.get(leaf.ref)
            if given is None:
                continue
            amount = to_yuan(given.amount or ZERO, table.unit or table_set.unit).quantize(CENT, ROUND_HALF_UP)
            if fact := as_fact(leaf.inside, amount, coded=coded):
                pinned.append((table.key, leaf, fact))
            else:
                open_leaves.append((leaf, amount))
    printed = Counter((key, fact.family) for key, _, fact in pinned)
    for _, leaf, fact in sorted(pinned, key=lambda entry: -printed[entry[0], entry[2].family]):
        taken.setdefault(leaf.inside, (fact, leaf.ref))
    facts = [(fact, ref) for fact, ref in taken.values() if fact.amount]
    facts += _rest(table_set, tables, open_leaves, [fact for fact, _ in facts])
    return dict(sorted(facts, key=lambda entry: order_of(entry[0])))


def _rest(
    table_set: TableSet, tables: list[Table], leaves: list[tuple[Leaf, Decimal]], facts: list[Fact]
) -> Iterator[tuple[Fact, CellRef]]:
    """Non-fiscal facts with their cells: what a leaf of all money holds beyond the fiscal facts in it.

    Only where the tables at hand tell the fiscal part wholly: else a rest may well be fiscal money.
    """
    filed = Filed(facts)
    trees = {table.key for table in tables if isinstance(table.rows, Tree)}
    declared, there = _funds(table_set.tables), _funds(tables)
    wholly = {family for family in WITH_NON_FISCAL if declared[family] <= there[family]}
    for leaf, amount in leaves:
        inside = leaf.inside & where(fund=Fund.NON_FISCAL)
        if told(inside).get("family") not in wholly:
            continue
        rest = amount - (filed.total(leaf.inside) or ZERO)
        fact = as_fact(inside, rest, coded=leaf.ref.table in trees) if rest > 0 else None
        if fact:
            yield fact, leaf.ref


def families_told(tables: Iterable[Table]) -> frozenset[Family]:
    """The families of facts whose leaf rows these tables print."""
    return frozenset(fact.family for table in tables for fact in _printable(table))


def _funds(tables: Iterable[Table]) -> dict[str, set[str]]:
    """By family the funds for which tables print leaf rows of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for fact in (fact for table in tables for fact in _printable(table) if fact.fund):
        found[fact.family].add(str(fact.fund))
    return found


def _printable(table: Table) -> Iterator[Fact]:
    """One fact for each kind of leaf cell that a table can print; a code row of any code stands for all."""
    coded = isinstance(table.rows, Tree)
    for leaf in leaves(table, ["0"] if coded else []):
        if fact := as_fact(leaf.inside, ZERO, coded=coded):
            yield fact
