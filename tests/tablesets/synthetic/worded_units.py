"""A set whose 单位 print other captions and nothing else: only words are declared."""

from dataclasses import replace

from budgets.domain.tables import OfUnits
from budgets.tablesets.bodies import for_units
from budgets.tablesets.hebei_2023 import HEBEI_2023

USUAL = replace(
    HEBEI_2023,
    key="worded",
    units=OfUnits(
        "县级单位预算公开表", (("部门预算", "单位预算"), ("部门职责", "单位职责"), ("部门机构", "单位机构"))
    ),
)
assert USUAL.units
WORDED_UNITS = for_units(USUAL, USUAL.units)
