"""The page that holds a disclosure beside that of the year before, and what the disclosure's own page says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.domain.documents import Document
from budgets.domain.key_figures import MONEY, PIECES, USE_WORDS, amounts, key_figures
from budgets.domain.money import in_unit
from budgets.domain.plain_words import Sentence, as_rate, in_words, unit_words
from budgets.domain.terms import Stage
from budgets.domain.years_compared import Compared, Stated, YearsCompared
from budgets.rendering.html.change_bars import change_bars
from budgets.rendering.imprint import path_of

UNIT = "万元"


@dataclass(frozen=True, slots=True)
class Beside:
    """Last year's document, its revision, what the two come to, and what the department says of it."""

    before: Document
    revision: int
    told: YearsCompared
    stated: tuple[Stated, ...] = ()

    @property
    def address(self) -> str:
        return path_of(self.before)

    @property
    def alike(self) -> Document | None:
        """Last year's document where the two may be compared."""
        return self.before if self.told.alike else None


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the page: amounts as printed there, blank where a year has none, each with its address."""

    label: str
    code: str
    level: int
    now: tuple[str, str]
    before: tuple[str, str]
    change: str
    rate: str
    note: str


def compare_context(beside: Beside, document: Document, root: str) -> dict[str, Any]:
    """What the page shows besides what every page of a document does; `root` leads to the disclosure's own page."""
    told = beside.told
    bars = [(USE_WORDS[key], change, signed(change)) for key, change in told.uses.items()]
    return {
        "beside": beside,
        "sentences": sentences(document, beside, root),
        "bars": change_bars(bars),
        "groups": [
            (title, code, [shown(line, beside, root) for line in lines])
            for title, code, lines in _groups(told)
            if lines
        ],
        "three_public": [shown(line, beside, root) for line in told.three_public],
        "unit": UNIT,
        "per_car": per_car(told),
    }


def _groups(told: YearsCompared) -> list[tuple[str, bool, Sequence[Compared]]]:
    return [
        ("主要数", False, told.figures),
        *((division.title, True, division.rows) for division in told.divisions),
    ]


def shown(line: Compared, beside: Beside, root: str) -> ShownLine:
    pieces = line.key in PIECES
    sides = [
        (_amount(figure.amount, pieces=pieces), f"{start}#{figure.at}") if figure else ("", "")
        for figure, start in ((line.now, root), (line.before, beside.address))
    ]
    change = "" if line.change is None else signed(line.change, pieces=pieces)
    rate = rate_words(line) if line.change and line.rate is not None else ""
    note = f"原 {line.was}" if line.was else line.unlike if beside.told.comparable else ""
    code = "" if line.key in MONEY or line.key in PIECES else line.key
    return ShownLine(line.label, code, line.level, sides[0], sides[1], change, rate, note)


def _amount(amount: Decimal, *, pieces: bool = False) -> str:
    return f"{amount:,f}" if pieces else f"{in_unit(amount, UNIT):,.2f}"


def signed(change: Decimal, *, pieces: bool = False) -> str:
    """+51.20, −31.06, 不变."""
    return f"{'+' if change > 0 else '−'}{_amount(abs(change), pieces=pieces)}" if change else "不变"


def per_car(told: YearsCompared) -> str:
    """What a car costs to run this year; blank where it has none, spends nothing on them or does not say."""
    cars, running = told.of("cars"), told.of("vehicle_running")
    if not (cars and cars.now and running and running.now) or min(cars.now.amount, running.now.amount) <= 0:
        return ""
    each = in_words(running.now.amount / cars.now.amount)
    return f"{cars.now.amount:f} 辆车，今年每辆运行维护费平均 {each}。"


def sentences(document: Document, beside: Beside | None, root: str) -> tuple[Sentence, ...]:
    """The disclosure in two plain sentences, every amount a link to its cell, a change to the page that compares."""
    figures = key_figures(document)
    links = {key: f"{root}#{figure.at}" for key, figure in figures.items()}
    return unit_words(
        document.year,
        amounts(figures),
        beside.told.comparable if beside else {},
        links | {"change": f"{root}compare/"},
        final=document.stage == Stage.FINAL,
    )


def change_words(beside: Beside | None, key: str) -> str:
    """How a figure changed, in a few words: 比上年 +4.0%; blank where it cannot be compared."""
    line = beside.told.of(key) if beside else None
    if line is None or line.change is None:
        return ""
    return f"比上年 {rate_words(line)}"


def rate_words(line: Compared) -> str:
    """The rate of a change, its amount where there is no rate, 持平 where there is none."""
    if not line.change:
        return "持平"
    return signed(line.change) if line.rate is None else as_rate(line.rate, line.change)
