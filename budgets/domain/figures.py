"""What a typed amount can mean: the figures of the tables, by the words that lead to it."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .documents import Document
from .facts import ZERO
from .findings import CellRef
from .money import YUAN_IN, in_unit
from .quantities import UNITS, Quantity


@dataclass(frozen=True, slots=True)
class Word:
    """A way to call some figures; the first word that fits counts. `figures` are alternatives."""

    pattern: re.Pattern[str]
    figures: tuple[str, ...]


WHOSE = r"(?:其中|\d{4}年度?|.*(?:局|委|办|部门|单位|中心|院|会))?(?:预算|决算)?"
SUM = r"(?:总计|合计|总额|预算|决算)?(?:数|为|共|安排)*(?:增加|增长|减少|下降)?(?:数|额|了|为)*"
# Narrow names stand before wide ones. Keys are figures of the table set or of `annex_figures`.
WORDS = tuple(
    Word(re.compile(pattern), figures)
    for pattern, figures in (
        (r"(?:公车|公务用车)购置(?:及|和|费及|费和)(?:公务用车)?运", ("vehicles",)),
        (r"(?:公车|公务用车)运", ("vehicle_running", "vehicles")),
        (r"(?:公车|公务用车)购置", ("vehicle_purchase",)),
        (r"公务接待", ("official_hospitality",)),
        (r"因公出国|出国（境）", ("overseas_visits",)),
        (r"三公", ("three_public",)),
        (r"机关运行经费", ("agency_running_costs", "running_costs")),
        (r"政府采购", ("procurement",)),
        (r"拟购置", ()),
        (r"固定资产|资产总额", ("fixed_assets",)),
        (r"人员(?:经费|支出)", ("personnel",)),
        (r"(?:日常)?公用(?:经费|支出|预算)?", ("running_costs",)),
        (r"项目(?:支出|经费)", ("project",)),
        (r"基本支出", ("basic",)),
        # The wide words count only as the whole name: 政府性基金拨款支出 is no 本年支出.
        (rf"^{WHOSE}财政拨款收入{SUM}$", ("fiscal_appropriation",)),
        (rf"^{WHOSE}(?:本年|总)?收入{SUM}$", ("current_revenue", "total_resources")),
        (rf"^{WHOSE}(?:本年|总)?支出{SUM}$", ("current_expenditure", "total_resources")),
    )
)


def meanings(quantity: Quantity) -> tuple[str, ...] | None:
    """The keys of the figures it can mean; () for words that no figure answers, None for unknown words."""
    return next((word.figures for word in WORDS if word.pattern.search(quantity.called)), None)


@dataclass(frozen=True, slots=True)
class Known:
    """A figure of the tables in yuan, with its words and cell."""

    key: str
    label: str
    yuan: Decimal
    cell: CellRef


def known_figures(document: Document) -> dict[str, Known]:
    """Every figure that texts may quote: the set's own, and the totals of the annex tables."""
    sheets = {sheet.key: sheet for sheet in document.sheets()}
    found = {}
    for figure in document.figures:
        sheet = sheets[figure.sheet]
        head = sheet.columns[figure.column]
        cell = CellRef(sheet.key, sheet.rows[figure.row].named(head), head.key)
        found[figure.key] = Known(figure.key, figure.label, figure.amount * YUAN_IN[figure.unit], cell)
    annexes = (("procurement", "政府采购预算合计", "total"), ("fixed_assets", "固定资产总额", "book_value"))
    for key, label, column in annexes:
        annex = sheets.get(key)
        if annex is not None:
            c = next(i for i, word in enumerate(annex.columns) if word.key == column)
            amount = annex.rows[0].cells[c].amount if annex.rows else None  # the first row is the total
            found[key] = Known(
                key, label, (amount or ZERO) * YUAN_IN[annex.unit], CellRef(key, "total", column)
            )
    return found


def same(quantity: Quantity, figure: Known) -> bool:
    """Equal as written: the figure itself, or its two or more places in the wider unit of the text, half up."""
    if quantity.yuan == figure.yuan:
        return True
    places = quantity.number.as_tuple().exponent
    if not isinstance(places, int) or places > -2:
        return False
    printed = (figure.yuan / UNITS[quantity.unit]).quantize(Decimal(1).scaleb(places), ROUND_HALF_UP)
    return printed == quantity.number


def rounded(quantity: Quantity, figure: Known) -> bool:
    """Equal but for the places that the text leaves out or cuts off (尾差)."""
    places = quantity.number.as_tuple().exponent
    step = Decimal(1).scaleb(int(places)) * UNITS[quantity.unit]
    return abs(quantity.yuan - figure.yuan) < step and bool(figure.yuan)


def wrong_unit(quantity: Quantity, figure: Known) -> str | None:
    """The unit in which the number would be right, None when none is."""
    for unit, yuan in YUAN_IN.items():
        if figure.yuan and unit != quantity.unit and quantity.number * yuan == figure.yuan:
            return unit
    return None


def shown(figure: Known, unit: str) -> str:
    return f"{in_unit(figure.yuan, unit):.2f}{unit}"
