"""The witness's program, alone on another office's machine: it goes on from what it kept, or says why not and keeps both."""

import ast
import base64
import random
import re
import subprocess
import sys
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from budgets.domain.merkle import leaf_hash, root
from budgets.public import witness
from budgets.publishing import chain_log
from budgets.publishing.signed_notes import Checkpoint, SigningKey
from tests.domain.test_merkle import MANY, at_once
from tests.makers.logs import FOREIGN, KEY, entered

PROGRAM = Path(witness.__file__)
ENTRIES = [f"entry {n}".encode() for n in range(1_000)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
ELSEWHERE = SigningKey("elsewhere.gov.cn/log", bytes(32))


@pytest.fixture
def kept(tmp_path) -> Path:
    """The folder of the other office."""
    return tmp_path / "kept"


def seen(kept: Path, capsys, key: SigningKey = KEY) -> str:
    """What the program says of the log on disk: 相符… or 不符…."""
    code = witness.main([str(chain_log.root_folder()), str(key.verifier), str(kept)])
    said = capsys.readouterr().out
    assert (code == 0) == said.startswith("相符") and (code == 1) == said.startswith("不符")
    return said


def anew(entries, key: SigningKey = KEY) -> None:
    """Another history with the owner's power."""
    for file in chain_log.root_folder().rglob("*"):
        if file.is_file():
            file.unlink()
    entered(entries, key)


def test_it_is_one_file_that_needs_nothing_but_python():
    text = PROGRAM.read_text("utf-8")
    assert len(text.splitlines()) <= 280
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {name for n in imports for name in ([n.module] if isinstance(n, ast.ImportFrom) else [a.name for a in n.names])}  # fmt: skip
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_its_signatures_are_those_of_the_library_and_of_the_standard():
    """RFC 8032, 7.1, test 1, then drawn ones both ways."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert witness.secrets_of(seed)[2].hex() == public
    assert (
        witness.sign(seed, b"")
        .hex()
        .startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")
    )
    chance = random.Random(8032)
    for _ in range(8):
        key, message = SigningKey("x", chance.randbytes(32)), chance.randbytes(chance.randrange(200))
        signature = witness.sign(key.seed, message)
        assert key._key.sign(message) == signature and witness.good(key.verifier.public, signature, message)
        assert not witness.good(key.verifier.public, signature, message + b"x")
        spoilt = bytearray(signature)
        spoilt[chance.randrange(64)] ^= 1 << chance.randrange(8)
        try:
            assert not witness.good(key.verifier.public, bytes(spoilt), message)
        except witness.Refused:
            assert spoilt[:32] != signature[:32]  # no point at all
    order = (int.from_bytes(signature[32:], "little") + witness.ORDER).to_bytes(32, "little")
    assert not witness.good(key.verifier.public, signature[:32] + order, message)


def test_it_works_out_every_root_from_the_tiles():
    """By another program than the portal's, over every earlier size, at sizes around the ends of tiles."""
    place = str(chain_log.root_folder())
    for size in (1, 2, 7, 255, 256, 257, 511, 512, 700):
        entered(ENTRIES[:size])
        for before in {*range(0, size + 1, 1 if size < 60 else 37), 255, 256, 257, size - 1, size}:
            if before <= size:
                assert witness.roots(place, before, size) == (root(LEAVES[:before]), root(LEAVES[:size]))


def test_over_three_levels_it_reads_a_handful_of_tiles(monkeypatch):
    tiles, asked = {tile.path: content for tile, content in at_once(66_700).items()}, []
    monkeypatch.setattr(witness, "fetched", lambda place, path: (asked.append(path), tiles[path])[1])
    now = root(MANY[:66_700])
    for before in (0, 300, 65_537, 66_048):
        asked.clear()
        assert witness.roots("", before, 66_700) == (root(MANY[:before]), now)
        assert len(asked) <= 6


def test_drawn_days_raise_no_alarm(kept, capsys):
    chance, size = random.Random(12), 0
    assert "不符" in seen(kept, capsys)  # nothing is there yet
    for _ in range(12):
        size += chance.choice([0, 1, 1, 2, 90])
        entered(ENTRIES[: max(size, 1)])
        assert "相符" in seen(kept, capsys)
    assert Checkpoint.read((kept / "checkpoint").read_bytes()).size == size
    assert f"由上次的 {size} 个接续而来" in seen(kept, capsys)
    assert sorted(file.name for file in kept.iterdir()) == ["checkpoint"]


def truncated() -> None:
    (chain_log.root_folder() / "tile/0/001.p/44").write_bytes(b"x" * 32)


DEEDS = {
    "记录被截短或回退": lambda: anew(ENTRIES[:299]),
    "历史被改写": lambda: anew([*ENTRIES[:100], b"otherwise", *ENTRIES[101:300]]),
    "个版本与上次不同": lambda: anew([ENTRIES[1], ENTRIES[0], *ENTRIES[2:400]]),
    "被截短": truncated,
    "不是由 ys.example.gov.cn/log 签署": lambda: anew(ENTRIES[:300], FOREIGN),
    "No such file": lambda: (chain_log.root_folder() / "checkpoint").unlink(),
    "不是检查点": lambda: (chain_log.root_folder() / "checkpoint").write_bytes(b"\xff\n\nx\n"),
}


@pytest.mark.parametrize("said", DEEDS)
def test_what_was_done_is_told_and_both_checkpoints_are_kept(kept, capsys, said):
    entered(ENTRIES[:300])
    seen(kept, capsys)
    before = (kept / "checkpoint").read_bytes()
    DEEDS[said]()
    assert said in seen(kept, capsys).partition("不符")[2]
    assert (kept / "checkpoint").read_bytes() == before
    otherwise = kept / "checkpoint.otherwise"
    if "与上次" in said or "回退" in said:  # signed by both: evidence
        assert KEY.verifier.signed(otherwise.read_bytes()) and otherwise.read_bytes() != before


def test_without_what_it_kept_the_same_history_is_believed(kept, capsys):
    """The negative control: it is the kept checkpoint that finds it."""
    anew([*ENTRIES[:100], b"otherwise", *ENTRIES[101:300]])
    assert "第一次保存" in seen(kept, capsys)


def test_two_who_were_shown_different_histories_find_it_by_comparing(tmp_path, capsys):
    entered(ENTRIES[:5])
    seen(tmp_path / "one", capsys)
    anew([*ENTRIES[:4], b"otherwise"])
    seen(tmp_path / "two", capsys)
    (tmp_path / "one" / "checkpoint").write_bytes((tmp_path / "two" / "checkpoint").read_bytes())
    anew(ENTRIES[:6])
    assert "历史被改写" in seen(tmp_path / "one", capsys)


def test_another_sites_checkpoint_and_key_are_told(kept, capsys):
    entered(ENTRIES[:3])
    assert "不是由 elsewhere" in seen(kept, capsys, ELSEWHERE)
    for key in ("x", str(KEY.verifier)[:-3], str(KEY.verifier).replace("ys", "sy")):
        assert witness.main([str(chain_log.root_folder()), key, str(kept)]) == 1
        assert "抄全" in capsys.readouterr().out
    (chain_log.root_folder() / "checkpoint").write_bytes(
        KEY.sign(b"other\n3\n" + base64.b64encode(bytes(32)) + b"\n")
    )
    assert "另一个网站（other）" in seen(kept, capsys)


def test_with_a_key_of_its_own_it_cosigns(kept, capsys):
    """By c2sp.org/tlog-cosignature: the key's hash, eight bytes of time, the signature over header and checkpoint."""
    entered(ENTRIES[:3])
    assert witness.main(["--key", "shenji.example.gov.cn", str(kept)]) == 0
    name, told, encoded = capsys.readouterr().out.strip().split("+", 2)
    public = base64.b64decode(encoded)
    assert (name, public[:1], (kept / "witness.key").stat().st_mode & 0o777) == (
        "shenji.example.gov.cn",
        b"\x04",
        0o600,
    )
    seen(kept, capsys)
    note = (kept / "checkpoint").read_bytes()
    assert KEY.verifier.signed(note)
    (line,) = re.findall(f"— {name} (.+)\n", note.decode())
    content = base64.b64decode(line)
    moment = int.from_bytes(content[4:12])
    assert content[:4].hex() == told and abs(moment - time.time()) < 3600
    message = f"cosignature/v1\ntime {moment}\n".encode() + note.partition(b"\n\n")[0] + b"\n"
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(content[12:], message)
    entered(ENTRIES[:4])
    assert "由上次的 3 个接续而来" in seen(kept, capsys)  # its own line is no hindrance
    assert witness.main(["--key", "again", str(kept)]) == 1  # a key is never overwritten


def test_alone_it_fetches_over_http(tmp_path, kept):
    entered(ENTRIES[:300])
    handler = partial(SimpleHTTPRequestHandler, directory=str(chain_log.root_folder()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"

    def alone(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "-X", "utf8", str(PROGRAM), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)

    try:
        for _ in range(2):
            done = alone(address, KEY.verifier, kept)
            assert (done.returncode, done.stderr) == (0, "") and "现有 300 个版本" in done.stdout
        anew(ENTRIES[1:400])
        assert alone(address, KEY.verifier, kept).returncode == 1
        assert alone(f"{address}nowhere/", KEY.verifier, kept).returncode == 1
    finally:
        server.shutdown()
        server.server_close()
    assert alone().returncode == 1 and "python3 witness.py" in alone().stdout
