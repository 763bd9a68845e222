"""Who asks, and from where."""

from typing import TypeGuard

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from budgets.models import (
    Person,
)

type User = Person | AnonymousUser | None  # who asks, signed in or not


def is_active_person(user: User) -> TypeGuard[Person]:
    return isinstance(user, Person) and user.is_active


def person_of(request: HttpRequest) -> Person:
    """Who is signed in, for a page behind the login. Raises PermissionDenied when nobody is."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: as the proxy in front says in production, else the other end of the connection.

    Our nginx sends one address, its own finding; of several only the last was written by it.
    """
    other_end = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.PRODUCTION:
        return other_end
    return str(request.META.get("HTTP_X_FORWARDED_FOR", other_end)).rpartition(",")[2].strip() or other_end
