"""Errors, told where the person is: the back office has its own pages, everybody else gets the public ones."""

import sys

from django.http import HttpRequest, HttpResponse

from budgets import outages
from budgets.admin import refused_pages
from budgets.admin.editing import NotEditable
from budgets.public import errors


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused_pages.refused(request, 400) if refused_pages.answers(request) else errors.error(400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if not refused_pages.answers(request):
        return errors.error(403)
    if isinstance(exception, NotEditable):
        return refused_pages.not_saved(request, str(exception))
    return refused_pages.refused(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused_pages.refused(request, 404) if refused_pages.answers(request) else errors.error(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The public page: after a fault nothing is asked of session or database. What is only away is asked for again: 503."""
    words = outages.told(sys.exc_info()[1])
    answer = errors.error(503, words) if words else errors.error(500)
    if words:
        answer["Retry-After"] = str(outages.RETRY_AFTER)
    return answer


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: most often the login ended while it stood open."""
    if refused_pages.answers(request):
        return refused_pages.refused(request, 403, refused_pages.EXPIRED)
    return errors.error(403, refused_pages.EXPIRED)
