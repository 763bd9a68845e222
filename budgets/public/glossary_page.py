"""The words of the field in plain words, by pinyin."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.domain.glossary import bare
from budgets.domain.name_order import spoken
from budgets.domain.plain_terms import TERMS
from budgets.public.answers import page


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Every term of the portal with its explanation; its key is its anchor."""
    terms = sorted(TERMS, key=lambda term: spoken(bare(term.name)))
    return page("public/glossary.html", request, terms=terms, crumbs=[("首页", "/")], here="词语解释")
