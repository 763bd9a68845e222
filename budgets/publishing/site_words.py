"""Who runs the portal, from the settings, as the pages need it."""

from django.conf import settings

from budgets.rendering.imprint import Site


def site() -> Site:
    return Site(address=settings.SITE_ADDRESS, **settings.SITE)
