"""A chain of records: whole it has no fault, and whatever is taken from it or changed in it is named."""

import random

import pytest

from budgets.domain.audit_records import GENESIS, Head, Linked, entry_of, faults, line, visible

NASTY = "一\r\n2026-01-01 管理员 登录\x1b[2K\u2028二\u202e三\x00\x85\x7f"


def chain(length: int, about: str = "甲") -> tuple[list[Linked], Head]:
    """A whole chain, with its head."""
    made, at = [], GENESIS
    for number in range(1, length + 1):
        record = {"number": number, "about": about}
        made.append(Linked(number, record, at, at := entry_of(at, record)))
    return made, Head(length, at)


def test_a_whole_chain_has_no_fault():
    for length in (0, 1, 2, 50):
        made, head = chain(length)
        assert list(faults(made, head if made else None)) == []
    assert list(faults(made[20:], head, Head(20, made[19].entry))) == []


def test_whatever_is_taken_away_moved_or_put_in_is_named():
    made, head = chain(6)
    other, _ = chain(6, "乙")
    for n in range(6):
        assert list(faults(made[:n] + made[n + 1 :], head))[0].startswith(f"第 {n + 1} 条缺失")
        assert f"第 {n + 1} 条" in next(faults([*made[:n], other[n], *made[n + 1 :]], head))
    assert "第 2 条" in next(faults([made[0], made[2], made[1], *made[3:]], head))
    assert "链头缺失" in next(faults(made, None))
    assert "不符" in next(faults(made, Head(5, made[4].entry)))
    assert "链头记到第 6 条" in next(faults([], head))


def test_one_letter_of_a_record_changes_its_entry():
    drawn = random.Random(1)
    for _ in range(200):
        text = "".join(drawn.choices('甲乙0a\n\\"\u2028', k=8))
        at = drawn.randrange(8)
        changed = text[:at] + "丙" + text[at + 1 :]
        assert entry_of(GENESIS, {"about": text}) != entry_of(GENESIS, {"about": changed})


def test_a_record_is_one_line_of_ascii_whatever_was_typed():
    for sign in [*map(chr, range(0x100)), *"\u2028\u2029\u202e\ufeff", NASTY]:
        told = line({"about": sign})
        assert told.isascii() and len(told.splitlines()) == 1
        assert not any(ord(each) < 32 for each in told)


@pytest.mark.parametrize("sign", ["\r", "\n", "\x1b", "\x00", "\x85", "\u2028", "\u2029", "\u202e", "\u200b"])
def test_signs_that_are_not_seen_are_written_out(sign):
    shown = visible(f"甲{sign}乙")
    assert shown == f"甲\\u{ord(sign):04x}乙"
    assert len(visible("长" * 500)) == 200
