"""Rules on sentences against tables beyond their amounts: what is said to be nothing, of which year an amount is, classes by their names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from budgets.domain.documents import Sheet
from budgets.domain.figures import ITEM_TABLES, Known, rounded, same, shown
from budgets.domain.findings import Severity
from budgets.domain.items import LIST_NUMBER
from budgets.domain.law import CATALOGUE
from budgets.domain.money import YUAN_IN, money
from budgets.domain.passages import lines_of, passage
from budgets.domain.place_words import cell_words
from budgets.domain.places import CellRef
from budgets.domain.quantities import plain_digits, told_in
from budgets.domain.terms import AssetItem, Stage
from budgets.rules.given_cells import doubtful_cells
from budgets.rules.naming import plain_name
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import UNCHANGED, Said, figures_of, last_year, said, speaking
from budgets.rules.typed_units import mistyped_cells

FILLER = r"(?:预算|财政拨款|拨款|财政|收支|收入|支出|经费|费用|费|安排|资金|[的及和与]|（境）|使用|用)*"
NOTHING = re.compile(
    r"(?<![如若])(?:未安排|没有安排|不安排|未编列|没有编列|未编制|(?:(?<=[，。；年度门位局会院\s])|^)无)"
    r"(?P<what>[^，,。；;：:、\d]{2,24})(?=[，,。；;、]|$)"
)
NAMES = (
    ("政府性基金", ("government_fund_spent", "government_fund_received")),
    ("国有资本经营", ("state_capital_spent", "state_capital_received")),
    ("因公出国", ("overseas_visits",)),
    ("公务接待", ("official_hospitality",)),
    ("公务用车购置", ("vehicle_purchase",)),
    ("公务用车运行(?:维护)?", ("vehicle_running",)),
    ("“?三公”?", ("three_public",)),
    ("政府采购", ("procurement",)),
    ("项目支出", ("project",)),
    ("机关运行", ("agency_running_costs",)),
)  # fmt: skip
NOUGHT = tuple(
    (re.compile(rf"(?:本年度?|当年|任何|一般公共预算|财政拨款)*{name}{FILLER}"), keys) for name, keys in NAMES
)
VEHICLES_OWNED = re.compile(r"(?:共有|保有|实有|现有)(?:公务用车|车辆)(?P<count>\d+)\s*辆")
COMPARED = re.compile(
    r"(?:与|同|比|较)(?P<year>\d{4})年(?:度)?(?:年初)?(?P<kind>预算|决算)?(?:数|执行数)?(?:相比)?[，,]?(?:增加|减少|增长|下降|持平|一致|相同|上升)"
)
COUNTED = {
    "fixed_assets",
    "brought_forward",
    "carried_forward",
}  # stocks: they belong to the end of the year before
TELLING = 5  # digits of an amount that two years hardly share


@rule(
    "said-nothing-is-nothing",
    Severity.WARNING,
    source=CATALOGUE,
    formula="写作未安排或无的，表中为0；写的车辆数＝固定资产表的车辆数",
)
def said_nothing_is_nothing(case: Case, report: Report) -> Found:
    """未安排公务接待费 beside a table with money for it, and vehicles counted otherwise than the table of assets does."""
    unit, unsure = case.table_set.unit, doubtful_cells(case) | mistyped_cells(case)
    known = case.once(figures_of).known
    owned = next((a.quantity for a in case.ledger.assets if a.item is AssetItem.VEHICLES), None)
    for narrative in speaking(case):
        for start, line in lines_of(narrative):
            text = plain_digits(line)
            for match in NOTHING.finditer(text):
                figures = [known[key] for key in _nought(match["what"]) if key in known]
                figure = next((f for f in figures if f.yuan and f.cell not in unsure), None)
                if figure:
                    yield report(
                        f"“{match[0]}”与{cell_words(case.document, figure.cell)}的 {figure.label} {shown(figure, unit)}不符，"
                        f"文中为 {money(figure.yuan * 0, unit)}。请核对文字与报表。",
                        at=passage(narrative, start + match.start(), start + match.end()),
                        cells=[figure.cell],
                    )
            for match in VEHICLES_OWNED.finditer(text):
                if owned is not None and int(match["count"]) != owned:
                    yield report(
                        f"“{match[0]}”与固定资产表的车辆 {owned:f} 辆不符。请核对文字与报表。",
                        at=passage(narrative, start + match.start(), start + match.end()),
                    )


def _nought(what: str) -> tuple[str, ...]:
    return next((keys for pattern, keys in NOUGHT if pattern.fullmatch(what)), ())


@rule(
    "text-year-right",
    Severity.WARNING,
    source=CATALOGUE,
    formula="本年与上年相比；写作上年的金额不是本年的数",
)
def text_year_right(case: Case, report: Report) -> Found:
    """Nothing is compared with its own year, and no amount of this year is called that of another."""
    year, unit, then = case.ledger.year, case.table_set.unit, last_year(case)
    for narrative in speaking(case) if year else ():
        for start, line in lines_of(narrative):
            for match in COMPARED.finditer(plain_digits(line)):
                planned = match["kind"] == "预算" and case.document.stage == Stage.FINAL
                period = line[line.rfind("。", 0, match.start()) + 1 : match.start()]
                if int(match["year"]) == year and not planned and "决算" not in period:
                    yield report(
                        f"“{match[0]}”把{year}年与{match['year']}年自己相比。请改为{year - 1}年。",
                        at=passage(narrative, start + match.start(), start + match.end()),
                    )
    for one in said(case) if year else ():
        figure = _of_this_year(one)
        if figure and (then[figure.key].yuan != figure.yuan if figure.key in then else True):
            before = f"，上年为 {shown(then[figure.key], unit)}" if figure.key in then else ""
            yield report(
                f"{one.quote}写作{one.quantity.year}年的数，却是{year}年的{figure.label} {shown(figure, unit)}{before}。请核对年份或金额。",
                at=one.place,
                cells=[figure.cell],
            )


def _of_this_year(one: Said) -> Known | None:
    """The cell of this year that an amount of another year repeats, where two years hardly have the same."""
    quantity = one.quantity
    digits = len(str(abs(quantity.number)).replace(".", "").strip("0"))
    if quantity.year is None or quantity.change or digits < TELLING or told_in(UNCHANGED, quantity.sentence):
        return None
    return next((f for f in one.figures if same(quantity, f) and f.key not in COUNTED and f.yuan), None)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of expenditure by its name, with what every table prints for it."""

    code: str
    total: Known
    every: tuple[Known, ...]
    whole: tuple[Known, ...]  # the totals of the same columns, for which a class is easily taken


def class_rows(case: Case) -> dict[str, ClassRow]:
    """The classes (类) of the tables of items by name, with and without their 支出."""
    return case.once(_class_rows)


def _class_rows(case: Case) -> dict[str, ClassRow]:
    every: dict[str, list[Known]] = {}
    names: dict[str, str] = {}
    wholes: list[Known] = []
    for key in (*ITEM_TABLES, "fiscal_balance", "balance", "revenue"):
        sheet = case.once(figures_of).sheets.get(key)
        for row_key, caption, known in _amounts(sheet) if sheet else ():
            code = row_key if row_key.isdigit() and len(row_key) == 3 else ""
            if code and key in ITEM_TABLES:
                names.setdefault(code, caption)
            if row_key == "total" and key in ITEM_TABLES:
                wholes.append(known)
            every.setdefault(code or caption, []).append(known)
    found = {}
    for code, name in names.items():
        rows = (*every[code], *every.get(name, ()))
        found[name] = ClassRow(code, rows[0], rows, tuple(wholes))
    return found


def _amounts(sheet: Sheet) -> Iterator[tuple[str, str, Known]]:
    for row in sheet.rows:
        for c, column in enumerate(sheet.columns):
            amount = row.cells[c].amount
            if amount is not None:
                key = row.named(column)
                name = LIST_NUMBER.sub("", row.cells[column.caption].text)
                yield (
                    key,
                    name,
                    Known(
                        "",
                        name,
                        amount * YUAN_IN[sheet.unit],
                        CellRef(sheet.key, key, column.key),
                        sheet.unit,
                    ),
                )


def class_of(case: Case, one: Said) -> ClassRow | None:
    """The class that an amount of this year is called by, plainly: 教育支出 78.88万元."""
    quantity = one.quantity
    if not one.own or one.figures or (quantity.item is not None and not quantity.part):
        return None
    name = plain_name(quantity.called)
    return class_rows(case).get(name)


@rule(
    "class-amount-agrees", Severity.WARNING, source=CATALOGUE, formula="文中各类支出的金额＝公开表中该类的数"
)
def class_amount_agrees(case: Case, report: Report) -> Found:
    """A class told by its plain name has an amount that some table prints for it."""
    unit, unsure = case.table_set.unit, doubtful_cells(case) | mistyped_cells(case)
    for one in said(case):
        row = class_of(case, one)
        if (
            row is None
            or row.total.cell in unsure
            or any(rounded(one.quantity, f) or same(one.quantity, f) for f in row.every)
        ):
            continue
        whole = next((w for w in row.whole if same(one.quantity, w) and w.yuan), None)
        yield report(
            f"{one.quote}与{cell_words(case.document, row.total.cell)}的 {row.code} {row.total.label} {shown(row.total, unit)}不符，"
            f"相差 {money(one.quantity.yuan - row.total.yuan, unit)}{'，像是把合计写在了这一类名下' if whole else ''}。请核对文字与报表。",
            at=one.place,
            cells=[row.total.cell],
        )
