"""A file of a form that no table set declares, taken over as it stands: every table, every paragraph, no facts."""

import re
from collections.abc import Callable, Iterable, Sequence

from budgets import rules, tablesets
from budgets.domain.captioned_sums import is_without_sums
from budgets.domain.classification import Subjects
from budgets.domain.documents import UNDECLARED_NOTE, ColumnKind
from budgets.domain.findings import Limits, Severity
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.numerals import numeral
from budgets.domain.sheets import Filler
from budgets.domain.terms import Family
from budgets.importing.captions.chapter_titles import told
from budgets.importing.comparing.file_findings import rule_faults, wrong_place
from budgets.importing.comparing.reports import FoundFault, Part, Place, TableFound
from budgets.importing.reading.grids import Source, Text, Unread
from budgets.importing.recognising.identification import is_table
from budgets.importing.recognising.matches import Recognition
from budgets.importing.recognising.recognition import HIDDEN, NEAR, UNRECOGNISED, UNTITLED
from budgets.importing.recognising.years import file_year
from budgets.importing.taken import Taken
from budgets.importing.taking.chapters import BODY, HEADING, LONGEST_HEADING, NO_CHAPTER, OUTSIDE
from budgets.importing.taking.lost_amounts import not_read
from budgets.importing.taking.undeclared_tables import Undeclared, lines_before, undeclared_tables

PART = re.compile(r"第[一二三四五六七八九十]{1,3}部分")
OWNER = re.compile(r"(.{2,40}?)\s*20\d\d\s*年")  # a title with whose it is
WORDS = "情况说明"  # what a text without headings is called
NOTHING = "“{}”没有合计、小计或上下级科目，没有可核对的和。"
NO_UNIT = "“{}”没有写明金额单位，照原样印出，不带单位。"


class Kept:
    """The tables of a file as they stand, and the paragraphs that are not their titles and lines."""

    def __init__(self, source: Source) -> None:
        self.tables: list[Undeclared] = []
        self.words: list[Text] = []
        self.unread = list(source.unread)
        for block in source.blocks:
            if isinstance(block, Text):
                if block.body:
                    self.words.append(block)
                else:
                    self.unread.append(Unread(block.place, "", block.text, OUTSIDE))
            elif block.hidden:
                cells = sorted(block.cells.values(), key=lambda cell: (cell.row, cell.column))
                self.unread += [Unread(block.name, cell.address, cell.text, HIDDEN) for cell in cells]
            else:
                above = lines_before(self.words, NEAR)
                if found := undeclared_tables(block, above, len(self.tables) + 1):
                    self.tables += found
                    del self.words[len(self.words) - len(above) :]
                else:  # a sheet of words
                    rows = (cell for _, cells in block.rows() for cell in cells)
                    self.words += [Text(cell.text, f"{block.name} {cell.address}") for cell in rows]

    @property
    def said(self) -> dict[str, str]:
        """What the lines above the tables, else the cover say of department and year."""
        said: dict[str, str] = {}
        for table in self.tables:
            said = table.said | said
        for text in self.words:
            said = told(text.text) | said
        titles = [*(text.text for text in self.words[:NEAR]), *(each.printed.title for each in self.tables)]
        named = next((match[1].strip() for title in titles if (match := OWNER.match(title))), "")
        return ({"name": named} if named and "name" not in said and "code" not in said else {}) | said

    def chapters(self) -> tuple[tuple[Narrative, ...], list[Unread]]:
        """The paragraphs in chapters by 第一部分 or else 一、, in one chapter without such headings; and what stands before them."""
        texts = [text for text in self.words if not told(text.text)]
        starts = _starts(texts)
        if not starts:
            long = any(len(text.text) > LONGEST_HEADING for text in texts)
            whole = "\n".join(text.text for text in texts)
            if long:
                return (Narrative("chapter_1", WORDS, whole),), []
            return (), [Unread(BODY, text.place, text.text, NO_CHAPTER) for text in texts]
        ends = [*starts[1:], len(texts)]
        narratives = tuple(
            Narrative(
                f"chapter_{n}",
                texts[start].text,
                "\n".join(text.text for text in texts[start + 1 : end]),
            )
            for n, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
        )
        return narratives, [Unread(BODY, t.place, t.text, NO_CHAPTER) for t in texts[: starts[0]]]


def _starts(texts: Sequence[Text]) -> list[int]:
    """Where chapters begin. Of headings that come twice the last counts: those before stand in a list of contents."""
    last = {
        part[0]: n
        for n, text in enumerate(texts)
        if len(text.text) <= LONGEST_HEADING and (part := PART.match(text.text))
    }
    if len(last) > 1:
        return sorted(last.values())
    starts: list[int] = []
    for n, text in enumerate(texts):
        heading = HEADING.fullmatch(text.text)
        if heading and len(text.text) <= LONGEST_HEADING and heading["number"] == numeral(len(starts) + 1):
            starts.append(n)
    return starts


def said_as_it_stands(source: Source) -> dict[str, str]:
    """The department and year that a file names, whatever its form: unit, unit_name, year; each only if there."""
    said = Kept(source).said
    year = said.get("year") or said.get("before") or str(file_year(source) or "")
    named = {"unit": said.get("code", ""), "unit_name": said.get("name", ""), "year": year}
    return {name: text for name, text in named.items() if text}


def has_tables(source: Source) -> bool:
    """True for a file with a table that has numbers."""
    return any(row.blank is False for table in Kept(source).tables for row in table.printed.rows)


def beside_declared(found: Recognition, first: int) -> list[Undeclared]:
    """The tables that a file of a declared form holds beside the declared ones, numbered from `first`; they are strange no more."""
    more: list[Undeclared] = []
    for entry in list(found.strange):
        grid, name, why = entry
        if why in (UNTITLED, UNRECOGNISED) and is_table(grid):
            above = [name] if name != grid.name else []
            if tables := undeclared_tables(grid, above, first + len(more)):
                more += tables
                found.strange.remove(entry)
    return more


def take_as_it_stands(
    source: Source,
    *,
    stage: str,
    region: str,
    unit: str,
    year: int | None,
    subjects: Subjects | Callable[[int], Subjects],
    region_name: str,
    unit_name: str,
    glyphs: Callable[[str], Iterable[str]] | None,
    limits: Limits | None,
) -> Taken:
    """The whole file as a draft of its own: whatever the draft held before is replaced. The arguments are those of `take_in`."""
    kept = Kept(source)
    narratives, outside = kept.chapters()
    said, year_said = kept.said, file_year(source, year or 0)
    table_set = tablesets.as_it_stands(stage)
    lost = [entry for table in kept.tables for entry in table.doubtful]
    ledger = Ledger(
        table_set=table_set.key,
        region_code=region,
        region_name=region_name,
        unit_code=unit or said.get("code", ""),
        unit_name=unit_name or said.get("name", ""),
        year=year or year_said,
        stage=stage,
        narratives=narratives,
        given=tuple(table.printed for table in kept.tables),
        left_out=tuple(
            f"“{table.sheet}”{not_read(table.doubtful)}" for table in kept.tables if table.doubtful
        ),
    )
    codes = subjects if isinstance(subjects, Subjects) else subjects(ledger.year)
    checked = rules.examine(Filler(table_set, ledger, codes), glyphs, limits=limits).findings
    own = [*wrong_place(kept.tables, unit=unit, unit_name=unit_name, year=year)]
    if year and year_said not in (0, year) and not any(fault.rule == "intake-year" for fault in own):
        message = f"文件的标题写的是 {year_said} 年，这里选择的是 {year} 年。请确认选对了文件。"
        own.append(FoundFault("intake-year", Severity.ERROR, message))
    own += told_of(kept.tables)
    parts = frozenset(Part)
    told_by_rules = rule_faults(checked, Recognition(), {}, parts, table_set, undeclared=kept.tables)
    return Taken(
        source,
        ledger,
        parts=parts,
        families=frozenset(Family),
        tables=[TableFound(table.key, table.printed.title, table.sheet) for table in kept.tables],
        findings=[*own, *told_by_rules],
        unread=[*outside, *lost, *kept.unread],
    )


def told_of(tables: Sequence[Undeclared]) -> list[FoundFault]:
    """What is said of undeclared tables before they are taken: that they are, what has no sums, what has no unit."""
    if not tables:
        return []
    titles = "、".join(f"“{table.printed.title}”" for table in tables[:10]) + (
        "等" if len(tables) > 10 else ""
    )
    message = f"{len(tables)} 张表照原样收录：{titles}。{UNDECLARED_NOTE}"
    found = [FoundFault("intake-as-it-stands", Severity.ADVICE, message)]
    for table in tables:
        place = (Place(table.key, table.sheet, ""),)
        if not any(column.kind is ColumnKind.AMOUNT for column in table.printed.columns):
            continue
        if is_without_sums(table.printed):
            found.append(FoundFault("intake-no-sums", Severity.ADVICE, NOTHING.format(table.sheet), place))
        if not table.printed.unit:
            found.append(FoundFault("intake-unit", Severity.ADVICE, NO_UNIT.format(table.sheet), place))
    return found
