"""Pictures drawn on the server: a bar of shares, without script, font or style attribute."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from budgets.domain.money import percentage
from budgets.rendering.pictures.glance import Breakdown

WIDTH, HEIGHT, THIN = Decimal(1000), 34, 14
LEAST = Decimal(4)  # a share that is not nothing stays visible


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


def share_bar(breakdown: Breakdown, *, title: str) -> SafeString:
    """The parts of a whole side by side, each with the class `s1`, `s2` …; the names and amounts are its alternative."""
    lengths = [max(LEAST, WIDTH * part.amount / breakdown.whole) for part in breakdown.parts]
    scale = WIDTH / sum(lengths)
    starts = [sum(lengths[:index]) * scale for index in range(len(lengths))]
    words = "，".join(
        f"{part.label} {part.text} {breakdown.unit}（{part.share}%）" for part in breakdown.parts
    )
    return format_html(
        '<svg class="bar-of-shares" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}：{}">{}</svg>',
        WIDTH,
        HEIGHT,
        title,
        words,
        format_html_join(
            "",
            '<rect class="s{}" x="{}" y="0" width="{}" height="{}"/>',
            (
                (index, f"{start:.1f}", f"{length * scale:.1f}", HEIGHT)
                for index, (start, length) in enumerate(zip(starts, lengths, strict=True), 1)
            ),
        ),
    )
