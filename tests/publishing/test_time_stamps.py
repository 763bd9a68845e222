"""Time stamps of checkpoints by an authority made with openssl: asked for once a checkpoint, proven by openssl, held by `verify`."""

import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import call_command

from budgets.publishing import chain_log, log_proofs, time_stamps
from budgets.publishing.signed_notes import Checkpoint
from tests.makers.logs import KEY, entered

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
CONFIGURED = """
[tsa]
default_tsa = own
[own]
serial = {0}/serial
signer_cert = {0}/cert.pem
signer_key = {0}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
"""
ENTRIES = [f"entry {n}".encode() for n in range(9)]


def openssl(folder: Path, *words: str) -> bool:
    command = ["openssl", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Iterator[tuple[Path, list[bytes]]]:
    """The folder of the authority with its address, and what it was asked."""
    folder, asked = tmp_path_factory.mktemp("authority"), []
    (folder / "tsa.cnf").write_text(CONFIGURED.format(folder))
    (folder / "serial").write_text("01\n")
    assert openssl(
        folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=TSA",
        "-keyout", "key.pem", "-out", "cert.pem", "-addext", "extendedKeyUsage=critical,timeStamping",
    )  # fmt: skip

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            (folder / "query").write_bytes(asked[-1] if self.path == "/" else asked[0])
            done = openssl(
                folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"
            )
            self.send_response(200 if done else 500)
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes())

        def log_message(self, *words: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Authority)
    Thread(target=server.serve_forever, daemon=True).start()
    (folder / "address").write_text(f"http://127.0.0.1:{server.server_address[1]}/")
    yield folder, asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def stamped(authority, settings) -> Path:
    """The folder of a stamp over three entries, of a log that has four by now."""
    settings.TIMESTAMP_AUTHORITY = (authority[0] / "address").read_text()
    entered(ENTRIES[:3])
    assert time_stamps.stamp() == 3
    entered(ENTRIES[:4])
    return chain_log.root_folder() / "stamps" / "3"


def faults() -> list[tuple[str, str]]:
    found = log_proofs.log_faults(log_proofs.read(), {}, KEY.verifier)
    return [(Path(at).name, what) for at, what in found if "公开文件夹中没有的版本" not in what]


def test_openssl_proves_it_and_each_checkpoint_is_stamped_once(authority, stamped, db):
    folder, asked = authority
    proven = ["ts", "-verify", "-in", str(stamped / "checkpoint.tsr"), "-CAfile", "cert.pem", "-data"]
    assert openssl(folder, *proven, str(stamped / "checkpoint"))
    assert not openssl(folder, *proven, str(chain_log.root_folder() / "checkpoint"))
    assert Checkpoint.read((stamped / "checkpoint").read_bytes()).size == 3
    before = len(asked)
    for told in (True, False):
        call_command("settle", stdout=(out := StringIO()))
        assert ("4 个版本的检查点已盖时间戳" in out.getvalue()) is told
    assert len(asked) == before + 1 and faults() == []


def spoilt(name: str, content: bytes):
    return lambda folder: (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("deed", "at", "said"),
    [
        (lambda folder: (folder / "checkpoint.tsr").unlink(), "checkpoint", "缺失"),
        (spoilt("checkpoint.tsr", b"0"), "checkpoint.tsr", "不是这份检查点的"),
        (spoilt("checkpoint", KEY.sign(Checkpoint(KEY.name, 3, bytes(32)).text)), "checkpoint", "接续而来"),
        (spoilt("checkpoint", b"x"), "checkpoint", "不是检查点"),
        (spoilt("evil.html", b"x"), "evil.html", "不属于检查点记录"),
    ],
)
def test_what_is_changed_or_put_there_is_named(stamped, deed, at, said):
    assert faults() == []
    deed(stamped)
    assert any(name == at and said in what for name, what in faults())


def test_a_history_written_anew_does_not_go_on_from_a_stamp(stamped):
    for file in [*chain_log.root_folder().glob("tile/*/*/*"), chain_log.root_folder() / "checkpoint"]:
        file.unlink()
    entered([b"otherwise", *ENTRIES[1:5]])
    assert faults() == [("checkpoint", "现在的记录不由这份盖过时间戳的检查点接续而来：历史被改写或回退")]


@pytest.mark.parametrize("address", ["{0}old", "http://127.0.0.1:1/", "file:///etc/passwd"])
def test_an_authority_that_gives_none_is_told_and_asked_again(authority, stamped, settings, caplog, address):
    """Its answer to an earlier question is none to this one."""
    true = settings.TIMESTAMP_AUTHORITY
    settings.TIMESTAMP_AUTHORITY = address.format(true)
    assert time_stamps.stamp() == 0
    assert [each.name for each in caplog.records] == ["budgets.alarm"]
    settings.TIMESTAMP_AUTHORITY = true
    assert time_stamps.stamp() == 4 and faults() == []


def test_without_an_authority_nobody_is_asked(settings):
    entered(ENTRIES[:3])
    assert (settings.TIMESTAMP_AUTHORITY, time_stamps.stamp()) == ("", 0)
