"""The ground of drawn sentences: a random budget with the year before, how numbers are printed, and what a planted fault must be told with."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.documents import Document
from budgets.domain.figures import Figures, Known
from budgets.domain.findings import Finding, Severity
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.sheets import Filler
from budgets.rules.given_cells import doubtful_cells
from budgets.rules.registry import REGISTRY, Case
from budgets.rules.text_against_tables import class_rows
from budgets.rules.text_amounts import figures_of, last_year
from budgets.rules.typed_units import mistyped_cells
from budgets.synthetic.ledgers_drawn import random_ledger

YEAR = 2025
WAN, CENT, HUNDRED = Decimal(10_000), Decimal("0.01"), Decimal(100)
# The rules that read sentences; those on what is published where and on whole chapters are not asked.
OF_WORDS = tuple(
    rule
    for rule in REGISTRY.rules
    if rule.startswith(("text-", "class-amount", "said-nothing", "reason-given", "item-named", "unchanged", "procurement-parts", "compared"))
)  # fmt: skip
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?=\s*(?P<unit>亿元|万元|元|%|％|万|辆)?)")
SIZES = {"亿元": WAN * WAN, "万元": WAN, "万": WAN, "元": Decimal(1)}


@dataclass(frozen=True)
class Fault:
    """A false version of a sentence: its kind, the text, and the numbers (yuan, percents, counts) or words that must be told."""

    kind: str
    text: str
    told: tuple["Decimal | str | tuple[Decimal, ...]", ...]  # a tuple in it: any of them


@dataclass(frozen=True)
class Sentence:
    """A true sentence of one pattern, with its false versions; `chapters` are told beside it in other chapters."""

    pattern: str
    text: str
    faults: tuple[Fault, ...]
    beside: str = ""


@dataclass(frozen=True)
class Ground:
    """A budget, its document, and both years' figures by key in yuan."""

    ledger: Ledger
    previous: Ledger
    document: Document
    now: dict[str, Known]
    then: dict[str, Known]
    figures: Figures
    made: dict[Any, Any]  # what rules read from the tables, whatever the words say


@cache
def ground(seed: int, table_set: str) -> Ground:
    declared, subjects = tablesets.get(table_set), subjects_of(YEAR)
    ledger = replace(random_ledger(seed, declared, year=YEAR, years_on=1), narratives=())
    previous = replace(random_ledger(seed, declared, year=YEAR - 1), narratives=())
    document = compose(declared, ledger, subjects)
    case = Case(Filler(declared, ledger, subjects), document, previous=previous)
    figures = case.once(figures_of)
    for make in (last_year, class_rows, doubtful_cells, mistyped_cells):
        make(case)
    return Ground(ledger, previous, document, figures.known, dict(last_year(case)), figures, case._made)


def told(ground: Ground, text: str, beside: str = "") -> list[Finding]:
    """What the rules on words find in a chapter that says this, advice left out; `beside` stands in another chapter."""
    words = tablesets.get(ground.ledger.table_set).chapters
    keys = [word.key for word in words if word.key not in ("performance", "term_definitions")]
    chapters = (Narrative(keys[0], "甲章", text), Narrative(keys[1], "乙章", beside))
    ledger = replace(ground.ledger, narratives=chapters)
    filler = Filler(tablesets.get(ledger.table_set), ledger, subjects_of(ledger.year))
    case = Case(filler, ground.document, previous=ground.previous, _made=dict(ground.made))
    found = (f for rule in OF_WORDS for f in REGISTRY.rules[rule].find(case))
    return [finding for finding in found if finding.severity is not Severity.ADVICE]


def names_it(fault: Fault, findings: Iterable[Finding]) -> bool:
    """True when one finding stands in the false sentence and tells every number and word."""
    for finding in findings:
        numbers = set()
        for match in NUMBER.finditer(finding.message):
            value = abs(Decimal(match[0].replace(",", "")))
            numbers |= {value * SIZES[match["unit"]], value} if match["unit"] in SIZES else {value}
        wanted = [_in(one, numbers, finding.message) for one in fault.told]
        if all(wanted) and getattr(finding.at, "quote", "") in fault.text:
            return True
    return False


def _in(one: "Decimal | str | tuple[Decimal, ...]", numbers: set[Decimal], message: str) -> bool:
    if isinstance(one, str):
        return one in message
    return any({abs(each), abs(each) * WAN} & numbers for each in (one if isinstance(one, tuple) else (one,)))


class Pen:
    """Prints numbers in one hand: separators, a blank before the unit, how many places; the same in one sentence."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.grouped, self.blank = chance.random() < 0.3, " " if chance.random() < 0.2 else ""

    def amount(self, least: int = 100, most: int = 900_000) -> Decimal:
        """An amount in 万元 with two places."""
        return Decimal(self.chance.randint(least, most)) / 100

    def wan(self, number: Decimal) -> str:
        """An amount of 万元 as printed."""
        return f"{number:,.2f}{self.blank}万元" if self.grouped else f"{number:.2f}{self.blank}万元"

    def yuan(self, yuan: Decimal) -> str:
        """An amount of yuan in 万元, rounded as texts do."""
        return self.wan(in_wan(yuan))


def in_wan(yuan: Decimal) -> Decimal:
    return (yuan / WAN).quantize(CENT, ROUND_HALF_UP)


def rate(part: Decimal, whole: Decimal) -> Decimal:
    return (part / whole * HUNDRED).quantize(CENT, ROUND_HALF_UP)


def last_place(true: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """A rate wrong as near to its last place as two amounts with two places can tell; what was before is a difference of two."""
    doubt = HUNDRED * (CENT / whole + 2 * abs(part) * CENT / whole**2) / 2 + CENT
    return (true + doubt).quantize(CENT, ROUND_HALF_UP) + CENT
