"""Forms of made-up places that no table set declares: random tables, captions, units and trees of sums, as a workbook or PDF."""

import io
import random
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

import openpyxl

D = Decimal
UNITS = {
    "元": D("1"),
    "千元": D("0.01"),
    "万元": D("0.01"),
    "百元": D("0.1"),
}  # with the smallest amount printed
THINGS = (
    "水务",
    "林草",
    "渔政",
    "畜牧",
    "航道",
    "地震",
    "气象",
    "档案",
    "盐务",
    "侨务",
    "老龄",
    "移民",
    "信访",
    "园林",
)
ENDS = ("安排明细表", "分配情况表", "资金去向表", "筹措情况表", "统筹表")
KINDS = ("tree", "list", "groups", "sides", "numbers")
CHINESE = "一二三四五六七八九十"

type Path = tuple[str, ...]


@dataclass
class DrawnTable:
    """`cells` by row and column, 1-based; `covered` are the places of amounts that a caption makes part of a sum."""

    title: str
    unit: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    amounts: set[tuple[int, int]] = field(default_factory=set)
    covered: set[tuple[int, int]] = field(default_factory=set)
    top: int = 0  # rows of lines above the head


@dataclass
class DrawnForm:
    seed: int
    unit_name: str
    year: int
    tables: list[DrawnTable]

    def workbook(self) -> bytes:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for n, table in enumerate(self.tables, 1):
            sheet = book.create_sheet(f"附{n}")
            for (row, column), value in table.cells.items():
                sheet.cell(row, column, value)
            for top, left, bottom, right in table.merges:
                sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def html(self) -> str:
        """The tables as pages of a document, to be made a PDF."""
        parts = [
            '<!doctype html><html lang="zh"><title>附表</title><style>@page{size:A4 landscape;margin:1cm}table{border-collapse:collapse;width:100%}'
            "td{border:1px solid;font-size:9pt;padding:2px}section{break-after:page}body{font-family:Noto Sans SC}</style>"
        ]
        for table in self.tables:
            lines = [str(v) for (row, _), v in sorted(table.cells.items()) if row <= table.top]
            parts.append(f"<section>{''.join(f'<p>{escape(line)}</p>' for line in lines)}<table>")
            spans = {(m[0], m[1]): m for m in table.merges}
            hidden = {
                (r, c)
                for top, left, bottom, right in table.merges
                for r in range(top, bottom + 1)
                for c in range(left, right + 1)
            } - spans.keys()
            width = max(c for _, c in table.cells)
            for row in range(table.top + 1, max(r for r, _ in table.cells) + 1):
                parts.append("<tr>")
                for column in range(1, width + 1):
                    if (row, column) in hidden:
                        continue
                    top, left, bottom, right = spans.get((row, column), (row, column, row, column))
                    value = table.cells.get((row, column), "")
                    text = f"{value:.2f}" if isinstance(value, Decimal) else str(value)
                    span = f' rowspan="{bottom - top + 1}" colspan="{right - left + 1}"'
                    parts.append(f"<td{span}>{escape(text)}</td>")
                parts.append("</tr>")
            parts.append("</table></section>")
        return "".join(parts)


def drawn_form(seed: int) -> DrawnForm:
    """A form of one made-up department, the same for the same seed: its sums hold."""
    random_ = random.Random(seed)
    year = random_.randint(2017, 2024)
    name = f"云岭县{random_.choice(THINGS)}局"
    count = random_.randint(3, 6)
    return DrawnForm(seed, name, year, [_table(random_, n, name, year) for n in range(1, count + 1)])


def _table(random_: random.Random, n: int, name: str, year: int) -> DrawnTable:
    unit = random_.choice(list(UNITS))
    table = DrawnTable(f"{year}年{random_.choice(THINGS)}{random_.choice(ENDS)}", unit)
    step = UNITS[unit]
    kind = random_.choice(KINDS)
    table.cells[1, 1] = table.title
    table.cells[2, 1] = f"编制单位：{name}"
    table.top = 2
    row = _sides(random_, table, step) if kind == "sides" else _listed(random_, table, step, kind)
    width = max(column for _, column in table.cells)
    table.cells[2, max(2, width)] = f"单位：{unit}"
    if random_.random() < 0.4:
        table.cells[row + 1, 1] = f"注：附{n}由本单位编制。"
    return table


def _amount(random_: random.Random, step: Decimal) -> Decimal | None:
    return None if random_.random() < 0.15 else random_.randint(100, 2_000_000) * step


def _columns(random_: random.Random) -> tuple[list[Path], dict[int, list[int]]]:
    """Heads of columns of money, and which are sums of which."""
    way = random_.randint(0, 5)
    if way == 5:
        return [("上年数",), ("本年数", "合计"), ("本年数", "人头类"), ("本年数", "运转类")], {1: [2, 3]}
    if way == 0:
        return [("安排数",)], {}
    if way == 1:
        return [("合计",), ("县本级",), ("上级补助",), ("自筹",)], {0: [1, 2, 3]}
    if way == 2:
        return [("县本级",), ("上级补助",), ("合计",)], {2: [0, 1]}
    if way == 3:
        paths = [("总计",), ("财力安排", "小计"), ("财力安排", "人头类"), ("财力安排", "运转类"), ("往来款",)]
        return paths, {0: [1, 4], 1: [2, 3]}
    paths = [(fund, part) for fund in ("合计", "预算内", "预算外") for part in ("小计", "人头类", "运转类")]
    sums = {0: [3, 6], 1: [4, 7], 2: [5, 8], 3: [4, 5], 6: [7, 8]}
    return paths, sums


def _rows(random_: random.Random, kind: str) -> tuple[list[tuple[str, str]], dict[int, list[int]], list[int]]:
    """Code and caption of each row, which are sums of which, and the rows that are told again (其中)."""
    words = random_.sample(THINGS, len(THINGS))
    if kind == "tree":
        rows, sums = [("", "合计")], {0: list[int]()}
        for category in random_.sample(range(201, 230), random_.randint(1, 3)):
            sums[0].append(top := len(rows))
            rows.append((str(category), f"{words.pop()}支出"))
            sums[top] = []
            for section in random_.sample(range(1, 20), random_.randint(1, 2)):
                sums[top].append(middle := len(rows))
                rows.append((f"{category}{section:02}", f"{random_.choice(THINGS)}事务"))
                sums[middle] = []
                for item in random_.sample(range(1, 60), random_.randint(1, 3)):
                    sums[middle].append(len(rows))
                    rows.append((f"{category}{section:02}{item:02}", f"{random_.choice(THINGS)}管理"))
        order = sorted(range(len(rows)), key=lambda n: rows[n][0])
        if random_.random() < 0.4:  # 合计 below
            order = [*order[1:], 0]
        place = {old: new for new, old in enumerate(order)}
        return [rows[n] for n in order], {place[w]: [place[p] for p in ps] for w, ps in sums.items()}, []
    if kind == "numbers":
        rows, sums, again = [("", "合计")], {0: list[int]()}, list[int]()
        for n in range(random_.randint(2, 4)):
            sums[0].append(top := len(rows))
            rows.append(("", f"{CHINESE[n]}、{words.pop()}经费"))
            if (below := random_.random()) < 0.4:
                again.append(len(rows))
                rows.append(("", f"其中：{words.pop()}补助"))
            elif below < 0.7:
                sums[top] = list(range(len(rows), len(rows) + 2))
                rows += [("", f"（{number}）{random_.choice(THINGS)}补助") for number in "一二"]
        return rows, sums, again
    if kind == "groups":
        rows, sums, subtotals = [], {}, []
        leads = random_.random() < 0.4  # 小计 above its items
        for _ in range(random_.randint(2, 3)):
            more = random_.randint(1, 3)
            items = list(range(len(rows) + leads, len(rows) + leads + more))
            subtotals.append(len(rows) if leads else len(rows) + more)
            sums[subtotals[-1]] = items
            names = [("", f"{words.pop()}事项") for _ in items]
            rows += [("", "小计"), *names] if leads else [*names, ("", "小计")]
        sums[len(rows)] = subtotals
        return [*rows, ("", "合 计")], sums, []
    items = [("", f"{words.pop()}项目") for _ in range(random_.randint(3, 7))]
    if random_.random() < 0.5:
        return [("", "合计"), *items], {0: list(range(1, len(items) + 1))}, []
    return [*items, ("", "总计")], {len(items): list(range(len(items)))}, []


def _fill(
    random_: random.Random, table: DrawnTable, step: Decimal, at: tuple[int, int], height: int, width: int,
    row_sums: dict[int, list[int]], column_sums: dict[int, list[int]], again: list[int],
) -> None:  # fmt: skip
    values: dict[tuple[int, int], Decimal | None] = {}
    for row in (n for n in range(height) if n not in row_sums):
        for column in (n for n in range(width) if n not in column_sums):
            above = values.get((row - 1, column))
            part = above and (above / 2 // step) * step
            values[row, column] = part if row in again else _amount(random_, step)
    order = sorted(row_sums, key=lambda n: _depth(n, row_sums))
    for column in (n for n in range(width) if n not in column_sums):
        for row in order:
            told = [v for part in row_sums[row] if (v := values[part, column]) is not None]
            values[row, column] = sum(told, D(0)) if told else None
    for column in sorted(column_sums, key=lambda n: _depth(n, column_sums)):
        for row in range(height):
            told = [v for part in column_sums[column] if (v := values[row, part]) is not None]
            values[row, column] = sum(told, D(0)) if told else None
    tied_rows = {n for whole, parts in row_sums.items() for n in (whole, *parts)}
    tied_columns = {n for whole, parts in column_sums.items() for n in (whole, *parts)}
    for (row, column), value in values.items():
        if value is not None:
            place = at[0] + row, at[1] + column
            table.cells[place] = value
            table.amounts.add(place)
            if row in tied_rows or column in tied_columns:
                table.covered.add(place)


def _depth(n: int, sums: dict[int, list[int]]) -> int:
    return 1 + max((_depth(part, sums) for part in sums[n]), default=0) if n in sums else 0


def _listed(random_: random.Random, table: DrawnTable, step: Decimal, kind: str) -> int:
    """One list of rows; the last row that it fills."""
    paths, column_sums = _columns(random_)
    rows, row_sums, again = _rows(random_, kind)
    names = (
        (["编码", "用途名称"] if kind == "tree" else ["用途"])
        if random_.random() < 0.7 or kind == "tree"
        else ["序号", "用途"]
    )
    deep = max(map(len, paths))
    head = table.top + 1
    for n, name in enumerate(names, 1):
        table.cells[head, n] = name
        if deep > 1:
            table.merges.append((head, n, head + deep - 1, n))
    column = len(names) + 1
    at = column
    while column - at < len(paths):
        path = paths[column - at]
        alike = [p for p in paths if p[0] == path[0]]
        table.cells[head, column] = path[0]
        if len(path) > 1:
            table.merges.append((head, column, head, column + len(alike) - 1))
            for n, each in enumerate(alike):
                table.cells[head + 1, column + n] = each[1]
            column += len(alike)
        else:
            if deep > 1:
                table.merges.append((head, column, head + deep - 1, column))
            column += 1
    first = head + deep
    for n, (code, caption) in enumerate(rows):
        if names[0] == "编码" and code:
            table.cells[first + n, 1] = code
        if names[0] == "序号":
            table.cells[first + n, 1] = n + 1
        table.cells[first + n, len(names)] = caption
    _fill(random_, table, step, (first, at), len(rows), len(paths), row_sums, column_sums, again)
    if (
        kind == "numbers" and len(paths) == 1
    ):  # numbers claim no sum, and no other column confirms that they make one
        table.covered -= {(first + n, at) for n, (_, caption) in enumerate(rows) if caption.startswith("（")}
    return first + len(rows) - 1


def _sides(random_: random.Random, table: DrawnTable, step: Decimal) -> int:
    """来源 and 去向 beside each other, each with its total, which are one number."""
    head = table.top + 1
    for n, name in enumerate(("来源项目", "安排数", "去向项目", "安排数"), 1):
        table.cells[head, n] = name
    words = random_.sample(THINGS, len(THINGS))
    height = random_.randint(3, 5)
    left = [random_.randint(1000, 2_000_000) * step for _ in range(height)]
    carried = random_.randint(10, 1000) * step
    whole = sum(left, D(0)) + carried
    right = [(whole / (height + 1) // step) * step for _ in range(height)]
    left_rows = [(f"{CHINESE[n]}、{words.pop()}拨入", value) for n, value in enumerate(left)]
    left_rows += [("本年来源合计", sum(left, D(0))), ("上年结转", carried), ("来源总计", whole)]
    right_rows = [(f"{CHINESE[n]}、{words.pop()}支用", value) for n, value in enumerate(right)]
    right_rows += [
        ("本年去向合计", sum(right, D(0))),
        ("年末结转", whole - sum(right, D(0))),
        ("去向总计", whole),
    ]
    for n, row in enumerate(zip(left_rows, right_rows, strict=True), head + 1):
        for side, (caption, value) in enumerate(row):
            table.cells[n, 1 + 2 * side] = caption
            table.cells[n, 2 + 2 * side] = value
            table.amounts.add((n, 2 + 2 * side))
            table.covered.add((n, 2 + 2 * side))
    return head + len(left_rows)


def spoiled(form: DrawnForm, random_: random.Random) -> tuple[int, tuple[int, int], bool]:
    """Change one amount of a form as a slip of the hand would; the table, the place, and whether a caption covers it."""
    n = random_.randrange(len(form.tables))
    table = form.tables[n]
    place = random_.choice(sorted(table.amounts))
    value = table.cells[place]
    assert isinstance(value, Decimal)
    slips = (value * 10, value + 100 * UNITS[table.unit], value + 9000 * UNITS[table.unit], value * 2 + 1)
    table.cells[place] = random_.choice([slip for slip in slips if slip != value])
    return n, place, place in table.covered


def southern_form() -> DrawnForm:
    """Three tables as several provinces print them and no set declares: transfers downwards, new assets, plans of three years."""
    rows_of: list[tuple[str, str, list[list[object]], list[tuple[int, int, int, int]]]] = [
        (
            "2024年对下转移支付预算表",
            "万元",
            [
                ["单位名称（项目）", "资金来源", "", "", "地区"],
                ["", "合计", "一般公共预算", "政府性基金", "澄江镇", "石屏镇"],
                ["合计", D("310.50"), D("260.50"), D("50.00"), D("180.50"), D("130.00")],
                ["农村公路养护补助", D("130.00"), D("130.00"), None, D("70.00"), D("60.00")],
                ["小型水库维修补助", D("180.50"), D("130.50"), D("50.00"), D("110.50"), D("70.00")],
            ],
            [(4, 1, 5, 1), (4, 2, 4, 4), (4, 5, 4, 6)],
        ),
        (
            "2024年新增资产配置表",
            "元",
            [
                ["资产类别", "资产名称", "计量单位", "数量", "单价", "金额"],
                ["通用设备", "台式电脑", "台", D(4), D(5000), D(20000)],
                ["通用设备", "打印机", "台", D(2), D(1500), D(3000)],
                ["小计", "", "", "", "", D(23000)],
                ["家具用具", "文件柜", "个", D(5), D(800), D(4000)],
                ["小计", "", "", "", "", D(4000)],
                ["合计", "", "", "", "", D(27000)],
            ],
            [],
        ),
        (
            "2024年项目支出中期规划预算表",
            "千元",
            [
                ["项目名称", "项目级次", "2024年", "2025年", "2026年"],
                ["合计", "", D("1200.00"), D("900.00"), D("900.00")],
                ["特定目标类：监测站运行", "本级", D("800.00"), D("500.00"), D("500.00")],
                ["其他运转类：值守经费", "本级", D("400.00"), D("400.00"), D("400.00")],
            ],
            [],
        ),
    ]
    tables = []
    for n, (title, unit, rows, merges) in enumerate(rows_of, 8):
        table = DrawnTable(title, unit, merges=merges, top=3)
        table.cells = {
            (1, 1): f"预算公开表{n}",
            (2, 1): title,
            (3, 1): "单位名称：澄江县水务局",
            (3, 5): f"单位：{unit}",
        }
        for r, row in enumerate(rows, 4):
            for c, value in enumerate(row, 1):
                if value not in ("", None):
                    table.cells[r, c] = value
                if isinstance(value, Decimal) and not (unit == "元" and c < 6):
                    table.amounts.add((r, c))
        table.covered = set(table.amounts)
        tables.append(table)
    return DrawnForm(0, "澄江县水务局", 2024, tables)
