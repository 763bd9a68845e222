"""Whether this process can answer, and how the portal is running, for whoever runs it; nginx lets nobody from outside ask the latter."""

from collections.abc import Iterable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from budgets import outages
from budgets.workflow.operating import Sign, signs


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """`ok`, or 503 while the database is away; published pages are files and stay readable.

    With `?deep` a line for each sign of health as well, and 503 while one of them is bad.
    """
    try:
        if "deep" in request.GET:
            return _deep(signs())
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        away = {"Retry-After": str(outages.RETRY_AFTER)}
        return HttpResponse("database unavailable", status=503, content_type="text/plain", headers=away)
    return HttpResponse("ok", content_type="text/plain")


def _deep(found: Iterable[Sign]) -> HttpResponse:
    lines = [f"{'ok ' if sign.good else 'BAD'} {sign.name} {sign.words}" for sign in found]
    bad = any(line.startswith("BAD") for line in lines)
    return HttpResponse(
        "\n".join(lines), status=503 if bad else 200, content_type="text/plain; charset=utf-8"
    )


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The same signs as gauges in the Prometheus text format; `mingzhang_good` is 0 for a bad one."""
    lines = ["# TYPE mingzhang_sign gauge"]
    found = signs()
    lines += [f'mingzhang_sign{{name="{sign.name}"}} {sign.value}' for sign in found]
    lines.append("# TYPE mingzhang_good gauge")
    lines += [f'mingzhang_good{{name="{sign.name}"}} {int(sign.good)}' for sign in found]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")
