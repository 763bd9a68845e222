"""How long after its approval a document was published, beside the days that the law gives."""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from budgets.domain.law import DISCLOSURE, days_late

MOST = 10  # days beyond the term that are drawn; the words tell the rest


@dataclass(frozen=True, slots=True)
class Term:
    """The day after the approval on which it was published, and how many of them were too many."""

    day: int
    late: int

    @property
    def words(self) -> str:
        kept = (
            f"超过{DISCLOSURE.words}日的期限 {self.late} 天"
            if self.late
            else f"在{DISCLOSURE.words}日的期限内"
        )
        return f"批复后第 {self.day} 天公开，{kept}"


def term(approved_on: str, published_on: date | None) -> Term | None:
    """None where either day is unknown, no law named a term yet, or it was published before it was approved."""
    if not approved_on or published_on is None:
        return None
    approved = date.fromisoformat(approved_on)
    day = (published_on - approved).days
    if day < 0 or approved < DISCLOSURE.since:
        return None
    return Term(day, max(0, days_late(approved, published_on)))


def strip(told: Term) -> SafeString:
    """A cell a day: those that passed are filled, those beyond the term are taller and red, up to MOST of them."""
    passed = min(told.day, DISCLOSURE.days + MOST)
    shown = max(DISCLOSURE.days, passed)
    cells = (
        ("late", n * 10, 0, 14)
        if n >= DISCLOSURE.days
        else ("passed" if n < passed else "left", n * 10, 2, 10)
        for n in range(shown)
    )
    return format_html(
        '<svg class="strip" viewBox="0 0 {} 14" preserveAspectRatio="xMinYMid" role="img" aria-label="{}"><title>{}</title>{}<path class="term" d="M{} 0v14"/></svg>',
        shown * 10 + 1,
        told.words,
        told.words,
        format_html_join("", '<rect class="{}" x="{}" y="{}" width="9" height="{}"/>', cells),
        f"{DISCLOSURE.days * 10 - 0.5:g}",
    )
