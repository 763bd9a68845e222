"""What a typed amount can mean: the figures of the tables, by the words that lead to it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .documents import Document
from .facts import ZERO
from .findings import CellRef
from .money import YUAN_IN, in_unit
from .quantities import Quantity


@dataclass(frozen=True, slots=True)
class Word:
    """A way to call some figures; the first word that fits counts. `figures` are alternatives."""

    pattern: re.Pattern[str]
    figures: tuple[str, ...]


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
        (r"财政拨款", ("fiscal_appropriation",)),
        (r"本年收入|收入(?:总计|预算|合计)|收入", ("current_revenue", "total_resources")),
        (r"本年支出|支出(?:总计|预算|合计)|支出", ("current_expenditure", "total_resources")),
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
    """Equal as written; trailing zeros do not count."""
    return quantity.yuan == figure.yuan


def rounded(quantity: Quantity, figure: Known) -> bool:
    """Equal but for the places that the text leaves out (尾差)."""
    unit = YUAN_IN.get(quantity.unit, YUAN_IN["万元"])
    exponent = int(quantity.number.as_tuple().exponent)
    step = Decimal(1).scaleb(exponent) * unit
    return abs(quantity.yuan - figure.yuan) < step and exponent > -2


def wrong_unit(quantity: Quantity, figure: Known) -> str | None:
    """The unit in which the number would be right, None when none is."""
    for unit, yuan in YUAN_IN.items():
        if figure.yuan and unit != quantity.unit and quantity.number * yuan == figure.yuan:
            return unit
    return None


def shown(figure: Known, unit: str) -> str:
    return f"{in_unit(figure.yuan, unit):.2f}{unit}"
