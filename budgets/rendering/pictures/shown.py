"""The pictures of a document ready for a template, the same ones on its page and on paper."""

from typing import Any

from budgets.domain.documents import Document
from budgets.domain.goal_costs import lengths, projects
from budgets.rendering.pictures.drawing import bar, squares, swatch
from budgets.rendering.pictures.hundred import hundred

HUNDRED = "每 100 元花在哪"


def shown(document: Document) -> dict[str, Any]:
    """`uses` with their swatches, `squares`, and `projects` with their bars (`limited`: some have one); blank where nothing is drawn."""
    uses, found = hundred(document), projects(document)
    shares = lengths(found)
    return {
        "hundred_title": HUNDRED,
        "uses": [(use, swatch(n, use.label)) for n, use in enumerate(uses)],
        "squares": squares(uses, HUNDRED) if uses else "",
        "limited": any(shares),
        "projects": [
            (each, bar(share, each.limit) if share else "") for each, share in zip(found, shares, strict=True)
        ],
    }
