"""Take in one file: recognise, read leaf rows and records, derive every table, compare. No database."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from budgets import rules, tablesets
from budgets.domain.classification import Subjects
from budgets.domain.documents import Sheet
from budgets.domain.findings import CellRef, Severity
from budgets.domain.ledgers import Ledger
from budgets.domain.tables import Amount, Listing, Table, TableSet
from budgets.domain.terms import Family

from .bodies import Body, read_body
from .chapters import Words, read_chapters
from .compare import derive, differences, find_suspects
from .grids import Source
from .lines import families_told, take_facts
from .opening import Unreadable
from .reading import read
from .recognise import Match, Recognition, recognise
from .records import as_of, read_records
from .reports import Difference, FoundFault, Part, Place, TableFound, Unread, as_dicts
from .wordings import own_wording

type Glyphs = Callable[[str], Iterable[str]]

# Rules that ask for what another file brings, or only a person can say; a rule is left out while its part is not here.
ASKS_FOR = {
    "chapters-written": Part.NARRATIVES,
    "projects-have-goals": Part.GOALS,
    "approval-dated": None,
    "contact-given": None,
}
WRONG_PLACE = ("intake-department", "intake-year")  # findings that no acceptance settles


@dataclass(frozen=True)
class Taken:
    """What one file says, and how it holds together. Amounts of `ledger` are yuan."""

    source: Source
    ledger: Ledger
    parts: frozenset[Part]
    families: frozenset[Family] = frozenset()  # of facts that the file's tables tell
    tables: list[TableFound] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    suspects: list[Place] = field(default_factory=list)
    findings: list[FoundFault] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    @property
    def errors(self) -> list[FoundFault]:
        return [finding for finding in self.findings if finding.severity == Severity.ERROR]

    @property
    def complete(self) -> bool:
        """True when no amount of the file differs or was left out: it may be saved without being accepted."""
        return not self.differences and not any(f.rule.startswith("intake-") for f in self.errors)

    @property
    def sound(self) -> bool:
        """True when the file shows no difference and no ERROR."""
        return not self.differences and not self.errors

    @property
    def settled(self) -> bool:
        """True when nothing of weight is left once the file's differences are accepted: the derived amounts stand."""
        return all(error.rule.startswith("intake-") for error in self.errors)

    @property
    def misplaced(self) -> list[FoundFault]:
        """The findings that say the file belongs to another department or year."""
        return [finding for finding in self.findings if finding.rule in WRONG_PLACE]

    def report(self) -> dict[str, list[dict[str, Any]]]:
        """The five lists as JSON takes them."""
        names = ("tables", "differences", "suspects", "findings", "unread")
        return {name: as_dicts(getattr(self, name)) for name in names}


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
) -> Taken:
    """Read a workbook or Word file and hold it against its own leaf rows.

    `region`, `unit` and `year` say what the file does not; where the file says otherwise that is an ERROR finding,
    and the given values stand: a file never chooses its department. `subjects` are the codes of the year, or a
    function that gives them for a year. Raises Unreadable when the file cannot be opened or holds nothing that a
    disclosure has.
    """
    source = file if isinstance(file, Source) else read(file, name)
    declared = tablesets.get(table_set)
    found = recognise(source, declared)
    bodies, records = _read_tables(found, declared)
    words = read_chapters(found.flow, declared)
    if not found.matches and not words.narratives:
        raise Unreadable(
            f"文件“{source.name}”中没有认出任何预算公开表或情况说明的章节，请检查表的标题和表头是否与表样一致。"
        )
    said = _said(found.matches)
    year_said = int(said.get("year") or said.get("before") or 0)
    codes = subjects if isinstance(subjects, Subjects) else subjects(year or year_said)
    ledger = Ledger(
        table_set=table_set,
        region_code=region,
        region_name=region_name,
        unit_code=unit or said.get("code", ""),
        unit_name=unit_name or said.get("name", ""),
        year=year or year_said,
        facts=take_facts(declared, bodies),
        projects=words.projects,
        assets_as_of=next((day for m in found.annexes("assets") if (day := as_of(m))), None),
        narrative_title=words.title,
        lead=words.lead,
        narratives=words.narratives,
        **{kind: tuple(rows) for kind, rows in records.items()},
    )
    sheets = derive(declared, ledger, codes)
    wording, reworded = own_wording(found.matches, bodies, sheets)
    taken = Taken(
        source,
        replace(ledger, wording=wording),
        parts=frozenset(_parts(found, words)),
        families=families_told(match.word for match in found.statutory() if isinstance(match.word, Table)),
        tables=[TableFound(m.key, _title(m, sheets), m.sheet) for m in found.matches],
        differences=differences(found.matches, bodies, sheets),
        suspects=find_suspects(declared, found.matches, bodies),
        unread=[
            *_unread_cells(found),
            *(u for body in bodies.values() for u in body.unread),
            *reworded,
            *words.unread,
        ],
    )
    taken.findings.extend(_own_findings(found, bodies, declared, unit=unit, unit_name=unit_name, year=year))
    taken.findings.extend(_rule_findings(taken, bodies, found, codes, glyphs))
    return taken


def what_it_says(source: Source, table_set: str = "hebei_2023") -> dict[str, str]:
    """The department and year that the lines above a file's tables name: unit, unit_name, year; each only if there."""
    said = _said(recognise(source, tablesets.get(table_set)).matches)
    named = {
        "unit": said.get("code"),
        "unit_name": said.get("name"),
        "year": said.get("year") or said.get("before"),
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


def _parts(found: Recognition, words: Words) -> Iterator[Part]:
    if found.statutory():
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


def _own_findings(
    found: Recognition,
    bodies: dict[str, Body],
    table_set: TableSet,
    *,
    unit: str,
    unit_name: str,
    year: int | None,
) -> Iterator[FoundFault]:
    """What taking in itself has to say: another department or year, lost amounts, missing tables and units."""
    yield from _wrong_place(found.matches, unit=unit, unit_name=unit_name, year=year)
    for key, body in bodies.items():
        for entry in body.doubtful:
            message = f"“{entry.sheet}”单元格 {entry.cell} 的“{entry.text}”没有读取：{entry.why}。"
            place = (Place(key, entry.sheet, entry.cell),)
            yield FoundFault("intake-amount-not-read", Severity.ERROR, message, place)
    present = {match.key for match in found.statutory()}
    if present and (missing := [table.title for table in table_set.tables if table.key not in present]):
        yield FoundFault(
            "intake-table-missing",
            Severity.WARNING,
            f"文件中没有找到：{'、'.join(missing)}。缺少的表由其他表的明细推出；有金额而没有明细的，请补充。",
        )
    for match in found.matches:
        if not match.unit and any(isinstance(leaf.word, Amount) for leaf in match.word.leaves()):
            message = f"“{match.sheet}”没有写明金额单位，按{table_set.unit}读取。"
            yield FoundFault("intake-unit", Severity.ADVICE, message, (Place(match.key, match.sheet, ""),))


def _wrong_place(
    matches: Iterable[Match], *, unit: str, unit_name: str, year: int | None
) -> Iterator[FoundFault]:
    """Another department or year than the one chosen. Another name beside the right code is only a WARNING."""
    for key, wanted, rule, what in (
        ("code", unit, "intake-department", "单位编码"),
        ("name", unit_name, "intake-department", "单位名称"),
        ("year", str(year or ""), "intake-year", "预算年度"),
    ):
        wrong = {m.said[key]: m for m in matches if wanted and m.said.get(key, wanted) != wanted}
        for text, match in wrong.items():
            sure = key != "name" or not unit or match.said.get("code") != unit
            message = f"“{match.sheet}”写的{what}是“{text}”，这里选择的是“{wanted}”。请确认选对了文件。"
            place = (Place(match.key, match.sheet, ""),)
            yield FoundFault(
                rule if sure else "intake-name", Severity.ERROR if sure else Severity.WARNING, message, place
            )


def _rule_findings(
    taken: Taken, bodies: dict[str, Body], found: Recognition, subjects: Subjects, glyphs: Glyphs | None
) -> Iterator[FoundFault]:
    """The findings of the rules, with the places in the file of their cells."""
    sheets = {match.key: match.sheet for match in found.matches}

    def place(ref: CellRef) -> Place:
        given = bodies[ref.table].cells.get(ref) if ref.table in bodies else None
        return Place(ref.table, sheets.get(ref.table, ""), given.address if given else "")

    for finding in rules.check(taken.ledger, subjects, glyphs):
        if ASKS_FOR.get(finding.rule, Part.FACTS) not in {*taken.parts, Part.FACTS}:
            continue
        cells = tuple(place(ref) for ref in finding.cells)
        yield FoundFault(finding.rule, str(finding.severity), finding.message, cells)
