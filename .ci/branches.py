"""How many branches of the modules that must not err their own tests take: permissions, steps, money, the importer.

`uv run --with coverage==7.17.3 python .ci/branches.py` runs the tests that answer for the groups of `.ci/mutants.py` and ends with 1
where a group takes less than LEAST of its branches and lines. docs/measured.md keeps the results. Not part of .ci/run.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from mutants import GROUPS, ROOT

LEAST = 95.0  # percent
MEASURED = ("money", "access", "workflow", "lines")


def taken(name: str) -> float:
    """Percent of the branches and lines of a group's modules that its tests take. Raises CalledProcessError where one fails."""
    group = GROUPS[name]
    with tempfile.TemporaryDirectory() as place:
        data, told = Path(place) / "data", Path(place) / "told.json"
        modules = ",".join(f"budgets/{module}" for module in group.modules)
        coverage = [sys.executable, "-m", "coverage"]
        pytest = [
            "-m",
            "pytest",
            "-q",
            "-n0",
            "-o",
            "addopts=",
            "-m",
            "not browser",
            *group.tests,
        ]
        run = [*coverage, "run", "--branch", f"--data-file={data}", f"--include={modules}", *pytest]
        subprocess.run(run, cwd=ROOT, check=True, stdout=sys.stderr)  # noqa: S603
        report = [*coverage, "json", "-q", f"--data-file={data}", "-o", str(told)]
        subprocess.run(report, cwd=ROOT, check=True)  # noqa: S603
        return float(json.loads(told.read_text())["totals"]["percent_covered"])


def main(names: list[str]) -> int:
    below = 0
    for name in names or MEASURED:
        percent = taken(name)
        below += percent < LEAST
        print(f"{name}: {percent:.1f} % of lines and branches", flush=True)
    return int(bool(below))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
