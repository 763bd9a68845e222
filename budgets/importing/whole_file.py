"""Findings on a file as a whole: of another form or year, without a year or any number, in money that is not known."""

from collections.abc import Iterator, Mapping, Sequence

from budgets.domain.findings import Severity
from budgets.domain.ledgers import Ledger
from budgets.domain.tables import TableSet
from budgets.importing.comparing.reports import FoundFault
from budgets.importing.reading.grids import Source
from budgets.importing.recognising.blank_forms import is_form
from budgets.importing.recognising.identification import nothing_in
from budgets.importing.recognising.matches import Recognition
from budgets.importing.taken import Taken
from budgets.importing.taking.table_bodies import Body

OTHER_FORM = "intake-other-form"


def what_it_is(
    source: Source, found: Recognition, why: str, table_set: str, region: str, unit: str, year: int | None
) -> Taken:
    """What is said of a file of another form: that alone. Nothing of it is taken, and nothing compared."""
    ledger = Ledger(
        table_set=table_set,
        region_code=region,
        region_name="",
        unit_code=unit,
        unit_name="",
        year=year or found.year,
    )
    return Taken(source, ledger, parts=frozenset(), findings=[FoundFault(OTHER_FORM, Severity.ERROR, why)])


def file_faults(
    found: Recognition,
    bodies: Mapping[str, Body],
    told: Sequence[FoundFault],
    *,
    others: bool,
    year: int | None,
    unit_name: str,
    named: str,
) -> Iterator[FoundFault]:
    """What else is to be said of a file; `told` are its findings so far, `others` whether it holds more than tables.

    `named` is the department on its cover, which counts where no table names the chosen one.
    """
    sure = any(match.said.get("code") or match.said.get("name") for match in found.matches)
    if named and unit_name and not sure and not _alike(named, unit_name):
        message = f"文件封面写的单位是“{named}”，这里选择的是“{unit_name}”。请确认选对了文件。"
        yield FoundFault("intake-department", Severity.ERROR, message)
    if year and found.year not in (0, year) and not any(fault.rule == "intake-year" for fault in told):
        yield FoundFault(
            "intake-year",
            Severity.ERROR,
            f"文件的标题写的是 {found.year} 年，这里选择的是 {year} 年。请确认选对了文件。",
        )
    if not year and not found.year:
        message = "文件没有写明预算年度，与年度有关的内容没有核对。请在表的上方写明“预算年度”，或指定年度。"
        yield FoundFault("intake-year-unknown", Severity.WARNING, message)
    for sheet, unit in found.unknown_units:
        message = f"“{sheet}”的金额单位“{unit}”不能识别，这张表没有读取。请改为元、万元等人民币单位。"
        yield FoundFault("intake-unit-unknown", Severity.ERROR, message)
    # In a form a zero may be what a formula makes of cells that nobody filled in.
    forms = {match.key for match in found.matches if is_form(match)}
    amounts = {
        key: any(given.amount or (given.text and not (key in forms and given.amount == 0)) for given in cells)
        for key, cells in ((key, body.cells.values()) for key, body in bodies.items())
    }
    if why := nothing_in(found, amounts, others=others):
        yield FoundFault("intake-empty", Severity.ERROR, why)


def _alike(left: str, right: str) -> bool:
    """True when one name is part of the other: with the region before it, or 本级 behind."""
    one, other = ("".join(name.split()) for name in (left, right))
    return one in other or other in one


def absent(found: Recognition, table_set: TableSet) -> frozenset[str]:
    """The tables of a set that a file lacks: no amount of it is held against them."""
    declared = {table.key for table in table_set.tables} | {annex.key for annex in table_set.annexes}
    return frozenset(declared - {match.word.key for match in found.matches})
