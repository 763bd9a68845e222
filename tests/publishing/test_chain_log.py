"""The log of chain entries: what is added stands, whoever adds at once and whatever write fails; its cost stays flat."""

import threading
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from budgets.domain import merkle
from budgets.publishing import chain_log, folders, log_proofs, verification
from budgets.publishing.signed_notes import Checkpoint, SigningKey, VerifierKey
from tests.makers.logs import FOREIGN, KEY, entered

# The example of golang.org/x/mod/sumdb/note, made by another program.
PETER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETERS = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAID = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
""".encode()
MANY = [f"entry {n}".encode() for n in range(2_000)]


def faults() -> list[str]:
    """What is wrong with the log itself, its entries being no versions."""
    log = log_proofs.read()
    found = [what for _, what in log_proofs.log_faults(log, {}, KEY.verifier)]
    return [what for what in found if "公开文件夹中没有的版本" not in what]


def test_notes_and_keys_are_those_of_another_program():
    key = SigningKey.read(PETER)
    assert (str(key), str(key.verifier), str(VerifierKey.read(PETERS))) == (PETER, PETERS, PETERS)
    text = SAID[: SAID.index(b"\n\n") + 1]
    assert key.sign(text) == SAID and key.verifier.signed(SAID)
    assert not key.verifier.signed(SAID.replace(b"answer", b"Answer")) and not KEY.verifier.signed(SAID)
    both = SAID + KEY.sign(text).rpartition(b"\n\n")[2]
    assert key.verifier.signed(both) and KEY.verifier.signed(both) and not FOREIGN.verifier.signed(both)


@pytest.mark.parametrize(
    "text", ["", "x", PETERS[:-4], PETERS.replace("c7", "c8"), PETERS.replace("P", "Q", 1)]
)
def test_a_key_that_is_not_whole_is_told(text):
    for kind in (VerifierKey, SigningKey):
        with pytest.raises(ValueError, match="应"):
            kind.read(text)


@pytest.mark.parametrize("note", [b"", b"x\n1\n\n", SAID, KEY.sign(b"x\n01\n" + b"A" * 43 + b"=\n")])
def test_what_is_no_checkpoint_is_told(note):
    with pytest.raises(ValueError, match="不是检查点"):
        Checkpoint.read(note)


def test_every_step_is_whole_and_old_partial_tiles_go():
    for size in (1, 2, 255, 256, 257, 258, 600, 1_100, 1_101):
        note = entered(MANY[:size])
        found = Checkpoint.read(note)
        assert (found.origin, found.size) == (KEY.name, size)
        assert found.root == merkle.root([merkle.leaf_hash(entry) for entry in MANY[:size]])
        assert faults() == []
    assert list(chain_log.entries(size)) == MANY[:size]
    partial = chain_log.root_folder() / "tile" / "0" / "004.p"
    assert sorted(file.name for file in partial.iterdir()) == ["76", "77"]
    assert entered(MANY[:size]) == note  # nothing new, nothing written


def test_two_that_add_at_once_take_turns(monkeypatch):
    def slowly(size):
        time.sleep(0.01)
        return [f"{threading.get_ident()} {size}".encode()]

    def all_at_once() -> int:
        threads = [threading.Thread(target=chain_log.add, args=(KEY, slowly)) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        return Checkpoint.read((chain_log.root_folder() / "checkpoint").read_bytes()).size

    assert all_at_once() == 8 and faults() == []
    monkeypatch.setattr(chain_log, "alone", nullcontext)
    monkeypatch.setattr(chain_log, "_forget_narrower", lambda tile, size: None)
    assert all_at_once() < 16


def test_who_looks_through_it_waits_for_who_adds(monkeypatch):
    """The log grows by two in the middle of `verify`: its files are those of one moment."""
    entered(MANY[:3])
    true, found = log_proofs.read, []

    def looked() -> None:
        found.extend(each.what for each in verification.verify().mismatches if "没有的版本" not in each.what)

    def slowly():
        adding.start()
        time.sleep(0.1)
        return true()

    adding = threading.Thread(target=lambda: [entered(MANY[: 3 + n]) for n in (1, 2)])
    monkeypatch.setattr(log_proofs, "read", slowly)
    looked()
    adding.join()
    assert found == [] and true().checkpoint.size == 5
    monkeypatch.setattr(chain_log, "alone", nullcontext)
    first = true()
    monkeypatch.setattr(log_proofs, "read", lambda: (entered(MANY[:6]), entered(MANY[:7]), first)[-1])
    looked()
    assert found  # without the lock


@pytest.mark.parametrize("before", [0, 3, 254])
def test_whatever_write_fails_the_log_is_as_before_or_as_after(monkeypatch, before):
    true, calls = folders.replace, 0

    def failing(path, content):
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(28, "No space left on device")
        true(path, content)

    note = entered(MANY[:before]) if before else None
    for at in range(1, 9):  # noqa: B007 (read by `failing`)
        calls = 0
        monkeypatch.setattr(folders, "replace", failing)
        try:
            entered(MANY[: before + 4])
        except OSError:
            monkeypatch.setattr(folders, "replace", true)
            log = log_proofs.read()
            assert log.note == (note or b"")
            if note:
                assert log_proofs.anchor_fault(note, log, 1, KEY.verifier) == ""
            assert faults() == []
        else:
            break
    assert 3 <= at < 9  # every write failed once, and then none
    assert faults() == [] and log_proofs.read().checkpoint.size == before + 4


@pytest.mark.parametrize("spoil", ["signature", "tile", "checkpoint"])
def test_what_this_portal_did_not_sign_is_not_continued(spoil):
    entered(MANY[:3])
    note = chain_log.root_folder() / "checkpoint"
    if spoil == "signature":
        note.write_bytes(FOREIGN.sign(Checkpoint.read(note.read_bytes()).text))
    elif spoil == "tile":
        (chain_log.root_folder() / "tile/0/000.p/3").write_bytes(bytes(96))
    else:
        note.write_bytes(note.read_bytes()[:-9])
    before = note.read_bytes()
    with pytest.raises(ValueError, match="检查点"):
        entered(MANY[:4])
    assert note.read_bytes() == before


def test_adding_one_costs_the_same_after_three_hundred_and_after_two_thousand(monkeypatch):
    """Only the edge is read and written, however long the log is."""
    costs, touched = [], []
    read, replace = Path.read_bytes, folders.replace
    monkeypatch.setattr(Path, "read_bytes", lambda path: (touched.append(path), read(path))[1])
    monkeypatch.setattr(
        folders, "replace", lambda path, content: (touched.append(path), replace(path, content))
    )
    for size in (300, 1_900):
        entered(MANY[:size])
        touched.clear()
        chain_log.add(KEY, lambda size: MANY[size : size + 1])
        costs.append(len(touched))
    assert costs[0] == costs[1] <= 8
