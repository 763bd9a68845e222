"""The units of a department in a year: what each takes and spends, its share, and whether the department is their sum."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets import tablesets
from budgets.domain.documents import Document
from budgets.domain.facts import ZERO
from budgets.domain.key_figures import MONEY, SPENT, KeyFigure, key_figures, sums
from budgets.domain.ledgers import Ledger
from budgets.domain.place_words import cell_words
from budgets.domain.plain_words import percent
from budgets.domain.snapshots import loads
from budgets.domain.terms import Stage
from budgets.domain.unit_rows import columns, spent
from budgets.domain.unit_sums import Gap
from budgets.models.publications import Publication, PublicationStatus
from budgets.models.regions import Department
from budgets.public import errors
from budgets.public.answers import page
from budgets.public.figure_columns import money
from budgets.publishing.units_public import Units, eliminated, printed, units_of
from budgets.rules.final_accounts import address

SHOWN = ("total_resources", SPENT, "basic", "project", "three_public")
MOST_TOLD = 20  # cells that differ


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its amounts, each a link to its cell, and its share of what all units spend in percent."""

    name: str
    href: str
    cells: tuple[tuple[str, str], ...]
    share: str


@require_safe
def units(request: HttpRequest, region: str, unit: str, year: str) -> HttpResponse:
    """The units beside each other, their sum and the department; 404 for a department without units."""
    department = Department.objects.select_related("region").filter(region__code=region, code=unit).first()
    if department is None:
        return errors.error(404)
    found = units_of(department, int(year), Stage.BUDGET)
    public = Publication.objects.filter(
        department=department,
        fiscal_year=int(year),
        stage=Stage.BUDGET,
        state__status=PublicationStatus.CURRENT,
    ).first()
    ledger = loads(public.content)[0] if public else None
    if not (found.there or found.missing or (ledger and ledger.unit_rows)):
        return errors.error(404)
    document = printed(public) if public and department.includes_units else None
    figures = [(each.department, key_figures(each.document)) for each in found.there]
    added = sums(one for _, one in figures)
    whole = added[SPENT].amount if SPENT in added else Decimal(0)
    lines = [
        Line(
            each.name,
            f"/{region}/{each.code}/{year}/budget/",
            cells(one, f"/{region}/{each.code}/{year}/budget/"),
            f"{percent(one[SPENT].amount, whole)}%" if whole > 0 and SPENT in one else "",
        )
        for each, one in figures
    ]
    against = found.against(document) if document else None
    return page(
        "public/units.html",
        request,
        department=department,
        year=year,
        heads=[MONEY[key] for key in SHOWN],
        lines=lines,
        sums=[money(added[key].amount) if key in added else "" for key in SHOWN],
        own=cells(key_figures(document), f"/{region}/{unit}/{year}/budget/") if document else (),
        missing=found.missing,
        against=against,
        eliminated=eliminated(against) if against else "",
        rows=_rows(ledger, found) if ledger else (),
        gaps=_gaps(document, against.gaps[:MOST_TOLD]) if document and against else (),
        navigation=[("部门", f"/{region}/"), ("年度", f"/{region}/{year}/")],
        crumbs=[
            ("首页", "/"),
            (department.region.name, f"/{region}/"),
            (department.name, f"/{region}/{unit}/"),
        ],
        here=f"{year}年下属单位",
    )


def cells(figures: dict[str, KeyFigure], address: str) -> tuple[tuple[str, str], ...]:
    """The shown figures in 万元 with their addresses, blank where the document prints none."""
    return tuple(
        (money(figures[key].amount), f"{address}#{figures[key].at}") if key in figures else ("", "")
        for key in SHOWN
    )


def _rows(ledger: Ledger, found: Units) -> list[tuple[str, str, str, str, str]]:
    """The units that the department's own table lists: name, what that says they spend, the address of what is public of
    each, what that says, and the difference, in 万元; blank where nothing is public."""
    published = {
        each.department.code: loads(each.publication.content)[0] for each in found.there if each.publication
    }
    rows = []
    for row in ledger.unit_rows:
        fields = columns(tablesets.get(ledger.table_set))
        own = sum((getattr(row, field) or ZERO for field in fields), ZERO)
        if unit := published.get(row.code):
            theirs = sum((spent(unit, field) for field in fields), ZERO)
            rows.append(
                (row.name, money(own), address(unit), money(theirs), f"{(own - theirs) / 10000:,.2f}")
            )
        else:
            rows.append((row.name, money(own), "", "", ""))
    return rows


def _gaps(document: Document, gaps: tuple[Gap, ...]) -> list[tuple[str, str, str, str]]:
    """The cells that differ, in words: where, the units' sum, the department's amount, the difference."""
    units = {sheet.key: sheet.unit for sheet in document.tables}
    return [
        (
            cell_words(document, gap.cell),
            f"{gap.units:,.2f}",
            f"{gap.department:,.2f}",
            f"{gap.amount:,.2f}{units.get(gap.cell.table, '')}",
        )
        for gap in gaps
    ]
