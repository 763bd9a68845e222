"""One way to answer a citizen: a template without request, cookie or nonce, its policy and how long it may be kept."""

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.csp import CSP

from budgets.domain.law import DISCLOSURE
from budgets.public.large_type import plain_address
from budgets.publishing.site_words import site

# Pages may be kept by proxies, so no nonce may stand in them; they need no script at all.
POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# A figure or a table for a frame on any other site: it holds no form, and its links open outside of the frame.
FRAMED: dict[str, list[str]] = {**POLICY, "form-action": [CSP.NONE], "frame-ancestors": ["*"]}
LISTS = "public, max-age=60"
NEVER = "no-store"


def page(
    template: str,
    request: HttpRequest | None = None,
    *,
    status: int = 200,
    cache: str = LISTS,
    **context: Any,
) -> HttpResponse:
    """The rendered page; it is the same for everybody, whoever is logged in.

    Its 关怀版 is that of the address asked for, or of the first page where no `request` is given.
    """
    address = plain_address(request) if request else "/"
    text = render_to_string(template, {"site": site(), "law": DISCLOSURE, "address": address, **context})
    return public(HttpResponse(text, status=status), cache)


def data(request: HttpRequest, content: bytes, kind: str) -> HttpResponse:
    """Public data for every origin, with the digest of its bytes as validator; 304 for who has them already."""
    response = HttpResponse(content, content_type=kind)
    response["ETag"] = f'"{sha256(content).hexdigest()[:32]}"'
    answer = get_conditional_response(request, response["ETag"], None, response)
    assert isinstance(answer, HttpResponse)
    return for_every_origin(public(answer, LISTS))


def for_every_origin[Response: HttpResponseBase](response: Response) -> Response:
    """Let programs on other sites read an answer: public data alone, no page and nothing of the desks."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


def public[Response: HttpResponseBase](response: Response, cache: str) -> Response:
    """Mark an answer as public: its Cache-Control and a policy of its own, which the middleware keeps."""
    response["Cache-Control"] = cache
    response._csp_config = POLICY  # type: ignore[attr-defined] # as Django's csp_override does
    return response
