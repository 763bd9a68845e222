"""Rules on forms: notes of empty tables, years in titles, words left over from a template (R33, R52, R53)."""

import re
from collections.abc import Iterator

from budgets.domain.documents import Chapter, Paragraph, Sheet
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.passages import first
from budgets.domain.places import FieldPlace, Passage, Place, TablePlace, caption_place
from budgets.domain.wording import note_key
from budgets.rules.registry import Case, Found, Report, rule

GUIDE = f"{CATALOGUE}：没有数据的表格应当列出空表并说明"
FUND_WORDS = {
    "general_public_expenditure": re.compile(r"一般公共预算"),
    "government_fund_expenditure": re.compile(r"政府性?基金"),
    "state_capital_expenditure": re.compile(r"国有资本经营"),
}
SAYS_EMPTY = re.compile(r"空表|本表无数据|无.{0,20}(?:预算|支出|安排)")
TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)年")
BUDGET_YEAR = re.compile(r"(?<!\d)(20\d\d)年(?:度)?(?:部门|单位)?预算")
RESIDUE = re.compile(
    r"(?<![0-9A-Za-z])(?:[Xx×＊*]{2,}|[○〇]{2,})(?![0-9A-Za-z])"  # XX局, ××万元
    r"|_{3,}|＿{2,}"
    r"|[（(【〔\[](?:此处|请在此|请填|请根据|填写说明|待补充|待填)[^）)】〕\]]*[）)】〕\]]"
)


def _empty(sheet: Sheet) -> bool:
    return all(row.blank for row in sheet.rows)


@rule("empty-table-told", Severity.ERROR, source=GUIDE, formula="空表附有说明，有数据的表没有空表说明")
def empty_table_told(case: Case, report: Report) -> Found:
    """The note of an empty table is there exactly when the table is empty (R33)."""
    noted = {table.key for table in case.table_set.tables if table.empty_note}
    for sheet in case.document.tables:
        told = [note for note in sheet.notes if SAYS_EMPTY.search(note)]
        if sheet.key in noted and _empty(sheet) and not told:
            yield report(
                f"“{sheet.title}”没有数据，也没有说明。请列出空表并注明原因。",
                at=TablePlace(sheet.key, "notes"),
            )
        elif told and not _empty(sheet):
            yield report(
                f"“{sheet.title}”有数据，却注明“{told[0]}”。请删去说明或核对数据。",
                at=TablePlace(sheet.key, "notes"),
            )


@rule("empty-note-names-its-fund", Severity.WARNING, source=GUIDE, formula="空表说明写的是本表的资金")
def empty_note_names_its_fund(case: Case, report: Report) -> Found:
    """The note of an empty table speaks of the table's own fund (R33)."""
    for sheet, i, note in foreign_notes(case):
        own = FUND_WORDS[sheet.key].pattern.replace("?", "")
        yield report(
            f"“{sheet.title}”的说明写作“{note}”，说的是另一项资金，应为“无{own}…”。请改正说明。",
            at=TablePlace(sheet.key, "notes"),
            apart=str(i),
            meant=[caption_place(key)] if (key := note_key(sheet.key, i)) in case.ledger.wording else (),
        )


def foreign_notes(case: Case) -> Iterator[tuple[Sheet, int, str]]:
    """The notes that name another fund and not their table's: sheet, index, text."""
    for sheet in case.document.tables:
        own = FUND_WORDS.get(sheet.key)
        for i, note in enumerate(sheet.notes) if own else ():
            others = (word for key, word in FUND_WORDS.items() if key != sheet.key)
            if own and not own.search(note) and any(word.search(note) for word in others):
                yield sheet, i, note


@rule("year-in-titles", Severity.ERROR, source=CATALOGUE, formula="标题中的年度＝预算年度")
def year_in_titles(case: Case, report: Report) -> Found:
    """The year that titles and the lead give is the budget's (R52)."""
    year = str(case.ledger.year)
    told = set()
    for place, text, pattern in _titles(case):
        wrong = [said for said in pattern.findall(text) if said != year]
        if wrong and year not in pattern.findall(text) and case.ledger.year and text not in told:
            told.add(text)
            yield report(f"“{text}”写的是{wrong[0]}年，预算年度为{year}年。请改正。", at=place)


def _titles(case: Case) -> Iterator[tuple[Place, str, re.Pattern[str]]]:
    document = case.document
    yield FieldPlace("narrative_title"), document.narrative_title, TITLE_YEAR
    for sheet in document.sheets():
        yield TablePlace(sheet.key, "title"), sheet.title, TITLE_YEAR
        for line in sheet.meta:
            if "预算年度" in line:
                yield TablePlace(sheet.key, "meta"), line, TITLE_YEAR
    for chapter in document.chapters:
        yield Passage(chapter.key), chapter.title, TITLE_YEAR
    yield FieldPlace("lead"), document.lead, BUDGET_YEAR


@rule("no-template-residue", Severity.WARNING, source=CATALOGUE, formula="文字中没有模板的占位符和填写提示")
def no_template_residue(case: Case, report: Report) -> Found:
    """What a template left to be filled in, XX or ××, was filled in (R53)."""
    typed = {narrative.key: narrative for narrative in case.ledger.narratives}
    for place, called, text in _texts(case):
        matches = list(RESIDUE.finditer(text))
        found = list(dict.fromkeys(_around(text, match) for match in matches))
        if found:
            shown = "、".join(f"“{words}”" for words in found[:5])
            if isinstance(place, Passage):
                place = first(typed[place.chapter], matches[0][0])
            yield report(f"{called}中有模板留下的占位符 {len(found)} 处：{shown}。请填写或删去。", at=place)


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 6) : match.end() + 6].replace("\n", " ")


def _texts(case: Case) -> Iterator[tuple[Place, str, str]]:
    """Each text of the document with its place, and what messages call it."""
    document = case.document
    yield FieldPlace("narrative_title"), "标题与导语", document.narrative_title
    yield FieldPlace("lead"), "标题与导语", document.lead
    for sheet in document.sheets():
        goals = "\n".join(line for _, lines in sheet.preface for line in lines)
        yield (
            TablePlace(sheet.key, "title"),
            sheet.title,
            "\n".join((sheet.title, *sheet.meta, goals, *sheet.notes)),
        )
    for chapter in document.chapters:
        yield Passage(chapter.key), chapter.title, _prose(chapter)


def _prose(chapter: Chapter) -> str:
    return "\n".join(block.text for block in chapter.blocks if isinstance(block, Paragraph))
