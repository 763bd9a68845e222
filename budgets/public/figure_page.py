"""The answer to one number: what it is called, what it is the sum of, where it goes, and what it was in other years."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from budgets import tablesets
from budgets.domain.addresses import Addressed, Found
from budgets.domain.cell_sums import CellSums, cell_sums
from budgets.domain.documents import Document
from budgets.domain.glossary import Glossary, localised
from budgets.domain.plain_terms import TERMS
from budgets.domain.snapshots import document_of
from budgets.models.publications import Publication, PublicationStatus
from budgets.public import errors, withdrawn
from budgets.public.answers import FRAMED, page
from budgets.public.contact_ways import ways
from budgets.public.figure_history import history, versions_of
from budgets.public.figure_words import Words, column_words, row_words, table_words, text_of
from budgets.public.question_lists import BESIDE, answered
from budgets.publishing.region_words import words_of
from budgets.publishing.site_words import site


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell that somebody asks about: its version with the document, and every version of the department's stage."""

    own: Publication
    document: Document
    cells: Addressed
    found: Found
    address: str
    versions: Sequence[Publication]

    @property
    def current(self) -> Publication | None:
        """The version of its year that is public now."""
        return next((v for v in self.versions if _is_current(v, self.own)), None)


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

    Six queries at most, and the payloads of at most twelve versions of the one department.
    """
    asked = asked_for(region, unit, year, stage, address, revision)
    return asked if isinstance(asked, HttpResponse) else page(template, request, **_context(asked))


embedded = csp_override(FRAMED)(
    xframe_options_exempt(figure)
)  # the number alone, for a frame on any other site


def asked_for(
    region: str, unit: str, year: str, stage: str, address: str, revision: str = ""
) -> Asked | HttpResponse:
    """The cell at an address of the latest or of a fixed revision, or the answer that there is none. Two queries at most."""
    versions = versions_of(region, unit, stage)
    own = _asked(versions, int(year), revision)
    if own is None:
        below = f"r{revision}/" if revision else ""
        return withdrawn.answer(region, unit, int(year), stage, below) or errors.error(404)
    document, cells = _opened(own.pk, own.payload_hash)
    found = cells.find(address)
    if found is None:
        return errors.error(404)
    return Asked(own, document, cells, found, address, versions)


@lru_cache(maxsize=4)
def _opened(key: int, payload_hash: str) -> tuple[Document, Addressed]:
    """The document of a version and its cells. The last few are kept: whoever asks for one number asks for the next."""
    document = document_of(Publication.objects.only("payload").get(pk=key).content)
    return document, Addressed(document.sheets())


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


def naming(asked: Asked) -> dict[str, Any]:
    """What pages say about a number whatever they are for: its names, itself as printed, and where it stands."""
    document, own, found = asked.document, asked.own, asked.found
    cell = found.sheet.rows[found.row].cells[found.column]
    region = f"/{document.region_code}/"
    department = f"{region}{document.unit_code}/"
    latest = f"{department}{document.year}/{document.stage}/"
    fixed = f"{latest}r{own.revision}/"
    here_below = fixed if asked.current != own else latest
    table, row, column, text = table_words(found), row_words(found), column_words(found), text_of(found)
    unit = found.sheet.unit if cell.amount is not None and cell.text else ""
    return {
        "document": document,
        "own": own,
        "sheet": found.sheet,
        "cell_address": asked.address,
        "table": table,
        "row": row,
        "total": found.sheet.rows[found.row].total,
        "column": column,
        "text": text,
        "blank": not cell.text,
        "money": cell.amount is not None,
        "said": f"{table}，{f'“{row}”行，' if row else ''}“{column}”列：{text}{unit}",
        "latest": latest,
        "fixed": fixed,
        "here_below": here_below,
        "department": department,
        "region_name": document.region_name,
        "navigation": [("部门", region), ("年度", f"{region}{document.year}/")],
        "crumbs": [
            (document.region_name, region),
            (document.unit_name, department),
            (document.title, here_below),
        ],
    }


def _context(asked: Asked) -> dict[str, Any]:
    document, own, cells, found = asked.document, asked.own, asked.cells, asked.found
    table_set = tablesets.SETS.get(document.table_set)
    sums = cell_sums(table_set, document, found.ref) if table_set else CellSums()
    words = Words(document, cells, found)
    told = naming(asked)
    of = own.department
    questions = list(answered(own).filter(cell=asked.address)[: BESIDE + 1])
    title = f"{document.unit_name}{document.title}"
    full = f"{site().address}{told['fixed']}"
    return told | {
        "current": asked.current if asked.current != own else None,
        "made_of": words.made_of(sums),
        "part_of": words.part_of(sums),
        "same": words.all_linked(sums.same),
        "meets": words.meets(sums),
        "terms": Glossary(localised(TERMS, words_of(of.region_id)), document).used_in(
            [told["row"], told["column"]]
        ),
        "history": history(own, cells, asked.address, asked.versions),
        "full": f"{full}#{asked.address}",
        "fingerprint": own.payload_hash[:12],
        "questions": questions[:BESIDE],
        "more_questions": len(questions) > BESIDE,
        "asks": of.region.questions_open and asked.current == own,
        "ways": ways(
            document.contact or of.phone,
            f"问{title}里的一个数",
            f"{title}，{told['said']}。\r\n{full}figures/{asked.address}/",
        ),
        "here": "一个数",
    }


def _is_current(version: Publication, own: Publication) -> bool:
    return version.fiscal_year == own.fiscal_year and version.state.status == PublicationStatus.CURRENT
