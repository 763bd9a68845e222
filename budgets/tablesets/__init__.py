"""The statutory tables in use, one module per region and year; `get` finds a set by its key."""

from functools import lru_cache

from budgets.domain.shared_meaning import AS_CAPTIONED, EVERY_FIGURE, Shared, shared_meaning
from budgets.domain.tables import TableSet
from budgets.domain.terms import Stage
from budgets.tablesets.bodies import ENDING, for_units
from budgets.tablesets.hebei_2023 import HEBEI_2023
from budgets.tablesets.shanghai_2023 import SHANGHAI_2023
from budgets.tablesets.shanghai_final_2024 import SHANGHAI_FINAL_2024
from budgets.tablesets.undeclared_forms import AS_IT_STANDS

__all__ = [
    "AS_IT_STANDS", "DECLARED", "SETS",
    "accounts_of", "as_it_stands", "choices", "get", "known", "of_body", "of_other_body", "of_stage", "shared", "usual",
]  # fmt: skip
DECLARED = (
    HEBEI_2023,
    SHANGHAI_2023,
    SHANGHAI_FINAL_2024,
)
# The forms for a 单位 stand behind those for its 部门, where they differ.
SETS: dict[str, TableSet] = {
    each.key: each
    for table_set in DECLARED
    for each in (table_set, *([for_units(table_set, table_set.units)] if table_set.units else []))
}


def get(key: str) -> TableSet:
    """The table set of that key, that of documents taken over as they stand included; KeyError when there is none."""
    return AS_IT_STANDS[key] if key in AS_IT_STANDS else SETS[key]


def known(key: str) -> bool:
    """True for the key of a set that a document can be of."""
    return key in SETS or key in AS_IT_STANDS


def as_it_stands(stage: str) -> TableSet:
    """The set without tables of its own, for documents of that stage whose form no set declares."""
    return next(table_set for table_set in AS_IT_STANDS.values() if table_set.stage == stage)


def of_stage(stage: str) -> list[TableSet]:
    """The sets that are forms of a stage of the year, budget or final account."""
    return [table_set for table_set in SETS.values() if table_set.stage == stage]


def accounts_of(key: str) -> TableSet | None:
    """The form of accounts that ends the year of a set of budgets: the one that names it, else the first; None without any."""
    forms = of_stage(Stage.FINAL)
    return next((each for each in forms if key in each.closes), next(iter(forms), None))


@lru_cache(maxsize=1000)
def shared(one: str, other: str) -> Shared:
    """Which figures mean the same in the sets of two keys; none where a set is not declared any more."""
    if one in AS_IT_STANDS or other in AS_IT_STANDS:
        return AS_CAPTIONED
    if one == other:
        return EVERY_FIGURE
    return shared_meaning(get(one), get(other)) if known(one) and known(other) else Shared()


def choices() -> list[tuple[str, str]]:
    """(key, label) of every set, for forms."""
    return [(table_set.key, table_set.label) for table_set in SETS.values()]


def usual() -> list[tuple[str, str]]:
    """(key, label) of the sets of budgets that a region or a year can have: those of units come with them."""
    return [(each.key, each.label) for each in DECLARED if each.stage == Stage.BUDGET]


def of_body(key: str, *, unit: bool) -> str:
    """The key of the forms that a 单位 (else a 部门) prints where the usual ones are those of `key`."""
    own = f"{key}{ENDING}"
    return own if unit and own in SETS else key


def of_other_body(table_set: TableSet) -> TableSet | None:
    """The same forms for the other kind of body; None where both print the same."""
    usual = table_set.key.removesuffix(ENDING)
    other = f"{usual}{ENDING}" if usual == table_set.key else usual
    return SETS.get(other)
