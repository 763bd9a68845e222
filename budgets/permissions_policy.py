"""What a browser lets no page of the portal do, on every answer; nginx says the same of files (a test holds both alike)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def permissions_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the header Permissions-Policy, which takes from pages what none of them uses."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = POLICY
        return response

    return answer
