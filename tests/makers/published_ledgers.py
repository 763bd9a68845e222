"""The two published documents that the rules are tried on, taken in once."""

from functools import cache
from pathlib import Path

from budgets.data.subject_lists import subjects_of
from budgets.domain.ledgers import Ledger
from budgets.importing.pipeline import take_in

SAMPLE = Path(__file__).resolve().parent.parent / "sample"


@cache
def laoting() -> Ledger:
    """The sample of Hebei, from its Word file."""
    file = SAMPLE / "laoting-483-2023-disclosure.docx"
    return take_in(file, region="130225", unit="483", year=2023, subjects=subjects_of(2023)).ledger


@cache
def putuo(*, transcribed: bool = False) -> Ledger:
    """The disclosure of Shanghai, from its PDF, its tables derived or kept as published."""
    file = SAMPLE / "shanghai-putuo-finance-bureau-2025.pdf"
    return take_in(
        file,
        region="310107",
        unit="101",
        year=2025,
        table_set="shanghai_2023",
        subjects=subjects_of(2025),
        region_name="上海市普陀区",
        transcribed=transcribed,
    ).ledger
