"""What the audit trail learns from requests: where they come from, what was refused, what was downloaded, who signed in and out.

Signing in and out, by password or in any other way, is announced by Django and its throttle alone; their signals are
received here, in the one place of the house that receives any.
"""

from collections.abc import Callable
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from budgets import access
from budgets.models import Happening, Person
from budgets.workflow import trail

DESKS = "/admin/"
REFUSALS = (403, 404)
UNKNOWN = "（没有这个用户名）"  # what was typed is not kept: it may be a password


class TrailRequests:
    """Middleware: names the address of what is told while a request is answered, and tells refusals and downloads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(DESKS):
            return self.get_response(request)
        with trail.coming_from(access.client_address(request)):
            response = self.get_response(request)
            # A page that nobody signed in asked for was sent to the login.
            person = getattr(request, "user", None)
            if isinstance(person, Person):
                self.tell(request, response, person)
            return response

    def tell(self, request: HttpRequest, response: HttpResponseBase, person: Person) -> None:
        """A refusal, without what was asked for but its address; a file, with its name and whose it is."""
        if response.status_code in REFUSALS:
            named = f"{request.method} {request.path}"
            trail.tell(Happening.REFUSED, person, words=str(response.status_code), named=named)
        elif isinstance(response, FileResponse) and request.method != "HEAD" and response.status_code == 200:
            match = request.resolver_match
            number = match.kwargs.get("object_id", "") if match else ""
            own = str(match.url_name if match else "").startswith("budgets_disclosure_") and number
            about = access.disclosures_for(person).filter(pk=number).first() if own else None
            words = str(response.filename or "")
            trail.tell(Happening.DOWNLOAD, person, about, words=words, named="" if about else request.path)


def signed_in(sender: object, request: HttpRequest, user: Person, **more: Any) -> None:
    """Somebody came in."""
    trail.tell(Happening.LOGIN, user)


def signed_out(sender: object, request: HttpRequest, user: Person | None, **more: Any) -> None:
    """Somebody left, or was idle for too long."""
    if user is not None:
        trail.tell(Happening.LOGOUT, user)


def failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any
) -> None:
    """A wrong name or password; where the throttle refused before anything was looked at, `locked` tells it."""
    if not getattr(request, "axes_locked_out", False):
        person = _called(credentials.get("username"))
        named = person.username if person else UNKNOWN
        trail.tell(Happening.LOGIN_FAILED, person, named=named)


def locked(sender: object, username: str | None, **more: Any) -> None:
    """The throttle shut an account to an address, or it was tried while shut."""
    person = _called(username)
    trail.tried(person.username if person else UNKNOWN, person)


def _called(username: object) -> Person | None:
    return (
        Person.objects.filter(username=username).first() if username and "\0" not in str(username) else None
    )


def receive() -> None:
    """Connect the receivers; once, at start."""
    for signal, receiver in (
        (user_logged_in, signed_in), (user_logged_out, signed_out), (user_login_failed, failed), (user_locked_out, locked),
    ):  # fmt: skip
        signal.connect(receiver, dispatch_uid=f"trail-{receiver.__name__}")
