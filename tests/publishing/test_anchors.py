"""Who kept one checkpoint finds a roll-back, a cut tail and a history written anew, by whoever owns database, disk and key."""

import random
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from budgets.publishing import chain_log, folders, log_proofs, verification
from budgets.publishing.signed_notes import Checkpoint, SigningKey
from budgets.publishing.verification import verify
from tests.makers.logs import FOREIGN, KEY, entered, entry_of, logged

from .test_verification import edition, serve

pytestmark = pytest.mark.usefixtures("few_pages")
ELSEWHERE = SigningKey("elsewhere.gov.cn/log", bytes(range(32)))


@cache
def history() -> list:
    """Five versions of two departments in the order of their publication."""
    one = edition(unit="483")
    two = edition(unit="484")
    three = edition(one.entry, unit="483", revision=2)
    four = edition(two.entry, unit="484", revision=2)
    return [one, two, three, four, edition(three.entry, unit="483", revision=3)]


def other_end():
    """Another last version in the place of the true one."""
    return edition(history()[2].entry, unit="483", revision=3, reason="另一个原因")


def served(editions) -> None:
    for unit in {each.place[1] for each in editions}:
        serve(*(each for each in editions if each.place[1] == unit))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("built") / "published"


@pytest.fixture
def anchors(built, settings) -> list[bytes]:
    """The tree, and the checkpoints after each publication of it; made once, a copy for each test."""
    if not built.exists():
        notes = [logged(*history()[: n + 1]) for n in range(5)]
        served(history())
        shutil.copytree(folders.root(), built, symlinks=True)
        (built.parent / "notes").write_bytes(b"\0".join(notes))
    else:
        shutil.copytree(built, folders.root(), symlinks=True)
    return (built.parent / "notes").read_bytes().split(b"\0")


def faults(anchor: bytes | None = None) -> list[str]:
    return [f"{each.at}：{each.what}" for each in verify(key=KEY.verifier, anchor=anchor).mismatches]


def anew(*editions) -> None:
    """Log these from the beginning, as only the owner of the key can."""
    shutil.rmtree(chain_log.root_folder())
    logged(*editions)


def without_last() -> None:
    """The last version deleted, wherever it was: in the address, on the disk (and in the database, which is not looked at)."""
    shutil.rmtree(folders.revisions() / history()[-1].entry)
    serve(history()[0], history()[2])


def test_today_goes_on_from_every_checkpoint_that_was_kept(anchors):
    for anchor in (None, *anchors):
        assert faults(anchor) == []


def cut_off() -> None:
    without_last()


def rolled_back() -> None:
    without_last()
    anew(*history()[:4])


def replaced() -> None:
    without_last()
    served([*history()[:4], other_end()])


def rewritten() -> None:
    replaced()
    anew(*history()[:4], other_end())


def swapped_in_a_chain() -> None:
    one, two, three, four, five = history()
    anew(three, two, one, four, five)


def swapped_between_departments() -> None:
    one, two, three, four, five = history()
    anew(two, one, three, four, five)


def no_address() -> None:
    shutil.rmtree(folders.site())
    shutil.rmtree(chain_log.root_folder())


def no_log() -> None:
    shutil.rmtree(chain_log.root_folder())


def one_unlogged() -> None:
    anew(*history()[:4])


def twice() -> None:
    shutil.rmtree(chain_log.root_folder())
    entered([entry_of(each) for each in (*history(), history()[-1])])


GONE = "130225/483/2023/budget/r3：检查点记有、公开文件夹中没有的版本"
NEW = "130225/483/2023/budget/r3：公开文件夹中有、检查点没有记录的版本"
OTHERWISE = "检查点：给出的检查点记有 5 个版本，现在的前 5 个与当时不同：历史被改写"
SHORT = "检查点：给出的检查点记有 5 个版本，现在只有 4 个：记录被截短或回退"
# What is done, what is told without a kept checkpoint, and what besides with the last one.
DEEDS: list[tuple[Callable[[], None], list[str], list[str]]] = [
    (cut_off, [GONE], []),
    (rolled_back, [], [SHORT]),
    (replaced, [GONE, NEW], []),
    (rewritten, [], [OTHERWISE]),
    (swapped_in_a_chain, ["130225/483/2023/budget/r2：检查点记录的次序与公开链不符"], [OTHERWISE]),
    (swapped_between_departments, [], [OTHERWISE]),
    (no_address, [], ["检查点：给出的检查点记有 5 个版本，公开文件夹中却一个公开地址也没有"]),
    (no_log, ["检查点：公开了 5 个版本，却没有检查点"], ["检查点：给出的检查点记有 5 个版本，现在却没有"]),
    (one_unlogged, [NEW], [SHORT]),
    (twice, ["130225/483/2023/budget/r3：检查点的记录里列了两次"], []),
]


@pytest.mark.parametrize(("deed", "alone", "more"), DEEDS, ids=lambda each: getattr(each, "__name__", ""))
def test_what_was_done_is_named(anchors, deed, alone, more):
    """Where nothing is told without the anchor, the owner's work is perfect: that is its negative control."""
    deed()
    for anchor, expected in ((None, alone), (anchors[-1], alone + more)):
        found = faults(anchor)
        for sentence in expected:
            assert [each for each in found if each.startswith(sentence)], (sentence, found)
        assert bool(found) == bool(expected), found


def test_what_is_published_while_one_looks_is_no_fault(anchors, monkeypatch):
    """Its files were not there when the addresses were walked, its entry is when the log is read; without `began` it is told."""
    whole = shutil.move(chain_log.root_folder(), folders.root().with_name("whole"))
    logged(*history()[:4])
    without_last()
    true = verification._strays

    def published_meanwhile(proof) -> None:
        true(proof)
        shutil.rmtree(chain_log.root_folder())
        shutil.move(whole, chain_log.root_folder())

    monkeypatch.setattr(verification, "_strays", published_meanwhile)
    assert faults() == []
    monkeypatch.undo()
    assert [each.startswith(GONE) for each in faults()] == [True]


def test_a_checkpoint_from_before_what_was_changed_tells_nothing(anchors):
    """It vouches for the versions before it alone."""
    rewritten()
    assert [faults(anchor) == [] for anchor in anchors] == [True] * 4 + [False]


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (lambda text: FOREIGN.sign(text), f"不是由 {KEY.name} 的密钥签署"),
        (
            lambda text: ELSEWHERE.sign(text.replace(b"ys.example", b"elsewhere")),
            f"不是由 {KEY.name} 的密钥签署",
        ),
        (
            lambda text: KEY.sign(text.replace(b"ys.example.gov.cn", b"elsewhere.gov.cn")),
            "属于另一个网站（elsewhere",
        ),
        (lambda text: KEY.sign(text).replace(b"\n5\n", b"\n4\n"), "或被改动"),
        (lambda text: text, "不能读取"),
    ],
)
def test_an_anchor_of_somebody_else_proves_nothing_and_is_told(anchors, note, said):
    text = Checkpoint.read(anchors[-1]).text
    assert KEY.sign(text) == anchors[-1] and faults(KEY.sign(text)) == []
    ((told),) = faults(note(text))
    assert told.startswith("检查点：给出的检查点") and said in told


def test_todays_checkpoint_of_a_foreign_key_is_told(anchors):
    note = chain_log.root_folder() / "checkpoint"
    note.write_bytes(FOREIGN.sign(Checkpoint.read(anchors[-1]).text))
    assert faults() == [f"log/checkpoint：检查点不是由 {KEY.name} 的密钥签署，或被改动"]
    assert [each.what for each in verify().mismatches] == []  # without a key nobody can tell


def test_every_changed_bit_cut_and_loss_of_the_log_is_named(anchors):
    chance, editions = random.Random(44), verify().editions

    def faults() -> list:
        return list(log_proofs.log_faults(log_proofs.read(), editions, KEY.verifier))

    files = sorted(file for file in chain_log.root_folder().rglob("*") if file.is_file())
    assert len(files) == 5
    for file in files:
        content = file.read_bytes()
        for _ in range(60):
            changed = bytearray(content)
            changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            file.write_bytes(bytes(changed))
            assert faults(), file
        for cut in (b"", content[:-1], content + b"x"):
            file.write_bytes(cut)
            assert faults(), (file, cut)
        if "/000.p/4" not in file.as_posix():  # an old partial tile may go
            file.unlink()
            assert faults(), file
        file.write_bytes(content)
    assert faults() == []


@pytest.mark.parametrize("path", ["index.html", "tile/0/evil", "tile/0/x001", "tile/entries/000.p/evil.html"])
def test_what_lies_there_and_is_no_part_of_it_is_named(anchors, path):
    file = chain_log.root_folder() / path
    file.write_text("DEFACED")
    assert [each.split("：")[0] for each in faults()] == [f"log/{path}"]
    file.unlink()
    assert faults() == []
    file.with_name(f"{folders.UNFINISHED}x").write_text("cut short")
    assert faults() == []


def test_the_command_takes_a_kept_checkpoint_and_the_key_of_that_day(anchors, tmp_path, capsys):
    kept = tmp_path / "checkpoint"
    kept.write_bytes(anchors[2])
    call_command("verify", anchor=kept, key=str(KEY.verifier))
    assert "全部相符" in capsys.readouterr().out
    rolled_back()
    kept.write_bytes(anchors[-1])
    with pytest.raises(CommandError, match="1 处不符"):
        call_command("verify", anchor=kept, key=str(KEY.verifier))
    assert SHORT in capsys.readouterr().out
    for how, said in (
        ({"anchor": kept}, "没有可以核对签名的公钥"),
        ({"anchor": tmp_path / "nowhere", "key": str(KEY.verifier)}, "不能读取"),
        ({"key": "x"}, "公钥应写成"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("verify", **how)
