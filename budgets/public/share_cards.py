"""The pictures that a message shows when somebody shares the address of a list: the portal's, a county's, a year's."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.models.regions import Region
from budgets.public import errors
from budgets.public.answers import LISTS, public
from budgets.public.year_page import facts
from budgets.public.year_rows import year_of, years_of
from budgets.publishing.site_words import site
from budgets.rendering.share_picture import card

INTRODUCED = "钱从哪里来、花到哪里去"
SHOWN = ("支出合计", "“三公”经费")


@require_safe
def picture(request: HttpRequest, region: str = "", year: str = "") -> HttpResponse:
    """A PNG with the sums of the year, or of the county's latest; 404 where nothing is public."""
    if not region:
        return png(card(site().title, "部门预算公开", INTRODUCED, (), "", site().name))
    found = Region.objects.filter(code=region).first()
    if found is None:
        return errors.error(404)
    told = year_of(found, int(year)) if year else next(iter(years_of(found).years), None)
    if told is None:
        return errors.error(404)
    figures = [(label, number, unit) for label, number, unit, _ in facts(told) if label in SHOWN]
    known = f"已公开 {len({row.code for row in told.public})} / {told.known} 个部门"
    title = f"{told.year}年度部门预算"
    return png(card(f"{found.name}{site().title}", found.name, title, figures, known, site().name))


def png(content: bytes) -> HttpResponse:
    return public(HttpResponse(content, content_type="image/png"), LISTS)
