"""Lists of subject codes as workbooks: a sound one against the year before, and one for each kind of fault."""

from collections.abc import Callable
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from budgets.models import Subject
from tests.makers.rosters import content_of, put, row

FUNCTION, ECONOMIC, GOVERNMENT = "支出功能分类", "部门预算支出经济分类", "政府预算支出经济分类"
HEADS = [
    "分类",
    "科目编码",
    "科目名称",
    "所属预算",
    "基本支出归类",
    "对应政府经济科目（行政）",
    "对应政府经济科目（事业）",
]
MOVE_HEADS = ["分类", "原编码", "新编码"]
BEFORE = [
    ("function", "201", "一般公共服务支出"),
    ("function", "20103", "政府办公厅（室）及相关机构事务"),
    ("function", "2010301", "行政运行"),
    ("function", "2010350", "事业运行"),
    ("function", "208", "社会保障和就业支出"),
    ("function", "20805", "行政事业单位养老支出"),
    ("function", "2080501", "行政单位离退休"),
    ("function", "2080502", "事业单位离退休"),
    ("economic", "302", "商品和服务支出"),
    ("economic", "30201", "办公费"),
    ("government_economic", "502", "机关商品和服务支出"),
    ("government_economic", "50201", "办公经费"),
]
SUBJECTS = [
    [FUNCTION, "201", "一般公共服务支出", "一般公共", None, None, None],
    [FUNCTION, "20103", "政府办公厅（室）及相关机构事务", "一般公共", None, None, None],
    [FUNCTION, "2010301", "行政运行", "一般公共", None, None, None],
    [FUNCTION, "2010351", "事业机构运行", "一般公共", None, None, None],
    [FUNCTION, "208", "社会保障和就业支出", "一般公共", None, None, None],
    [FUNCTION, "20805", "行政事业单位养老支出", "一般公共", None, None, None],
    [FUNCTION, "2080501", "行政单位离退休人员", "一般公共", None, None, None],
    [ECONOMIC, "302", "商品和服务支出", None, "公用经费", None, None],
    [ECONOMIC, "30201", "办公费", None, "公用经费", "50201", None],
    [GOVERNMENT, "502", "机关商品和服务支出", None, None, None, None],
    [GOVERNMENT, "50201", "办公经费", None, None, None, None],
]
MOVED = [[FUNCTION, "2010350", "2010351"], [FUNCTION, "2080502", "2080501"], [FUNCTION, "2080501", "2080501"]]


def a_list_before(year: int = 2022) -> None:
    """The list of the year before."""
    for scheme, code, name in BEFORE:
        level = (len(code) - 1) // 2
        above = code[:-2] if level > 1 else ""
        Subject.objects.create(
            fiscal_year=year, scheme=scheme, code=code, name=name, level=level, parent_code=above
        )


def a_subject_book(subjects=SUBJECTS, moves=MOVED) -> Workbook:
    """A workbook with these rows under the usual headings."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, heads, rows in (("科目", HEADS, subjects), ("科目对照", MOVE_HEADS, moves)):
        sheet = book.create_sheet(name)
        for each in [heads, *rows]:
            sheet.append(each)
    return book


@dataclass(frozen=True)
class SpoiltSubjects:
    """A sound list with one fault: what was done to it, where it is told (sheet, cell) and words of the sentence."""

    name: str
    spoil: Callable[[Worksheet, Worksheet], object]
    sheet: str
    cell: str
    words: str

    def content(self) -> bytes:
        book = a_subject_book()
        self.spoil(book["科目"], book["科目对照"])
        return content_of(book)


def both(*spoils: Callable[[Worksheet, Worksheet], object]) -> Callable[[Worksheet, Worksheet], object]:
    return lambda *sheets: [spoil(*sheets) for spoil in spoils]


def hide(subjects: Worksheet, moves: Worksheet) -> None:
    moves.sheet_state = "hidden"


S, M = 0, 1
LOOP = both(row(M, FUNCTION, "2010301", "2080501"), row(M, FUNCTION, "2080501", "2010301"))
SPOILT_SUBJECTS = [
    SpoiltSubjects("unknown heading", put(S, "H1", "备注"), "科目", "H1", "不认识列标题“备注”"),
    SpoiltSubjects("missing column", lambda s, m: s.delete_cols(3), "科目", "G1", "缺少“科目名称”"),
    SpoiltSubjects("no headings", lambda s, m: m.delete_rows(1), "科目对照", "A1", "第一行要是列标题"),
    SpoiltSubjects("another sheet", lambda s, m: s.parent.create_sheet("旧表").append(["1"]), "旧表", "A1", "“科目”和“科目对照”"),
    SpoiltSubjects("hidden sheet", hide, "科目对照", "A1", "隐藏"),
    SpoiltSubjects("merged cells", lambda s, m: s.merge_cells("C4:C5"), "科目", "C4", "合并"),
    SpoiltSubjects("formula", put(S, "C4", '="行政"&"运行"'), "科目", "C4", "公式"),
    SpoiltSubjects("unseen character", put(S, "C4", "行政\u200b运行"), "科目", "C4", "看不见"),
    SpoiltSubjects("unknown scheme", put(S, "A4", "功能"), "科目", "A4", "不认识分类“功能”"),
    SpoiltSubjects("no scheme", put(S, "A4", None), "科目", "A4", "没有填“分类”"),
    SpoiltSubjects("no code", put(S, "B4", None), "科目", "B4", "没有填“科目编码”"),
    SpoiltSubjects("code of letters", put(S, "B4", "2O10301"), "科目", "B4", "编码只有数字"),
    SpoiltSubjects("code of six digits", put(S, "B4", "201030"), "科目", "B4", "有 6 位"),
    SpoiltSubjects("economic code of seven digits", put(S, "B10", "3020101"), "科目", "B10", "类 3 位、款 5 位"),
    SpoiltSubjects("code twice", put(S, "B5", "2010301"), "科目", "B5", "B4 也有"),
    SpoiltSubjects("item without section", put(S, "B4", "2010401"), "科目", "B4", "上级（款）20104"),
    SpoiltSubjects("section without class", put(S, "B10", "30301"), "科目", "B10", "上级（类）303"),
    SpoiltSubjects("no name", put(S, "C4", None), "科目", "C4", "没有填“科目名称”"),
    SpoiltSubjects("name too long", put(S, "C4", "行" * 121), "科目", "C4", "最多 120 个字"),
    SpoiltSubjects("unknown budget", put(S, "D4", "公共"), "科目", "D4", "不认识“公共”"),
    SpoiltSubjects("budget of an economic code", put(S, "D10", "一般公共"), "科目", "D10", "只有支出功能分类"),
    SpoiltSubjects("unknown group", put(S, "E10", "办公"), "科目", "E10", "不认识“办公”"),
    SpoiltSubjects("group of a functional code", put(S, "E4", "公用经费"), "科目", "E4", "只有部门预算支出经济分类"),
    SpoiltSubjects("unknown government code", put(S, "F10", "50299"), "科目", "F10", "里没有 50299"),
    SpoiltSubjects("government code of a functional code", put(S, "G4", "50201"), "科目", "G4", "只有部门预算支出经济分类"),
    SpoiltSubjects("unknown standing", both(put(S, "H1", "核对程度"), put(S, "H4", "大概")), "科目", "H4", "不认识“大概”"),
    SpoiltSubjects("used by a published document", row(S, FUNCTION, "20899", "其他"), "科目", "文件里没有", "已公开的 1 份材料"),
    SpoiltSubjects("mapping of a scheme without one", put(M, "A2", GOVERNMENT), "科目对照", "A2", "应写成"),
    SpoiltSubjects("mapping from nowhere", put(M, "B2", "2010359"), "科目对照", "B2", "2022年的支出功能分类里没有 2010359"),
    SpoiltSubjects("mapping to nowhere", put(M, "C2", "2010350"), "科目对照", "C2", "2023年的支出功能分类里没有 2010350"),
    SpoiltSubjects("mapping of a section", put(M, "B2", "20103"), "科目对照", "B2", "级次不对"),
    SpoiltSubjects("mapping twice", row(M, FUNCTION, "2010350", "2010351"), "科目对照", "C5", "与前面的一行相同"),
    SpoiltSubjects("mapping to itself", row(M, FUNCTION, "2010301", "2010301"), "科目对照", "C5", "与原编码相同"),
    SpoiltSubjects("loop", LOOP, "科目对照", "C5", "成了循环"),
    SpoiltSubjects("mapping of another year", both(put(M, "D1", "预算年度"), put(M, "D2", "2024")), "科目对照", "D2", "不是2024年的"),
    SpoiltSubjects("no year", both(put(M, "D1", "预算年度"), put(M, "D2", "23")), "科目对照", "D2", "不是年度"),
    SpoiltSubjects("nothing replaced", put(M, "C2", None), "科目对照", "C2", "没有填“新编码”"),
]  # fmt: skip
