"""Canonical JSON of a disclosure: what a publication freezes, with its hash.

The bytes are UTF-8 without spaces, object keys sorted, text in NFC as it was entered: the same content gives the same
bytes. Nothing of the clock, the person or the revision is in it; those belong to the chain entry.
"""

import hashlib
import json
import re
from typing import Any

from budgets.domain.codec import decode, encode
from budgets.domain.documents import Document, Sheet
from budgets.domain.ledgers import Ledger

SCHEMA = "mingzhang-disclosure/1"


def canonical(value: Any) -> bytes:
    """The canonical bytes of a JSON value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def dumps(ledger: Ledger, document: Document) -> bytes:
    """The payload: schema version, facts, records and texts (`ledger`), and everything as printed (`document`)."""
    return canonical({"schema": SCHEMA, "ledger": encode(ledger), "document": encode(document)})


def loads(payload: bytes) -> tuple[Ledger, Document]:
    """The ledger and document of a payload; ValueError when it has another schema."""
    data = _data(payload)
    return decode(Ledger, data["ledger"]), decode(Document, data["document"])


def _data(payload: bytes) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(payload)
    if data.get("schema") != SCHEMA:
        raise ValueError(f"payload has schema {data.get('schema')!r}, expected {SCHEMA!r}")
    return data


def document_of(payload: bytes) -> Document:
    """The document of a payload alone; what else is as of `loads`."""
    document: Document = decode(Document, _data(payload)["document"])
    return document


def sheets_of(payload: bytes, keys: re.Pattern[str]) -> list[Sheet]:
    """The printed tables whose keys are like `keys`, without the rest of the document: a tenth of the work."""
    printed = _data(payload)["document"]
    blocks = (block for chapter in printed["chapters"] for block in chapter["blocks"])
    found = (*printed["tables"], *(block for block in blocks if "columns" in block))
    return [decode(Sheet, sheet) for sheet in found if keys.fullmatch(sheet["key"])]


def digest(payload: bytes) -> str:
    """SHA-256 of a payload, 64 hexadecimal digits."""
    return hashlib.sha256(payload).hexdigest()


def ledger_dumps(ledger: Ledger) -> str:
    """One ledger as canonical JSON text, for undo and copies."""
    return canonical(encode(ledger)).decode()


def ledger_loads(text: str) -> Ledger:
    """The ledger of `ledger_dumps`."""
    ledger: Ledger = decode(Ledger, json.loads(text))
    return ledger
