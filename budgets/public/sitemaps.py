"""What search engines are told: robots.txt, and a map of the public pages for each region."""

from collections.abc import Iterator
from datetime import date
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from budgets.models.publications import Publication
from budgets.models.regions import Region
from budgets.public import errors
from budgets.public.answers import data
from budgets.public.lists import Entry, entries

XML = "application/xml; charset=utf-8"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /*?

Sitemap: {}/sitemap.xml
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Every page may be read, no list in another order, and nothing of the desks."""
    return data(request, ROBOTS.format(settings.SITE_ADDRESS).encode(), "text/plain; charset=utf-8")


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The maps of the regions."""
    codes = Region.objects.values_list("code", flat=True)
    return _answer(request, "sitemapindex", "sitemap", ((f"/{code}/sitemap.xml", None) for code in codes))


@require_safe
def sitemap(request: HttpRequest, region: str) -> HttpResponse:
    """Each page of a region that can be read now, with the day it was published; nothing of what was withdrawn."""
    if not Region.objects.filter(code=region).exists():
        return errors.error(404)
    published = entries(Publication.objects.filter(department__region__code=region))
    return _answer(request, "urlset", "url", _pages(region, [one for one in published if not one.withdrawn]))


def _pages(region: str, public: list[Entry]) -> Iterator[tuple[str, date | None]]:
    yield f"/{region}/", max((one.published_on for one in public), default=None)
    lists: dict[str, date] = {}
    for one in public:
        for address in (f"/{region}/{one.year}/", f"/{region}/{one.unit}/"):
            lists[address] = max(one.published_on, lists.get(address, one.published_on))
    yield from sorted(lists.items())
    yield from ((one.href, one.published_on) for one in public)


def _answer(
    request: HttpRequest, outer: str, inner: str, pages: Iterator[tuple[str, date | None]]
) -> HttpResponse:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{outer} xmlns="{NAMESPACE}">']
    for address, day in pages:
        changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        lines.append(f"<{inner}><loc>{escape(settings.SITE_ADDRESS + address)}</loc>{changed}</{inner}>")
    return data(request, "\n".join([*lines, f"</{outer}>", ""]).encode(), XML)
