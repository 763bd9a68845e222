"""Sessions of the back office: listed, ended by hand or when nobody uses them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from budgets import access, factors
from budgets.models import Person, SignIn

SIGN_IN = "sign_in"  # the row of this session; when it is gone, the session is over
A_MINUTE = timedelta(minutes=1)
FRESH = timedelta(minutes=15)  # how long after signing in somebody may change how they sign in
# What browsers call themselves, the particular before the general.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("QQBrowser", "QQ浏览器"),
    ("360SE", "360浏览器"),
    ("360EE", "360浏览器"),
    ("Edg", "微软浏览器"),
    ("Firefox", "火狐"),
    ("Chrome", "谷歌浏览器一类"),
    ("Safari", "苹果浏览器"),
)
SYSTEMS = (
    ("Android", "安卓"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux"),
)


class IdleSessions:
    """Ends a session that has been without a request for longer than SESSION_IDLE, and one that somebody ended in the list."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Public pages never open the session.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.path.startswith("/admin/"):
            self.look(request)
        return self.get_response(request)

    def look(self, request: HttpRequest) -> None:
        """End the session, or note that it is in use; the first request of a session puts it on the list."""
        if not isinstance(request.user, Person):
            return
        now = timezone.now()
        row = _row(request) if SIGN_IN in request.session else begin(request, request.user, now)
        if row is None or now - row.seen > settings.SESSION_IDLE:
            end(request)
        elif now - row.seen > A_MINUTE:
            SignIn.objects.filter(pk=row.pk).update(seen=now)


def _row(request: HttpRequest) -> SignIn | None:
    rows = SignIn.objects.filter(pk=this(request), person=request.user.pk)
    row = rows.annotate(**factors.asked("person_id", "person__region")).first()
    if row is not None:
        factors.remember(access.person_of(request), vars(row))
    return row


def this(request: HttpRequest) -> int:
    """The number of this session on the list; 0 when it is not on it."""
    return int(request.session.get(SIGN_IN, 0))


def begin(request: HttpRequest, person: Person, now: datetime) -> SignIn:
    """Put a session on the list, and take those off that ended by themselves long ago."""
    over = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    SignIn.objects.filter(person=person, seen__lt=over).delete()
    row = SignIn.objects.create(
        person=person,
        began=now,
        seen=now,
        address=access.client_address(request)[:64],
        browser=browser(request.headers.get("User-Agent", "")),
    )
    request.session[SIGN_IN] = row.pk
    return row


def end(request: HttpRequest) -> None:
    """Sign out, and off the list."""
    SignIn.objects.filter(pk=this(request), person=request.user.pk).delete()
    logout(request)


def end_others(request: HttpRequest) -> int:
    """End every session of this person but the one that asks; how many."""
    return SignIn.objects.filter(person=request.user.pk).exclude(pk=this(request)).delete()[0]


def browser(agent: str) -> str:
    """The family of a browser and its system in words; 其他浏览器 for what is not known."""
    name = next((word for sign, word in BROWSERS if sign in agent), "其他浏览器")
    system = next((word for sign, word in SYSTEMS if sign in agent), "")
    return f"{name}，{system}" if system else name


def open_sessions(person: Person) -> QuerySet[SignIn]:
    """The sessions that are not over, the latest used first."""
    rows = SignIn.objects.filter(person=person, seen__gte=timezone.now() - settings.SESSION_IDLE - A_MINUTE)
    return rows.filter(began__gte=person.sessions_from) if person.sessions_from else rows


def is_fresh(request: HttpRequest) -> bool:
    """Whether this person signed in a short while ago: an unattended desk changes nobody's way to sign in."""
    row = _row(request)
    return row is not None and timezone.now() - row.began <= FRESH
