"""Which cells of a table set are typed: each fact has one; all others follow from them."""

from enum import Enum

from budgets.domain.facts import ZERO, where
from budgets.domain.leaf_cells import WITH_NON_FISCAL, Leaf, as_fact, leaves, told
from budgets.domain.places import CellRef
from budgets.domain.tables import TableSet, Tree
from budgets.domain.terms import Fund
from budgets.domain.year_columns import typed_cells

ANY_CODE = "0"  # the row that stands for every code of a table whose rows are codes


class Entry(Enum):
    """What a typed cell holds."""

    FACT = "fact"
    ALL_MONEY = "all money"  # told only where there is money beside the fiscal funds
    LAST_YEAR = "last year"


def entries(table_set: TableSet) -> dict[CellRef, Entry]:
    """The typed cells of a set's statutory tables, chosen as `lines.take_facts` does where two print the same fact."""
    facts: list[tuple[Leaf, str]] = []
    found: dict[CellRef, Entry] = {}
    for table in table_set.tables:
        coded = isinstance(table.rows, Tree)
        for line, column in typed_cells(table, [ANY_CODE] if coded else []):
            found[CellRef(table.key, line.key, column.key)] = Entry.LAST_YEAR
        for leaf in leaves(table, [ANY_CODE] if coded else []):
            # Of money of several families together the part beside the fiscal funds may still be of one.
            beside = leaf.inside & where(fund=Fund.NON_FISCAL)
            if fact := as_fact(leaf.inside, ZERO, coded=coded):
                facts.append((leaf, fact.family))
            elif told(beside).get("family") in WITH_NON_FISCAL and as_fact(beside, ZERO, coded=coded):
                found[leaf.ref] = Entry.ALL_MONEY
    printed = [(leaf.ref.table, family) for leaf, family in facts]
    taken = set()
    for leaf, _ in sorted(facts, key=lambda entry: -printed.count((entry[0].ref.table, entry[1]))):
        if leaf.inside not in taken:
            taken.add(leaf.inside)
            found[leaf.ref] = Entry.FACT
    return found
