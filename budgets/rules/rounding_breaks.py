"""What would no longer tie once amounts finer than the tables print are rounded: known before anything is saved."""

from collections import defaultdict
from decimal import Decimal

from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.composing import composed
from budgets.domain.findings import Finding
from budgets.domain.identities import ZERO, Kind
from budgets.domain.ledgers import Ledger
from budgets.domain.places import CellRef
from budgets.domain.sheets import Filler
from budgets.rules.given_cells import printed_cells
from budgets.rules.registry import REGISTRY, Case
from budgets.tablesets.rounding import to_quantum

MEETING = "families-meet"
# Within a row of procurement; a break that was there before is no news.
OF_RECORDS = ("procurement-multiplies", "procurement-reserve-within", "procurement-within-project")


def broken_by_rounding(ledger: Ledger, subjects: Subjects) -> list[Finding]:
    """The ties between tables that rounding opens or moves, and the rows of procurement that it breaks.

    Each as the finding that the rounded draft would have. Parent rows and totals are added up anew and never break; a
    document that prints its own tables has no such tie. Two documents are composed, no other rule is run.
    """
    before, after = (_case(each, subjects) for each in (ledger, to_quantum(ledger)))
    was, now = _gaps(before), _gaps(after)
    moved = {cells for label, (gap, cells) in now.items() if gap != was[label][0]}
    known = {finding.key for rule in OF_RECORDS for finding in REGISTRY.rules[rule].find(before)}
    ties = [finding for finding in REGISTRY.rules[MEETING].find(after) if finding.cells in moved]
    rows = [finding for rule in OF_RECORDS for finding in REGISTRY.rules[rule].find(after)]
    return ties + [finding for finding in rows if finding.key not in known]


def _case(ledger: Ledger, subjects: Subjects) -> Case:
    filler = Filler(tablesets.get(ledger.table_set), ledger, subjects)
    return Case(filler, composed(filler))


def _gaps(case: Case) -> defaultdict[tuple[str, str], tuple[Decimal, tuple[CellRef, ...]]]:
    """By its label, and its code where it holds under each, how far each tie between tables is open in print, and its
    cells; one not printed is not open."""
    among, cells = printed_cells(case)
    meets = [identity for identity in among if identity.kind is Kind.MEETS]
    by_code = {meet.label for meet in case.table_set.meets if meet.by}
    gaps: defaultdict[tuple[str, str], tuple[Decimal, tuple[CellRef, ...]]] = defaultdict(lambda: (ZERO, ()))
    for identity in meets:
        both = (*identity.left, *identity.right)
        code = "/".join(both[0]) if identity.label in by_code else ""
        gaps[identity.label, code] = identity.gap(cells), both
    return gaps
