"""The certificate of a version: frozen when it is published, by today's rules for one that was published before there were any.

It is held against what is public alone: an earlier year that is still a draft, or was withdrawn, does not count.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from budgets import fonts, tablesets
from budgets.domain import certificates
from budgets.domain.certificates import Certificate
from budgets.domain.classification import ECONOMIC, FUNCTION
from budgets.domain.sheets import Filler
from budgets.domain.snapshots import loads
from budgets.fonts.glyphs import missing_glyphs
from budgets.ledger import subjects_for
from budgets.models import Department, Publication, PublicationStatus
from budgets.publishing.editions import Edition, Standing
from budgets.rules.criteria import HELD_AGAINST, UNIT_ROWS, UNITS_ADD_UP
from budgets.rules.rule_states import certified
from budgets.workflow.drafts import limits
from budgets.workflow.last_year_checked import last_year_held
from budgets.workflow.other_stage import of_place
from budgets.workflow.rehearsing import rules_digest
from budgets.workflow.units_checked import held_against_public, rows_held

VERSION_DIGITS = 12
OF_OTHERS = (
    *HELD_AGAINST["other_stage"],
    UNIT_ROWS,
    UNITS_ADD_UP,
)  # rules that ask for what is public of others that day
FACES = Path(fonts.__file__).parent


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


def same_as_frozen(edition: Edition, first_published: date, editions: Mapping[str, Edition]) -> bool | None:
    """Whether the rules say of an edition what its frozen certificate says, which can be read.

    None where they were others then, or the codes, limits or faces were, or the year before that it was held against is
    not among `editions` (by chain entry). What was explained without publishing the words is known from the certificate alone,
    and so is what was then public of others, whose later versions do not make it wrong.
    """
    frozen = certificates.loads(edition.checks)
    year = edition.place[2]
    before = editions.get(frozen.entry_before)
    if (frozen.rules, frozen.basis) != (_rules(), _basis(year)) or (frozen.entry_before and before is None):
        return None
    explained = {told.key for checked in frozen.checked for told in checked.told if told.explained}
    previous = (before.place[2], before.entry, before.payload) if before else None
    then = {each.rule: each for each in frozen.checked if each.rule in OF_OTHERS}
    now = _held_against(edition, first_published, explained, previous)
    checked = tuple(then.get(each.rule, each) for each in now.checked)
    return certificates.dumps(replace(now, checked=checked)) == edition.checks


def _certificate(edition: Edition, first_published: date, explained: Collection[str] = ()) -> Certificate:
    public = _public_before(edition)
    before = (public.fiscal_year, public.chain_entry, public.content) if public else None
    return _held_against(edition, first_published, explained, before)


def _held_against(
    edition: Edition, first_published: date, explained: Collection[str], before: tuple[int, str, bytes] | None
) -> Certificate:
    """The certificate; `before` is the year, the chain entry and the payload of what was public earlier."""
    ledger, document = edition.content
    region, unit, *_ = edition.place
    department = Department.objects.get(region__code=region, code=unit)
    earlier = loads(before[2])[0] if before else None
    checked = certified(
        Filler(tablesets.get(ledger.table_set), ledger, subjects_for(ledger.year)),
        missing_glyphs,
        previous=earlier,
        limits=limits(),
        other_stage=of_place(*edition.place),
        published_on=None if ledger.given else first_published,
        words=document.explanations,
        explained=explained,
        between=(
            last_year_held(ledger, earlier, document),
            rows_held(ledger),
            held_against_public(department, document),
        ),
    )
    year, entry = before[:2] if before else (0, "")
    return Certificate(_rules(), checked, year, entry, _basis(ledger.year))


def _rules() -> str:
    return rules_digest()[:VERSION_DIGITS]


def _basis(year: int) -> str:
    """A digest of what decides beside rules and payloads: the codes of the year, the limits, the faces of the PDF."""
    subjects = subjects_for(year)
    codes = [repr(each) for scheme in (FUNCTION, ECONOMIC) for each in subjects.all(scheme)]
    faces = [(face.name, face.stat().st_size) for face in sorted(FACES.glob("*.ttf"))]
    return hashlib.sha256(repr((codes, limits(), faces)).encode()).hexdigest()[:VERSION_DIGITS]


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
