"""Radicals in the text of a PDF become the characters that official documents are written in."""

import unicodedata

import pytest

from budgets.importing.reading.look_alikes import as_meant

RADICALS = [chr(n) for n in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6)) if unicodedata.name(chr(n), "")]
# Parts of characters, and characters of no document, which have no simplified form.
WITHOUT = set("乛乚𠘨㔾尐尣𡯂彑旡歺氺爫𤴔𥫗罓罒㓁𦉫𦍌𦍋耂𦥑艻覀𧢲𧾷辷辸镸𨸏𩙿𩠐亅匸夊癶禸艸襾辵釆⺀")


def in_gb2312(character: str) -> bool:
    """True for the characters of simplified writing."""
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


@pytest.mark.sweep(54)
@pytest.mark.parametrize("radical", RADICALS)
def test_every_radical_becomes_the_character_of_simplified_writing(radical):
    meant = as_meant(radical)
    assert len(meant) == 1 and (in_gb2312(meant) or meant in WITHOUT)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("账⼾", "账户"), ("⽤⼾", "用户"), ("⾏政", "行政"), ("第1⻚", "第1页"), ("⻓期", "长期"), ("⾞辆", "车辆"), ("⻋辆", "车辆")],
)  # fmt: skip
def test_words_with_radicals_are_the_words(text, meant):
    assert as_meant(text) == meant


@pytest.mark.parametrize("text", ["账户", "帳戶", "（一）“三公”，123", "㈠①", "ＡＢ"])
def test_what_is_typed_stays(text):
    assert as_meant(text) == text
