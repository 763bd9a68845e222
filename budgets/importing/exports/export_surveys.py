"""What the bureau is shown of an export while it maps it: headings, values, and what the rows add up to so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.classification import Subjects
from budgets.domain.facts import KINDS, ZERO, Fact
from budgets.domain.terms import Family
from budgets.importing.exports.export_facts import exported
from budgets.importing.exports.export_layouts import ExportLayout, ExportSheet, guessed, likeliest
from budgets.importing.exports.export_sheets import list_sheets, same_headings
from budgets.importing.reading.grids import Source, by_cause

MOST_SHEETS, MOST_TOLD = 12, 40


@dataclass(frozen=True, slots=True)
class ExportSurvey:
    """`layout` has every sheet of the file, with what was mapped before and guesses for the rest; `values` are those of
    each kind of column, `sums` (family in words, yuan, facts), `unread` what was not read and why, `totals` those that differ."""

    layout: ExportLayout
    values: dict[str, list[str]]
    sums: tuple[tuple[str, str, int], ...]
    unread: tuple[str, ...]
    totals: tuple[str, ...]


def survey(source: Source, layout: ExportLayout, subjects: Subjects) -> ExportSurvey:
    """What a file says of itself under a layout, all units together. Nothing of it is kept but headings and values."""
    lists = list_sheets(source.grids)[:MOST_SHEETS]
    sheets, values = [], dict[str, dict[str, None]]()
    for each in lists:
        known = next((s for s in layout.sheets if same_headings(each, s.headings)), None)
        columns = known.columns if known else tuple(guessed(heading) for heading in each.headings.values())
        sheets.append(ExportSheet(each.name, columns))
        for column, word in zip(each.headings, columns, strict=True):
            if word.holds in KINDS:
                values.setdefault(word.holds, {}).update(dict.fromkeys(each.values(column)))
    said = {(holds, value): meant for holds, value, meant in layout.words}
    words = tuple(
        (holds, value, said.get((holds, value)) or likeliest(holds, value))
        for holds, found in values.items()
        for value in found
    )
    full = ExportLayout(tuple(sheets), words)
    out = exported(lists, full, subjects)
    return ExportSurvey(
        full,
        {holds: list(found) for holds, found in values.items()},
        tuple(_sums(out.facts)),
        tuple(f"{u.sheet} {u.cell}：{u.text}　{u.why}" for u in by_cause(out.unread))[:MOST_TOLD],
        tuple(
            f"{name} {cell.address} 合计 {said_there:.2f} 元，各行加起来 {added:.2f} 元"
            for name, cell, said_there, added in out.totals
            if said_there != added
        ),
    )


def _sums(facts: Iterable[Fact]) -> list[tuple[str, str, int]]:
    found: dict[Family, tuple[Decimal, int]] = {}
    for fact in facts:
        amount, count = found.get(fact.family, (ZERO, 0))
        found[fact.family] = (amount + fact.amount, count + 1)
    return [(family.label, f"{amount:.2f}", count) for family, (amount, count) in sorted(found.items())]
