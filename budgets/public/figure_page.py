"""The answer to one number: what it is called, what it is the sum of, where it goes, and what it was in other years."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from budgets import tablesets
from budgets.domain.addresses import Addressed, Found
from budgets.domain.cell_sums import CellSums, cell_sums
from budgets.domain.documents import Document
from budgets.domain.glossary import Glossary
from budgets.domain.plain_terms import TERMS
from budgets.domain.snapshots import document_of
from budgets.models.publications import Publication, PublicationStatus
from budgets.public import errors, withdrawn
from budgets.public.answers import FRAMED, page
from budgets.public.figure_history import history, versions_of
from budgets.public.figure_words import Words, column_words, row_words, table_words, text_of
from budgets.publishing.site_words import site


@require_safe
def figure(
    request: HttpRequest,
    region: str,
    unit: str,
    year: str,
    stage: str,
    address: str,
    revision: str = "",
    template: str = "public/figure.html",
) -> HttpResponse:
    """The page about a cell of the latest or of a fixed revision; 410 for a withdrawn one, 404 for no such cell.

    Four queries at most, and the payloads of at most twelve versions of the one department.
    """
    versions = versions_of(region, unit, stage)
    own = _asked(versions, int(year), revision)
    if own is None:
        below = f"r{revision}/" if revision else ""
        return withdrawn.answer(region, unit, int(year), stage, below) or errors.error(404)
    document = document_of(own.content)
    cells = Addressed(document.sheets())
    found = cells.find(address)
    if found is None:
        return errors.error(404)
    return page(template, request, **_context(own, document, cells, found, address, versions))


embedded = csp_override(FRAMED)(xframe_options_exempt(figure))  # the number alone, for a frame on any other site


def _asked(versions: Sequence[Publication], year: int, revision: str) -> Publication | None:
    """The version at an address that may be read; the current one where no revision is named."""
    for version in versions:
        status = version.state.status
        if version.fiscal_year == year and (
            version.revision == int(revision) and status != PublicationStatus.WITHDRAWN
            if revision
            else status == PublicationStatus.CURRENT
        ):
            return version
    return None


def _context(
    own: Publication,
    document: Document,
    cells: Addressed,
    found: Found,
    address: str,
    versions: Sequence[Publication],
) -> dict[str, Any]:
    table_set = tablesets.SETS.get(document.table_set)
    sums = cell_sums(table_set, document, found.ref) if table_set else CellSums()
    words = Words(document, cells, found)
    words_of_row = row_words(found)
    region = f"/{document.region_code}/"
    department = f"{region}{document.unit_code}/"
    latest = f"{department}{document.year}/{document.stage}/"
    fixed = f"{latest}r{own.revision}/"
    current = next((v for v in versions if _is_current(v, own)), None)
    return {
        "document": document,
        "own": own,
        "current": current if current != own else None,
        "sheet": found.sheet,
        "address": address,
        "table": table_words(found),
        "row": words_of_row,
        "column": column_words(found),
        "text": text_of(found),
        "blank": not found.sheet.rows[found.row].cells[found.column].text,
        "money": found.sheet.rows[found.row].cells[found.column].amount is not None,
        "made_of": words.made_of(sums),
        "part_of": words.part_of(sums),
        "same": words.all_linked(sums.same),
        "meets": words.meets(sums),
        "terms": Glossary(TERMS, document).used_in([words_of_row, column_words(found)]),
        "history": history(own, cells, address, versions),
        "latest": latest,
        "fixed": fixed,
        "here_below": fixed if current != own else latest,
        "full": f"{site().address}{fixed}#{address}",
        "fingerprint": own.payload_hash[:12],
        "department": department,
        "region_name": document.region_name,
        "navigation": [("部门", region), ("年度", f"{region}{document.year}/")],
        "crumbs": [
            (document.region_name, region),
            (document.unit_name, department),
            (document.title, fixed if current != own else latest),
        ],
        "here": "一个数",
    }


def _is_current(version: Publication, own: Publication) -> bool:
    return version.fiscal_year == own.fiscal_year and version.state.status == PublicationStatus.CURRENT
