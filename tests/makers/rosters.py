"""Lists of departments and people as workbooks: clean ones of any size, and one for each kind of fault."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

DEPARTMENT_HEADS = ["部门编码", "部门名称", "主管部门编码", "公开咨询电话", "办公地址"]
PEOPLE_HEADS = ["登录名", "姓名", "角色", "部门编码或本地区"]
DEPARTMENTS = [
    ["301", "县教育局", None, "0315-4620001", "大街1号"],
    ["30101", "县第一中学", "301", "0315-4620002", None],
    ["302", "县水务局", None, None, None],
    ["0303", "县林业局", None, None, None],
]
PEOPLE = [
    ["jiaoyu", "张三", "部门会计", "301"],
    ["jiaoyu-sh", "李四", "部门审核", "301"],
    ["yizhong", "王五", "部门会计", "30101"],
    ["caizheng", "赵六", "财政局经办", "本地区"],
    ["linye", "孙七", "部门会计", "0303"],
]


def a_book(departments=DEPARTMENTS, people=PEOPLE) -> Workbook:
    """A workbook with these rows under the usual headings."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, heads, rows in (("部门", DEPARTMENT_HEADS, departments), ("人员", PEOPLE_HEADS, people)):
        sheet = book.create_sheet(name)
        for row in [heads, *rows]:
            sheet.append(row)
    return book


def content_of(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def a_county(count: int = 60) -> bytes:
    """A list of so many departments, every sixth a unit of the one before, with two people each."""
    departments, people = [], []
    for n in range(count):
        code = f"{n + 301}"
        above = f"{n + 300}" if n % 6 == 5 else None
        departments.append([code, f"第{n + 1}局", above, f"0315-{4620000 + n}", f"大街{n + 1}号"])
        people.append([f"kj{code}", f"会计{n + 1}", "部门会计", code])
        people.append([f"sh{code}", f"审核{n + 1}", "部门审核", code])
    return content_of(a_book(departments, people))


@dataclass(frozen=True)
class SpoiltList:
    """A clean list with one fault: what was done to it, where it is told (sheet, cell) and words of the sentence."""

    name: str
    spoil: Callable[[Worksheet, Worksheet], object]
    sheet: str
    cell: str
    words: str

    def content(self) -> bytes:
        book = a_book()
        self.spoil(book["部门"], book["人员"])
        return content_of(book)


def put(which: int, cell: str, value: object) -> Callable[[Worksheet, Worksheet], object]:
    def spoil(*sheets: Worksheet) -> None:
        sheets[which][cell] = value

    return spoil


def row(which: int, *values: object) -> Callable[[Worksheet, Worksheet], object]:
    return lambda *sheets: sheets[which].append(list(values))


def hide(departments: Worksheet, people: Worksheet) -> None:
    people.sheet_state = "hidden"


def circle(departments: Worksheet, people: Worksheet) -> None:
    departments["C2"] = "30101"


def with_units(said: str) -> Callable[[Worksheet, Worksheet], object]:
    """The column of 预算含下属单位, with this for the department that has a unit."""

    def spoil(departments: Worksheet, people: Worksheet) -> None:
        departments["F1"], departments["F2"] = "预算含下属单位", said

    return spoil


D, P = 0, 1
SPOILT = [
    SpoiltList("neither yes nor no", with_units("对"), "部门", "F2", "不是“是”或“否”"),
    SpoiltList("unknown heading", put(D, "F1", "邮编"), "部门", "F1", "不认识列标题“邮编”"),
    SpoiltList("missing column", lambda d, p: d.delete_cols(2), "部门", "E1", "缺少“部门名称”"),
    SpoiltList("column twice", put(D, "E1", "公开咨询电话"), "部门", "E1", "有两个"),
    SpoiltList("no headings", lambda d, p: d.delete_rows(1), "部门", "A1", "第一行要是列标题"),
    SpoiltList("text beside the columns", put(P, "G3", "请核对"), "人员", "G3", "没有列标题"),
    SpoiltList("another sheet", lambda d, p: d.parent.create_sheet("旧表").append(["1"]), "旧表", "A1", "不认识工作表"),
    SpoiltList("hidden sheet", hide, "人员", "A1", "隐藏"),
    SpoiltList("merged cells", lambda d, p: d.merge_cells("B4:B5"), "部门", "B4", "合并"),
    SpoiltList("formula", put(D, "B3", '="县第一"&"中学"'), "部门", "B3", "公式"),
    SpoiltList("formula without text", put(D, "D4", "=D9"), "部门", "D4", "公式"),
    SpoiltList("error value", put(D, "E2", "#N/A"), "部门", "E2", "出错"),
    SpoiltList("date", put(D, "D3", date(2024, 1, 2)), "部门", "D3", "日期"),
    SpoiltList("truth value", put(P, "B3", True), "人员", "B3", "逻辑值"),
    SpoiltList("control character", put(D, "B3", "县第一_x0007_中学"), "部门", "B3", "看不见"),
    SpoiltList("unseen character", put(P, "A4", "yi\u200bzhong"), "人员", "A4", "看不见"),
    SpoiltList("turned round", put(P, "B4", "\u202e王五"), "人员", "B4", "看不见"),
    SpoiltList("no code", put(D, "A4", None), "部门", "A4", "没有填“部门编码”"),
    SpoiltList("code of letters", put(D, "A4", "3O2"), "部门", "A4", "编码只有数字"),
    SpoiltList("broken number", put(D, "A4", 302.5), "部门", "A4", "编码只有数字"),
    SpoiltList("code of one digit", put(D, "A4", "3"), "部门", "A4", "2 至 12 位"),
    SpoiltList("code too long", put(D, "A4", "3" * 13), "部门", "A4", "最多 12 个字"),
    SpoiltList("code reads as a year", put(D, "A4", "2023"), "部门", "A4", "年度"),
    SpoiltList("code twice", put(D, "A4", "301"), "部门", "A4", "A2 也有"),
    SpoiltList("zero lost", put(P, "D6", 303), "人员", "D6", "开头的 0 丢了"),
    SpoiltList("phone without its zero", put(D, "D4", 3154620003), "部门", "D4", "区号开头的 0"),
    SpoiltList("no name", put(D, "B4", None), "部门", "B4", "没有填“部门名称”"),
    SpoiltList("name too long", put(D, "B4", "局" * 121), "部门", "B4", "最多 120 个字"),
    SpoiltList("phone too long", put(D, "D4", "1" * 61), "部门", "D4", "最多 60 个字"),
    SpoiltList("name twice", put(D, "B4", "县教育局 "), "部门", "B4", "相同"),
    SpoiltList("name of a department that is there", put(D, "B4", "在册局"), "部门", "B4", "编码 401"),
    SpoiltList("supervisor unknown", put(D, "C4", "999"), "部门", "C4", "没有编码为 999"),
    SpoiltList("circle", circle, "部门", "C2", "绕成了圈"),
    SpoiltList("its own supervisor", put(D, "C4", "302"), "部门", "C4", "绕成了圈"),
    SpoiltList("closed department", row(D, "402", "停用局"), "部门", "A6", "已停用"),
    SpoiltList("no account", put(P, "A4", None), "人员", "A4", "没有填“登录名”"),
    SpoiltList("account of odd letters", put(P, "A4", "yi zhong"), "人员", "A4", "用户名"),
    SpoiltList("account too long", put(P, "A4", "y" * 151), "人员", "A4", "最多 150 个字"),
    SpoiltList("account twice", put(P, "A4", "JIAOYU"), "人员", "A4", "A2 也有"),
    SpoiltList("account of another region", put(P, "A4", "yuanfang"), "人员", "A4", "已被占用"),
    SpoiltList("one's own account", put(P, "A4", "guanli"), "人员", "A4", "已被占用"),
    SpoiltList("closed account", put(P, "A4", "tingyong"), "人员", "A4", "已停用"),
    SpoiltList("no name of a person", put(P, "B4", None), "人员", "B4", "没有填“姓名”"),
    SpoiltList("no role", put(P, "C4", None), "人员", "C4", "没有填“角色”"),
    SpoiltList("unknown role", put(P, "C4", "局长"), "人员", "C4", "不认识角色“局长”"),
    SpoiltList("role from above", put(P, "C5", "财政局管理员"), "人员", "C5", "平台管理员"),
    SpoiltList("role without department", put(P, "D4", None), "人员", "D4", "没有填“部门编码或本地区”"),
    SpoiltList("accountant of the region", put(P, "D4", "本地区"), "人员", "D4", "请填部门编码"),
    SpoiltList("officer of a department", put(P, "D5", "301"), "人员", "D5", "请填“本地区”"),
    SpoiltList("unknown department", put(P, "D4", "999"), "人员", "D4", "没有编码为 999"),
    SpoiltList("person of a closed department", put(P, "D4", "402"), "人员", "D4", "已停用"),
]  # fmt: skip
