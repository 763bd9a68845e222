"""Whether this process can answer: the database does."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from budgets import outages


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """`ok`, or 503 while the database is away; published pages are files and stay readable."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        away = {"Retry-After": str(outages.RETRY_AFTER)}
        return HttpResponse("database unavailable", status=503, content_type="text/plain", headers=away)
    return HttpResponse("ok", content_type="text/plain")
