"""What a typed amount can mean: the figures of the tables, by the words that lead to it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from budgets.domain.callings import word_for
from budgets.domain.documents import Document, Sheet
from budgets.domain.facts import ZERO
from budgets.domain.items import Found, Items
from budgets.domain.money import YUAN_IN, money
from budgets.domain.places import CellRef
from budgets.domain.quantities import SPENT as SPENT_ALONE
from budgets.domain.quantities import UNITS, Quantity

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
    ("special_account", "财政专户管理资金收入", "balance", ("special_account",), "revenue"),
    ("brought_forward", "上年结转结余", "balance", ("brought_forward",), "revenue"),
    ("carried_forward", "年终结转结余", "balance", ("carried_forward",), "expenditure"),
)  # fmt: skip
ANNEXES = (
    ("procurement", "政府采购预算合计", "total"),
    ("fixed_assets", "固定资产总额", "book_value"),
)
ITEM_TABLES = (  # where the amount of an item may be read, the likeliest first
    "general_public_expenditure", "expenditure", "government_fund_expenditure", "state_capital_expenditure",
)  # fmt: skip
USES = (("项目支出", "project"), ("基本支出", "basic"))


@dataclass(frozen=True, slots=True)
class Known:
    """A figure of the tables in yuan, with its words, cell and the unit that it is printed in."""

    key: str
    label: str
    yuan: Decimal
    cell: CellRef
    unit: str


class Figures:
    """Every figure of one document that its text may quote, but for those of tables that are `absent`."""

    def __init__(self, document: Document, absent: Collection[str] = ()) -> None:
        self.stage = document.stage
        self.sheets = {sheet.key: sheet for sheet in document.sheets() if sheet.key not in absent}
        name = document.unit_name
        shorter = [
            re.escape(name[i:]) for i in range(max(1, len(name) - 2))
        ]  # 乐亭县行政审批局, 行政审批局, … 审批局
        self._own_name = re.compile("|".join(shorter) if name else r"(?!)")
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
            if figure.sheet not in self.sheets:
                continue
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
            if not quantity.part and (own or SPENT_ALONE.match(quantity.called)):
                return own  # 支出决算 of an item is none of another row
        word = word_for(self._own_name.sub("", quantity.subject + quantity.called))
        known = tuple(self.known[key] for key in (word.figures if word else ()) if key in self.known)
        if quantity.part and not own:
            # 行政运行…，其中人员经费5万元: of the item alone, whose 人员经费 no table prints.
            return tuple(figure for figure in known if same(quantity, figure))
        return own + known

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
    if not number or UNITS[unit] <= UNITS[figure.unit]:
        return False
    places = number.as_tuple().exponent
    if not isinstance(places, int) or places > -2:
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
    for unit in ("元", "万元", "亿元"):  # by a factor of ten or a hundred it is a slip of the pen
        yuan = YUAN_IN[unit]
        fits = number * yuan == figure.yuan or (abs(number) >= 1 and written(number, unit, figure))
        if figure.yuan and yuan != UNITS[quantity.unit] and fits:
            return unit
    return None


def shown(figure: Known, unit: str) -> str:
    """A figure as messages print it, in `unit`."""
    return money(figure.yuan, unit)
