"""The statutory tables in use, one module per region and year; `get` finds a set by its key."""

from budgets.domain.tables import TableSet
from budgets.domain.terms import Stage
from budgets.tablesets.hebei_2023 import HEBEI_2023
from budgets.tablesets.shanghai_2023 import SHANGHAI_2023
from budgets.tablesets.shanghai_final_2024 import SHANGHAI_FINAL_2024

SETS: dict[str, TableSet] = {
    table_set.key: table_set
    for table_set in (
        HEBEI_2023,
        SHANGHAI_2023,
        SHANGHAI_FINAL_2024,
    )
}


def get(key: str) -> TableSet:
    """The table set of that key; KeyError when there is none."""
    return SETS[key]


def of_stage(stage: str) -> list[TableSet]:
    """The sets that are forms of a stage of the year, budget or final account."""
    return [table_set for table_set in SETS.values() if table_set.stage == stage]


def accounts_of(key: str) -> TableSet | None:
    """The form of accounts that ends the year of a set of budgets: the one that names it, else the first; None without any."""
    forms = of_stage(Stage.FINAL)
    return next((each for each in forms if key in each.closes), next(iter(forms), None))


def choices() -> list[tuple[str, str]]:
    """(key, label) of every set, for forms."""
    return [(table_set.key, table_set.label) for table_set in SETS.values()]


def budget_choices() -> list[tuple[str, str]]:
    """The same of the forms of budgets, which a bureau sets for a year; its accounts follow from them (`accounts_of`)."""
    return [(table_set.key, table_set.label) for table_set in of_stage(Stage.BUDGET)]
