"""What a typed amount can mean: the figures of the tables, by the words that lead to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .documents import Document, Sheet
from .facts import ZERO
from .findings import CellRef
from .items import Found, Items
from .money import YUAN_IN
from .places import money
from .quantities import UNITS, Quantity


@dataclass(frozen=True, slots=True)
class Word:
    """A way to call some figures; the first word that fits counts. `figures` are alternatives, likeliest first.

    `told_by` names the rule that speaks of such amounts where no figure equals them.
    """

    pattern: re.Pattern[str]
    figures: tuple[str, ...]
    told_by: str = ""


WHOSE = r"(?:其中|\d{4}年度?|.*(?:局|委|办|部门|单位|中心|院|会))?(?:预算|决算)?"
SUM = r"(?:总计|合计|总额|预算|决算)?(?:数|为|共|安排)*(?:增加|增长|减少|下降)?(?:数|额|了|为)*"
CAR = r"公(?:务用|务)?车(?:用车)?"
MONEY = r"(?:预算)?(?:财政)?拨款"
# Narrow names stand before wide ones. Keys are figures of the table set, of CELLS or of the annex tables.
WORDS = tuple(
    Word(re.compile(pattern), *meaning)
    for pattern, *meaning in (
        (rf"{CAR}购置(?:及|和|费及|费和)(?:公务用车)?运", ("vehicles",)),
        (rf"{CAR}(?:辆)?运", ("vehicle_running", "vehicles")),
        (rf"{CAR}购置", ("vehicle_purchase",)),
        (r"公务接待", ("official_hospitality",)),
        (r"因公出国|出国（境）", ("overseas_visits",)),
        (r"三公", ("three_public",)),
        # With 事业单位 the two differ legally, so the second is left to a softer rule.
        (r"机关运行(?:经)?费", ("agency_running_costs",), "agency-costs-are-running-costs"),
        (r"拟(?:购置|采购|购买)", (), "planned-purchases-procured"),
        (r"采购(?:货物|工程|服务)|(?:货物|工程|服务)类?(?:采购|预算|支出)", (), "procurement-parts-add-up"),
        (r"(?:绩效目标.*|涉及项目?.*)(?:资金|金额|预算)", (), "goals-cover-projects"),
        (r"政府采购", ("procurement",)),
        (r"固定资产|资产总额", ("fixed_assets",)),
        (r"人员(?:经费|支出)", ("personnel",)),
        (r"(?:日常)?公用(?:经费|支出|预算)?", ("running_costs",)),
        (r"项目(?:支出|经费)", ("project",)),
        (r"基本支出", ("basic",)),
        # The wide words count only as the whole name: 政府性基金拨款支出 is no 本年支出.
        (rf"^{WHOSE}财政拨款收入{SUM}$", ("fiscal_appropriation",)),
        (rf"^{WHOSE}财政拨款支出{SUM}$", ("fiscal_expenditure",)),
        (rf"^{WHOSE}一般公共{MONEY}支出{SUM}$", ("general_public_spent",)),
        (rf"^{WHOSE}政府性?基金{MONEY}支出{SUM}$", ("government_fund_spent",)),
        (rf"^{WHOSE}国有资本经营{MONEY}支出{SUM}$", ("state_capital_spent",)),
        (rf"^{WHOSE}一般公共{MONEY}(?:收入)?{SUM}$", ("general_public_received", "general_public_spent")),
        (
            rf"^{WHOSE}政府性?基金{MONEY}(?:收入)?{SUM}$",
            ("government_fund_received", "government_fund_spent"),
        ),
        (rf"^{WHOSE}国有资本经营{MONEY}(?:收入)?{SUM}$", ("state_capital_received", "state_capital_spent")),
        (rf"^{WHOSE}事业收入{SUM}$", ("service",)),
        (rf"^{WHOSE}(?:事业单位)?经营收入{SUM}$", ("business",)),
        (rf"^{WHOSE}上级补助收入{SUM}$", ("superior_subsidy",)),
        (rf"^{WHOSE}附属单位上缴收入{SUM}$", ("affiliate_remittance",)),
        (rf"^{WHOSE}其他收入{SUM}$", ("other",)),
        (rf"^{WHOSE}(?:本年|总)?收入{SUM}$", ("current_revenue", "total_resources")),
        (rf"^{WHOSE}(?:本年|总)?支出{SUM}$", ("current_expenditure", "total_resources")),
    )
)
# Cells that texts speak of though no [[name]] inserts them: the first that a document prints counts.
SPENT = ("current_expenditure", "total_uses")
CELLS = (
    ("fiscal_expenditure", "财政拨款支出", "fiscal_balance", SPENT, "total"),
    ("general_public_spent", "一般公共预算财政拨款支出", "fiscal_balance", SPENT, "fund_1"),
    ("government_fund_spent", "政府性基金预算财政拨款支出", "fiscal_balance", SPENT, "fund_2"),
    ("state_capital_spent", "国有资本经营预算财政拨款支出", "fiscal_balance", SPENT, "fund_3"),
    ("general_public_received", "一般公共预算财政拨款收入", "fiscal_balance", ("general_public",), "revenue"),
    ("government_fund_received", "政府性基金预算财政拨款收入", "fiscal_balance", ("government_fund",), "revenue"),
    ("state_capital_received", "国有资本经营预算财政拨款收入", "fiscal_balance", ("state_capital",), "revenue"),
    ("service", "事业收入", "balance", ("service",), "revenue"),
    ("business", "事业单位经营收入", "balance", ("business",), "revenue"),
    ("superior_subsidy", "上级补助收入", "balance", ("superior_subsidy",), "revenue"),
    ("affiliate_remittance", "附属单位上缴收入", "balance", ("affiliate_remittance",), "revenue"),
    ("other", "其他收入", "balance", ("other",), "revenue"),
)  # fmt: skip
ANNEXES = (
    ("procurement", "政府采购预算合计", "total"),
    ("fixed_assets", "固定资产总额", "book_value"),
)
ITEM_TABLES = (  # where the amount of an item may be read, the likeliest first
    "general_public_expenditure", "expenditure", "government_fund_expenditure", "state_capital_expenditure",
)  # fmt: skip
USES = (("项目支出", "project"), ("基本支出", "basic"))


def word_for(quantity: Quantity) -> Word | None:
    """The word that calls an amount, None for unknown ones."""
    return next((word for word in WORDS if word.pattern.search(quantity.called)), None)


@dataclass(frozen=True, slots=True)
class Known:
    """A figure of the tables in yuan, with its words, cell and the unit that it is printed in."""

    key: str
    label: str
    yuan: Decimal
    cell: CellRef
    unit: str


class Figures:
    """Every figure of one document that its text may quote."""

    def __init__(self, document: Document) -> None:
        self.sheets = {sheet.key: sheet for sheet in document.sheets()}
        self.known = {figure.key: figure for figure in self._named(document)}
        self._rows = {
            key: {row.key: row for row in self.sheets[key].rows} for key in ITEM_TABLES if key in self.sheets
        }
        names: dict[str, str] = {}
        for key, rows in self._rows.items():
            caption = next((c.caption for c in self.sheets[key].columns if c.key == "total"), 0)
            for code, row in rows.items():
                if code.isdigit():
                    names.setdefault(code, row.cells[caption].text)
        self.items = Items(names)

    def _named(self, document: Document) -> Iterator[Known]:
        for figure in document.figures:
            sheet = self.sheets[figure.sheet]
            head = sheet.columns[figure.column]
            cell = CellRef(sheet.key, sheet.rows[figure.row].named(head), head.key)
            yield Known(figure.key, figure.label, figure.amount * YUAN_IN[figure.unit], cell, figure.unit)
        for key, label, table, rows, column in CELLS:
            if table in self.sheets:
                yield from self._cell(key, label, self.sheets[table], rows, column)
        for key, label, column in ANNEXES:
            annex = self.sheets.get(key)
            if annex is not None:
                c = next(i for i, word in enumerate(annex.columns) if word.key == column)
                amount = annex.rows[0].cells[c].amount if annex.rows else None  # the first row is the total
                cell = CellRef(key, "total", column)
                yield Known(key, label, (amount or ZERO) * YUAN_IN[annex.unit], cell, annex.unit)

    def _cell(
        self, key: str, label: str, sheet: Sheet, rows: tuple[str, ...], column: str
    ) -> Iterator[Known]:
        for c, head in enumerate(sheet.columns):
            for row in sheet.rows if head.key == column else ():
                if row.named(head) in rows:
                    cell = CellRef(sheet.key, row.named(head), column)
                    yield Known(
                        key, label, (row.cells[c].amount or ZERO) * YUAN_IN[sheet.unit], cell, sheet.unit
                    )
                    return

    def label(self, key: str) -> str:
        """The words for a figure; its key when the document has no such cell."""
        return self.known[key].label if key in self.known else key

    def cells(self, key: str) -> tuple[CellRef, ...]:
        """The cell of a figure, none when the document has no such cell."""
        return (self.known[key].cell,) if key in self.known else ()

    def named_item(self, quantity: Quantity) -> Found | None:
        """The rows of the item that an amount belongs to, None where no item is named or no row is like it."""
        return self.items.find(quantity.item) if quantity.item else None

    def meant(self, quantity: Quantity) -> tuple[Known, ...]:
        """The figures that an amount can mean, likeliest first; none when its words are unknown or no cell has them."""
        own: tuple[Known, ...] = ()
        if quantity.item and (not quantity.part or any(word in quantity.called for word, _ in USES)):
            own = tuple(self._of_item(quantity))
            if own and not quantity.part:
                return own
        word = word_for(quantity)
        return own + tuple(self.known[key] for key in (word.figures if word else ()) if key in self.known)

    def _of_item(self, quantity: Quantity) -> Iterator[Known]:
        found = self.named_item(quantity)
        column = next((key for word, key in USES if quantity.called.endswith(word)), "total")
        for code in found.codes if found else ():
            for table, rows in self._rows.items():
                sheet = self.sheets[table]
                c = next((i for i, head in enumerate(sheet.columns) if head.key == column), None)
                if code in rows and c is not None:
                    yuan = (rows[code].cells[c].amount or ZERO) * YUAN_IN[sheet.unit]
                    label = f"{code} {self.items.names[code]}"
                    yield Known(f"item:{code}", label, yuan, CellRef(table, code, column), sheet.unit)


def written(number: Decimal, unit: str, figure: Known) -> bool:
    """True when `number` of `unit` is the figure: itself, or, where the text's unit is wider than the table's,
    its two or more places rounded half up."""
    if number * UNITS[unit] == figure.yuan:
        return True
    places = number.as_tuple().exponent
    if not isinstance(places, int) or places > -2 or UNITS[unit] <= UNITS[figure.unit] or not number:
        return False
    return (figure.yuan / UNITS[unit]).quantize(Decimal(1).scaleb(places), ROUND_HALF_UP) == number


def same(quantity: Quantity, figure: Known) -> bool:
    """Equal as written."""
    return written(quantity.number, quantity.unit, figure)


def rounded(quantity: Quantity, figure: Known) -> bool:
    """Equal but for the places that the text leaves out or cuts off (尾差)."""
    places = quantity.number.as_tuple().exponent
    step = Decimal(1).scaleb(int(places)) * UNITS[quantity.unit]
    return abs(quantity.yuan - figure.yuan) < step and bool(figure.yuan)


def wrong_unit(quantity: Quantity, figure: Known) -> str | None:
    """The unit in which the number would be right, None when none is. A rounded 0.10 could be anything."""
    number = quantity.number
    for unit, yuan in YUAN_IN.items():
        fits = number * yuan == figure.yuan or (abs(number) >= 1 and written(number, unit, figure))
        if figure.yuan and yuan != UNITS[quantity.unit] and fits:
            return unit
    return None


def shown(figure: Known, unit: str) -> str:
    """A figure as messages print it, in `unit`."""
    return money(figure.yuan, unit)
