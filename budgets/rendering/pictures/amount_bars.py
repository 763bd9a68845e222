"""Amounts as bars below each other, each as long as it is of the largest: a department's years, the departments of a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from budgets.domain.money import percentage
from budgets.rendering.pictures.drawing import bar

WIDTH, THIN = Decimal(1000), 14


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


def stacked(parts: Sequence[tuple[str, Decimal]], longest: Decimal) -> SafeString:
    """Amounts one behind another, the whole as wide as it is of the longest bar of a list; names and shares are its alternative.

    Each part has a pattern of its own beside its colour, so that either is enough.
    """
    whole = sum((amount for _, amount in parts), Decimal(0))
    words = "，".join(f"{label} {percentage(amount, whole)}%" for label, amount in parts) if whole else "没有"
    starts = [sum((amount for _, amount in parts[:n]), Decimal(0)) for n in range(len(parts))]
    rects = (
        (n, left := f"{start * WIDTH / longest:.1f}", long := f"{amount * WIDTH / longest:.1f}", THIN, n, left, THIN // 2, long)
        for n, (start, (_, amount)) in enumerate(zip(starts, parts, strict=True), 1)
        if amount
    )  # fmt: skip
    return format_html(
        '<svg class="stack" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}"><title>{}</title>{}</svg>',
        WIDTH,
        THIN,
        words,
        words,
        format_html_join(
            "",
            '<rect class="s{}" x="{}" y="0" width="{}" height="{}"/><path class="over o{}" d="M{} {}h{}"/>',
            rects,
        ),
    )


def legend(labels: Sequence[str]) -> list[tuple[str, SafeString]]:
    """The names of parts, each with a piece of its bar."""
    return [
        (
            label,
            format_html(
                '<svg class="stack" viewBox="0 0 24 {}" preserveAspectRatio="none" aria-hidden="true"><rect class="s{}" width="24" height="{}"/>'
                '<path class="over o{}" d="M0 {}h24"/></svg>',
                THIN, n, THIN, n, THIN // 2,
            ),
        )
        for n, label in enumerate(labels, 1)
    ]  # fmt: skip
