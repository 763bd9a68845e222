"""关怀版: every public page a second time below /care/, in large type, with links that stay there (decision 0033)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

CARE = "/care"
# All that differs: the class that the style sheet knows, the way to the other set, and the links within the portal.
# In files that it sends itself deploy/nginx.conf.template replaces the same; a test holds both against each other.
REPLACED = (
    ('<html lang="zh-CN">', '<html lang="zh-CN" class="care">'),
    ('<a class="other-set" href="/care/', '<a class="other-set" href="/'),
    (">关怀版</a>", ">标准版</a>"),
    ('<a href="/', '<a href="/care/'),
    ('<form action="/', '<form action="/care/'),
)


def enlarged(page: bytes) -> bytes:
    """A page of the standard set as 关怀版 has it."""
    for here, there in REPLACED:
        page = page.replace(here.encode(), there.encode())
    return page


def asked(request: HttpRequest) -> bool:
    return request.path.startswith(f"{CARE}/")


def plain_address(request: HttpRequest) -> str:
    """Where the page that is asked for stands in the standard set, with its query."""
    address = request.get_full_path()
    return address.removeprefix(CARE) if asked(request) else address


class LargeType:
    """Turns what is answered below /care/ into 关怀版: pages, and the addresses that are redirected to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if not asked(request):
            return answer
        if isinstance(answer, HttpResponse) and answer.get("Content-Type", "").startswith("text/html"):
            answer.content = enlarged(answer.content)
        if (to := answer.get("Location", "")).startswith("/") and not to.startswith(f"{CARE}/"):
            answer["Location"] = f"{CARE}{to}"
        return answer
