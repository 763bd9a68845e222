"""An export as what a file says: facts with their cells, what was not read, and what the rules find in them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from budgets import rules
from budgets.domain.classification import Subjects
from budgets.domain.findings import Severity
from budgets.domain.ledgers import Ledger
from budgets.domain.money import in_unit, money
from budgets.domain.place_words import fact_words
from budgets.domain.sheets import Filler
from budgets.domain.tables import TableSet
from budgets.importing.comparing.file_findings import ASKS_FOR, LOST
from budgets.importing.comparing.reports import FoundFault, Origin, Part, Place, TableFound
from budgets.importing.exports.export_facts import Exported, exported
from budgets.importing.exports.export_layouts import ExportLayout
from budgets.importing.exports.export_sheets import list_sheets
from budgets.importing.reading.grids import Source
from budgets.importing.taken import Taken
from budgets.importing.taking.lost_amounts import not_read

KEY = "export"  # stands where a printed form has the key of its table
EMPTY, TOTAL = "intake-empty", "intake-export-total"
NO_ROWS = "导出表里没有这个单位（{unit} {name}）的金额{others}。请确认导出的是本单位的数据。"


def take_export(
    source: Source,
    layout: ExportLayout,
    declared: TableSet,
    ledger: Ledger,
    subjects: Subjects,
    glyphs: Callable[[str], Iterable[str]] | None,
    asked: dict[str, Any],
) -> Taken | None:
    """What a file that has sheets of the layout says of the ledger's unit; None for a file that has none.

    `ledger` is the empty one of the disclosure, `asked` what the rules are asked about it. Every table is derived from
    the facts, so that nothing differs; rows of other units are left out.
    """
    own = exported(
        list_sheets(source.grids), layout, subjects, unit=ledger.unit_code, unit_name=ledger.unit_name
    )
    if not own.found:
        return None
    told = Ledger(
        ledger.table_set,
        ledger.region_code,
        ledger.region_name,
        ledger.unit_code,
        ledger.unit_name,
        ledger.year,
        facts=tuple(own.facts),
    )
    parts = frozenset({Part.FACTS}) if own.facts else frozenset[Part]()
    checked = rules.examine(Filler(declared, told, subjects), glyphs, **asked).findings if parts else ()
    return Taken(
        source,
        told,
        parts=parts,
        families=frozenset(own.families) if parts else frozenset(),
        tables=[TableFound(KEY, f"导出表（{name}）", name) for name in own.sheets],
        findings=[
            *_own_faults(own, told),
            *(
                FoundFault(finding.rule, str(finding.severity), finding.message)
                for finding in checked
                if ASKS_FOR.get(finding.rule, Part.FACTS) in parts
            ),
        ],
        unread=own.unread,
        origins=[
            Origin(
                fact_words(subjects, fact),
                f"{in_unit(fact.amount, declared.unit):.2f}",
                places[0][0],
                _cells(places),
            )
            for fact, places in own.facts.items()
        ],
    )


def _cells(places: list[tuple[str, str]]) -> str:
    return places[0][1] if len(places) == 1 else f"{places[0][1]} 等 {len(places)} 格"


def _own_faults(own: Exported, ledger: Ledger) -> Iterator[FoundFault]:
    """Nothing for this unit, amounts that were not read, totals that are not what their rows add up to."""
    if not own.facts:
        others = f"，只有其他单位的 {own.others} 行" if own.others else ""
        message = NO_ROWS.format(unit=ledger.unit_code, name=ledger.unit_name, others=others)
        yield FoundFault(EMPTY, Severity.ERROR, message)
    for sheet in Counter(entry.sheet for entry in own.unread):
        entries = [entry for entry in own.unread if entry.sheet == sheet]
        places = tuple(Place(KEY, sheet, entry.cell) for entry in entries)
        yield FoundFault(LOST, Severity.ERROR, f"“{sheet}”{not_read(entries)}。", places)
    for sheet, cell, said, added in own.totals:
        if said != added:
            message = (
                f"“{sheet}”{cell.address} 的合计是 {money(said, '元')}，各行加起来是 {money(added, '元')}，"
                f"相差 {money(said - added, '元')}。请核对导出的数据是否完整。"
            )
            yield FoundFault(TOTAL, Severity.WARNING, message, (Place(KEY, sheet, cell.address),))
