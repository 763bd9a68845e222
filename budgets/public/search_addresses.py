"""Addresses of the search: everything that one asks stands in it, so it can be kept, sent and gone back to."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from budgets.models.regions import Region
from budgets.public.typed import clean


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks: the words, a region and a year that were chosen, the page, whether words are only words."""

    typed: str
    region: Region | None = None
    year: int = 0
    page: int = 1
    as_typed: bool = False

    def address(self, **changes: Any) -> str:
        """The address that asks the same, with these changes; from its first page unless a page is given."""
        now = replace(self, **{"page": 1, **changes})
        told = {
            "q": now.typed,
            "region": now.region.code if now.region else "",
            "year": now.year or "",
            "as": "typed" if now.as_typed else "",
            "page": now.page if now.page > 1 else "",
        }
        return f"/?{urlencode({key: value for key, value in told.items() if value})}"


def asked_by(values: QueryDict) -> Asked | None:
    """What the address asks; None without words. What it should not say (a region that is none, a page 0) is left out."""
    typed = clean(values.get("q", ""))
    if not typed:
        return None
    code = values.get("region", "")
    region = Region.objects.filter(code=code).first() if number(code) else None
    return Asked(
        typed,
        region,
        number(values.get("year", "")),
        number(values.get("page", "")) or 1,
        values.get("as") == "typed",
    )


def number(text: str) -> int:
    """A number of at most six plain digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
