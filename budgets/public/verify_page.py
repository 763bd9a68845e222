"""How an outsider verifies what is public (怎样核验): four steps, the programs for two of them, and the log of all versions as files."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from budgets.public import errors
from budgets.public.answers import page
from budgets.public.published_files import serve
from budgets.publishing import chain_log

PROGRAMS = {name: Path(__file__).with_name(f"{name}.py") for name in ("verifier", "witness")}
BINARY = "application/octet-stream"


@cache
def _program(name: str) -> dict[str, int | str]:
    """Lines and SHA-256 of a program."""
    content = PROGRAMS[name].read_bytes()
    return {"lines": len(content.splitlines()), "digest": sha256(content).hexdigest()}


def _public_key() -> str:
    """The key by which checkpoints are verified; blank without one that can be read."""
    try:
        key = chain_log.signing_key()
    except (OSError, ValueError):  # `check` says why
        return ""
    return str(key.verifier) if key else ""


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The page."""
    return page(
        "public/verify.html",
        request,
        verifier=_program("verifier"),
        witness=_program("witness"),
        key=_public_key(),
        crumbs=[("首页", "/")],
        here="怎样核验",
    )


@require_safe
def program_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A program as it stands in this release; it reads what every release published."""
    return serve(request, PROGRAMS[name])


@require_safe
def log_file(request: HttpRequest, below: str) -> HttpResponseBase:
    """A file of the log of all versions; the web server in front serves the same."""
    file = chain_log.root_folder() / below
    if not file.is_file():
        return errors.error(404)
    return serve(request, file, "" if file.name == chain_log.CHECKPOINT else BINARY)
