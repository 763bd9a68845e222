"""The public versions of a disclosure: those there are, the next one, and the release its address serves."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from budgets.models import Disclosure, Person, Publication, PublicationState, PublicationStatus, Release
from budgets.publishing import releases, revision_files, word_index
from budgets.publishing.chain import GENESIS, Link
from budgets.publishing.editions import Edition, Standing, edition_of
from budgets.publishing.region_words import words_of
from budgets.publishing.year_before import Before
from budgets.workflow.certifying import by_todays_rules, with_checks
from budgets.workflow.drafts import Draft
from budgets.workflow.stepping import BEIJING, NotAllowed, NotPublishable, sound

# What becomes of the version that stands when the next one is published.
REPLACED = {Standing.CURRENT: Standing.SUPERSEDED}


def day_of(moment: datetime) -> date:
    """The day in Beijing, whatever zone the machine is in: the date of publication is set by this alone."""
    return moment.astimezone(BEIJING).date()


def today() -> date:
    """Today in Beijing."""
    return day_of(timezone.now())


def publications_of(disclosure: Disclosure) -> QuerySet[Publication]:
    """The versions published so far, oldest first."""
    return Publication.objects.filter(disclosure=disclosure).order_by("revision")


def editions_of(disclosure: Disclosure, becoming: dict[Standing, Standing] | None = None) -> list[Edition]:
    """The versions so far, oldest first, with the standing they have or are about to have."""
    editions = [edition_of(row) for row in publications_of(disclosure).select_related("state")]
    changes, words = becoming or {}, words_of(disclosure.department.region_id)
    return [replace(e, standing=changes.get(e.standing, e.standing), words=words) for e in editions]


def current_of(disclosure: Disclosure) -> Publication | None:
    """The version that is public now; None before the first and after a withdrawal."""
    return publications_of(disclosure).filter(state__status=PublicationStatus.CURRENT).last()


def next_edition(locked: Disclosure, on: date) -> tuple[Draft, Edition]:
    """What would be published on that day: the approved content as the next link of the department's chain.

    Raises NotAllowed when the content is not what was approved, NotPublishable when a finding stands against it or
    nothing would change.
    """
    draft = sound(locked)
    if draft.hash != locked.approved_hash:
        raise NotAllowed("内容在批准以后有了变化，批准已失效，请退回后重新提交。")
    current = current_of(locked)
    if current is not None and current.payload_hash == draft.hash:
        raise NotPublishable("更正后的内容与已公开的内容完全相同。")
    words = words_of(locked.department.region_id)
    edition = Edition(next_link(locked, draft.hash, on), draft.payload, words=words)
    first = publications_of(locked).values_list("published_on", flat=True).first()
    return draft, with_checks(edition, first or on, draft.explanations.keys())


def build(
    editions: Sequence[Edition], before: Before | None, *, ready: str = "", with_pdf: bool = True
) -> tuple[str, bool]:
    """The files of the last of these editions and the release of all: its name, and whether the last has its PDF.

    Its pages stand beside what is public of the year `before`. `ready` names a release that was built ahead: it is taken
    when it is of exactly these.
    """
    has_pdf = revision_files.build(editions[-1], with_pdf=with_pdf)
    if not releases.is_ready(ready, editions, before):
        ready = releases.build(editions, before, by_todays_rules(editions))
    return ready, has_pdf


def next_link(locked: Disclosure, content_hash: str, on: date) -> Link:
    """What this content would be in the department's chain if it were published now, dated `on`."""
    head = Publication.objects.filter(department=locked.department_id).order_by("pk").last()
    last = publications_of(locked).last()
    return Link(
        previous=head.chain_entry if head else GENESIS,
        payload_hash=content_hash,
        year=locked.fiscal_year,
        stage=locked.stage,
        revision=last.revision + 1 if last else 1,
        published_on=on,
        reason=locked.correction_reason,
    )


def freeze(locked: Disclosure, edition: Edition, by: Person, at: datetime) -> Publication:
    """Store the edition as a publication of that moment; from then on the database refuses to change it."""
    link = edition.link
    # The database lets no disclosure be approved without both.
    assert locked.submitted_by is not None and locked.approved_by is not None
    return Publication.objects.create(
        department_id=locked.department_id,
        disclosure=locked,
        fiscal_year=link.year,
        stage=link.stage,
        revision=link.revision,
        payload=edition.payload,
        payload_hash=link.payload_hash,
        checks=revision_files.checks_of(edition),  # what lies there, also when it was built ahead
        chain_previous=link.previous,
        chain_entry=link.entry,
        public_reason=link.reason,
        published_on=link.published_on,
        published_at=at,
        submitted_by=locked.submitted_by,
        approved_by=locked.approved_by,
        published_by=by,
    )


def stand(
    disclosure: Disclosure, among: Collection[PublicationStatus], status: PublicationStatus, **more: Any
) -> None:
    """Give the versions of the disclosure that stand so (`among`) another standing, with these other fields.

    The search finds them no longer.
    """
    standing = PublicationState.objects.filter(publication__in=publications_of(disclosure), status__in=among)
    word_index.leave(list(standing.values_list("pk", flat=True)))
    standing.update(status=status, **more)


def serve(disclosure: Disclosure, name: str) -> QuerySet[Release]:
    """Name the built release that the address serves from the commit on; as a query for `pointers.settle`."""
    release, _ = Release.objects.update_or_create(
        department_id=disclosure.department_id,
        fiscal_year=disclosure.fiscal_year,
        stage=disclosure.stage,
        defaults={"name": name, "at": timezone.now()},
    )
    return Release.objects.filter(pk=release.pk)
