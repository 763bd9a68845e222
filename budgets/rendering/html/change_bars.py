"""Where a change comes from, as bars to the left and right of nothing, drawn on the server."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, MIDDLE, LONGEST = 360, 216, 58  # units of the picture; of the longest bar to one side
LINE, THICK, BASE = 36, 20, 12


def change_bars(changes: Sequence[tuple[str, Decimal, str]], *, title: str) -> SafeString:
    """One bar for each (name, change, change in words); none for no change. Names and words are its alternative too."""
    most = max((abs(change) for _, change, _ in changes), default=Decimal(0)) or Decimal(1)
    rows = []
    for n, (name, change, words) in enumerate(changes):
        length = abs(change) * LONGEST / most
        up, top = change >= 0, n * LINE
        rows.append(
            (
                top + BASE + THICK // 2, name, n + 1, f"{MIDDLE if up else MIDDLE - length:.1f}", top + BASE - THICK // 2 + 4,
                f"{length:.1f}", THICK, f"{MIDDLE + length + 8 if up else MIDDLE - length - 8:.1f}", top + BASE + THICK // 2,
                "start" if up else "end", words,
            )
        )  # fmt: skip
    height = LINE * len(rows)
    return format_html(
        '<svg class="changes" viewBox="0 0 {} {}" role="img" aria-label="{}：{}">{}<line x1="{}" x2="{}" y1="0" y2="{}"/></svg>',
        WIDTH, height, title, "，".join(f"{name} {words}" for name, _, words in changes),
        format_html_join(
            "",
            '<text x="0" y="{}">{}</text><rect class="s{}" x="{}" y="{}" width="{}" height="{}"/><text x="{}" y="{}" text-anchor="{}">{}</text>',
            rows,
        ),
        MIDDLE, MIDDLE, height,
    )  # fmt: skip
