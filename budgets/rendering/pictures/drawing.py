"""Shapes as SVG without script, font or style attribute. Parts differ by colour and by pattern, so that either is enough.

The colours stand in the shapes for paper; on pages the style sheet's classes `s1` … take their place.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgets.rendering.pictures.hundred import Use

INK, PAPER = "#274c5e", "#ffffff"
COLOURS = ("#274c5e", "#a9c4b8", "#5c6a3a", "#e3cfa4", "#8a4b32")
SIDE, STEP, ROWS = 9, 10, 4


def square(n: int) -> tuple[int, int]:
    """The corner of the n-th square: they stand in columns of four, from left to right."""
    return n // ROWS * STEP, n % ROWS * STEP


def part(number: int, squares: Sequence[tuple[int, int]]) -> SafeString:
    """Squares of the part (0-based): plain, with a frame, with strokes, with a point, with a cross."""
    shapes = "".join(f"M{x} {y}h{SIDE}v{SIDE}h-{SIDE}z" for x, y in squares)
    over = {
        1: "".join(f"M{x + 1} {y + 1}h7v7h-7z" for x, y in squares),
        2: "".join(f"M{x} {y + 6}l6-6M{x + 3} {y + 9}l6-6" for x, y in squares),
        3: "".join(f"M{x + 3.5} {y + 4.5}h2" for x, y in squares),
        4: "".join(f"M{x + 1.5} {y + 4.5}h6M{x + 4.5} {y + 1.5}v6" for x, y in squares),
    }.get(number)
    colour = PAPER if number in (2, 4) else INK
    return format_html(
        '<path class="s{}" fill="{}" d="{}"/>{}',
        number + 1,
        COLOURS[number],
        shapes,
        format_html(
            '<path class="over o{}" fill="none" stroke="{}" stroke-width="{}" d="{}"/>',
            number + 1,
            colour,
            2 if number == 3 else 1,
            over,
        )
        if over
        else "",
    )


def squares(uses: Sequence[Use], title: str) -> SafeString:
    """A hundred squares, so many of each part; names, amounts and yuan are its description."""
    starts = [sum(use.squares for use in uses[:n]) for n in range(len(uses))]
    drawn = [
        part(n, [square(at) for at in range(start, start + use.squares)])
        for n, (start, use) in enumerate(zip(starts, uses, strict=True))
        if use.squares
    ]
    words = "，".join(f"{use.label} {use.text} {use.unit}，{use.words}" for use in uses)
    return format_html(
        '<svg class="hundred" viewBox="0 0 {} {}" role="img" aria-label="{}：{}"><title>{}：{}</title>{}</svg>',
        100 // ROWS * STEP - 1,
        ROWS * STEP - 1,
        title,
        words,
        title,
        words,
        SafeString("".join(drawn)),
    )


def swatch(number: int, words: str) -> SafeString:
    """One square of the part (0-based), for a legend that says the same words."""
    return format_html(
        '<svg class="swatch" viewBox="0 0 {} {}" aria-hidden="true"><title>{}</title>{}</svg>',
        SIDE,
        SIDE,
        words,
        part(number, [(0, 0)]),
    )


def bar(share: Decimal, words: str, *, unlike: bool = False) -> SafeString:
    """A bar as long as that share (0 to 1) of its track, with strokes where it is `unlike` the others; the words stand beside it, too."""
    return format_html(
        '<svg class="length" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><title>{}</title><path class="track" fill="#ebe8e1" d="M0 0h100v4h-100z"/>'
        '<path class="s1" fill="{}" d="M0 0h{}v4H0z"/>{}</svg>',
        words,
        INK,
        f"{share * 100:.2f}",
        format_html('<path class="over o3" d="M0 2h{}"/>', f"{share * 100:.2f}") if unlike else "",
    )
