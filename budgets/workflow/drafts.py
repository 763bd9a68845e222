"""A disclosure as it stands now: what it says, how it prints, what the rules find, and what that content hashes to."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, reduce
from operator import or_

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from budgets import ledger as rows
from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.documents import Document
from budgets.domain.documents import Explanation as Printed
from budgets.domain.findings import Finding, Limits, Severity, in_order
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.domain.snapshots import digest, dumps
from budgets.fonts.glyphs import missing_glyphs
from budgets.models import Disclosure, Explanation, SignOff
from budgets.models.lines import LINES
from budgets.rules import examine
from budgets.sentences.live_documents import composed_words
from budgets.workflow.earlier_keys import explained
from budgets.workflow.last_year_checked import last_year_findings
from budgets.workflow.other_stage import all_beside
from budgets.workflow.rereading import unread
from budgets.workflow.units_checked import row_findings, unit_findings


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


def earlier_year(disclosure: Disclosure, only: str = "") -> Ledger | None:
    """What the same department said for the latest year before of which the system has amounts, at the same stage.

    None when there is no such year. Whether it is the year directly before, its `year` says. `only` is as in `ledger.read`.
    """
    found = earlier_years([disclosure]).get(disclosure.pk)
    return rows.read(found, only) if found else None


def year_before(disclosure: Disclosure) -> Ledger | None:
    """What the same department said for the year directly before, which is what texts mean by 上年; None when it is not known."""
    known = earlier_year(disclosure)
    return known if known is not None and known.year == disclosure.fiscal_year - 1 else None


def earlier_years(disclosures: Collection[Disclosure]) -> dict[int | None, Disclosure]:
    """The disclosures of the latest earlier years with amounts, by the keys of those that follow them. One query."""
    departments = {disclosure.department_id for disclosure in disclosures}
    latest = max((disclosure.fiscal_year for disclosure in disclosures), default=0)
    with_amounts = [
        Exists(model._default_manager.filter(disclosure=OuterRef("pk"))) for model in LINES.values()
    ]
    candidates = list(
        Disclosure.objects.filter(reduce(or_, map(Q, with_amounts)))
        .filter(department__in=departments, fiscal_year__lt=latest)
        .select_related("department__region")
        .order_by("fiscal_year")
    )
    before = {
        d.pk: [
            each
            for each in candidates
            if (each.department_id, each.stage) == (d.department_id, d.stage)
            and each.fiscal_year < d.fiscal_year
        ]
        for d in disclosures
    }
    return {key: found[-1] for key, found in before.items() if found}


def as_printed(disclosure: Disclosure, ledger: Ledger, subjects: Subjects) -> Document:
    """The document of what a draft says, its live sentences in the words that they print."""
    filler = Filler(tablesets.get(ledger.table_set), ledger, subjects)
    return composed_words(filler, year_before(disclosure)).document


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
    return drafts_of([disclosure])[disclosure.pk]


def drafts_of(disclosures: Collection[Disclosure]) -> dict[int, Draft]:
    """The draft of each by its key; all of them, and the earlier years, are read together."""
    before = earlier_years(disclosures)
    ledgers = rows.read_all([*{d.pk: d for d in (*before.values(), *disclosures)}.values()])
    again = unread([d.pk for d in disclosures])
    others = cache(lambda: all_beside(disclosures))  # when the first rule asks, for all of them
    return {
        d.pk: _draft(
            d,
            ledgers[d.pk],
            ledgers.get(before[d.pk].pk) if d.pk in before else None,
            again.get(d.pk, []),
            others,
        )
        for d in disclosures
    }


def _signatures(disclosure: Disclosure, ledger: Ledger) -> tuple[str, ...]:
    """The lines of 保密审查 and 负责人审签, where the set prints them; none before they are entered."""
    if not tablesets.get(ledger.table_set).prints_signatures:
        return ()
    return tuple(
        line for sign_off in SignOff.objects.filter(disclosure=disclosure) for line in sign_off.lines
    )


def _draft(
    disclosure: Disclosure,
    ledger: Ledger,
    previous: Ledger | None,
    again: Collection[Finding],
    others: Callable[[], dict[int, Ledger]],
) -> Draft:
    subjects = rows.subjects_for(disclosure.fiscal_year)
    examined = examine(
        Filler(tablesets.get(ledger.table_set), ledger, subjects),
        missing_glyphs,
        previous=previous,
        limits=limits(),
        published_on=None if ledger.given else _first_published(disclosure),
        other_stage=lambda: others().get(disclosure.pk),
    )
    of_last_year = last_year_findings(ledger, previous, examined.document)
    of_units = unit_findings(disclosure, examined.document)
    findings = in_order(
        [*examined.findings, *of_last_year, *of_units, *row_findings(disclosure, ledger), *again]
    )
    standing = [finding for finding in findings if finding.severity == Severity.WARNING]
    written = [row for row in disclosure.explanations.all() if row.text.strip()]
    explanations = explained(standing, written)
    said = {explanations[f.key].pk: (f, explanations[f.key]) for f in standing if f.key in explanations}
    printed = tuple(Printed(f.rule, f.message, row.text) for f, row in said.values() if row.public)
    document = replace(examined.document, explanations=printed, signatures=_signatures(disclosure, ledger))
    return Draft(ledger, subjects, document, tuple(findings), explanations)
