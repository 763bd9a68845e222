"""Pictures drawn on the server: a bar of shares, without script, font or style attribute."""

from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from budgets.rendering.html.glance import Breakdown

WIDTH, HEIGHT = Decimal(1000), 34
LEAST = Decimal(4)  # a share that is not nothing stays visible


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
