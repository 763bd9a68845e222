"""Time stamps (RFC 3161) of checkpoints, where an authority is set: since when the versions of a log were public at the latest.

log/stamps/<size>/checkpoint         the checkpoint as it was signed
log/stamps/<size>/checkpoint.tsr     what the authority answered

openssl ts -verify -data checkpoint -in checkpoint.tsr -CAfile …     proves it; the authority publishes the certificate
"""

import hashlib
import logging
import secrets
from http.client import HTTPException
from urllib.request import Request, urlopen

from django.conf import settings

from budgets.publishing import chain_log, folders
from budgets.publishing.signed_notes import Checkpoint

STAMPS, REPLY = "stamps", f"{chain_log.CHECKPOINT}.tsr"
INTEGER, OCTETS, BOOLEAN, NOTHING, SEQUENCE = b"\x02", b"\x04", b"\x01", b"\x05", b"\x30"
SHA256 = bytes.fromhex("0609608648016503040201")  # the object identifier 2.16.840.1.101.3.4.2.1
GRANTED = (0, 1)  # the second: with other values than were asked for, of which we ask for none
PATIENCE, MOST = 10, 1 << 18  # seconds, bytes
alarm = logging.getLogger("budgets.alarm")


def stamp() -> int:
    """Let the authority stamp today's checkpoint unless it did; how many entries it has, 0 when nothing was stamped.

    Asked for beside publication, never in it: an authority that is away holds up nobody, and is asked again.
    """
    note = chain_log.root_folder() / chain_log.CHECKPOINT
    if not settings.TIMESTAMP_AUTHORITY or not note.exists():
        return 0
    try:
        content = note.read_bytes()
        size = Checkpoint.read(content).size
        place = chain_log.root_folder() / STAMPS / str(size)
        if place.is_dir():
            return 0
        folders.put(place, {chain_log.CHECKPOINT: content, REPLY: _asked(content)}, {})
    except (OSError, ValueError, HTTPException) as failure:
        alarm.critical("checkpoint not stamped: %s", failure)
        return 0
    return size


def stamps(content: bytes, reply: bytes) -> bool:
    """Whether the answer is a granted one over exactly this content; who signed it, `openssl ts` tells."""
    return _status(reply) in GRANTED and hashlib.sha256(content).digest() in reply


def _asked(content: bytes) -> bytes:
    """The authority's answer; OSError, ValueError or HTTPException when it gives none that holds."""
    address = settings.TIMESTAMP_AUTHORITY
    if not address.startswith(("http://", "https://")):
        raise ValueError("TIMESTAMP_AUTHORITY 不是 http 或 https 地址")
    nonce = b"\x01" + secrets.token_bytes(8)
    headers = {"Content-Type": "application/timestamp-query"}
    asked = Request(address, request(hashlib.sha256(content).digest(), nonce), headers)  # noqa: S310
    with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
        reply: bytes = answer.read(MOST)
    if not stamps(content, reply) or nonce not in reply:
        raise ValueError(f"时间戳机构没有给出这份检查点的时间戳（状态 {_status(reply)}）")
    return reply


def request(digest: bytes, nonce: bytes) -> bytes:
    """A TimeStampReq (RFC 3161, 2.4.1) in DER: version 1, SHA-256 and the digest, the nonce, certificates wanted."""
    algorithm = _der(SEQUENCE, SHA256, _der(NOTHING))
    imprint = _der(SEQUENCE, algorithm, _der(OCTETS, digest))
    return _der(SEQUENCE, _der(INTEGER, b"\x01"), imprint, _der(INTEGER, nonce), _der(BOOLEAN, b"\xff"))


def _der(tag: bytes, *parts: bytes) -> bytes:
    """A value in DER; its content is shorter than 128 bytes."""
    content = b"".join(parts)
    return tag + bytes([len(content)]) + content


def _status(reply: bytes) -> int | None:
    """The PKIStatus at the beginning of a TimeStampResp; None where there is none."""
    if len(reply) < 2 or reply[:1] != SEQUENCE:
        return None
    at = 2 + (reply[1] & 0x7F if reply[1] & 0x80 else 0)
    inner = reply[at : at + 5]
    return inner[4] if len(inner) == 5 and inner[:1] == SEQUENCE and inner[2:4] == b"\x02\x01" else None
