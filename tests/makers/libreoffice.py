"""Files as LibreOffice Calc saves them: calculated again, printed, or as the text of each sheet."""

import shutil
import subprocess
from pathlib import Path

import pytest

CALC = shutil.which("soffice") or shutil.which("libreoffice")


def needs_calc(test):
    """A slow test that is left out where LibreOffice Calc is not installed."""
    missing = pytest.mark.skipif(not CALC, reason="LibreOffice Calc is not installed (apt: libreoffice-calc)")
    return pytest.mark.slow(pytest.mark.libreoffice(missing(test)))


def converted(file: Path, to: str, folder: Path) -> Path:
    """What a file becomes in that folder (`to`: a name of a format, with the options of its filter); raises where it fails.

    A profile is made once for all tests of a process, which takes longer than most conversions: it stands beside the
    folders of the tests.
    """
    profile = next(each for each in folder.parents if each.name.startswith(("pytest-", "popen-"))) / "calc"
    subprocess.run(
        [CALC, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", to, "--outdir", folder, file],
        check=True,
        capture_output=True,
        timeout=300,
    )  # fmt: skip
    return folder / f"{file.stem}.{to.partition(':')[0]}"
