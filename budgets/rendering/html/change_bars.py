"""Where a change comes from, as bars to the left and right of nothing, drawn on the server between words of the page."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

HALF, HIGH = 100, 14  # units of a picture: the longest bar to one side, and its height


def change_bars(changes: Sequence[tuple[str, Decimal, str]]) -> list[tuple[str, SafeString, str]]:
    """(name, bar, change in words) of each (name, change, change in words), bars as long as they are of the largest; none of no change."""
    most = max((abs(change) for _, change, _ in changes), default=Decimal(0))
    return (
        [(name, _bar(change * HALF / most, n), words) for n, (name, change, words) in enumerate(changes, 1)]
        if most
        else []
    )


def _bar(length: Decimal, number: int) -> SafeString:
    """What the words beside it say, so that nothing reads it aloud."""
    return format_html(
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true"><rect class="s{}" x="{}" width="{}" height="{}"/><path d="M{} 0v{}"/></svg>',
        2 * HALF, HIGH, number, f"{HALF + min(length, Decimal(0)):.1f}", f"{abs(length):.1f}", HIGH, HALF, HIGH,
    )  # fmt: skip
