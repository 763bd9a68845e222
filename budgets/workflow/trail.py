"""Writing the audit trail: a deed is told in its own transaction, and enters the chain of its region after the commit.

Telling takes no lock, so nobody waits for anybody's transaction; `link` moves what was told into the chain under a lock
on the chain's head, in a transaction of its own, right after the commit. What a process that died left untold to the
chain, and the savings of a quarter hour that is over, the next writer, reader or timer takes over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from budgets.domain.audit_records import Head, entry_of, visible
from budgets.domain.snapshots import canonical
from budgets.models import (
    Action,
    AuditEntry,
    AuditHead,
    AuditPending,
    Department,
    Disclosure,
    Happening,
    LogEntry,
    Person,
    Region,
)
from budgets.models.audit import HASHED

TOGETHER = timedelta(minutes=15)
AT_ONCE = 500  # entries that are linked in one transaction
TOLD = tuple(name for name in HASHED if name != "number")

_address: ContextVar[str] = ContextVar("address", default="")


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Whatever is told inside came from this address; outside of requests and their jobs it is blank."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def address() -> str:
    """Where what is being done now came from; blank for commands of the server."""
    return _address.get()


def tell(
    action: str,
    by: Person | None,
    about: Model | None = None,
    *,
    words: str = "",
    fields: dict[str, list[str]] | None = None,
    named: str = "",
    **more: Any,
) -> None:
    """Tell one deed: what was done by whom to what, in `words` and with the old and new value of each field.

    `named` calls an object that is no row; `more` is kept with it. Passwords and tokens are never given here. It comes before what is open of
    the same disclosure's savings is added to: those close, and stand before it in the chain.
    """
    change = {"words": words, "fields": fields, **more}
    told = AuditPending(**_said(action, by, about, {name: value for name, value in change.items() if value}))
    if named:
        told.about = visible(named)
    if about is not None:
        _open(about).update(closes_at=None)
    told.save()
    transaction.on_commit(link, robust=True)


def step_taken(
    disclosure: Disclosure,
    action: Action,
    by: Person | None,
    *,
    reason: str = "",
    content_hash: str = "",
    fields: dict[str, list[str]] | None = None,
) -> None:
    """A step of the workflow: its line in the disclosure's own log (办理记录), and the same in the audit trail.

    What the server's command line does without a person stands in the trail alone.
    """
    if by is not None:
        LogEntry.objects.create(
            disclosure=disclosure,
            person=by,
            role=by.role,
            action=action,
            reason=reason,
            version=disclosure.version,
            content_hash=content_hash,
            at=timezone.now(),
        )
    told = {"修改序号": ["", str(disclosure.version)]} | (
        {"内容摘要": ["", content_hash]} if content_hash else {}
    )
    tell(action, by, disclosure, words=reason, fields=told | (fields or {}))


def opened(by: Person, about: Model, key: str) -> AuditPending:
    """The row into which this person's savings of one part go until the quarter hour ends; new, unsaved and without
    `held` when there is none yet. Somebody else's open row of that part closes: what follows is not theirs.

    The caller holds the lock of the disclosure.
    """
    now = timezone.now()
    whole = f"{about._meta.model_name}:{about.pk}:{key}:"
    mine = f"{whole}{by.pk}"
    _open(about).filter(key__startswith=whole).exclude(key=mine).update(closes_at=None)
    row = _open(about).select_for_update().filter(key=mine, closes_at__gt=now).last()
    if row is None:
        row = AuditPending(**_said(Happening.EDIT, by, about, {}), key=mine, closes_at=_quarter(now))
    row.until = now
    return row


def tried(name: str, person: Person | None) -> None:
    """A try at an account that is locked from that address: those of a quarter hour are one entry with their number."""
    now = timezone.now()
    key = f"locked:{name}:{address()}"[:200]
    with transaction.atomic():
        row = AuditPending.objects.select_for_update().filter(key=key, closes_at__gt=now).last()
        if row is None:
            row = AuditPending(**_said(Happening.LOCKED, person, None, {}), key=key, closes_at=_quarter(now))
            row.about = visible(name)
        row.until = now
        row.change = canonical({"times": row.data.get("times", 0) + 1}).decode()
        row.save()


def save(row: AuditPending, change: dict[str, Any]) -> None:
    """Keep what the savings of `opened` changed so far."""
    row.change = canonical(change).decode()
    row.save()
    transaction.on_commit(link, robust=True)


def link() -> int:
    """Take what was told into the chains; how many entries that were. Safe at any time, by many at once."""
    regions = set(_due().values_list("region", flat=True))
    return sum(_link(region) for region in sorted(regions))


def _link(region: str) -> int:
    linked = 0
    while True:
        with transaction.atomic():
            head, _ = AuditHead.objects.select_for_update().get_or_create(region=region)
            rows = list(_due().select_for_update().filter(region=region).order_by("pk")[:AT_ONCE])
            at, entries = Head(head.number, head.entry), []
            for row in rows:
                told = {name: getattr(row, name) for name in TOLD}
                entry = AuditEntry(number=at.number + 1, previous=at.entry, **told)
                entry.entry = entry_of(at.entry, entry.record)
                at = Head(entry.number, entry.entry)
                entries.append(entry)
            AuditEntry.objects.bulk_create(entries)
            AuditPending.objects.filter(pk__in=[row.pk for row in rows]).delete()
            head.number, head.entry = at.number, at.entry
            head.save()
        linked += len(rows)
        if len(rows) < AT_ONCE:
            return linked


def _due() -> QuerySet[AuditPending]:
    return AuditPending.objects.filter(Q(closes_at=None) | Q(closes_at__lte=timezone.now()))


def _open(about: Model) -> QuerySet[AuditPending]:
    kind = str(about._meta.model_name)
    return AuditPending.objects.filter(kind=kind, object_id=str(about.pk), closes_at__isnull=False)


def _quarter(now: datetime) -> datetime:
    """The end of the quarter hour."""
    return now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0) + TOGETHER


def _said(action: str, by: Person | None, about: Model | None, change: dict[str, Any]) -> dict[str, Any]:
    """The fields of a row that tells this now."""
    region, department = place_of(about)
    if by is not None and (about is None or not (region or department)):
        region, department = place_of(by)
    return {
        "region": region,
        "at": timezone.now(),
        "username": by.username if by else "",
        "name": visible(by.name, 60) if by else "",
        "role": by.role if by else "",
        "address": visible(address(), 64),
        "action": str(action),
        "kind": str(about._meta.model_name) if about is not None else "",
        "object_id": str(about.pk) if about is not None else "",
        "about": visible(str(about)) if about is not None else "",
        "department": department,
        "change": canonical(change).decode(),
    }


def place_of(about: Model | None) -> tuple[str, str]:
    """The codes of region and department that a row belongs to; blank for what is the platform's."""
    if isinstance(about, Region):
        return about.code, ""
    if isinstance(about, Department):
        return about.region.code, about.code
    for name in ("disclosure", "department", "region"):
        above = getattr(about, name, None)
        if isinstance(above, Model):
            return place_of(above)
    return "", ""
