"""A disclosure as it stands now: what it says, how it prints, what the rules find, and what that content hashes to."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.conf import settings

from budgets import ledger as rows
from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.documents import Document
from budgets.domain.documents import Explanation as Printed
from budgets.domain.findings import Finding, Limits, Severity
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.domain.snapshots import digest, dumps
from budgets.fonts.glyphs import missing_glyphs
from budgets.models import Disclosure, Explanation
from budgets.rules import examine
from budgets.workflow.earlier_keys import explained


@dataclass(frozen=True)
class Draft:
    """One reading of a disclosure. `explanations` are the department's words by the key of their finding."""

    ledger: Ledger
    subjects: Subjects
    document: Document
    findings: tuple[Finding, ...]
    explanations: dict[str, Explanation]

    @cached_property
    def payload(self) -> bytes:
        """The canonical bytes that publication would freeze; nothing of the clock is in them."""
        return dumps(self.ledger, self.document)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the payload: what an approval is bound to."""
        return digest(self.payload)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == Severity.ERROR]

    @property
    def unexplained(self) -> list[Finding]:
        """The warnings that still lack the department's explanation."""
        return [
            finding
            for finding in self.findings
            if finding.severity == Severity.WARNING and finding.key not in self.explanations
        ]

    @property
    def blockers(self) -> list[Finding]:
        """What keeps the disclosure from being submitted: errors, and warnings without an explanation."""
        return [*self.errors, *self.unexplained]


def year_before(disclosure: Disclosure) -> Ledger | None:
    """What the same department said for the year before, at the same stage; None when the system has nothing of it."""
    before = Disclosure.objects.select_related("department__region").filter(
        department=disclosure.department, fiscal_year=disclosure.fiscal_year - 1, stage=disclosure.stage
    )
    found = before.first()
    return rows.read(found) if found else None


def limits() -> Limits:
    """The thresholds that this portal is set to."""
    return Limits(per_vehicle=settings.PER_VEHICLE_LIMIT)


def _first_published(disclosure: Disclosure) -> date | None:
    if hasattr(disclosure, "first_published_on"):  # asked for together with the disclosure
        asked: date | None = disclosure.first_published_on
        return asked
    return disclosure.publications.order_by("revision").values_list("published_on", flat=True).first()


def draft_of(disclosure: Disclosure) -> Draft:
    """Read, compose and check the disclosure, each once. An explanation whose finding is gone is left out."""
    ledger = rows.read(disclosure)
    subjects = rows.subjects_for(disclosure.fiscal_year)
    examined = examine(
        Filler(tablesets.get(ledger.table_set), ledger, subjects),
        missing_glyphs,
        previous=year_before(disclosure),
        limits=limits(),
        published_on=None if ledger.given else _first_published(disclosure),
    )
    standing = [finding for finding in examined.findings if finding.severity == Severity.WARNING]
    written = [row for row in disclosure.explanations.all() if row.text.strip()]
    explanations = explained(standing, written)
    said = {explanations[f.key].pk: (f, explanations[f.key]) for f in standing if f.key in explanations}
    printed = tuple(Printed(f.rule, f.message, row.text) for f, row in said.values() if row.public)
    document = replace(examined.document, explanations=printed)
    return Draft(ledger, subjects, document, tuple(examined.findings), explanations)
