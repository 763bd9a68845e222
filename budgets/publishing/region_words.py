"""The explanations of a region, from its rows, as pages take them and as the manifest of a release lists them."""

from collections.abc import Iterable
from typing import Any

from budgets.domain.glossary import Term
from budgets.models.region_terms import RegionTerm


def words_of(region: int) -> tuple[Term, ...]:
    """What the region with this key explains itself, by name. One query."""
    return tuple(
        Term(f"local_{row.pk}", row.name, row.text, row.others, source=row.source)
        for row in RegionTerm.objects.filter(region=region).order_by("name")
    )


def listed_words(words: Iterable[Term]) -> list[list[Any]]:
    """The explanations in a manifest: key, name, text, other names, source."""
    return [[term.key, term.name, term.text, list(term.also), term.source] for term in words]


def read_words(listed: Iterable[list[Any]]) -> tuple[Term, ...]:
    """What `listed_words` wrote. Raises TypeError, ValueError for what is none."""
    return tuple(
        Term(key, name, text, tuple(also), source=source) for key, name, text, also, source in listed
    )
