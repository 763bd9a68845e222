"""Saving part of a draft: one transaction under a lock, refused when somebody saved in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from budgets import access
from budgets.models import Disclosure

VERSION = "version"


class Stale(Exception):
    """Somebody saved after this form was opened; `current` is the disclosure as it is now."""

    def __init__(self, current: Disclosure) -> None:
        super().__init__()
        self.current = current


class Edit:
    """What one saving did, for the history; without a message it did nothing."""

    def __init__(self, disclosure: Disclosure) -> None:
        self.disclosure = disclosure
        self.message = ""


def posted_version(request: HttpRequest) -> int:
    """The version that the form was opened at; 0, which never is current, when it says none."""
    text = request.POST.get(VERSION, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@contextmanager
def editing(request: HttpRequest, disclosure: Disclosure) -> Iterator[Edit]:
    """Hold the disclosure for one saving; when it did something, the version goes up and the history gets a line.

    Raises PermissionDenied when the person may not edit it as it now stands, Stale when the form was opened before
    somebody else's saving. Nothing is kept of a block that raises.
    """
    with transaction.atomic():
        current = Disclosure.objects.select_for_update().get(pk=disclosure.pk)
        if not access.may(request.user, access.May.EDIT, current):
            raise PermissionDenied
        if not opened_at(current, posted_version(request)):
            raise Stale(current)
        edit = Edit(current)
        yield edit
        if not edit.message:
            return
        current.version += 1
        current.updated_by = request.user
        current.save(update_fields=["version", "updated_by", "updated_at"])
        record(request, current, edit.message)


def opened_at(current: Disclosure, version: int) -> bool:
    """True while nobody has saved since the form was opened."""
    return current.version == version


def record(request: HttpRequest, disclosure: Disclosure, message: str) -> None:
    """A line in the stock history of the disclosure."""
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(Disclosure),
        object_id=str(disclosure.pk),
        object_repr=str(disclosure)[:200],
        action_flag=CHANGE,
        change_message=message,
    )


def changes(disclosure: Disclosure) -> QuerySet[LogEntry]:
    """The savings of a disclosure, latest first."""
    kind = ContentType.objects.get_for_model(Disclosure)
    entries: Any = LogEntry.objects.filter(content_type=kind, object_id=str(disclosure.pk))
    return entries.select_related("user").order_by("-action_time", "-id")


def since(disclosure: Disclosure, version: int) -> list[LogEntry]:
    """What was saved since a form was opened, latest first, at most ten."""
    missed = max(disclosure.version - version, 1) if version else 1
    return list(changes(disclosure)[: min(missed, 10)])
