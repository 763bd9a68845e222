"""Writes the versions that are installed here into pyproject.toml, one line a distribution, for a build that repeats.

    uv sync --upgrade && uv run python .ci/pins.py

A comment beside a pin stays. No host is named: the versions alone are kept.
"""

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
BLOCK = re.compile(r"(?<=constraint-dependencies = \[\n).*?(?=\]\n)", re.DOTALL)
LINE = re.compile(r'  "(?P<name>[^=\s]+)==(?P<version>[^";]+)[^"]*",(?P<comment>.*)')


def main() -> None:
    text = PROJECT.read_text(encoding="utf-8")
    found = BLOCK.search(text)
    if found is None:
        sys.exit("no constraint-dependencies in pyproject.toml")
    comments = {m["name"].lower().replace(".", "-"): m["comment"].strip() for m in LINE.finditer(found[0])}
    listed = subprocess.run(  # noqa: S603
        ["uv", "pip", "list", "--format", "freeze", "--exclude-editable"],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    lines = []
    for each in sorted(listed, key=str.lower):
        name = each.partition("==")[0].lower()
        comment = comments.get(name, "")
        lines.append(f'  "{each.lower()}",{f" {comment}" if comment else ""}\n')
    PROJECT.write_text(BLOCK.sub(lambda _: "".join(lines), text), encoding="utf-8")


if __name__ == "__main__":
    main()
