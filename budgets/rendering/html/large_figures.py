"""What a disclosure says at one look: the large figures, how each changed, and the pictures below them."""

from dataclasses import replace
from datetime import date
from typing import Any

from budgets.domain.documents import Document
from budgets.domain.headlines import headlines
from budgets.rendering.html.compare_page import Beside, change_words
from budgets.rendering.html.glance import breakdown
from budgets.rendering.html.prose import Prose
from budgets.rendering.html.svg import share_bar
from budgets.rendering.imprint import Imprint
from budgets.rendering.pictures.days import strip, term
from budgets.rendering.pictures.shown import shown

LENGTHY = 9  # characters of an amount that still stand large beside another
SPENDING = "钱花到哪里（按功能分类）"
MOSTLY = 75  # percent


def at_a_glance(
    document: Document, imprint: Imprint, prose: Prose | None = None, beside: Beside | None = None
) -> dict[str, Any]:
    """The large figures, each with how it changed, and the pictures; terms are explained where there is `prose`."""
    lines = headlines(document)
    explained = (replace(line, label=prose.words(line.label)) if prose else line for line in lines)
    return {
        "headlines": [(line, change_words(beside, line.key)) for line in explained],
        "lengthy": any(len(line.amount) > LENGTHY for line in lines),
        **pictures(document, imprint),
    }


def pictures(document: Document, imprint: Imprint) -> dict[str, Any]:
    """What `public/pictures.html` shows; the classes of functions only where they tell more than that one takes nearly all."""
    drawn, spent = shown(document), breakdown(document)
    if drawn["uses"] and spent and spent.parts[0].share > MOSTLY:
        spent = None
    told = term(document.approved_on, first_day(imprint))
    return {
        **drawn,
        "breakdown": spent,
        "bar": share_bar(spent, title=SPENDING) if spent else "",
        "spending": SPENDING,
        "term": told,
        "strip": strip(told) if told else "",
    }


def first_day(imprint: Imprint) -> date | None:
    """When the first version was published; None where it cannot be read any more, and in a preview."""
    if imprint.revision == 1:
        return imprint.published_on
    return next((each.published_on for each in imprint.earlier if each.number == 1), None)
