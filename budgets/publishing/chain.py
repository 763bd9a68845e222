"""The chain of a department's publications: each entry is a hash over the one before and over what was published.

entry = SHA-256 of the UTF-8 bytes of these lines, joined by one line feed, none at the end:
    mingzhang-chain/1
    the previous entry of the department, 64 lower-case hexadecimal digits; 64 zeros before the first
    SHA-256 of the payload, 64 lower-case hexadecimal digits
    fiscal year, four digits
    stage, `budget` or `final`
    revision, in decimal without leading zeros, from 1 within year and stage
    date of publication in Asia/Shanghai, YYYY-MM-DD
    public reason, as published; it comes last because it alone may hold line feeds
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from budgets.domain.snapshots import canonical

SCHEMA = "mingzhang-chain/1"
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What one entry of the chain is made of."""

    previous: str
    payload_hash: str
    year: int
    stage: str
    revision: int
    published_on: date
    reason: str = ""

    @property
    def message(self) -> bytes:
        """The bytes that are hashed."""
        fields = (
            SCHEMA,
            self.previous,
            self.payload_hash,
            str(self.year),
            self.stage,
            str(self.revision),
            self.published_on.isoformat(),
            self.reason,
        )
        return "\n".join(fields).encode()

    @property
    def entry(self) -> str:
        """The chain entry, 64 hexadecimal digits."""
        return hashlib.sha256(self.message).hexdigest()


def dumps(link: Link) -> bytes:
    """`chain.json`: the link's parts and its entry, as canonical JSON."""
    return canonical(
        {
            "schema": SCHEMA,
            "previous": link.previous,
            "payload_sha256": link.payload_hash,
            "year": link.year,
            "stage": link.stage,
            "revision": link.revision,
            "published_on": link.published_on.isoformat(),
            "reason": link.reason,
            "entry": link.entry,
        }
    )


def loads(content: bytes) -> Link:
    """The link of a `chain.json`; ValueError, in Chinese, when it is not exactly what `dumps` writes."""
    try:
        data: dict[str, Any] = json.loads(content)
        link = Link(
            data["previous"],
            data["payload_sha256"],
            data["year"],
            data["stage"],
            data["revision"],
            date.fromisoformat(data["published_on"]),
            data["reason"],
        )
        same = dumps(link) == content
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("链文件不能读取") from error
    if not same:
        raise ValueError("链值与链文件的内容不符")
    return link
