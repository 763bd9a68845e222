"""A department beside the sum of its units, cell by cell as printed, with what they pay each other eliminated.

What one unit pays another (对附属单位补助支出 and 上级补助收入, 上缴上级支出 and 附属单位上缴收入) is in both units' budgets and not in
the department's, on either side: as much as both sides of it exceed the department's is internal and taken off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets.domain.classification import FUNCTION, Subjects, is_leaf
from budgets.domain.consolidating import Added
from budgets.domain.documents import Document
from budgets.domain.facts import ZERO, Fact
from budgets.domain.identities import amounts
from budgets.domain.ledgers import Ledger
from budgets.domain.money import to_yuan
from budgets.domain.places import CellRef
from budgets.domain.sheets import Filler
from budgets.domain.tables import TableSet
from budgets.domain.terms import Family, Fund, Origin, Use

# What is received from another unit, and what that one paid.
INTERNAL = ((Origin.SUPERIOR_SUBSIDY, Use.TO_AFFILIATES), (Origin.AFFILIATE_REMITTANCE, Use.TO_SUPERIOR))

type Cells = Mapping[CellRef, Decimal]


@dataclass(frozen=True, slots=True)
class Elimination:
    """Money that units paid each other, in yuan, by the names of both sides."""

    received: str
    paid: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """A cell in which the department is not the sum of its units; both in the unit of its table."""

    cell: CellRef
    units: Decimal  # after elimination
    department: Decimal

    @property
    def amount(self) -> Decimal:
        return self.department - self.units


@dataclass(frozen=True, slots=True)
class UnitSums:
    """The department's tables against those of its units: what was eliminated, and where they still differ."""

    eliminations: tuple[Elimination, ...]
    gaps: tuple[Gap, ...]


def units_added(table_set: TableSet, department: Document, units: Sequence[Document]) -> UnitSums:
    """The department's document, of that set, held against those of all its units.

    Units may print the forms for units: what only these divide (分类的基本支出) is left out. ValueError without units.
    """
    subjects = Subjects()  # what codes are called makes no sum
    if not units:
        raise ValueError("nothing to add up")
    ledger = Ledger(
        table_set.key, department.region_code, "", "", department.unit_name, department.year, department.stage
    )
    adding = Added(table_set, ledger, subjects, units)
    aside = {(table.key, each.key) for table in table_set.tables for each in table.besides()}  # of last year
    added = amounts(adding.fill(table) for table in table_set.tables)
    own = amounts(department.tables)
    facts: list[Fact] = []
    eliminations = []
    for origin, use in INTERNAL:
        received = _over("revenue", origin.value, table_set, added, own)
        paid = _over("expenditure", use.value, table_set, added, own)
        amount = min(sum(received.values(), ZERO), sum(paid.values(), ZERO))
        if amount > 0:
            eliminations.append(Elimination(origin.label, use.label, amount))
            facts += [
                Fact(Family.REVENUE, -part, function=code, origin=origin)
                for code, part in _first(amount, received)
            ]
            facts += [
                Fact(Family.EXPENDITURE, -part, function=code, fund=Fund.NON_FISCAL, use=use)
                for code, part in _first(amount, paid)
            ]
    filler = Filler(table_set, replace(ledger, facts=tuple(facts)), subjects)
    taken_off = amounts(filler.fill(table) for table in table_set.tables) if facts else {}
    cells = [cell for cell in dict.fromkeys((*own, *added)) if (cell.table, cell.column) not in aside]
    gaps = (
        Gap(cell, added.get(cell, ZERO) + taken_off.get(cell, ZERO), own.get(cell, ZERO)) for cell in cells
    )
    return UnitSums(tuple(eliminations), tuple(gap for gap in gaps if gap.amount))


def _over(table: str, column: str, table_set: TableSet, added: Cells, own: Cells) -> dict[str, Decimal]:
    """By item, how much more the units have there than the department, in yuan; nothing where the form has no such column."""
    found = {}
    for cell, amount in added.items():
        if (cell.table, cell.column) == (table, column) and is_leaf(cell.row, FUNCTION):
            declared = table_set.table(table)
            if (more := amount - own.get(cell, ZERO)) > 0:
                found[cell.row] = to_yuan(more, declared.unit or table_set.unit)
    return found


def _first(amount: Decimal, parts: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
    """The parts in their order until they come to the amount, the last of them cut."""
    out = []
    for code, part in sorted(parts.items()):
        if taken := min(part, amount):
            out.append((code, taken))
            amount -= taken
    return out
