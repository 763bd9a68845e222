"""Business rules, one function each, with the source it comes from; `check` runs them all."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.composing import compose
from budgets.domain.findings import REGISTRY, Case, Finding, Limits, Severity, in_order
from budgets.domain.ledgers import Ledger
from budgets.rules import (
    agency,
    amounts,
    assets,
    changes,
    dates,
    economic,
    given_cells,
    goal_wording,
    notes_and_years,
    performance,
    procurement,
    shares,
    stated_amounts,
    subject_codes,
    texts,
)

__all__ = [
    "REGISTRY",
    "agency",
    "amounts",
    "assets",
    "changes",
    "check",
    "subject_codes",
    "dates",
    "economic",
    "notes_and_years",
    "given_cells",
    "stated_amounts",
    "performance",
    "procurement",
    "goal_wording",
    "shares",
    "texts",
]
# Tables that a rule holds against each other beyond the cells that it names.
COMPARED = {
    "agency-costs-are-running-costs": ("basic_expenditure", "three_public"),
    "function-pays-economic": ("basic_expenditure",),
    "three-public-covers-economic": ("basic_expenditure", "three_public"),
    "three-public-within-fund": ("three_public",),
    "vehicle-cost-plausible": ("three_public",),
}
NEVER_PRINTED = {"characters-printable"}  # no print of the published document can show what the fonts lack


def check(
    ledger: Ledger,
    subjects: Subjects,
    glyphs: Callable[[str], Iterable[str]] | None = None,
    *,
    previous: Ledger | None = None,
    limits: Limits | None = None,
    published_on: date | None = None,
    absent: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Every finding of a ledger, errors first.

    `glyphs` tells which characters of a text the PDF fonts lack; without it that rule is silent. `previous` is last
    year's ledger, for claims about it; `published_on` the day of the first publication; `absent` the tables that a file
    lacks, against which nothing is held. The ledger is composed once;
    entered and imported budgets are checked alike. A transcribed document was published as it is and cannot be mended:
    what would be an ERROR is a WARNING there, to be explained.
    """
    table_set = tablesets.get(ledger.table_set)
    document = compose(table_set, ledger, subjects)
    missing = (lambda text: set(glyphs(text))) if glyphs else None
    case = Case(
        table_set, ledger, subjects, document, missing, previous, limits or Limits(), published_on, absent
    )
    findings = [
        found
        for found in REGISTRY.check(case)
        if not absent & {*COMPARED.get(found.rule, ()), *(cell.table for cell in found.cells)}
    ]
    return in_order(map(_as_published, findings)) if ledger.given else findings


def _as_published(finding: Finding) -> Finding:
    if finding.severity is Severity.ERROR and finding.rule not in NEVER_PRINTED:
        return replace(finding, severity=Severity.WARNING)
    return finding
