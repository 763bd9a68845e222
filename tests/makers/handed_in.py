"""A file as a department of the tests hands it in."""

import io

from budgets.data.subject_lists import subjects_of
from budgets.domain.tables import TableSet
from budgets.importing.pipeline import take_in
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken


def handed_in(content: bytes, name: str, table_set: TableSet) -> Taken:
    """What is taken of a file of 2023 by the usual department."""
    return take_in(
        read(io.BytesIO(content), name),
        region="130225",
        unit="483",
        unit_name="某局",
        region_name="某县",
        year=2023,
        table_set=table_set.key,
        subjects=subjects_of,
    )
