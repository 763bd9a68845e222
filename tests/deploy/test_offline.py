"""The bundle for machines without a network: what was changed or added is not installed, and nothing before that is known."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

OFFLINE = Path(__file__).parents[2] / "deploy" / "offline"


@pytest.fixture
def bundle(tmp_path) -> Path:
    """A small one, with names that could be mistaken: a blank, and a list of hashes of its own."""
    made = tmp_path / "bundle"
    for name in ("debs/a.deb", "project/benchmark/truth/SHA256SUMS", "project/a b.txt"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(name, encoding="utf-8")
    shutil.copy(OFFLINE / "install", made / "install")
    files = sorted(path for path in made.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  ./{f.relative_to(made)}\n" for f in files]
    (made / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return made


def said(bundle: Path, tmp_path: Path) -> str:
    """What it says on a machine that is no Debian 13: it goes no further than that."""
    other = tmp_path / "os-release"
    other.write_text('VERSION_ID="0"\n', encoding="utf-8")
    told = subprocess.run(
        [str(bundle / "install"), str(tmp_path / "folder")],
        env=os.environ | {"OS_RELEASE": str(other)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 1 and not (tmp_path / "folder").exists() and not told.stdout.strip()
    return told.stderr


def test_a_whole_bundle_is_for_debian_13_alone(bundle, tmp_path):
    assert said(bundle, tmp_path) == "这个离线包只用于 Debian 13，没有安装。\n"


@pytest.mark.parametrize("name", ["debs/a.deb", "project/a b.txt", "install"])
def test_a_changed_file_is_not_installed(bundle, tmp_path, name):
    with (bundle / name).open("a", encoding="utf-8") as file:
        file.write("#")
    assert "离线包不完整或被改动" in said(bundle, tmp_path) and name in said(bundle, tmp_path)


def test_a_missing_file_is_named(bundle, tmp_path):
    (bundle / "debs" / "a.deb").unlink()
    assert "离线包不完整或被改动" in said(bundle, tmp_path)


@pytest.mark.parametrize("name", ["debs/b.deb", "project/SHA256SUMS"])
def test_what_was_put_there_is_named(bundle, tmp_path, name):
    (bundle / name).write_text("", encoding="utf-8")
    assert f"离线包里有清单以外的文件，没有安装：./{name}" in said(bundle, tmp_path)


@pytest.mark.parametrize("name", ["bundle", "install"])
def test_the_scripts_are_shell(name):
    assert os.access(OFFLINE / name, os.X_OK)
    subprocess.run(["/bin/sh", "-n", str(OFFLINE / name)], check=True)
