"""One cell over the years and the revisions of its department, read from as few payloads as it takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets import tablesets
from budgets.domain.addresses import Addressed, Found, kin
from budgets.domain.classification import ECONOMIC, FUNCTION
from budgets.domain.code_years import Then, codes_in
from budgets.domain.crosswalk import Move
from budgets.domain.money import print_amount, separated, to_yuan
from budgets.domain.plain_words import change
from budgets.domain.snapshots import sheets_of
from budgets.models.publications import Publication, PublicationStatus
from budgets.models.subjects import SubjectMove

MOST = 12  # payloads that one page opens
MOST_REVISIONS = 5  # of them for the revisions of its own year
OTHER_FORM, NO_ROW, BLANK, WITHDRAWN = "表样不同，不比", "没有这一行", "空白", "已撤回"


@dataclass(frozen=True, slots=True)
class Said:
    """What a version says in a cell: the number as printed, or in `words` why there is none; in `words`, too, where the
    code was another one."""

    publication: Publication
    text: str = ""
    amount: Decimal | None = None
    words: str = ""
    address: str = ""  # of the cell there; blank where it is none, or several
    change: str = ""  # since the year before, where both can be compared


@dataclass(frozen=True, slots=True)
class History:
    """The latest first; `left_out` counts the versions that were not opened."""

    years: tuple[Said, ...]
    revisions: tuple[Said, ...]
    left_out: int = 0


def versions_of(region: str, unit: str, stage: str) -> list[Publication]:
    """Every version of a department's documents of one stage without their payloads, the latest first. One query."""
    found = Publication.objects.filter(department__region__code=region, department__code=unit, stage=stage)
    return list(
        found.select_related("state", "department__region")
        .defer("payload", "state__text")
        .order_by("-fiscal_year", "-revision")
    )


def history(own: Publication, cells: Addressed, address: str, versions: Sequence[Publication]) -> History:
    """The cell of one version beside the other revisions of its year and the public versions of other years.

    `cells` are those of the own version, which has one of that address. Two queries at most, and at most MOST payloads. Another form (表样) is named and not compared.
    """
    found = cells.cells[address]
    revisions = [v for v in versions if v.fiscal_year == own.fiscal_year]
    public = {v.fiscal_year: v for v in versions if v.state.status == PublicationStatus.CURRENT}
    years = list((public | {own.fiscal_year: own}).values())
    readable = [v for v in revisions if v != own and v.state.status != PublicationStatus.WITHDRAWN]
    near = sorted(years, key=lambda v: abs(v.fiscal_year - own.fiscal_year))
    wanted = [*readable[:MOST_REVISIONS], *(v for v in near if v != own and _alike(v, own))]
    opened = {own.pk: cells, **_cells(wanted[: MOST - 1], found)}
    code = _code(found)
    moves = _moves(code) if code and wanted else []

    def said(version: Publication) -> Said:
        then = codes_in(version.fiscal_year, code, own.fiscal_year, moves) if code else Then(())
        return _said(version, opened[version.pk], then, address)

    listed = [
        said(v) if v.pk in opened else Said(v, words=OTHER_FORM)
        for v in sorted(years, key=lambda v: v.fiscal_year, reverse=True)
        if v.pk in opened or not _alike(v, own)
    ]
    shown = [v for v in revisions if v.pk in opened or v.state.status == PublicationStatus.WITHDRAWN]
    return History(
        tuple(_compared(listed, found.sheet.unit)),
        tuple(said(v) if v.pk in opened else Said(v, words=WITHDRAWN) for v in shown),
        len(wanted) + 1 - len(opened),
    )


def _alike(one: Publication, other: Publication) -> bool:
    own = other.state.table_set
    return bool(one.state.table_set == own) and (own not in tablesets.AS_IT_STANDS or one == other)


def _cells(versions: Iterable[Publication], found: Found) -> dict[int, Addressed]:
    """The cells of the same table in each version, by its key. One query."""
    keys = [version.pk for version in versions]
    rows = Publication.objects.filter(pk__in=keys).values_list("pk", "payload") if keys else ()
    return {key: Addressed(sheets_of(bytes(payload), kin(found.sheet))) for key, payload in rows}


def _code(found: Found) -> str:
    """The subject code of the cell's row; blank for a line without one."""
    row = found.ref.row
    return row if found.sheet.number is not None and row.isdecimal() else ""


def _moves(code: str) -> list[Move]:
    """The whole crosswalk of the code's scheme. One query."""
    rows = SubjectMove.objects.filter(scheme=ECONOMIC if code.startswith("3") else FUNCTION)
    return [Move(*row) for row in rows.values_list("fiscal_year", "scheme", "old_code", "new_code")]


def _said(version: Publication, cells: Addressed, then: Then, address: str) -> Said:
    """The cell of that address in a version, or the sum of those that stand there under the codes of `then`."""
    head, _, rest = address.partition(".")
    row, _, column = rest.rpartition(".")
    if then.words and not then.codes:
        return Said(version, words=then.words)
    names = [f"{head}.{code}.{column}" for code in then.codes or (row,)]
    found = {name: cell for name in names if (cell := cells.find(name))}
    if not found:
        return Said(version, words="；".join(filter(None, (then.words, NO_ROW))))
    printed = [cell.sheet.rows[cell.row].cells[cell.column] for cell in found.values()]
    amounts = [cell.amount for cell in printed if cell.amount is not None]
    amount = sum(amounts, Decimal(0)) if amounts else None
    text = printed[0].text if len(printed) == 1 else print_amount(amount, zero="0.00")
    text = text if amount is None else separated(text)
    return Said(version, text or BLANK, amount, then.words, next(iter(found)) if len(found) == 1 else "")


def _compared(listed: Sequence[Said], unit: str) -> Iterable[Said]:
    """Each year with its change since the year right before it."""
    years = {said.publication.fiscal_year: said for said in listed}
    for said in listed:
        before = years.get(said.publication.fiscal_year - 1)
        if before is None or said.amount is None or before.amount is None:
            yield said
        else:
            yield replace(said, change=change(to_yuan(said.amount, unit), to_yuan(before.amount, unit)))
