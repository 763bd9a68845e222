"""The units for hosts without containers: clean for systemd, and each part runs what its container runs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
PARTS = sorted(part.name for part in (UNITS / "parts").iterdir())


def command(part: str) -> str:
    (said,) = re.findall(r'^COMMAND="(.*)"$', (UNITS / "parts" / part).read_text(), flags=re.M)
    return said


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed (apt: systemd)"
)
@pytest.mark.parametrize("part", PARTS)
def test_a_unit_is_clean(tmp_path: Path, part: str) -> None:
    unit = tmp_path / f"mingzhang@{part}.service"
    text = (UNITS / "mingzhang@.service").read_text()
    unit.write_text(text)
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    assert (told.returncode, told.stderr) == (0, "")
    unit.write_text(text.replace("Restart=always", "Restart=often"))  # the control: a mistake is told
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    assert "restart specifier" in told.stderr


def test_each_part_runs_what_its_container_runs() -> None:
    services = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())["services"]
    assert set(PARTS) == {name for name in services if name not in ("db", "migrate", "nginx")}
    for part in PARTS:
        if part in ("web", "public"):
            words = re.search(r'CMD \["granian", (.*)\]', (ROOT / "deploy" / "Dockerfile").read_text())
            assert words is not None
            contained = " ".join(re.findall(r'"([^"]*)"', words[1])).replace("0.0.0.0", "127.0.0.1")
            if part == "public":
                contained = contained.replace("--port 8000", "--port 8001")
            assert command(part) == f".venv/bin/granian {contained}"
        else:
            contained = services[part]["command"][-1].split("exec ")[-1]
            assert command(part) == contained.replace("python ", ".venv/bin/python ", 1)


@pytest.mark.parametrize("file", ["mingzhang@.service", "again.conf"])
def test_nothing_that_dies_is_given_up(file: str) -> None:
    """systemd's own limit, five starts in ten seconds, would leave a worker dead after a database that was away for a while."""
    text = (UNITS / file).read_text()
    for line in ("Restart=always", "RestartSec=1", "StartLimitIntervalSec=0"):
        assert re.search(f"^{line}$", text, flags=re.M), line
