"""The certificate of a version: frozen when it is published, by today's rules for one that was published before there were any.

It is held against what is public alone: an earlier year that is still a draft, or was withdrawn, does not count.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from budgets import tablesets
from budgets.domain import certificates
from budgets.domain.certificates import Certificate
from budgets.domain.sheets import Filler
from budgets.domain.snapshots import loads
from budgets.fonts.glyphs import missing_glyphs
from budgets.ledger import subjects_for
from budgets.models import Publication, PublicationStatus
from budgets.publishing.editions import Edition, Standing
from budgets.rules.rule_states import certified
from budgets.workflow.drafts import limits
from budgets.workflow.other_stage import of_place
from budgets.workflow.rehearsing import rules_digest

VERSION_DIGITS = 12


def with_checks(edition: Edition, first_published: date, explained: Collection[str]) -> Edition:
    """The edition with its certificate, to be frozen; `explained` are the keys of the findings that have an explanation."""
    return replace(edition, checks=certificates.dumps(_certificate(edition, first_published, explained)))


def by_todays_rules(editions: Sequence[Edition]) -> dict[str, Certificate]:
    """The certificates, by chain entry, of the versions of one address that can be read and have none frozen."""
    return {
        edition.entry: _certificate(edition, editions[0].link.published_on)
        for edition in editions
        if edition.standing is not Standing.WITHDRAWN and not edition.checks
    }


def _certificate(edition: Edition, first_published: date, explained: Collection[str] = ()) -> Certificate:
    ledger, document = edition.content
    before = _public_before(edition)
    checked = certified(
        Filler(tablesets.get(ledger.table_set), ledger, subjects_for(ledger.year)),
        missing_glyphs,
        previous=loads(before.content)[0] if before else None,
        limits=limits(),
        other_stage=of_place(*edition.place),
        published_on=None if ledger.given else first_published,
        words=document.explanations,
        explained=explained,
    )
    version = rules_digest()[:VERSION_DIGITS]
    if before is None:
        return Certificate(version, checked)
    return Certificate(version, checked, before.fiscal_year, before.chain_entry)


def _public_before(edition: Edition) -> Publication | None:
    """The version of the latest earlier year, of the same department and stage, that is public now."""
    region, unit, year, stage = edition.place
    public = Publication.objects.filter(
        department__region__code=region,
        department__code=unit,
        stage=stage,
        fiscal_year__lt=year,
        state__status=PublicationStatus.CURRENT,
    )
    return public.order_by("-fiscal_year").first()
