"""Secret settings from the environment or from a file, and what is refused in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from budgets.secret_settings import secret

ROOT = Path(__file__).parents[1]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the owner's that holds the setting WORD."""
    file = tmp_path / "word"
    file.write_text("a b#c\n", encoding="utf-8")
    file.chmod(0o440)
    monkeypatch.delenv("WORD", raising=False)
    monkeypatch.setenv("WORD_FILE", str(file))
    return file


def test_a_secret_is_read_from_its_file_as_from_the_environment(kept, monkeypatch):
    assert secret("WORD") == "a b#c"
    monkeypatch.setenv("WORD_FILE", "")
    assert secret("WORD") == ""
    monkeypatch.setenv("WORD", "given")
    assert secret("WORD") == "given"


def both(file: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("WORD", "given")


REFUSED = {
    "WORD 和 WORD_FILE 都设置了": both,
    "读不到 WORD_FILE 指明的文件": lambda file, patch: file.unlink(),
    "检查路径": lambda file, patch: patch.setenv("WORD_FILE", str(file.parent)),
    "可以读": lambda file, patch: (file.chmod(0o640), file.write_bytes(b"\xff")),
    r"对本机所有用户开放（444）.*chmod o= ": lambda file, patch: file.chmod(0o444),
    "对本机所有用户开放（442）": lambda file, patch: file.chmod(0o442),
    "是空的": lambda file, patch: (file.chmod(0o640), file.write_text("\n")),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_is_no_secret_file_is_refused(kept, monkeypatch, sentence):
    secret("WORD")  # the control: before that it is read
    REFUSED[sentence](kept, monkeypatch)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        secret("WORD")


def settings_with(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    told = "from django.conf import settings as s; d = s.DATABASES['default']; print(s.SECRET_KEY, d['USER'], d['PASSWORD'])"
    return subprocess.run(
        [sys.executable, "-c", told],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "budgets.settings",
        }
        | environment,
        capture_output=True,
        text=True,
    )


def test_the_settings_take_key_address_and_password_from_files(tmp_path):
    files = {}
    for name, text in {
        "SECRET_KEY": "key",
        "DATABASE_URL": "postgres://clerk@db/x",
        "DATABASE_PASSWORD": "p@:/",
    }.items():
        file = tmp_path / name
        file.write_text(text)
        file.chmod(0o400)
        files[f"{name}_FILE"] = str(file)
    assert settings_with(tmp_path, **files).stdout == "key clerk p@:/\n"
    twice = {key: word for key, word in files.items() if key != "DATABASE_URL_FILE"} | {
        "DATABASE_URL": "postgres://clerk:word@db/x"
    }
    refused = settings_with(tmp_path, **twice)
    assert refused.returncode and "DATABASE_URL 里已经有密码" in refused.stderr


def test_an_address_that_is_no_bucket_is_refused(tmp_path):
    refused = settings_with(tmp_path, OBJECT_STORE="s3.example.cn/mingzhang")
    assert refused.returncode and "例如 https://s3.example.cn/mingzhang" in refused.stderr
