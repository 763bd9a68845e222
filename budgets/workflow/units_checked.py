"""A department whose budget contains its units, held against what they published or had approved."""

from collections.abc import Iterator

from budgets import ledger as rows
from budgets import tablesets
from budgets.domain.composing import compose
from budgets.domain.documents import Document
from budgets.domain.findings import Finding, Severity, key_of
from budgets.domain.ledgers import Ledger
from budgets.domain.money import money
from budgets.domain.place_words import cell_words
from budgets.domain.places import Record, Whole
from budgets.domain.record_amounts import MONEY
from budgets.domain.snapshots import loads
from budgets.domain.unit_rows import SOURCE, row_gaps
from budgets.domain.unit_sums import UnitSums
from budgets.models import Department, Disclosure, Publication, PublicationStatus, Status
from budgets.publishing.units_public import Unit, Units, eliminated, told_apart, units_of
from budgets.rules.criteria import UNIT_ROWS
from budgets.rules.criteria import UNITS_ADD_UP as RULE
from budgets.rules.final_accounts import address
from budgets.rules.rule_states import Between

MOST_TOLD = 3  # cells that a finding tells; all of them are marked


def with_approved(disclosure: Disclosure) -> Units | None:
    """The units with what is public of them, else what is approved; None where the budget contains no units."""
    department, year, stage = disclosure.department, disclosure.fiscal_year, disclosure.stage
    if not department.includes_units:
        return None
    public = units_of(department, year, stage)
    approved = Disclosure.objects.filter(
        department__in=public.missing, fiscal_year=year, stage=stage, status=Status.APPROVED
    )
    more = []
    for row in approved.select_related("department__region"):
        ledger = rows.read(row)
        document = compose(tablesets.get(ledger.table_set), ledger, rows.subjects_for(year))
        more.append(Unit(row.department, document))
    units = sorted([*(unit.department for unit in public.there), *public.missing], key=lambda each: each.code)
    return told_apart(units, [*public.there, *more])


def unit_findings(disclosure: Disclosure, document: Document) -> list[Finding]:
    """Where the department is not the sum of its units: a WARNING while it is being written, later only told, since what
    another body publishes must not stop a step of this one."""
    units = with_approved(disclosure)
    sums = units.against(document) if units else None
    if units is None or sums is None or not sums.gaps:
        return []
    severity = Severity.WARNING if disclosure.editable else Severity.ADVICE
    return [_finding(units, sums, document, severity)]


def held_against_public(department: Department, document: Document) -> Between:
    """The same of a public version, against what is public of the units alone; a WARNING, as it was while it was written."""
    if not department.includes_units:
        return Between(RULE, idle="本部门预算不含下属单位")
    units = units_of(department, document.year, document.stage)
    if sums := units.against(document):
        return Between(RULE, [_finding(units, sums, document, Severity.WARNING)] if sums.gaps else ())
    missing = "、".join(unit.name for unit in units.missing[:MOST_TOLD])
    more = f"等 {len(units.missing)} 家" if len(units.missing) > MOST_TOLD else ""
    return Between(RULE, lacking=f"{missing}{more}还没有公开，没有核对" if missing else "没有登记下属单位")


def _finding(units: Units, sums: UnitSums, document: Document, severity: Severity) -> Finding:
    cells = tuple(gap.cell for gap in sums.gaps)
    message = (
        f"本部门预算含下属单位，与 {len(units.there)} 家下属单位的合计有 {len(cells)} 格不符：{told(document, sums)}。"
        "请核对本部门和各单位的数；部门本级没有作为单位单独编报的，请在名单里登记，或说明差额。"
    )
    return Finding(RULE, severity, message, cells[0], cells, key_of(RULE, Whole()))


def row_findings(disclosure: Disclosure, ledger: Ledger) -> list[Finding]:
    """Each amount of a unit in the department's own table that is not what the unit published, with both numbers and
    addresses; a WARNING or only told, as above."""
    severity = Severity.WARNING if disclosure.editable else Severity.ADVICE
    return list(_rows_told(ledger, _public_of_rows(ledger), severity))


def rows_held(ledger: Ledger) -> Between:
    """The same as it stands in a certificate."""
    if not ledger.unit_rows:
        return Between(UNIT_ROWS, idle="各表没有分单位的行")
    public = _public_of_rows(ledger)
    missing = [row.name for row in ledger.unit_rows if row.code not in public]
    lacking = (
        f"{'、'.join(missing[:MOST_TOLD])}{'等' if len(missing) > MOST_TOLD else ''}还没有公开，没有核对"
    )
    return Between(
        UNIT_ROWS, list(_rows_told(ledger, public, Severity.WARNING)), lacking=lacking if missing else ""
    )


def _public_of_rows(ledger: Ledger) -> dict[str, Ledger]:
    """What is public of the units that a department's table lists, by code. One query, none where it lists none."""
    codes = {row.code for row in ledger.unit_rows if row.code and row.code != ledger.unit_code}
    if not codes:
        return {}
    public = Publication.objects.filter(
        department__region__code=ledger.region_code,
        department__code__in=codes,
        fiscal_year=ledger.year,
        stage=ledger.stage,
        state__status=PublicationStatus.CURRENT,
    )
    found = [loads(row.content)[0] for row in public]
    return {each.unit_code: each for each in found}


def _rows_told(ledger: Ledger, public: dict[str, Ledger], severity: Severity) -> Iterator[Finding]:
    table_set = tablesets.get(ledger.table_set)
    for gap in row_gaps(ledger, table_set, public):
        unit = table_set.unit
        here, there = money(gap.printed, unit), money(gap.unit, unit)
        at = Record("unit_row", gap.row.name, gap.row.code)
        label = MONEY[SOURCE][gap.field]
        message = (
            f"各单位支出表中{gap.row.name}的{label}为 {here}，该单位公开的（{address(public[gap.row.code])}）为 {there}，"
            f"相差 {money(gap.printed - gap.unit, unit)}。请核对，口径不同的请说明。本件 {address(ledger)}。"
        )
        yield Finding(UNIT_ROWS, severity, message, at, (), key_of(UNIT_ROWS, at, gap.field))


def told(document: Document, sums: UnitSums, most: int = MOST_TOLD) -> str:
    """The gaps in words, the first of them with both numbers; what was eliminated stands behind."""
    units = {sheet.key: sheet.unit for sheet in document.tables}
    words = [
        f"{cell_words(document, gap.cell)}，单位合计 {gap.units:,.2f}，"
        f"本部门 {gap.department:,.2f}，相差 {gap.amount:,.2f}{units.get(gap.cell.table, '')}"
        for gap in sums.gaps[:most]
    ]
    return "；".join(words) + ("等" if len(sums.gaps) > most else "") + eliminated(sums)
