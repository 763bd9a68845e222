"""The outsiders' program, alone with what was downloaded: it finds every changed byte, and nothing in what is whole."""

import ast
import random
import subprocess
import sys
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from budgets.domain.snapshots import canonical, digest, dumps
from budgets.public import verifier
from budgets.publishing import revision_files
from budgets.publishing.editions import Edition
from tests.golden.restoring import GOLDENS
from tests.makers.downloads import SETS, downloaded, edition

pytestmark = pytest.mark.usefixtures("few_pages")
PROGRAM = Path(verifier.__file__)


@pytest.fixture(autouse=True)
def a_pdf(monkeypatch):
    monkeypatch.setattr(revision_files, "pdf_of", lambda edition, files: b"%PDF-1.7 " + b"x" * 200)


def proven(*arguments: object) -> bool:
    """Whether the program says that all of it is whole."""
    verifier.faults = 0
    return verifier.main([str(each) for each in arguments]) == 0


def alone(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The program by itself: no site packages, nothing of the environment or of the folder."""
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)


def changed(folder: Path, chance: random.Random) -> tuple[Path, bytes]:
    """Change one bit of one of the files; it, and its bytes before."""
    file = chance.choice(sorted(folder.iterdir()))
    content = file.read_bytes()
    other = bytearray(content)
    other[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(bytes(other))
    return file, content


def test_it_is_one_short_file_that_needs_nothing_but_python():
    text = PROGRAM.read_text("utf-8")
    assert len(text.splitlines()) <= 150
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {name for n in imports for name in ([n.module] if isinstance(n, ast.ImportFrom) else [a.name for a in n.names])}  # fmt: skip
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize("key", SETS)
def test_what_is_whole_is_proven_by_the_program_alone(key, tmp_path):
    one = edition(key)
    done = alone(downloaded(one, tmp_path / "one"), one.link.payload_hash)
    assert done.returncode == 0 and "不符  " not in done.stdout and done.stderr == ""
    for words in (one.entry, one.link.payload_hash, "7 个文件与清单一致", "勾稽关系", "不成立 0 条"):
        assert words in done.stdout


@pytest.mark.parametrize("times", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_every_changed_bit_of_every_file_is_found(times, tmp_path):
    folder = downloaded(edition(SETS[0]), tmp_path / "one")
    chance, touched = random.Random(times), set()
    for _ in range(times):
        file, content = changed(folder, chance)
        assert not proven(folder), file
        file.write_bytes(content)
        touched.add(file.name)
    assert proven(folder)
    assert len(touched) == 8


@pytest.mark.slow
@pytest.mark.parametrize("bits", [40, pytest.param(200, marks=pytest.mark.long)])
def test_every_changed_bit_is_found_by_the_program_alone(tmp_path, bits):
    folder, chance = downloaded(edition(SETS[1]), tmp_path / "one"), random.Random(1)
    for _ in range(bits):
        file, content = changed(folder, chance)
        assert alone(folder).returncode == 1, file
        file.write_bytes(content)
    assert alone(folder).returncode == 0


def test_a_file_that_is_missing_or_comes_from_another_version_is_found(tmp_path):
    first, second = edition(SETS[0]), edition(SETS[0], revision=2)
    folder, other = downloaded(first, tmp_path / "1"), downloaded(second, tmp_path / "2")
    for name in sorted(file.name for file in folder.iterdir()):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes((other / name).read_bytes())
        assert proven(folder) is (name == "disclosure.pdf"), name  # alike in both
        (folder / name).unlink()
        assert proven(folder) is (name == "SHA256SUMS"), name  # without it, less is proven
        (folder / name).write_bytes(kept)
    assert proven(folder)


def test_versions_are_proven_along_their_chain(tmp_path, capsys):
    first = edition(SETS[0])
    second = edition(SETS[0], first.entry, 2)
    elsewhere = edition(SETS[0], unit="102")
    places = [downloaded(each, tmp_path / each.entry) for each in (first, second, elsewhere)]
    assert proven(*places) and "前一个版本" not in capsys.readouterr().out
    assert proven(places[1]) and first.entry in capsys.readouterr().out.partition("前一个版本")[2]
    assert not proven(places[0], places[0])
    fork = downloaded(edition(SETS[0], revision=3), tmp_path / "fork")
    assert not proven(places[0], fork) and proven(fork)
    (tmp_path / ("0" * 64)).symlink_to(places[0])
    assert not proven(tmp_path / ("0" * 64))  # a folder that bears another entry


def test_who_rewrote_everything_is_found_by_a_fingerprint_that_was_kept(tmp_path):
    true, forged = edition(SETS[0]), edition(SETS[0], revision=2)
    folder = downloaded(forged, tmp_path / "forged")
    assert proven(folder) and proven(folder, forged.link.payload_hash)
    assert not proven(folder, true.link.payload_hash)
    assert not proven(true.link.payload_hash)


def test_sums_that_do_not_hold_are_told_and_are_no_fault(tmp_path, capsys):
    """A document printed as published may have been wrong: that is what it says, not a change of it."""
    one = edition(SETS[1])
    ledger, document = one.content
    sheet = document.tables[0]
    row = next(r for r, each in enumerate(sheet.rows) if not each.blank)
    at = next(c for c, cell in enumerate(sheet.rows[row].cells) if cell.amount)
    cell = replace(sheet.rows[row].cells[at], amount=sheet.rows[row].cells[at].amount + 1)
    cells = (*sheet.rows[row].cells[:at], cell, *sheet.rows[row].cells[at + 1 :])
    rows = (*sheet.rows[:row], replace(sheet.rows[row], cells=cells), *sheet.rows[row + 1 :])
    document = replace(document, tables=(replace(sheet, rows=rows), *document.tables[1:]))
    payload = dumps(replace(ledger, given=document.tables), document)
    wrong = Edition(replace(one.link, payload_hash=digest(payload)), payload, checks=one.checks)
    assert proven(downloaded(wrong, tmp_path / "wrong"))
    out = capsys.readouterr().out
    assert "不等" in out and sheet.cell_id(row, at) in out


def test_what_was_published_before_is_proven_as_far_as_it_goes(tmp_path, capsys):
    for golden in GOLDENS:
        golden.unpack(tmp_path)
        places = sorted((tmp_path / "published" / "revisions").iterdir())
        assert alone(*places).returncode == 0
        capsys.readouterr()
        assert proven(*places)
        out = capsys.readouterr().out
        assert out.count("勾稽关系没有核验") == len(places) >= 10
    manifest = places[0] / "manifest.json"
    content = manifest.read_bytes()
    manifest.write_bytes(content.replace(b'"bytes"', b'"byteS"', 1))
    (places[0] / "disclosure.xlsx").write_bytes(b"x")
    assert not proven(*places)


def test_it_fetches_an_address_by_its_sums(tmp_path):
    downloaded(edition(SETS[0]), tmp_path / "web" / "r1")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "web"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/r1/"
    try:
        assert alone(address).returncode == 0
        file = tmp_path / "web" / "r1" / "disclosure.xlsx"
        file.write_bytes(file.read_bytes()[:-1])
        assert alone(address).returncode == 1
        assert alone(f"{address}nowhere/").returncode == 1
    finally:
        server.shutdown()
        server.server_close()


def test_without_an_argument_it_says_how_it_is_used():
    assert alone().returncode == 1 and "python3 verify.py 文件夹" in alone().stderr


def test_names_and_hashes_of_the_sums_are_the_manifests(tmp_path):
    one = edition(SETS[0])
    folder = downloaded(one, tmp_path / "one")
    listed = verifier.sums((folder / "SHA256SUMS").read_bytes())
    known = {n: f["sha256"] for n, f in revision_files.listed(one).items() if not n.endswith(".gz")}
    assert listed == known and list(listed) == sorted(known)
    for spoilt in (b"", b"x", canonical(known), (folder / "SHA256SUMS").read_bytes() + b"\n"):
        with pytest.raises(ValueError, match="SHA256SUMS"):
            verifier.sums(spoilt)
