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
from budgets.models import Disclosure, Happening, Person
from budgets.workflow import trail

DESKS = "/admin/"
LINKS = f"{DESKS}password/"
REFUSALS = (403, 404)
NOT_DONE = 409
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
        """A refusal, without what was asked for but its address; what was not done and why; a file, with its name."""
        if response.status_code in REFUSALS:
            named = f"{request.method} {_path(request)}"
            trail.tell(Happening.REFUSED, person, words=str(response.status_code), named=named)
        elif response.status_code == NOT_DONE and (words := _why(response)):
            about = _disclosure(request, person)
            trail.tell(Happening.NOT_DONE, person, about, words=words, named="" if about else _path(request))
        elif _is_file(response) and request.method != "HEAD" and response.status_code == 200:
            about = _disclosure(request, person)
            words = str(getattr(response, "filename", "") or "")
            trail.tell(Happening.DOWNLOAD, person, about, words=words, named="" if about else _path(request))


def _path(request: HttpRequest) -> str:
    """The address that was asked for; of a link that sets a password its beginning, for the rest of it is a secret."""
    return LINKS + "…" if request.path.startswith(LINKS) else request.path


def _why(response: HttpResponseBase) -> str:
    """What a page says that did not do what it was asked for: its title, and the refusal in it; blank for none."""
    said = getattr(response, "context_data", None) or {}
    refusal = said.get("refusal") or "".join(said.get("why") or ())
    return f"{said.get('title', '')}：{refusal}" if refusal else ""


def _disclosure(request: HttpRequest, person: Person) -> Disclosure | None:
    """The disclosure that the address is about, if there is one."""
    match = request.resolver_match
    number = match.kwargs.get("object_id", "") if match else ""
    own = str(match.url_name if match else "").startswith("budgets_disclosure_") and number
    return access.disclosures_for(person).filter(pk=number).first() if own else None


def _is_file(response: HttpResponseBase) -> bool:
    """Whether it leaves the desks as a file, streamed or not."""
    sent = response.headers.get("Content-Disposition", "")
    return isinstance(response, FileResponse) or sent.startswith("attachment")


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
    if not username or "\0" in str(username):
        return None
    # With the place that the entry names: a name that is known asks for nothing more than one that is not.
    return Person.objects.select_related("region", "department__region").filter(username=username).first()


def receive() -> None:
    """Connect the receivers; once, at start."""
    for signal, receiver in (
        (user_logged_in, signed_in), (user_logged_out, signed_out), (user_login_failed, failed), (user_locked_out, locked),
    ):  # fmt: skip
        signal.connect(receiver, dispatch_uid=f"trail-{receiver.__name__}")
