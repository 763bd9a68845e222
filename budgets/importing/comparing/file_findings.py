"""Findings of taking in: the file's own faults, and those of the rules with their cells in the file."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from budgets.domain.findings import Finding, Severity
from budgets.domain.money import names_another_unit, print_amount
from budgets.domain.places import CellRef, Passage
from budgets.domain.tables import Amount, Table, TableSet
from budgets.importing.comparing.reports import FoundFault, Part, Place
from budgets.importing.recognising.matches import Match, Recognition
from budgets.importing.taking.lost_amounts import lost_amounts, not_read
from budgets.importing.taking.table_bodies import Body, Given
from budgets.importing.taking.undeclared_tables import Undeclared
from budgets.rules.notes_and_years import SAYS_EMPTY

# Rules that ask for what another file brings, or only a person can say; a rule is left out while its part is not here.
ASKS_FOR = {
    "chapters-written": Part.NARRATIVES,
    "money-budgeted": Part.FACTS,
    "projects-have-goals": Part.GOALS,
    "approval-dated": None,
    "contact-given": None,
}
NOTE_RULE = "empty-table-told"  # as the rule on printed tables says it
FEW = 5  # texts that a message quotes
LOST = "intake-amount-not-read"
WRONG_PLACE = ("intake-department", "intake-year", "intake-other-form")  # findings that no acceptance settles


class Says(Protocol):
    """A table of a file that says whose it is and of which year."""

    @property
    def key(self) -> str: ...
    @property
    def sheet(self) -> str: ...
    @property
    def said(self) -> Mapping[str, str]: ...


def own_faults(
    found: Recognition,
    bodies: Mapping[str, Body],
    table_set: TableSet,
    *,
    unit: str,
    unit_name: str,
    year: int | None,
    transcribed: bool = False,
) -> Iterator[FoundFault]:
    """What taking in itself has to say: another department or year, lost amounts, missing tables and units."""
    yield from wrong_place(found.matches, unit=unit, unit_name=unit_name, year=year)
    for key, entries in lost_amounts(bodies):
        message = f"“{entries[0].sheet}”{not_read(entries)}。"
        places = tuple(Place(key, entry.sheet, entry.cell) for entry in entries)
        yield FoundFault(LOST, Severity.ERROR, message, places)
    if not transcribed:  # of printed tables a rule says it
        yield from _false_notes(found, bodies)
    present = {match.key for match in found.statutory()}
    if present and (
        missing := [
            table.title.removeprefix("{year}年") for table in table_set.tables if table.key not in present
        ]
    ):
        yield FoundFault(
            "intake-table-missing",
            Severity.WARNING,
            f"文件中没有找到：{'、'.join(missing)}。缺少的表由其他表的明细推出；有金额而没有明细的，请补充。",
        )
    yield from _units(found.matches, bodies, table_set)


def _units(matches: Iterable[Match], bodies: Mapping[str, Body], table_set: TableSet) -> Iterator[FoundFault]:
    """The tables that name no unit; once for each unit that is not the printed one, what became of it."""
    others: dict[tuple[str, str], list[Match]] = {}
    dropped: dict[tuple[str, str], list[str]] = {}
    for match in matches:
        if not any(isinstance(leaf.word, Amount) for leaf in match.word.leaves()):
            continue
        printed = (match.word.unit if isinstance(match.word, Table) else "") or table_set.unit
        if not match.unit:
            message = f"“{match.sheet}”没有写明金额单位，按{printed}读取。"
            yield FoundFault("intake-unit", Severity.ADVICE, message, (Place(match.key, match.sheet, ""),))
        heads = [text for path in match.heading.paths.values() for text in path]
        texts = (
            match.title,
            *match.meta.values(),
            *heads,
            *bodies[match.key].captions.values(),
            *match.notes,
        )
        named = [text for text in texts if names_another_unit(text, printed)]
        if named or match.unit not in ("", printed):
            others.setdefault((match.unit or printed, printed), []).append(match)
            dropped.setdefault((match.unit or printed, printed), []).extend(named)
    for (unit, printed), tables in others.items():
        texts = tuple(dict.fromkeys(dropped[unit, printed]))
        quoted = f"“{'”、“'.join(texts[:FEW])}”{'等' if len(texts) > FEW else ''}"
        message = (
            f"{len(tables)} 张表以{printed}印出。"
            + (f"文件以{unit}为单位，金额已经换算。" if unit != printed else "")
            + (f"写有其他金额单位的 {quoted} 不沿用，印标准用语。" if texts else "")
        )
        places = tuple(Place(match.key, match.sheet, "") for match in tables)
        yield FoundFault("intake-unit-converted", Severity.ADVICE, message, places)


def tails_told(matches: Iterable[Match], found: Mapping[str, list[Given]]) -> Iterator[FoundFault]:
    """All amounts that are finer than the tables print and else what they should be, in one finding."""
    cells = [(match, given) for match in matches for given in found.get(match.key, ())]
    if cells:
        match, first = cells[0]
        yield FoundFault(
            "intake-finer",
            Severity.WARNING,
            f"{len(cells)} 处金额比公开表印出的两位小数更细，例如“{match.sheet}”“{first.row}”行“{first.column}”列"
            f"按公开表的单位为 {print_amount(first.amount)}。按印出的位数核对，都与明细一致；尾差不会印出，请确认取整口径。",
            tuple(Place(match.key, match.sheet, given.address) for match, given in cells),
        )


def _false_notes(found: Recognition, bodies: Mapping[str, Body]) -> Iterator[FoundFault]:
    """Notes that call a table with amounts empty."""
    for match in found.statutory():
        filled = next((given for given in bodies[match.key].cells.values() if given.amount), None)
        notes = [note for note in match.notes if SAYS_EMPTY.search(note)]
        if filled and notes:
            yield FoundFault(
                NOTE_RULE,
                Severity.ERROR,
                f"“{match.sheet}”有数据，却注明“{notes[0]}”。请删去说明或核对数据。",
                (Place(match.key, match.sheet, filled.address),),
            )


def wrong_place(
    matches: Iterable[Says], *, unit: str, unit_name: str, year: int | None
) -> Iterator[FoundFault]:
    """Another department or year than the one chosen. Another name beside the right code is only a WARNING."""
    tables = list(matches)
    for key, wanted, rule, what in (
        ("code", unit, "intake-department", "单位编码"),
        ("name", unit_name, "intake-department", "单位名称"),
        ("year", str(year or ""), "intake-year", "预算年度"),
    ):
        wrong = {m.said[key]: m for m in tables if wanted and m.said.get(key, wanted) != wanted}
        for text, match in wrong.items():
            sure = key != "name" or not unit or match.said.get("code") != unit
            message = f"“{match.sheet}”写的{what}是“{text}”，这里选择的是“{wanted}”。请确认选对了文件。"
            place = (Place(match.key, match.sheet, ""),)
            yield FoundFault(
                rule if sure else "intake-name", Severity.ERROR if sure else Severity.WARNING, message, place
            )


def rule_faults(
    findings: Iterable[Finding],
    found: Recognition,
    bodies: Mapping[str, Body],
    parts: Collection[Part],
    table_set: TableSet,
    stay: Collection[str] | None = None,
    undeclared: Sequence[Undeclared] = (),
) -> Iterator[FoundFault]:
    """The findings of the rules, with the places in the file of their cells.

    `stay` are the keys of the findings that stay when the suspects are mended, None where there are no suspects.

    Without those that ask for other parts.
    """
    tables: list[Says] = [*found.matches, *undeclared]
    sheets = {each.key: each.sheet for each in tables}
    as_they_stand = {ref: address for each in undeclared for ref, address in each.places.items()}

    def place(ref: CellRef) -> Place:
        given = bodies[ref.table].cells.get(ref) if ref.table in bodies else None
        at = given.address if given else as_they_stand.get(ref, "")
        return Place(ref.table, sheets.get(ref.table, ""), at)

    for finding in findings:
        if finding.rule in ASKS_FOR and ASKS_FOR[finding.rule] not in parts:
            continue
        at = (finding.at,) if isinstance(finding.at, CellRef) else ()
        cells = tuple(place(ref) for ref in dict.fromkeys((*at, *finding.cells)))
        follows = stay is not None and finding.key not in stay
        quote = finding.at.quote if isinstance(finding.at, Passage) else ""
        yield FoundFault(finding.rule, str(finding.severity), finding.message, cells, follows, quote)
