"""A ZIP is unpacked in memory and in the child: names in any encoding, nothing that slips, bombs or hides."""

import io
import zipfile

import pytest

from budgets.importing.confined_intake import unpack_apart
from budgets.importing.reading import archives
from budgets.importing.reading.archives import unpack
from budgets.importing.reading.opening import Unreadable, kind_of
from tests.makers.batches import HOSTILE, named_in_gbk, zipped

FILES = (("甲局.xlsx", b"one"), ("丙/乙局.docx", b"two" * 500))


def test_files_come_out_by_their_own_names():
    assert unpack("a.zip", zipped(*FILES)) == [("甲局.xlsx", b"one"), ("乙局.docx", b"two" * 500)]
    assert unpack("a.zip", named_in_gbk(*FILES)) == unpack("a.zip", zipped(*FILES))
    junk = (("__MACOSX/._甲局.xlsx", b"x"), ("~$甲局.xlsx", b"x"), (".DS_Store", b"x"), ("空/", b""))
    assert unpack("a.zip", zipped(*junk, *FILES)) == unpack("a.zip", zipped(*FILES))


def test_utf_8_without_its_flag_is_read_too():
    content = zipped(("甲局.xlsx", b"one")).replace(b"\x00\x08", b"\x00\x00")
    assert zipfile.ZipFile(io.BytesIO(content)).infolist()[0].flag_bits == 0
    assert unpack("a.zip", content) == [("甲局.xlsx", b"one")]


def test_a_workbook_is_its_own_file():
    book = zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"))
    assert unpack("甲局.zip", book) == [("甲局.zip", book)]


@pytest.mark.parametrize("which", HOSTILE)
def test_what_could_harm_is_refused_with_its_reason(which):
    make, words = HOSTILE[which]
    with pytest.raises(Unreadable, match=words):
        unpack("收集.zip", make())


def test_an_archive_in_an_archive_stays_closed_and_is_refused_as_a_file():
    inner = zipped(*FILES)
    [(name, content)] = unpack("a.zip", zipped(("里面.zip", inner)))
    assert content == inner
    with pytest.raises(Unreadable, match="里面.zip"):
        kind_of(name, content)


@pytest.mark.parametrize(
    ("guard", "value", "which"),
    [
        ("MAX_RATIO", 10**9, "bomb"),
        ("MOST_FILES", 10**9, "101 files"),
        ("MAX_MEMBERS", 10**9, "10,000 entries"),
    ],
)
def test_a_guard_switched_off_is_noticed(monkeypatch, guard, value, which):
    """The negative control: each hostile archive is refused by its own guard."""
    monkeypatch.setattr(archives, guard, value)
    if which == "bomb":
        monkeypatch.setattr(archives, "MAX_FILE", 2**30)
    make, words = HOSTILE[which]
    try:
        unpack("a.zip", make())
    except Unreadable as refusal:
        assert words not in str(refusal)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bomb", "slip"])
def test_the_child_unpacks_and_refuses(which):
    assert unpack_apart("a.zip", zipped(*FILES))[1] == ("乙局.docx", b"two" * 500)
    make, words = HOSTILE[which]
    with pytest.raises(Unreadable, match=words):
        unpack_apart("收集.zip", make())
