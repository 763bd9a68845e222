"""Names what is installed below the floor that an advisory sets (deploy/floors.csv); ends with 1 where there is any.

    uv run python .ci/floors.py

The list is kept by hand from release notes: a look-up service that cannot be reached says "nothing found" all the same.
"""

import csv
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

FLOORS = Path(__file__).parents[1] / "deploy" / "floors.csv"


@dataclass(frozen=True, slots=True)
class Floor:
    """The lowest version of a distribution without the fault of an advisory; a blank advisory is a reason of our own."""

    package: str
    version: Version
    advisory: str
    fault: str


def floors(path: Path = FLOORS) -> list[Floor]:
    """The rows of the file, in its order. Raises InvalidVersion for a floor that is none."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return [Floor(package, Version(floor), advisory, fault) for package, floor, advisory, fault in rows]


def installed() -> dict[str, str]:
    """The version of each distribution that is installed here, by its canonical name."""
    return {canonicalize_name(each.metadata["Name"]): each.version for each in distributions()}


def below(held: list[Floor], versions: Mapping[str, str]) -> Iterator[str]:
    """A line for each installed version that is below its floor; what is not installed is below none."""
    for floor in held:
        version = versions.get(floor.package)
        if version is not None and Version(version) < floor.version:
            yield f"{floor.package} {version} is below {floor.version} ({floor.advisory or 'own floor'}: {floor.fault})"


if __name__ == "__main__":
    found = list(below(floors(), installed()))
    sys.exit("\n".join(found) if found else 0)
