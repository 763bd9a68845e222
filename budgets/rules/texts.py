"""Rules on words: chapters present, figures quoted by known names, standard wording, printable characters."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from budgets.domain.documents import Paragraph
from budgets.domain.facts import total, where
from budgets.domain.findings import Case, Found, Report, Severity, rule
from budgets.domain.paragraphs import quoted
from budgets.domain.sheets import Filler
from budgets.domain.terms import BasicKind, Family
from budgets.domain.wording import note_key
from budgets.rules.notes_and_years import foreign_notes

PROVINCIAL = ("我省", "省级财政", "省级部门", "省本级")
CATALOGUE = "《财政预决算领域基层政务公开标准目录》部门预算"


@rule("chapters-written", Severity.ERROR, source=CATALOGUE, formula="情况说明的各章都有内容")
def chapters_written(case: Case, report: Report) -> Found:
    """Every chapter of the set has text; nothing to say is said in words."""
    written = {n.key for n in case.ledger.narratives if n.text.strip()}
    for chapter in case.table_set.chapters:
        if chapter.of_departments and _of_unit(case):
            continue
        if chapter.key not in written:
            running = total(
                case.ledger.facts, where(family=Family.BASIC_EXPENDITURE, kind=BasicKind.RUNNING_COSTS)
            )
            more = "已安排公用经费，" if chapter.key == "agency_running_costs" and running else ""
            yield report(
                f"{more}“{chapter.title}”一章还没有内容。请填写，没有相关事项的请写明“无”。", at=chapter.title
            )


def _of_unit(case: Case) -> bool:
    """True for the disclosure of a 单位, which calls itself so in its titles."""
    titles = (case.document.narrative_title, *(sheet.title for sheet in case.document.tables))
    return any("单位预算" in title for title in titles)


@rule("figures-known", Severity.ERROR, source="本平台引用规则", formula="文中 [[名称]] 引用的数字存在")
def figures_known(case: Case, report: Report) -> Found:
    """Names in double brackets are names of figures, or they would be printed with their brackets."""
    known = {figure.label for figure in case.document.figures}
    for narrative in case.ledger.narratives:
        for name in quoted(narrative.text):
            if name not in known:
                names = "、".join(sorted(known))
                yield report(
                    f"[[{name}]] 不是可引用的数字，请改用下列名称之一：{names}。",
                    at=narrative.title,
                    key=name,
                )


@rule("wording-standard", Severity.WARNING, source=CATALOGUE, formula="表名、表头、项目名称使用标准用语")
def wording_standard(case: Case, report: Report) -> Found:
    """Captions that differ from the standard are listed in one finding; codes and places carry the meaning."""
    standard = _standard(case)
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    told = {note_key(sheet.key, i) for sheet, i, _ in foreign_notes(case)}  # by a rule of their own
    for key, text in sorted(case.ledger.wording.items()):
        if key in standard and key not in told and _differs(standard[key], text):
            places[standard[key], text].append(key)
    borrowed = _words_of_another_level(case)
    if places or borrowed:
        pairs = "；".join(
            f"“{old}”印作“{new}”" + (f"（{len(keys)} 处）" if len(keys) > 1 else "")
            for (old, new), keys in places.items()
        )
        pairs = "；".join(filter(None, (pairs, *borrowed)))
        yield report(
            f"{sum(map(len, places.values())) + len(borrowed)} 处用语与标准不同：{pairs}。"
            "请改用标准用语，或说明沿用的原因。",
            at="用语",
        )


def _differs(standard: str, text: str) -> bool:
    """True for other words; a half-width colon or a stray blank is no other word."""
    return "".join(unicodedata.normalize("NFKC", standard).split()) != "".join(
        unicodedata.normalize("NFKC", text).split()
    )


def _words_of_another_level(case: Case) -> list[str]:
    """Words of the province in a county's or city's own text: 省级财政 where the county's is meant."""
    if case.ledger.region_code.endswith("0000"):
        return []
    texts = [(n.title, n.text) for n in case.ledger.narratives]
    counts = {word: sum(text.count(word) for _, text in texts) for word in PROVINCIAL}
    return [f"文中“{word}”{count} 处，应为本级" for word, count in counts.items() if count]


def _standard(case: Case) -> dict[str, str]:
    """The standard text of every place of the document that has a wording key."""
    seen: dict[str, str] = {}

    class Recorder(Filler):
        def worded(self, key: str, standard: str, **more: object) -> str:
            seen[key] = self.phrase(standard, **more)
            return super().worded(key, standard, **more)

    recorder = Recorder(case.table_set, case.ledger, case.subjects)
    for table in case.table_set.tables:
        recorder.fill(table)
    for annex in case.table_set.annexes:
        recorder.annex(annex)
    return seen


@rule("characters-printable", Severity.ERROR, source="PDF 字体（GBK 字符集）", formula="每个字都有字形")
def characters_printable(case: Case, report: Report) -> Found:
    """Every character can be set in the PDF."""
    if case.missing_glyphs is None:
        return
    for at, text in _texts(case):
        if missing := case.missing_glyphs(text):
            shown = "、".join(f"“{c}”（U+{ord(c):04X}）" for c in sorted(missing))
            yield report(f"{at}中的 {shown} 无法印进 PDF，请换用常用字或符号。", at=at)


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    document = case.document
    yield "标题与导语", f"{document.unit_name}{document.narrative_title}{document.lead}{document.contact}"
    for sheet in document.sheets():
        cells = "".join(cell.text for row in sheet.rows for cell in row.cells)
        heads = "".join(text for column in sheet.columns for text in column.path)
        goals = "".join(line for _, lines in sheet.preface for line in lines)
        yield sheet.title, "".join((sheet.title, *sheet.meta, heads, cells, goals, *sheet.notes))
    for chapter in document.chapters:
        yield (
            chapter.title,
            chapter.title + "".join(b.text for b in chapter.blocks if isinstance(b, Paragraph)),
        )
