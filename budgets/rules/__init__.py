"""Business rules, one function each, with the source it comes from; `check` runs them all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.documents import Document
from budgets.domain.findings import Finding, Limits, Severity, in_order
from budgets.domain.ledgers import Ledger
from budgets.domain.places import CellRef, Passage
from budgets.domain.sheets import Filler
from budgets.rules import (
    agency,
    amounts,
    assets,
    changes,
    criteria,
    dates,
    economic,
    final_accounts,
    given_cells,
    goal_wording,
    notes_and_years,
    performance,
    printed_tables,
    procurement,
    shares,
    smallest_amounts,
    stated_amounts,
    subject_codes,
    text_against_tables,
    text_alike,
    text_directions,
    text_divisions,
    texts,
    typed_units,
    units_listed,
)
from budgets.rules.registry import REGISTRY, Case
from budgets.sentences.live_documents import composed_words
from budgets.sentences.writing import Written

__all__ = [
    "REGISTRY",
    "agency",
    "amounts",
    "assets",
    "changes",
    "check",
    "examine",
    "subject_codes",
    "dates",
    "final_accounts",
    "economic",
    "notes_and_years",
    "given_cells",
    "stated_amounts",
    "performance",
    "printed_tables",
    "procurement",
    "goal_wording",
    "shares",
    "smallest_amounts",
    "text_against_tables",
    "text_alike",
    "text_directions",
    "text_divisions",
    "texts",
    "typed_units",
    "units_listed",
]
# Tables that a rule holds against each other beyond the cells that it names.
COMPARED = {
    "agency-costs-are-running-costs": ("basic_expenditure", "three_public"),
    "events-cover-economic": ("basic_expenditure", "three_public"),
    "function-pays-economic": ("basic_expenditure",),
    "three-public-covers-economic": ("basic_expenditure", "three_public"),
    "three-public-within-fund": ("three_public",),
    "vehicle-cost-plausible": ("three_public",),
}
# No print of the published document can show what the fonts lack; its amounts stood under their own unit.
NEVER_PRINTED = {"characters-printable", "unit-of-amounts"}


# These rules compare two amounts: where one of them was typed in another unit, that is told, and once.
BESIDE_MISTYPED = {
    "three-public-within-fund",
    "three-public-covers-economic",
    "function-pays-economic",
    "vehicle-cost-plausible",
}


@dataclass(frozen=True, slots=True)
class Examined:
    """A ledger as printed, and every finding in it, errors first.

    `withheld` are rules of which a finding is not told: a table that it needs is absent, or another rule tells the cause.
    `doubtful` are the printed cells that are likely wrong, against which rules hold nothing.
    """

    document: Document
    findings: list[Finding]
    withheld: frozenset[str] = frozenset()
    doubtful: frozenset[CellRef] = frozenset()


def examine(
    filler: Filler,
    glyphs: Callable[[str], Iterable[str]] | None = None,
    *,
    previous: Ledger | None = None,
    limits: Limits | None = None,
    published_on: date | None = None,
    absent: frozenset[str] = frozenset(),
    other_stage: Callable[[], Ledger | None] = lambda: None,
) -> Examined:
    """Compose the ledger of a filler, once, and check it; entered and imported budgets alike.

    `glyphs` tells which characters of a text the PDF fonts lack; without it that rule is silent. `previous` is the
    ledger of the latest earlier year that is known, last year's for claims about it; `published_on` the day of the first publication; `absent` the tables that a
    file lacks, against which nothing is held; `other_stage` finds the published budget of accounts, or the accounts before a budget. A transcribed document was published as it is and cannot be mended: what
    would be an ERROR is a WARNING there, to be explained.
    """
    composition = composed_words(filler, previous, absent)
    document, written = composition.document, composition.written
    if composition.live:  # rules read the sentences as they print
        filler = filler.saying(replace(filler.ledger, narratives=tuple(one.printed for one in written)))
    missing = (lambda text: set(glyphs(text))) if glyphs else None
    case = Case(
        filler, document, missing, previous, limits or Limits(), published_on, absent, written, other_stage
    )
    mistyped = typed_units.mistyped_cells(case)
    every = [
        found for found in REGISTRY.check(case) if filler.set.tables or found.rule in criteria.OF_ANY_FORM
    ]
    findings = [
        found
        for found in every
        if not absent & {*COMPARED.get(found.rule, ()), *(cell.table for cell in found.cells)}
        and not (found.rule in BESIDE_MISTYPED and mistyped & set(found.cells))
    ]
    kept = {found.key for found in findings}
    withheld = frozenset(found.rule for found in every if found.key not in kept)
    if composition.live:
        findings = list(_as_typed(findings, written))
    if filler.ledger.given:
        findings = in_order(map(_as_published, findings))
    return Examined(document, findings, withheld, mistyped | given_cells.doubtful_cells(case))


def check(
    ledger: Ledger,
    subjects: Subjects,
    glyphs: Callable[[str], Iterable[str]] | None = None,
    **known: Any,
) -> list[Finding]:
    """The findings of `examine`, for those who do not print."""
    return examine(Filler(tablesets.get(ledger.table_set), ledger, subjects), glyphs, **known).findings


def _as_typed(findings: Iterable[Finding], written: Iterable[Written]) -> Iterator[Finding]:
    """Findings in printed sentences with their places in the typed text, where people mend them."""
    chapters = {one.typed.key: one for one in written if one.pieces}
    for finding in findings:
        at = finding.at
        if isinstance(at, Passage) and at.chapter in chapters and at.quote:
            yield replace(finding, at=chapters[at.chapter].as_typed(at))
        else:
            yield finding


def _as_published(finding: Finding) -> Finding:
    if finding.severity is Severity.ERROR and finding.rule not in NEVER_PRINTED:
        return replace(finding, severity=Severity.WARNING)
    return finding
