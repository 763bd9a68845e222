"""Places in words, for people: 表2 部门预算收入总表“合计”行“财政拨款收入”列. The one module that says them."""

from budgets.domain.classification import Subjects
from budgets.domain.documents import Column, ColumnKind, Document, Row, Sheet
from budgets.domain.facts import CODED, KINDS, Fact
from budgets.domain.families import FAMILIES
from budgets.domain.places import (
    AmountRow,
    CellRef,
    CodePlace,
    FieldPlace,
    Passage,
    Place,
    Record,
    TablePlace,
    Whole,
    amount_place,
)
from budgets.domain.terms import AssetItem, Family, Fund, Term, ThreePublicItem

FIELDS = {
    "approved_on": "批复日期",
    "contact": "联系方式",
    "narrative_title": "情况说明标题",
    "lead": "导语",
    "assets_as_of": "资产截止日期",
    "unit_name": "单位名称",
    "agency_running_costs": Family.AGENCY.label,
    "states_no_money": "没有收入和支出的声明",
    "wording": "表中用语",
}
PARTS = {
    "title": "标题",
    "meta": "表上方的说明行",
    "notes": "附注",
    "note": "附注",
    "column": "表头",
    "row": "行名",
}
RECORDS = {
    "goal": "绩效目标表",
    "indicator": "绩效指标",
    "procurement": "政府采购预算",
    "service": "政府购买服务",
    "unit_row": "各单位支出",
    "asset": "固定资产",
    "organization": "机构设置",
    "project": "项目",
}
NAMING = (ColumnKind.CAPTION, ColumnKind.CODE)
SHORT = 24  # characters of a sentence that a list shows


class PlaceWords:
    """The words for the places of one document; what is looked up once serves them all."""

    def __init__(self, document: Document, subjects: Subjects) -> None:
        self.subjects = subjects
        self.sheets = {sheet.key: sheet for sheet in document.sheets()}
        self.chapters = {chapter.key: chapter.title for chapter in document.chapters}

    def __call__(self, place: Place) -> str:
        match place:
            case CellRef():
                return _cell(self.sheets.get(place.table), place)
            case TablePlace():
                sheet = self.sheets.get(place.table)
                return (sheet.title if sheet else RECORDS.get(place.table, place.table)) + PARTS.get(
                    place.part.partition("/")[0], ""
                )
            case CodePlace():
                subject = self.subjects.get(place.code, place.scheme)
                return f"科目 {place.code}" + (f" {subject.name}" if subject else "")
            case AmountRow():
                return amount_words(self.subjects, place)
            case Passage():
                title = self.chapters.get(place.chapter, place.chapter)
                more = "…" if len(place.quote) > SHORT else ""
                return f"{title}“{more}{place.quote[-SHORT:]}”" if place.quote else title
            case Record():
                name = "·".join(
                    filter(
                        None,
                        (AssetItem(place.name).label if place.kind == "asset" else place.name, place.item),
                    )
                )
                return f"{RECORDS[place.kind]}“{name}”" + (f"（第{place.nth}个）" if place.nth > 1 else "")
            case FieldPlace():
                return FIELDS[place.field]
            case Whole():
                return "整份公开"


def cell_words(document: Document, cell: CellRef) -> str:
    """A cell as people call it; a row that is not printed is named by its code."""
    return _cell(next((sheet for sheet in document.sheets() if sheet.key == cell.table), None), cell)


def _cell(sheet: Sheet | None, cell: CellRef) -> str:
    if sheet is None:
        return f"{cell.table}“{cell.row}”行“{cell.column}”列"
    head = f"表{sheet.number} " if sheet.number else ""
    if not cell.column:  # the row as a whole, known by any of its captions
        whole = next((r for r in sheet.rows if cell.row in {r.key, *(c.key for c in r.cells)}), None)
        naming = next(
            (c for c in sheet.columns if whole and c.kind in NAMING and _text(whole, sheet, c)), None
        )
        return f"{head}{sheet.title}“{_text(whole, sheet, naming) if whole and naming else cell.row}”行"
    column = next((c for c in sheet.columns if c.key == cell.column), None)
    path = "·".join(column.path) if column else cell.column
    row = next((r for r in sheet.rows if column and r.named(column) == cell.row), None)
    name = _row_name(sheet, column, row, cell) if column else cell.row
    return f"{head}{sheet.title}{name and f'“{name}”行'}“{path}”列"


def _text(row: Row, sheet: Sheet, column: Column) -> str:
    return row.cells[sheet.columns.index(column)].text


def _row_name(sheet: Sheet, column: Column, row: Row | None, cell: CellRef) -> str:
    """The caption of a row, or 合计 from among its codes; 第12行 for one without any, nothing in a table of one row."""
    if row is None:
        return cell.row
    naming = [c for c, word in enumerate(sheet.columns) if word.kind in NAMING]
    before = [c for c in naming if c < column.caption][::-1]  # the code beside it, of two lists its own
    texts = [row.cells[c].text for c in (column.caption, *before, *naming) if c in naming]
    if not naming and len(sheet.rows) == 1:
        return ""
    return next(filter(None, texts), f"第{cell.row.rpartition('.')[2]}行")


def amount_words(subjects: Subjects, place: AmountRow) -> str:
    """A row of entered amounts, or one amount of it: 支出 一般公共预算 2010301 行政运行 基本支出."""
    words = [Family(place.family).label]
    shape = FAMILIES[Family(place.family)]
    across = _label(KINDS[shape.across], place.column)
    if place.fund:
        of_code = shape.page in CODED
        words.append(
            f"{place.fund} {subjects.name(place.fund, shape.page)}" if of_code else Fund(place.fund).label
        )
    if scheme := shape.code:
        words.append(f"{place.row} {subjects.name(place.row, scheme)}".rstrip())
    elif place.family == Family.THREE_PUBLIC:  # the fund stands first
        words += [across, _label(ThreePublicItem, place.row)]
        across = ""
    else:
        words.append(_label(ThreePublicItem if "item" in shape.named_by else Fund, place.row))
    return " ".join(filter(None, (*words, across)))


def fact_words(subjects: Subjects, fact: Fact) -> str:
    """An entered amount as people call it."""
    place = amount_place(fact)
    return amount_words(subjects, place) if isinstance(place, AmountRow) else fact.family.label


def _label(terms: type[Term], value: str) -> str:
    return next((term.label for term in terms if term == value), "")
