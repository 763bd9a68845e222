"""Pages that hold two years beside each other: what a version takes from the year before, and whose pages take it in turn.

A publication, correction or withdrawal makes the pages of the year after anew in the same transaction, so that no
page stays that shows what is no longer public.
"""

from dataclasses import dataclass

from budgets.domain.crosswalk import Move
from budgets.models import Disclosure, Publication, PublicationStatus, Release, SubjectMove
from budgets.publishing import releases
from budgets.publishing.editions import Edition, edition_of
from budgets.publishing.year_before import Before
from budgets.workflow.certifying import by_todays_rules
from budgets.workflow.versions import editions_of, serve


def year_before(disclosure: Disclosure) -> Before | None:
    """What is public of the same department and stage a year earlier, with the codes that moved since; None without any."""
    rows = Publication.objects.filter(
        department=disclosure.department_id,
        stage=disclosure.stage,
        fiscal_year=disclosure.fiscal_year - 1,
        state__status=PublicationStatus.CURRENT,
    )
    found = rows.select_related("state").last()
    return _before(edition_of(found), disclosure.fiscal_year) if found else None


def _before(edition: Edition, year: int) -> Before:
    moves = SubjectMove.objects.filter(fiscal_year=year)
    return Before(
        edition,
        tuple(Move(*row) for row in moves.values_list("fiscal_year", "scheme", "old_code", "new_code")),
    )


@dataclass(frozen=True, slots=True)
class Renewal:
    """The pages of the year after, built again but not served yet; `disclosure` is None where that year has none."""

    disclosure: Disclosure | None = None
    editions: tuple[Edition, ...] = ()
    name: str = ""

    def holds(self, of: Disclosure) -> bool:
        """Whether what was built is still of what the year after has published."""
        now = year_after(of)
        if now is None or self.disclosure is None:
            return now is self.disclosure
        return now == self.disclosure and tuple(editions_of(now)) == self.editions

    def serve(self) -> list[int]:
        """Name the built pages as those that are served from the commit on; the keys of the addresses that change."""
        if self.disclosure is None:
            return []
        return list(serve(self.disclosure, self.name).values_list("pk", flat=True))


def year_after(disclosure: Disclosure) -> Disclosure | None:
    """The same department's disclosure of the next year and the same stage, once something of it was published."""
    served = Release.objects.filter(
        department=disclosure.department_id, stage=disclosure.stage, fiscal_year=disclosure.fiscal_year + 1
    )
    if not served.exists():
        return None
    return Disclosure.objects.filter(
        department=disclosure.department_id, stage=disclosure.stage, fiscal_year=disclosure.fiscal_year + 1
    ).first()


def renew(disclosure: Disclosure, current: Edition | None) -> Renewal:
    """Build the pages of the year after beside what is about to be `current` of this one, None when nothing will be."""
    after = year_after(disclosure)
    if after is None:
        return Renewal()
    editions = tuple(editions_of(after))
    before = _before(current, after.fiscal_year) if current else None
    return Renewal(after, editions, releases.build(editions, before, by_todays_rules(editions)))
