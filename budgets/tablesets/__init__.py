"""The statutory tables in use, one module per region and year; `get` finds a set by its key."""

from budgets.domain.tables import TableSet
from budgets.tablesets.hebei_2023 import HEBEI_2023
from budgets.tablesets.shanghai_2023 import SHANGHAI_2023

SETS: dict[str, TableSet] = {
    table_set.key: table_set
    for table_set in (
        HEBEI_2023,
        SHANGHAI_2023,
    )
}


def get(key: str) -> TableSet:
    """The table set of that key; KeyError when there is none."""
    return SETS[key]


def choices() -> list[tuple[str, str]]:
    """(key, label) of every set, for forms."""
    return [(table_set.key, table_set.label) for table_set in SETS.values()]
