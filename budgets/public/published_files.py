"""Serve what was published: files made at publication, without a database query and without rendering.

A web server in front answers the same addresses from the same folder; this view is the embedded default and the
answer to what the folder does not hold: withdrawn (410, with the public reason) or absent (404).
"""

import re
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from budgets.public import errors, large_type, withdrawn
from budgets.public.answers import FRAMED, LISTS, for_every_origin, public

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
    ".py": "text/x-python; charset=utf-8",
    "": "text/plain; charset=utf-8",  # SHA256SUMS, SM3SUMS
    ".parquet": "application/vnd.apache.parquet",
}
PAGES = (".html", ".png")  # what is to be looked at; the rest is data
FOLDERS = ("releases", "revisions")
# No name and no path is longer than a file system takes: it would raise instead of saying that there is none.
SAFE = re.compile(
    r"(?=.{0,2000}\Z)(?:[A-Za-z0-9][A-Za-z0-9_.-]{0,199}/)*(?:[A-Za-z0-9][A-Za-z0-9_.-]{0,199})?"
)


@require_safe
def published(
    request: HttpRequest, region: str, unit: str, year: str, stage: str, below: str
) -> HttpResponseBase:
    """The published file at the address, else 410 for what was withdrawn, else 404."""
    file = find(f"{region}/{unit}/{year}/{stage}/{below}")
    whole = below.removesuffix("nonempty/")
    if file is None and whole != below and find(f"{region}/{unit}/{year}/{stage}/{whole}"):
        return public(HttpResponseRedirect(request.path.removesuffix("nonempty/")), LISTS)  # no empty rows
    if file is None:
        return withdrawn.answer(region, unit, int(year), stage, below) or errors.error(404)
    if file.is_dir():
        return HttpResponsePermanentRedirect(f"{request.path}/")
    return serve(request, file)


embedded = csp_override(FRAMED)(xframe_options_exempt(published))  # the same, for a frame on any other site


@require_safe
def department_year(request: HttpRequest, region: str, unit: str, year: str) -> HttpResponseBase:
    """A department's year leads to its budget; what is not public is not there."""
    address = f"{region}/{unit}/{year}/budget/"
    if find(address) or withdrawn.answer(region, unit, int(year), "budget", ""):
        return public(HttpResponseRedirect(f"/{address}"), LISTS)
    return errors.error(404)


def find(address: str) -> Path | None:
    """The file of a published address, a folder when its slash is missing, or None.

    Links are followed only into the folders that publication writes; hidden files, half-written files and the
    compressed twins have no address.
    """
    if not SAFE.fullmatch(address):
        return None
    root = settings.PUBLISHED_ROOT.resolve()
    file = (root / "site" / f"{address}{'index.html' if address.endswith('/') else ''}").resolve()
    if not any(file.is_relative_to(root / folder) for folder in FOLDERS):
        return None
    if file.is_dir() or (file.suffix in TYPES and file.is_file()):
        return file
    return None


def serve(request: HttpRequest, file: Path, kind: str = "") -> HttpResponseBase:
    """The file, of the type that its name says or of that `kind`, or its compressed twin when the client takes it; 304 when the client has it already.

    A page of 关怀版 is made from the file on the way out, and so has neither twin nor validator.
    """
    if file.suffix == ".html" and large_type.asked(request):
        return public(HttpResponse(file.read_bytes(), content_type=TYPES[file.suffix]), LISTS)
    twin = file.with_name(f"{file.name}.gz")
    packed = twin.is_file()
    sent = twin if packed and takes_gzip(request.headers.get("Accept-Encoding", "")) else file
    stat = sent.stat()
    kind = kind or TYPES[file.suffix]
    response = HttpResponse(content_type=kind)
    response["Content-Length"] = str(stat.st_size)
    response["ETag"] = etag(str(sent), stat.st_mtime_ns, stat.st_size)
    response["Last-Modified"] = http_date(stat.st_mtime)
    if packed:
        response["Vary"] = "Accept-Encoding"
    if sent is twin:
        response["Content-Encoding"] = "gzip"
    # What depends on a condition of the request is answered before the file is opened.
    known = get_conditional_response(request, response["ETag"], int(stat.st_mtime), response)
    answer: HttpResponseBase = known or response
    if answer is response and request.method == "GET":
        answer = FileResponse(sent.open("rb"), content_type=kind)
        answer.headers = response.headers
    return public(answer if file.suffix in PAGES else for_every_origin(answer), LISTS)


@lru_cache(maxsize=4096)
def etag(path: str, modified: int, size: int) -> str:
    """A strong validator: the digest of the very bytes that are sent, taken once per file."""
    with Path(path).open("rb") as file:
        return f'"{file_digest(file, "sha256").hexdigest()[:32]}"'


def takes_gzip(accepted: str) -> bool:
    """Whether the client's Accept-Encoding allows gzip."""
    for item in accepted.lower().split(","):
        coding, _, parameters = item.strip().partition(";")
        if coding.strip() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q=0(?:\.0*)?\s*", parameters)
    return False
