"""The figures by which disclosures are listed, compared and added up, each read once from the printed document.

A figure that a document does not print is absent, never zero: a sum says how many it is of.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from budgets.domain.addresses import address, address_of
from budgets.domain.documents import Document, Paragraph, Sheet
from budgets.domain.goal_costs import projects
from budgets.domain.money import ANY_UNIT, NotAnAmount, parse_amount, to_yuan


class KeyFigure(NamedTuple):  # thousands are made for a list
    """A number with the place on the disclosure's page where it stands: an anchor."""

    amount: Decimal  # yuan, or pieces
    at: str = ""


# In the order in which lists give them; of what every set calls otherwise this is the list's own word.
MONEY = {
    "total_resources": "收入总计",
    "fiscal_appropriation": "财政拨款收入",
    "current_expenditure": "本年支出",
    "basic": "基本支出",
    "personnel": "人员经费",
    "running_costs": "公用经费",
    "project": "项目支出",
    "three_public": "“三公”经费",
    "overseas_visits": "因公出国（境）费",
    "vehicles": "公务用车购置及运行维护费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_running": "公务用车运行维护费",
    "official_hospitality": "公务接待费",
    "agency_running_costs": "机关运行经费",
    "procurement": "政府采购预算",
    "assets": "固定资产",
    "goal_costs": "项目绩效目标的成本上限",
}
PIECES = {"cars": "公务用车（辆）", "goals": "设绩效目标的项目（个）"}
EVERY = (*MONEY, *PIECES)
SPENT = "current_expenditure"  # what is meant by 支出 in a sentence
USES = ("personnel", "running_costs", "project")
USE_WORDS = {
    "personnel": "人员",
    "running_costs": "公用",
    "project": "项目",
    "other": "其他基本支出",
    "rest": "其他支出",
}
THREE_PUBLIC = ("overseas_visits", "vehicle_purchase", "vehicle_running", "official_hospitality")
# What stands in tables of records: sheet, row (blank for its total) and column.
RECORDED = {
    "procurement": ("procurement", "", "total"),
    "assets": ("fixed_assets", "total", "book_value"),
    "cars": ("fixed_assets", "vehicles", "quantity"),
}


# A figure that a form asks for in words alone: the chapter that it stands in, and how it is said there.
TOLD = (
    "agency_running_costs",
    re.compile(
        rf"机关运行经费[^，。；\d比较增减]{{0,20}}(?P<amount>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>{ANY_UNIT})"
    ),
)


def key_figures(document: Document) -> dict[str, KeyFigure]:
    """The figures of MONEY and PIECES that the document prints, by key."""
    found = {
        figure.key: KeyFigure(to_yuan(figure.amount, figure.unit), address_of(document, figure))
        for figure in document.figures
        if figure.key in MONEY
    }
    sheets = {sheet.key: sheet for sheet in document.sheets()}
    for key, (table, row, column) in RECORDED.items():
        if table in sheets and (figure := _recorded(sheets[table], row, column)):
            found[key] = figure
    key, said = TOLD
    if key not in found and (told := _told(document, key, said)):
        found[key] = told
    goals = [sheet.key for sheet in document.sheets() if sheet.preface]
    if goals:
        found["goals"] = KeyFigure(Decimal(len(goals)), goals[0])
    limited = [each for each in projects(document) if each.most]
    if limited:
        found["goal_costs"] = KeyFigure(
            sum((each.most for each in limited if each.most), Decimal(0)), limited[0].cell
        )
    return found


def _told(document: Document, key: str, said: re.Pattern[str]) -> KeyFigure | None:
    """The amount that the chapter of that key states; None where it states none, or not the same one each time."""
    texts = [
        block.text
        for chapter in document.chapters
        if chapter.key == key
        for block in chapter.blocks
        if isinstance(block, Paragraph)
    ]
    amounts = {
        to_yuan(Decimal(found["amount"].replace(",", "")), found["unit"])
        for text in texts
        for found in said.finditer(text)
    }
    return KeyFigure(amounts.pop(), f"chapter-{key}") if len(amounts) == 1 else None


def _recorded(sheet: Sheet, key: str, column: str) -> KeyFigure | None:
    """The number in a table of records; an empty table and a blank cell say zero, a line
    that is not printed, and words, nothing."""
    place = next((i for i, each in enumerate(sheet.columns) if each.key == column), None)
    if place is None:
        return None
    if not sheet.rows:
        return KeyFigure(Decimal(0), sheet.key)
    for n, row in enumerate(sheet.rows):
        if (row.key == key) if key else row.total:
            cell = row.cells[place]
            if cell.amount is not None:
                return KeyFigure(to_yuan(cell.amount, sheet.unit), address(sheet, n, place))
            try:
                return KeyFigure(parse_amount(cell.text) or Decimal(0), address(sheet, n, place))
            except NotAnAmount:  # 约 3 辆: words are no number, and none is made of them
                return None
    return None


def amounts(figures: Mapping[str, KeyFigure]) -> dict[str, Decimal]:
    """The figures without their places."""
    return {key: figure.amount for key, figure in figures.items()}


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over disclosures: of how many of them, and what it comes to."""

    amount: Decimal
    of: int


def sums(all_figures: Iterable[Mapping[str, KeyFigure]]) -> dict[str, Sum]:
    """Every figure added up over those disclosures that print it."""
    found: dict[str, list[Decimal]] = {}
    for figures in all_figures:
        for key, figure in figures.items():
            found.setdefault(key, []).append(figure.amount)
    return {key: Sum(sum(amounts, Decimal(0)), len(amounts)) for key, amounts in found.items()}


def parts(amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What is spent on USES, as `other` the basic expenditure that its own table leaves out (paid from other funds), and as
    `rest`, where there is any, what is neither basic nor project expenditure (业务经营, 上缴上级, 补助附属单位): together SPENT.

    Empty where it cannot be divided: a figure is not printed, is negative, or a whole is less than its parts.
    """
    if not {"basic", *USES} <= amounts.keys():
        return {}
    found = {key: amounts[key] for key in USES}
    found["other"] = amounts["basic"] - amounts["personnel"] - amounts["running_costs"]
    spent = amounts.get(SPENT, amounts["basic"] + amounts["project"])
    if rest := spent - amounts["basic"] - amounts["project"]:
        found["rest"] = rest
    return found if min(found.values()) >= 0 else {}


def part_changes(now: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """By how much each of the `parts` changed, one that a year has none of counted as nothing; empty where one year is not divided."""
    keys = dict.fromkeys((*now, *before)) if now and before else ()
    return {key: now.get(key, Decimal(0)) - before.get(key, Decimal(0)) for key in keys}


def covered(said: Mapping[str, KeyFigure]) -> tuple[Decimal, Decimal] | None:
    """What projects with goals may cost at most, and all that is spent on projects; None where a document does not say both."""
    costs, whole = said.get("goal_costs"), said.get("project")
    return (costs.amount, whole.amount) if costs and whole and whole.amount > 0 else None


def stored(figures: dict[str, KeyFigure]) -> dict[str, list[str]]:
    """The figures as JSON keeps them: amount without exponent, and place."""
    return {key: [f"{figure.amount:f}", figure.at] for key, figure in figures.items()}


def read(kept: dict[str, list[str]], keys: Iterable[str] = EVERY) -> dict[str, KeyFigure]:
    """The figures that `stored` wrote, or those of them that a list shows."""
    return {key: KeyFigure(Decimal(kept[key][0]), kept[key][1]) for key in keys if key in kept}
