"""Forms of no place: sets that together use what the language of declarations can say beyond the real ones."""

import pytest

from budgets import tablesets
from budgets.domain.tables import TableSet
from tests.tablesets.synthetic.all_funds import ALL_FUNDS_SET
from tests.tablesets.synthetic.by_economic import BY_ECONOMIC_SET
from tests.tablesets.synthetic.by_fund import BY_FUND_SET
from tests.tablesets.synthetic.events import EVENTS_SET
from tests.tablesets.synthetic.plain_classes import PLAIN_CLASSES
from tests.tablesets.synthetic.services import SERVICES_SET
from tests.tablesets.synthetic.unit_rows import UNIT_ROWS_SET
from tests.tablesets.synthetic.worded_units import WORDED_UNITS
from tests.tablesets.synthetic.years_beside import YEARS_BESIDE

SYNTHETIC: dict[str, TableSet] = {
    each.key: each
    for each in (
        BY_FUND_SET,
        PLAIN_CLASSES,
        WORDED_UNITS,
        YEARS_BESIDE,
        EVENTS_SET,
        SERVICES_SET,
        BY_ECONOMIC_SET,
        UNIT_ROWS_SET,
        ALL_FUNDS_SET,
    )
}


def declare(patch: pytest.MonkeyPatch) -> None:
    """Let them be sets like those of real places, until the patch is undone."""
    for key, table_set in SYNTHETIC.items():
        patch.setitem(tablesets.SETS, key, table_set)
