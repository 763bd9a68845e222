"""Prove that the audit trail is whole: every chain from its first entry to the head that is kept beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from budgets.domain.audit_records import Head, Linked, faults
from budgets.models import AuditEntry, AuditHead
from budgets.models.audit import HASHED

PLATFORM = "平台"


@dataclass(frozen=True, slots=True)
class Chain:
    """One region's chain: its end, and what is wrong with it first; `fault` is blank for a whole one."""

    region: str
    head: Head
    fault: str

    @property
    def name(self) -> str:
        return f"审计日志 {self.region or PLATFORM}"


def chains() -> Iterator[Chain]:
    """Each chain that has entries or a head, looked at from its beginning."""
    heads = {head.region: Head(head.number, head.entry) for head in AuditHead.objects.all()}
    regions = set(AuditEntry.objects.order_by().values_list("region", flat=True).distinct()) | set(heads)
    for region in sorted(regions):
        head = heads.get(region)
        fault = next(faults(linked(region), head), "")
        yield Chain(region, head or Head(), fault)


def linked(region: str, **only: Any) -> Iterator[Linked]:
    """The entries of a region in the order of their numbers."""
    rows = AuditEntry.objects.filter(region=region, **only).order_by("number")
    columns = [*HASHED, "previous", "entry"]
    for row in rows.only("id", *columns).iterator(chunk_size=2000):
        yield row.linked
