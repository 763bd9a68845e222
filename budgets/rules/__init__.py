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
    printed_tables,
    procurement,
    shares,
    stated_amounts,
    subject_codes,
    texts,
    typed_units,
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
    "printed_tables",
    "procurement",
    "goal_wording",
    "shares",
    "texts",
    "typed_units",
]
NEVER_PRINTED = {"characters-printable"}  # no print of the published document can show what the fonts lack


# These rules compare two amounts: where one of them was typed in another unit, that is told, and once.
BESIDE_MISTYPED = {
    "three-public-within-fund",
    "three-public-covers-economic",
    "function-pays-economic",
    "vehicle-cost-plausible",
}


def check(
    ledger: Ledger,
    subjects: Subjects,
    glyphs: Callable[[str], Iterable[str]] | None = None,
    *,
    previous: Ledger | None = None,
    limits: Limits | None = None,
    published_on: date | None = None,
) -> list[Finding]:
    """Every finding of a ledger, errors first.

    `glyphs` tells which characters of a text the PDF fonts lack; without it that rule is silent. `previous` is last
    year's ledger, for claims about it; `published_on` the day of the first publication. The ledger is composed once;
    entered and imported budgets are checked alike. A transcribed document was published as it is and cannot be mended:
    what would be an ERROR is a WARNING there, to be explained.
    """
    table_set = tablesets.get(ledger.table_set)
    document = compose(table_set, ledger, subjects)
    missing = (lambda text: set(glyphs(text))) if glyphs else None
    case = Case(table_set, ledger, subjects, document, missing, previous, limits or Limits(), published_on)
    mistyped = typed_units.mistyped_cells(case)
    findings = [
        finding
        for finding in REGISTRY.check(case)
        if not (finding.rule in BESIDE_MISTYPED and mistyped & set(finding.cells))
    ]
    return in_order(map(_as_published, findings)) if ledger.given else findings


def _as_published(finding: Finding) -> Finding:
    if finding.severity is Severity.ERROR and finding.rule not in NEVER_PRINTED:
        return replace(finding, severity=Severity.WARNING)
    return finding
