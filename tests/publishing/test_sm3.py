"""SM3 beside SHA-256: the standard's vectors, what a program by another hand says, and nothing new of what was published before."""

import shutil
import subprocess

import pytest

from budgets.domain.snapshots import canonical
from budgets.publishing import folders, releases, revision_files
from budgets.publishing.verification import verify

from .test_verification import PLACE, edition, serve

pytestmark = pytest.mark.usefixtures("few_pages")


def served(name: str) -> bytes:
    return (releases.address(PLACE) / name).read_bytes()


def what() -> list[str]:
    return [each.what for each in verify(render=True).mismatches]


def test_the_vectors_of_the_standard():
    """GB/T 32905-2016, A.1 and A.2."""
    assert folders.sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert folders.sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_the_list_is_what_openssl_finds_and_grows_by_a_later_pdf(monkeypatch):
    one = serve(edition())[0]
    assert b"pdf" not in served("SM3SUMS")
    monkeypatch.setattr(revision_files, "pdf_of", lambda edition, files: b"%PDF-1.7")
    revision_files.add_pdf(one)
    serve(one)
    command = ["openssl", "dgst", "-sm3", "-r"]
    lines = served("SM3SUMS").decode().splitlines()
    for line in lines:
        digest, name = line.split("  ")
        told = subprocess.run(
            [*command, str(releases.address(PLACE) / name)], capture_output=True, check=True
        )
        assert told.stdout.decode().split()[0] == digest
    names = [line.split("  ")[1] for line in served("SHA256SUMS").decode().splitlines()]
    assert [line.split("  ")[1] for line in lines] == names and "disclosure.pdf" in names
    assert what() == []


def test_a_wrong_one_is_named_and_what_was_published_before_has_none():
    one = edition()
    revision_files.build(one, with_pdf=False)
    manifest = revision_files.folder_of(one) / folders.MANIFEST
    known = folders.read_manifest(manifest.parent)
    known["sm3"]["disclosure.json"] = folders.sm3(b"otherwise")
    manifest.write_bytes(folders.sealed(known))
    serve(one)
    assert what() == ["SM3 与清单不符"]
    del known["sm3"], known["seal"]
    manifest.write_bytes(canonical(known))
    serve(one)
    assert what() == [] and not (releases.address(PLACE) / "SM3SUMS").exists()
