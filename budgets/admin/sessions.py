"""Sessions of the back office: one that nobody used for a while ends."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SEEN = "seen"  # when the session was last used, ISO; written at most once a minute
A_MINUTE = 60


class IdleSessions:
    """Ends a session that has been without a request for longer than SESSION_IDLE."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Public pages never open the session.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.path.startswith("/admin/"):
            self.look(request)
        return self.get_response(request)

    def look(self, request: HttpRequest) -> None:
        """End the session, or note that it is in use."""
        if not request.user.is_authenticated:
            return
        now = timezone.now()
        seen = request.session.get(SEEN)
        idle = (now - datetime.fromisoformat(seen)).total_seconds() if seen else None
        if idle is not None and idle > settings.SESSION_IDLE.total_seconds():
            logout(request)
        elif idle is None or idle > A_MINUTE:
            request.session[SEEN] = now.isoformat()
