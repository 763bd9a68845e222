"""Which tests are heavy: those that take HEAVY seconds or more on average, of a report of the quick and the heavy ones.

    uv run pytest -m "not slow and not browser" --junit-xml=REPORT && uv run python .ci/heavy_tests.py REPORT

Writes tests/heavy_tests.txt, which tests/conftest.py reads: `uv run pytest` leaves these out, .ci/run runs them on both
databases. Take the report on a machine that does nothing else.
"""

import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

HEAVY = 0.6  # seconds
LIST = Path(__file__).parents[1] / "tests" / "heavy_tests.txt"


def heavy(report: Path) -> list[str]:
    """The functions by file, sorted: all cases of one stay together."""
    spent: dict[str, list[float]] = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 our own report
        file = f"{case.get('classname', '').replace('.', '/')}.py"
        spent[f"{file}::{case.get('name', '').partition('[')[0]}"].append(float(case.get("time", 0)))
    return sorted(name for name, seconds in spent.items() if sum(seconds) / len(seconds) >= HEAVY)


if __name__ == "__main__":
    names = heavy(Path(sys.argv[1]))
    LIST.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    print(f"{len(names)} heavy tests in {LIST.name}.")
