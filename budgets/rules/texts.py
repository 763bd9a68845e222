"""Rules on words: chapters present, figures quoted by known names, standard wording, printable characters."""

from collections import defaultdict
from collections.abc import Iterator

from budgets.domain.documents import Paragraph, Sheet
from budgets.domain.facts import where
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.money import names_another_unit
from budgets.domain.paragraphs import LONGEST_CHAPTER, LONGEST_TEXT, too_long
from budgets.domain.passages import first
from budgets.domain.places import CellRef, FieldPlace, Passage, Place, TablePlace, Whole, caption_place
from budgets.domain.same_words import same_words
from budgets.domain.standard_words import standards
from budgets.domain.terms import BasicKind, Family
from budgets.domain.wording import note_key
from budgets.rules.notes_and_years import foreign_notes
from budgets.rules.registry import Case, Found, Report, rule

PROVINCIAL = ("我省", "省级财政", "省级部门", "省本级")


@rule("chapters-written", Severity.ERROR, source=CATALOGUE, formula="情况说明的各章都有内容")
def chapters_written(case: Case, report: Report) -> Found:
    """Every chapter of the set has text; nothing to say is said in words."""
    written = {n.key for n in case.ledger.narratives if n.text.strip()}
    for chapter in case.table_set.chapters:
        if chapter.key not in written:
            running = case.facts.total(where(family=Family.BASIC_EXPENDITURE, kind=BasicKind.RUNNING_COSTS))
            more = "已安排公用经费，" if chapter.key == "agency_running_costs" and running else ""
            yield report(
                f"{more}“{chapter.title}”一章还没有内容。请填写，没有相关事项的请写明“无”。",
                at=Passage(chapter.key),
            )


@rule(
    "chapters-printable",
    Severity.ERROR,
    source="本平台篇幅规则",
    formula=f"每章 ≤ {LONGEST_CHAPTER:,} 字，各章合计 ≤ {LONGEST_TEXT:,} 字",
)
def chapters_printable(case: Case, report: Report) -> Found:
    """No chapter is longer than people read, nor all of them together."""
    for narrative in case.ledger.narratives:
        if why := too_long(narrative.text):
            yield report(why, at=Passage(narrative.key))
    whole = sum(len(narrative.text) for narrative in case.ledger.narratives)
    if whole > LONGEST_TEXT:
        yield report(
            f"各章共 {whole:,} 字，超过 {LONGEST_TEXT:,} 字的上限。请删去重复的内容。",
            at=Whole(),
        )


@rule("figures-known", Severity.ERROR, source="本平台引用规则", formula="文中 [[名称]] 的引用都能印出")
def figures_known(case: Case, report: Report) -> Found:
    """What stands in double brackets says something, or it would be printed with its brackets."""
    for chapter in case.written:
        told: set[str] = set()
        for fault in chapter.faults:
            words = fault.reference.words
            if words not in told:
                told.add(words)
                yield report(
                    f"[[{words}]] 不能印出：{fault.why}。请改正，或直接写数字。",
                    at=first(chapter.printed, f"[[{words}]]"),
                )


@rule("wording-standard", Severity.WARNING, source=CATALOGUE, formula="表名、表头、项目名称使用标准用语")
def wording_standard(case: Case, report: Report) -> Found:
    """Captions that differ from the standard are listed in one finding; codes and places carry the meaning."""
    standard = standards(case.filler)
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    told = {note_key(sheet.key, i) for sheet, i, _ in foreign_notes(case)}  # by a rule of their own
    units = {sheet.key: sheet.unit for sheet in case.document.sheets()}
    for key, text in sorted(case.ledger.wording.items()):
        own_rule = key in told or names_another_unit(text, units.get(key.partition("/")[0], ""))
        if key in standard and not own_rule and _differs(standard[key], text):
            places[standard[key], text].append(key)
    borrowed = _words_of_another_level(case)
    if places or borrowed:
        pairs = "；".join(
            f"“{old}”印作“{new}”" + (f"（{len(keys)} 处）" if len(keys) > 1 else "")
            for (old, new), keys in places.items()
        )
        pairs = "；".join(filter(None, (pairs, *(words for _, words in borrowed))))
        yield report(
            f"{sum(map(len, places.values())) + len(borrowed)} 处用语与标准不同：{pairs}。"
            "请改用标准用语，或说明沿用的原因。",
            at=FieldPlace("wording") if places else borrowed[0][0],
            meant=[
                *(caption_place(key) for keys in places.values() for key in keys),
                *(place for place, _ in borrowed),
            ],
        )


def _differs(standard: str, text: str) -> bool:
    """True for other words; a half-width colon or a stray blank is no other word."""
    return same_words(standard) != same_words(text)


def _words_of_another_level(case: Case) -> list[tuple[Place, str]]:
    """Words of the province in a county's or city's own text (省级财政 for the county's), and where each stands first."""
    if case.ledger.region_code.endswith("0000"):
        return []
    out: list[tuple[Place, str]] = []
    for word in PROVINCIAL:
        within = [narrative for narrative in case.ledger.narratives if word in narrative.text]
        if count := sum(narrative.text.count(word) for narrative in within):
            out.append((first(within[0], word), f"文中“{word}”{count} 处，应为本级"))
    return out


@rule("unit-of-amounts", Severity.ERROR, source=CATALOGUE, formula="各表写明的金额单位＝金额印出的单位")
def unit_of_amounts(case: Case, report: Report) -> Found:
    """No title, line, head, row or note of a table names another unit of money than its amounts are printed in."""
    for sheet in case.document.sheets():
        heads = [text for column in sheet.columns for text in column.path]
        rows = [cell.text for row in sheet.rows for cell in row.cells if cell.key and cell.amount is None]
        texts = dict.fromkeys((sheet.title, *sheet.meta, *heads, *rows, *sheet.notes))
        if wrong := [text for text in texts if names_another_unit(text, sheet.unit)]:
            yield report(
                f"“{sheet.title}”的金额以{sheet.unit}印出，却写着“{'”、“'.join(wrong[:5])}”。"
                "请删去这些用语，改用标准用语；照录的文件请重新导入。",
                at=TablePlace(sheet.key, "meta"),
                meant=[
                    caption_place(key)
                    for key, text in sorted(case.ledger.wording.items())
                    if key.partition("/")[0] == sheet.key and names_another_unit(text, sheet.unit)
                ],
            )


@rule("characters-printable", Severity.ERROR, source="PDF 字体（GBK 字符集）", formula="每个字都有字形")
def characters_printable(case: Case, report: Report) -> Found:
    """Every character can be set in the PDF."""
    if case.missing_glyphs is None:
        return
    typed = {narrative.key: narrative for narrative in case.ledger.narratives}
    sheets = {sheet.key: sheet for sheet in case.document.sheets()}
    for place, called, text in _texts(case):
        if missing := case.missing_glyphs(text):
            shown = "、".join(f"“{c}”（U+{ord(c):04X}）" for c in sorted(missing))
            if isinstance(place, Passage):
                place = first(typed[place.chapter], min(missing, key=text.index))
            elif isinstance(place, TablePlace):
                place = _cell_with(sheets[place.table], missing) or place
            yield report(f"{called}中的 {shown} 无法印进 PDF，请换用常用字或符号。", at=place)


def _cell_with(sheet: Sheet, missing: set[str]) -> CellRef | None:
    """The first cell with one of these characters; None when they stand in its heads or notes."""
    for row in sheet.rows:
        for column, cell in zip(sheet.columns, row.cells, strict=True):
            if missing & set(cell.text):
                return CellRef(sheet.key, row.named(column), column.key)
    return None


def _texts(case: Case) -> Iterator[tuple[Place, str, str]]:
    """Each text of the document with its place, and what messages call it."""
    document = case.document
    for field in ("unit_name", "narrative_title", "lead", "contact"):
        yield FieldPlace(field), "标题与导语", getattr(document, field)
    for sheet in document.sheets():
        cells = "".join(cell.text for row in sheet.rows for cell in row.cells)
        heads = "".join(text for column in sheet.columns for text in column.path)
        goals = "".join(line for _, lines in sheet.preface for line in lines)
        yield (
            TablePlace(sheet.key, "title"),
            sheet.title,
            "".join((sheet.title, *sheet.meta, heads, cells, goals, *sheet.notes)),
        )
    for chapter in document.chapters:
        yield (
            Passage(chapter.key),
            chapter.title,
            chapter.title + "".join(b.text for b in chapter.blocks if isinstance(b, Paragraph)),
        )
