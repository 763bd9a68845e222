"""The chain entry: its exact bytes, and what changes it."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from budgets.publishing.chain import GENESIS, Link, dumps, loads

LINK = Link(GENESIS, "ab" * 32, 2023, "budget", 1, date(2026, 11, 22), "更正：\n联系电话")


def test_the_entry_is_the_hash_of_exactly_these_bytes():
    message = (
        "mingzhang-chain/1\n"
        + "0" * 64
        + "\n"
        + "ab" * 32
        + "\n2023\nbudget\n1\n2026-11-22\n更正：\n联系电话"
    ).encode()
    assert LINK.message == message
    assert LINK.entry == hashlib.sha256(message).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"previous": "1" * 64},
        {"payload_hash": "cd" * 32},
        {"year": 2024},
        {"stage": "final"},
        {"revision": 2},
        {"published_on": date(2026, 11, 23)},
        {"reason": ""},
    ],
)
def test_every_part_counts(change):
    assert replace(LINK, **change).entry != LINK.entry


def test_a_chain_file_reads_back():
    assert loads(dumps(LINK)) == LINK


def test_no_byte_of_a_chain_file_can_change():
    content = dumps(LINK)
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= 1
        with pytest.raises(ValueError):
            loads(bytes(changed))


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b'{"year":1}', b"\xff"])
def test_what_is_no_chain_file_is_refused(content):
    with pytest.raises(ValueError):
        loads(content)
