"""Amounts as bars below each other, each as long as it is of the largest: a department's years, the departments of a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.safestring import SafeString

from budgets.rendering.pictures.drawing import bar
from budgets.rendering.pictures.svg import stacked


@dataclass(frozen=True, slots=True)
class Measured:
    """One amount of a picture: whose it is with that page, its words with the cell where it stands, and what is said beside.

    `parts` divide it, by name; `unlike` is one that is measured otherwise than the first.
    """

    name: str
    href: str
    amount: Decimal
    words: str
    cell: str
    said: str = ""
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    unlike: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture: its title with the unit, what it comes to in a sentence, its lines each with a bar.

    `divided` says that some bars are divided and need a legend.
    """

    title: str
    unit: str
    told: str
    lines: tuple[tuple[Measured, SafeString], ...]

    @property
    def divided(self) -> bool:
        return any(line.parts for line, _ in self.lines)


def amount_bars(title: str, unit: str, lines: Sequence[Measured], told: str = "") -> Bars | None:
    """The picture; None of fewer than two amounts, or where none is more than nothing."""
    longest = max((line.amount for line in lines), default=Decimal(0))
    if len(lines) < 2 or longest <= 0:
        return None
    return Bars(title, unit, told, tuple((line, drawn(line, longest)) for line in lines))


def drawn(line: Measured, longest: Decimal) -> SafeString:
    """Its bar: the parts behind each other, one length where it is not divided, an empty track for nothing or less."""
    if sum(line.parts.values()) > 0:
        return stacked(tuple(line.parts.items()), longest)
    return bar(max(line.amount, Decimal(0)) / longest, f"{line.name} {line.words}", unlike=line.unlike)
