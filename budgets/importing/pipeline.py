"""Take in one file: recognise, read leaf rows and records, derive every table, compare. No database."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from budgets import rules, tablesets
from budgets.confined.children import Progress
from budgets.domain.classification import Subjects
from budgets.domain.codec import decode
from budgets.domain.documents import Sheet
from budgets.domain.findings import Limits
from budgets.domain.ledgers import Ledger
from budgets.domain.money import in_unit
from budgets.domain.place_words import fact_words
from budgets.domain.sheets import Filler
from budgets.domain.tables import Listing, Table, TableSet
from budgets.importing.as_it_stands import (
    beside_declared,
    has_tables,
    said_as_it_stands,
    take_as_it_stands,
    told_of,
)
from budgets.importing.comparing.blank_cells import filled_in
from budgets.importing.comparing.comparison import (
    derive,
    differences,
    find_suspects,
    folded,
    mended,
    others_alike,
    suspects_told,
    tails,
)
from budgets.importing.comparing.file_findings import own_faults, rule_faults, tails_told
from budgets.importing.comparing.reports import Difference, Origin, Part, TableFound
from budgets.importing.exports.export_layouts import ExportLayout
from budgets.importing.reading.grids import Source, Unread
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.sources import read
from budgets.importing.recognising.blank_forms import is_form
from budgets.importing.recognising.identification import fits_none, of_another_stage, verdict
from budgets.importing.recognising.matches import Match, Recognition
from budgets.importing.recognising.recognition import recognise
from budgets.importing.taken import Taken
from budgets.importing.taken_exports import take_export
from budgets.importing.taking.annex_records import as_of, read_records
from budgets.importing.taking.chapters import Words, read_chapters
from budgets.importing.taking.given_sheets import left_out, transcribe
from budgets.importing.taking.last_year_cells import take_last_year
from budgets.importing.taking.leaf_facts import families_told, take_facts
from budgets.importing.taking.own_wording import own_wording
from budgets.importing.taking.table_bodies import Body, read_body
from budgets.importing.taking.undeclared_tables import Undeclared
from budgets.importing.whole_file import absent, file_faults, what_it_is

TITLED = re.compile(r"(.{2,40}?)\s*20\d\d\s*年")  # the title of a narrative, with whose it is
NO_YEAR = re.compile(r"(?<!\d)(?:0|-1) ?年")  # where nobody said the year: told once
# What these rules find in a file of another year is that it is of another year.
REPEATS = ("year-in-titles", "assets-counted-at-year-end", "wording-standard")

type Glyphs = Callable[[str], Iterable[str]]


def take_in(
    file: str | Path | BinaryIO | Source,
    *,
    region: str = "",
    unit: str = "",
    year: int | None = None,
    subjects: Subjects | Callable[[int], Subjects],
    table_set: str = "hebei_2023",
    region_name: str = "",
    unit_name: str = "",
    name: str = "",
    glyphs: Glyphs | None = None,
    progress: Progress | None = None,
    previous: Ledger | None = None,
    limits: Limits | None = None,
    transcribed: bool = False,
    layout: dict[str, Any] | None = None,
) -> Taken:
    """Read a workbook, Word file or PDF and hold it against its own leaf rows.

    `region`, `unit` and `year` say what the file does not; where the file says otherwise that is an ERROR finding,
    and the given values stand: a file never chooses its department. `subjects` are the codes of the year, or a
    function that gives them for a year. `progress` is told the pages of a PDF that are read; `previous` is the ledger
    of an earlier year. `transcribed` keeps the tables of a document that was published before as they are (`Ledger.given`). `layout` is
    that of the budget system's export (`exports.export_layouts`, as JSON): a file with its sheets is read by it. Raises
    Unreadable when the file cannot be opened or holds nothing that a disclosure has.
    """
    source = file if isinstance(file, Source) else read(file, name, progress)
    declared = tablesets.get(table_set)
    if other_stage := of_another_stage(source, declared):
        raise Unreadable(other_stage)
    if layout and year:
        codes = subjects if isinstance(subjects, Subjects) else subjects(year)
        empty = Ledger(table_set, region, region_name, unit, unit_name, year, declared.stage.value)
        asked_of_export = {"previous": previous, "limits": limits}
        mapped = decode(ExportLayout, layout)
        if taken := take_export(source, mapped, declared, empty, codes, glyphs, asked_of_export):
            return taken
    found = recognise(source, declared, year or 0)
    if transcribed and fits_none(source, found, declared, year or 0) and has_tables(source):
        return take_as_it_stands(
            source,
            stage=declared.stage.value,
            region=region,
            unit=unit,
            year=year,
            subjects=subjects,
            region_name=region_name,
            unit_name=unit_name,
            glyphs=glyphs,
            limits=limits,
        )
    bodies, records = _read_tables(found, declared)
    words = read_chapters(found.flow, declared)
    of_tables = found.statutory() or not words.narratives
    if of_tables and (other := verdict(source, found, declared, year or 0)):
        return what_it_is(source, found, other, table_set, region, unit, year)
    if not found.matches and not words.narratives:
        raise Unreadable(
            f"文件“{source.name}”中没有认出任何预算公开表或情况说明的章节，请检查表的标题和表头是否与表样一致。"
        )
    said = words.said | _said(found.matches)
    year_said = int(said.get("year", 0)) or found.year
    codes = subjects if isinstance(subjects, Subjects) else subjects(year or year_said)
    kinds: dict[str, Any] = {"projects": words.projects}
    kinds |= {kind: tuple(rows) for kind, rows in records.items()}
    facts = take_facts(declared, bodies)
    ledger = Ledger(
        table_set=table_set,
        region_code=region,
        region_name=region_name,
        unit_code=unit or said.get("code", ""),
        unit_name=unit_name or said.get("name", ""),
        year=year or year_said,
        stage=declared.stage.value,
        facts=tuple(facts),
        assets_as_of=next((day for m in found.annexes("assets") if (day := as_of(m))), None),
        narrative_title=words.title,
        lead=words.lead,
        narratives=words.narratives,
        last_year=take_last_year(declared, bodies),
        **kinds,
    )
    filler = Filler(declared, ledger, codes)
    sheets = derive(filler)
    filled = filled_in(found.matches, bodies, sheets)
    wording, reworded = own_wording(found.matches, filled, sheets)
    ledger = replace(ledger, wording=wording)
    more: list[Undeclared] = []
    if transcribed:
        given = transcribe(declared, found.matches, bodies, derive(filler.saying(ledger)))
        more = beside_declared(found, len(declared.tables) + 1)
        given += tuple(table.printed for table in more)
        ledger = replace(ledger, given=given, left_out=tuple(left_out(found, bodies, declared)))
    right = find_suspects(declared, found.matches, filled)
    alike = others_alike(declared, found.matches, filled, right)
    suspects = suspects_told(right, alike, found.matches, filled)
    differing = differences(found.matches, filled, sheets)
    asked: dict[str, Any] = {"previous": previous, "limits": limits, "absent": absent(found, declared)}
    stay: frozenset[str] | None = None
    if differing and any(amount is not None for amount in right.values()):
        sound = mended(bodies, right)
        right_facts = tuple(take_facts(declared, sound))
        as_mended = replace(ledger, facts=right_facts, last_year=take_last_year(declared, sound))
        set_right = Filler(declared, as_mended, codes)
        differing = folded(differing, suspects, _once_mended(set_right, found, sound))
        if not transcribed:  # there the wrong cell is printed, and what follows from it is told
            again = rules.examine(set_right, glyphs, **asked).findings
            stay = frozenset(finding.key for finding in again)
    parts = frozenset(_parts(found, words, facts=bool(ledger.facts)))
    parts |= {Part.LAST_YEAR} if ledger.last_year else set()
    own = [
        *own_faults(
            found, bodies, declared, unit=unit, unit_name=unit_name, year=year, transcribed=transcribed
        )
    ]
    own += tails_told(found.matches, tails(found.matches, filled, sheets))
    own += file_faults(
        found,
        bodies,
        own,
        others=bool(words.narratives or records),
        year=year,
        unit_name=unit_name,
        named=_on_cover(words),
    )
    repeats = REPEATS if any(fault.rule == "intake-year" for fault in own) else ()
    checked = [
        finding
        for finding in rules.examine(filler.saying(ledger), glyphs, **asked).findings
        if finding.rule not in repeats and (ledger.year or not NO_YEAR.search(finding.message))
    ]
    return Taken(
        source,
        ledger,
        parts=parts,
        families=families_told(m.word for m in found.statutory() if isinstance(m.word, Table))
        if Part.FACTS in parts
        else frozenset(),
        tables=[
            *(TableFound(m.key, _title(m, sheets), m.sheet) for m in found.matches),
            *(TableFound(table.key, table.printed.title, table.sheet) for table in more),
        ],
        differences=differing,
        suspects=suspects,
        findings=[*own, *told_of(more), *rule_faults(checked, found, bodies, parts, declared, stay, more)],
        unread=[
            *_unread_cells(found),
            *(u for body in bodies.values() for u in body.unread),
            *reworded,
            *words.unread,
            *source.unread,
        ],
        origins=[
            Origin(
                fact_words(codes, fact),
                f"{in_unit(fact.amount, declared.unit):.2f}",
                next(match.sheet for match in found.matches if match.key == ref.table),
                bodies[ref.table].cells[ref].address,
            )
            for fact, ref in facts.items()
        ],
    )


def _once_mended(filler: Filler, found: Recognition, bodies: Mapping[str, Body]) -> list[Difference]:
    """The differences that are left when the suspects are set right, in the facts as in `bodies`."""
    sheets = derive(filler.saying(replace(filler.ledger, wording={}, given=())))
    return differences(found.matches, filled_in(found.matches, bodies, sheets), sheets)


def what_it_says(source: Source, table_set: str = "hebei_2023") -> dict[str, str]:
    """The department and year that the lines above a file's tables name: unit, unit_name, year; each only if there."""
    found = recognise(source, tablesets.get(table_set))
    return said_of(found) if found.matches else said_as_it_stands(source)


def said_of(found: Recognition) -> dict[str, str]:
    """The same of a file that was recognised already."""
    said = _said(found.matches)
    named = {
        "unit": said.get("code"),
        "unit_name": said.get("name"),
        "year": said.get("year") or said.get("before") or str(found.year or ""),
    }
    return {name: text for name, text in named.items() if text}


def _read_tables(found: Recognition, table_set: TableSet) -> tuple[dict[str, Body], dict[str, list[Any]]]:
    bodies: dict[str, Body] = {}
    records: dict[str, list[Any]] = {}
    for match in found.matches:
        if isinstance(match.word, Table):
            bodies[match.key] = read_body(match, match.word, table_set.unit)
        else:
            rows, bodies[match.key] = read_records(match, match.word, table_set.unit)
            records.setdefault(match.word.source, []).extend(rows)
    return bodies, records


def _said(matches: Iterable[Match]) -> dict[str, str]:
    """What the lines above the tables say of department and year; the first table that says it counts."""
    said: dict[str, str] = {}
    for match in matches:
        said = match.said | said
    return said


def _on_cover(words: Words) -> str:
    """The department that a cover or the title of the narrative names; blank when neither does."""
    title = TITLED.match(words.title)
    return words.said.get("name") or (title[1].strip() if title else "")


def _parts(found: Recognition, words: Words, *, facts: bool) -> Iterator[Part]:
    """What the file holds. Statutory tables of a form that nobody filled in say nothing, not even that there is nothing."""
    if facts or not all(is_form(match) for match in found.statutory()):
        yield Part.FACTS
    yield from dict.fromkeys(Part(m.word.source) for m in found.annexes() if isinstance(m.word, Listing))
    if words.narratives:
        yield Part.NARRATIVES


def _title(match: Match, sheets: Mapping[str, Sheet]) -> str:
    return match.title or (sheets[match.key].title if match.key in sheets else match.word.title)


def _unread_cells(found: Recognition) -> Iterator[Unread]:
    """Cells of recognised tables that nothing understood, then the tables that were not recognised at all."""
    used: dict[int, set[tuple[int, int]]] = {}
    for match in found.matches:
        used.setdefault(id(match.grid), set()).update(match.used)
    grids = {id(match.grid): (match.grid, match.sheet, "不属于任何一张表") for match in found.matches}
    for grid, name, why in (*grids.values(), *found.strange):
        for _, cells in grid.rows():
            for cell in cells:
                if (cell.row, cell.column) not in used.setdefault(id(grid), set()):
                    used[id(grid)].add((cell.row, cell.column))
                    yield Unread(name, cell.address, cell.text, why)
