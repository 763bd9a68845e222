"""The rules R01–R13 and R20–R27 of the field, written by hand over printed tables, apart from the declarations.

Tables are read as a reader does: by captions, codes and header words. Blank is zero.
"""

from collections.abc import Iterator
from decimal import Decimal

from budgets.domain.documents import ColumnKind, Document, Sheet

CURRENT_REVENUE = "一二三四五六七八九"


class Printed:
    """One printed table: `table[caption or code, header word]` is an amount; `codes` the coded rows."""

    def __init__(self, sheet: Sheet) -> None:
        self.cells: dict[tuple[str, str], Decimal] = {}
        self.codes: list[str] = []
        self.lines: dict[str, list[str]] = {"revenue": [], "expenditure": []}
        for row in sheet.rows:
            texts = [cell.text for cell in row.cells]
            code = texts[1] if sheet.columns[1].path[-1] == "科目编码" else ""
            if code:
                self.codes.append(code)
            for c, column in enumerate(sheet.columns):
                if column.kind is not ColumnKind.AMOUNT:
                    continue
                caption = code or texts[column.caption]
                side = column.path[0] if column.path[0] in ("收入", "支出") else ""
                word = column.path[-1]
                self.cells[f"{side}{caption}", word] = Decimal(texts[c] or 0)
        self.words = list(dict.fromkeys(word for _, word in self.cells))

    def __getitem__(self, key: tuple[str, str]) -> Decimal:
        return self.cells.get(key, Decimal(0))

    def rows(self) -> list[str]:
        return list(dict.fromkeys(caption for caption, _ in self.cells))

    def classes(self) -> list[str]:
        """The numbered 类 lines on the expenditure side, 一、…三十一、."""
        return [c for c in self.rows() if c.startswith("支出") and "、" in c]

    def class_line(self, name: str) -> str:
        return next(c for c in self.classes() if c.partition("、")[2] == name)


def tables(document: Document) -> dict[str, Printed]:
    return {f"T{sheet.number}": Printed(sheet) for sheet in document.tables}


def children(codes: list[str], parent: str) -> list[str]:
    below = [c for c in codes if c.startswith(parent) and c != parent]
    return [c for c in below if not any(c != d and c.startswith(d) for d in below)]


def tree_holds(table: Printed) -> bool:
    """R12: 项 sum to 款, 款 to 类, 类 to 合计, every column."""
    for word in table.words:
        top = children(table.codes, "")
        if table.codes and table["合计", word] != sum(table[c, word] for c in top):
            return False
        for code in table.codes:
            below = children(table.codes, code)
            if below and table[code, word] != sum(table[c, word] for c in below):
                return False
    return True


def checks(t: dict[str, Printed], class_names: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """(rule, holds) for each rule. `class_names` gives the caption name of a three-digit 类."""
    t1, t2, t3, t4, t5, t6, t7, t8, t9 = (t[f"T{n}"] for n in range(1, 10))
    revenue = [c for c in t1.rows() if c.startswith("收入") and c[2:3] in CURRENT_REVENUE and c[3:4] == "、"]
    yield "R01", t1["收入本年收入合计", "预算数"] == sum(t1[c, "预算数"] for c in revenue)
    yield "R02", t1["支出本年支出合计", "预算数"] == sum(t1[c, "预算数"] for c in t1.classes())
    yield (
        "R03",
        t1["收入收入总计", "预算数"] == t1["收入本年收入合计", "预算数"] + t1["收入上年结转结余", "预算数"],
    )
    yield (
        "R04",
        t1["支出支出总计", "预算数"] == t1["支出本年支出合计", "预算数"] + t1["支出年终结转结余", "预算数"],
    )
    yield "R05", t1["收入收入总计", "预算数"] == t1["支出支出总计", "预算数"]
    sources = [w for w in t2.words if w not in ("合计", "小计", "上年结转")]
    yield (
        "R06",
        all(
            t2[r, "合计"] == t2[r, "小计"] + t2[r, "上年结转"]
            and t2[r, "小计"] == sum(t2[r, w] for w in sources)
            for r in t2.rows()
        ),
    )
    uses = [w for w in t3.words if w != "合计"]
    yield "R07", all(t3[r, "合计"] == sum(t3[r, w] for w in uses) for r in t3.rows())
    funds = [w for w in t4.words if "预算财政拨款" in w]
    yield "R08", all(t4[c, "合计"] == sum(t4[c, w] for w in funds) for c in t4.classes())
    opening = [c for c in t4.rows() if c.startswith("收入") and c[2:4] in ("一、", "二、", "三、")]
    yield (
        "R09",
        t4["收入收入总计", "金额"]
        == t4["收入本年收入合计", "金额"] + t4["收入年初财政拨款结转和结余", "金额"]
        and t4["支出支出总计", "合计"]
        == t4["支出本年支出合计", "合计"] + t4["支出年末财政拨款结转和结余", "合计"]
        and t4["收入收入总计", "金额"] == t4["支出支出总计", "合计"]
        and len(opening) == 3,
    )
    yield "R10", all(t5[r, "合计"] == t5[r, "基本支出"] + t5[r, "项目支出"] for r in t5.rows())
    yield "R11", all(t6[r, "合计"] == t6[r, "人员经费"] + t6[r, "公用经费"] for r in t6.rows())
    yield "R12", all(tree_holds(x) for x in (t2, t3, t5, t6, t7, t8))
    yield (
        "R13",
        all(three_public_column(t9, w) for w in t9.words)
        and all(t9[r, "合计"] == sum(t9[r, w] for w in t9.words if w != "合计") for r in t9.rows()),
    )
    yield (
        "R20",
        t2["合计", "合计"] == t1["收入收入总计", "预算数"]
        and t2["合计", "小计"] == t1["收入本年收入合计", "预算数"]
        and t2["合计", "上年结转"] == t1["收入上年结转结余", "预算数"],
    )
    order = ["财政专户收入", "事业收入", "经营收入", "上级补助收入", "附属单位上缴收入", "其他收入"]
    yield (
        "R21",
        t2["合计", "财政拨款收入"] == sum(t1[c, "预算数"] for c in revenue[:3])
        and all(
            t2["合计", word] == t1[line, "预算数"] for word, line in zip(order, revenue[3:], strict=True)
        ),
    )
    yield (
        "R22",
        t3["合计", "合计"] == t1["支出本年支出合计", "预算数"]
        and all(t3[code, "合计"] == t1[t1.class_line(name), "预算数"] for code, name in class_names.items()),
    )
    fiscal = [c for c in t4.rows() if c.startswith("收入") and c.endswith("拨款")]
    yield (
        "R23",
        t4["收入本年收入合计", "金额"] == t2["合计", "财政拨款收入"]
        and sum(t1[c, "预算数"] for c in revenue[:3]) == t4["收入本年收入合计", "金额"]
        and len(fiscal) >= 3,
    )
    yield (
        "R24",
        all(
            t4[t4.class_line(name), word] == table[code, "合计"]
            for word, table in zip(funds, (t5, t7, t8), strict=True)
            for code, name in class_names.items()
        ),
    )
    yield "R25", t4["支出本年支出合计", "合计"] == sum(x["合计", "合计"] for x in (t5, t7, t8))
    yield (
        "R26",
        all(
            sum(x[code, word] for x in (t5, t7, t8)) <= t3[code, word]
            for code in {*t5.codes, *t7.codes, *t8.codes, "合计"}
            for word in ("合计", "基本支出", "项目支出")
        ),
    )
    yield "R27", t6["合计", "合计"] == t5["合计", "基本支出"]


def three_public_column(t9: Printed, word: str) -> bool:
    def at(end: str) -> Decimal:
        return next(t9[c, word] for c in t9.rows() if c.endswith(end))

    return (
        at("”经费小计") == at("一、因公出国（境）费") + at("公务用车购置及运维费") + at("公务接待费")
        and at("公务用车购置及运维费") == at("公务用车购置费") + at("公务用车运行维护费")
        and at("一、因公出国（境）费") == at("：教学科研人员因公出国（境）费") + at("其他因公出国（境）费")
        and t9["合计", word] == at("”经费小计")
    )
