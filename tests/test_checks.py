"""System checks say what the machine lacks, and production settings leave no warning."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import Error, Warning

from budgets import checks
from tests.makers.logs import KEY

ROOT = Path(__file__).parents[1]
PRODUCTION = {
    "SITE_ADDRESS": "https://ys.example.gov.cn",
    "ALLOWED_HOSTS": "ys.example.gov.cn",
    "SECRET_KEY": "".join(chr(33 + n % 90) for n in range(70)),
    "DATABASE_URL": "postgres://mingzhang:x@127.0.0.1:1/mingzhang",
}


def test_missing_pango_is_a_warning_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "pdf_problem", lambda: "缺少 Pango，请安装：apt install libpango-1.0-0")
    (message,) = checks.pdf_can_be_made(None)
    assert isinstance(message, Warning)
    assert "apt install" in message.msg
    monkeypatch.setattr(checks, "pdf_problem", lambda: None)
    assert checks.pdf_can_be_made(None) == []


def test_missing_defusedxml_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.uploads_are_read_safely(None) == []
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    (message,) = checks.uploads_are_read_safely(None)
    assert isinstance(message, Error)


def deploy_check(folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    (folder / "checkpoint.key").write_text(f"{KEY}\n")
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(folder),
            **PRODUCTION,
            "CHECKPOINT_KEY_FILE": str(folder / "checkpoint.key"),
            **changes,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.pango
@pytest.mark.skipif(checks.pdf_problem() is not None, reason="Pango is not installed (apt: libpango-1.0-0)")
def test_production_settings_leave_no_warning(tmp_path: Path) -> None:
    clean = deploy_check(tmp_path)
    assert clean.returncode == 0, clean.stderr
    unanchored = deploy_check(tmp_path, CHECKPOINT_KEY_FILE="")
    assert unanchored.returncode == 1 and "budgets.W002" in unanchored.stderr
    plain = deploy_check(tmp_path, SITE_ADDRESS="http://ys.example.gov.cn")
    assert plain.returncode == 1
    assert {"security.W004", "security.W008", "security.W012", "security.W016"} <= {
        word.strip("?():") for word in plain.stderr.split()
    }


def production_value(folder: Path, expression: str) -> str:
    code = f"from budgets import settings as s; print({expression})"
    outcome = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **PRODUCTION},
        capture_output=True,
        text=True,
        check=True,
    )
    return outcome.stdout.strip()


def test_production_is_https_only_and_keeps_its_connections(tmp_path: Path) -> None:
    wanted = "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_NAME, s.DEBUG"
    assert production_value(tmp_path, wanted) == "True 31536000 __Host-sessionid False"
    assert production_value(tmp_path, "s.DATABASES['default']['CONN_MAX_AGE']") == "60"
    assert not (tmp_path / "secret-key").exists()


@pytest.mark.slow
def test_what_an_application_server_loads_is_walked_by_no_collection(tmp_path: Path) -> None:
    code = "import gc; before = gc.get_freeze_count(); import budgets.wsgi; print(before, gc.get_freeze_count() > 10_000)"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["0", "True"]
