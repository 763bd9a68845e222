"""What one printed cell is the sum of, where it goes, and where else the same number stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.annex_identities import annex_identities
from budgets.domain.documents import Document
from budgets.domain.identities import ZERO, Identity, Kind, amounts, identities
from budgets.domain.places import CellRef
from budgets.domain.tables import TableSet


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole and the parts of it that have an amount; `blank` are the others. `gap` is what the parts fall short of it
    as printed, nothing where it adds up; `rest` the parts without the cell that was asked for."""

    kind: Kind
    whole: CellRef
    parts: tuple[CellRef, ...]
    blank: int
    gap: Decimal
    rest: Decimal
    others: int  # parts with an amount beside the cell


@dataclass(frozen=True, slots=True)
class CellSums:
    """What a cell has to do with others: sums that it is, sums that it goes into, cells of the same number, and the
    equalities of two families (`meets`) that it takes part in."""

    made_of: tuple[Sum, ...] = ()
    part_of: tuple[Sum, ...] = ()
    same: tuple[CellRef, ...] = ()
    meets: tuple[Identity, ...] = ()


def cell_sums(table_set: TableSet, document: Document, cell: CellRef) -> CellSums:
    """All that the declarations say of a cell of this document, in the order of the tables."""
    printed = amounts(document.sheets())
    if cell not in printed:  # a text, or a number that nothing is added to
        return CellSums()
    annexes = {listing.key: listing for listing in table_set.annexes}
    every = [*identities(table_set, printed)]
    for sheet in document.sheets():
        if sheet.key in annexes:
            every += annex_identities(annexes[sheet.key], sheet)
    mine = [identity for identity in every if cell in identity.left or cell in identity.right]
    sums = [i for i in mine if i.kind in (Kind.COLUMNS, Kind.LINES, Kind.CHILDREN) or len(i.right) > 1]
    sums = [i for i in sums if i.kind is not Kind.MEETS and i.right]
    return CellSums(
        tuple(_sum(i, cell, printed) for i in sums if cell in i.left),
        tuple(_sum(i, cell, printed) for i in sums if cell in i.right),
        _same(cell, every),
        tuple(i for i in mine if i.kind is Kind.MEETS),
    )


def _sum(identity: Identity, cell: CellRef, printed: Mapping[CellRef, Decimal]) -> Sum:
    filled = tuple(part for part in identity.right if printed.get(part))
    others = [printed[part] for part in filled if part != cell]
    return Sum(
        identity.kind,
        identity.left[0],
        filled,
        len(identity.right) - len(filled),
        identity.gap(printed),
        sum(others, ZERO),
        len(others),
    )


def _same(cell: CellRef, every: Iterable[Identity]) -> tuple[CellRef, ...]:
    """The other cells of the number: the first of them is named by each identity, so two steps find them all."""
    pairs = [(i.left[0], i.right[0]) for i in every if i.kind is Kind.SAME and len(i.right) == 1]
    first = next((left for left, right in pairs if right == cell), cell)
    found = dict.fromkeys([first, *(right for left, right in pairs if left == first)])
    return tuple(each for each in found if each != cell)
