"""One public version as plain values: its payload, its link in the chain, and where it stands."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from functools import cached_property

from budgets.domain.documents import Document
from budgets.domain.glossary import Term
from budgets.domain.ledgers import Ledger
from budgets.domain.snapshots import loads
from budgets.models.publications import Publication
from budgets.publishing.chain import Link

BEIJING = timezone(timedelta(hours=8))


class Standing(StrEnum):
    """Where a version stands beside its frozen content."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Edition:
    """A public version. `checks` is its frozen certificate; blank for one that was published before there were any. `words`
    are what its region explains itself, which its pages show and its files do not."""

    link: Link
    payload: bytes
    standing: Standing = Standing.CURRENT
    checks: bytes = b""
    words: tuple[Term, ...] = ()

    @cached_property
    def content(self) -> tuple[Ledger, Document]:
        """Ledger and document as they were frozen."""
        return loads(self.payload)

    @property
    def document(self) -> Document:
        return self.content[1]

    @property
    def entry(self) -> str:
        return self.link.entry

    @property
    def revision(self) -> int:
        return self.link.revision

    @property
    def created(self) -> datetime:
        """The start of the day of publication, all that its files know of time."""
        day = self.link.published_on
        return datetime(day.year, day.month, day.day, tzinfo=BEIJING).astimezone(UTC)

    @property
    def place(self) -> tuple[str, str, int, str]:
        """Region code, unit code, year and stage: the address."""
        document = self.document
        return document.region_code, document.unit_code, document.year, document.stage


def edition_of(publication: Publication) -> Edition:
    """The edition of a stored publication."""
    return Edition(
        Link(
            publication.chain_previous,
            publication.payload_hash,
            publication.fiscal_year,
            publication.stage,
            publication.revision,
            publication.published_on,
            publication.public_reason,
        ),
        publication.content,
        Standing(publication.state.status),
        publication.frozen_checks,
    )
