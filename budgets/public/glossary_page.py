"""The words of the field in plain words, by pinyin: the portal's, and as a region explains them."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.domain.glossary import Term, bare, localised
from budgets.domain.name_order import spoken
from budgets.domain.plain_terms import TERMS
from budgets.models.regions import Region
from budgets.public import errors
from budgets.public.answers import page
from budgets.publishing.region_words import words_of

HERE = "词语解释"


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Every term of the portal with its explanation, its key as its anchor, and the regions that have words of their own."""
    regions = Region.objects.filter(terms__isnull=False).distinct()
    return page(
        "public/glossary.html",
        request,
        terms=_ordered(TERMS),
        regions=regions,
        crumbs=[("首页", "/")],
        here=HERE,
    )


@require_safe
def region_glossary(request: HttpRequest, region: str) -> HttpResponse:
    """The same as a region explains them, each of its own with its source; 404 for no such region."""
    found = Region.objects.filter(code=region).first()
    if found is None:
        return errors.error(404)
    return page(
        "public/glossary.html",
        request,
        terms=_ordered(localised(TERMS, words_of(found.pk))),
        region_name=found.name,
        navigation=[("部门", f"/{region}/")],
        crumbs=[("首页", "/"), (found.name, f"/{region}/")],
        here=HERE,
    )


def _ordered(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: spoken(bare(term.name)))
