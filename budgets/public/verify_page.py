"""How an outsider verifies what is public (怎样核验): three steps, and the program for the third as a file."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from budgets.public.answers import page
from budgets.public.published_files import serve

FILE = Path(__file__).with_name("verifier.py")


@cache
def _program() -> tuple[int, str]:
    """Lines and SHA-256 of the program."""
    content = FILE.read_bytes()
    return len(content.splitlines()), sha256(content).hexdigest()


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The page."""
    lines, digest = _program()
    return page(
        "public/verify.html", request, lines=lines, digest=digest, crumbs=[("首页", "/")], here="怎样核验"
    )


@require_safe
def verifier_file(request: HttpRequest) -> HttpResponseBase:
    """The program as it stands in this release; it reads what every release published."""
    return serve(request, FILE)
