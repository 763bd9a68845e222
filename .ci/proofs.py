"""Counts the answers of docs/asvs.csv and docs/targets.md, and names what is wrong with a row; ends with 1 where there is any.

    uv run python .ci/proofs.py

A row that is shown names tests that are there; whatever is not says why. Nothing proves more than its tests assert.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
# OWASP ASVS 5.0.0, levels 1 and 2: requirements of each chapter in scope; tokens, OAuth and WebRTC (V9, V10, V17) are not.
CHAPTERS = {
    "V1": 27, "V2": 11, "V3": 19, "V4": 10, "V5": 9, "V6": 35, "V7": 18, "V8": 7, "V11": 14, "V12": 9, "V13": 13, "V14": 9,
    "V15": 13, "V16": 16,
}  # fmt: skip
TARGETS = [f"T-{number:02}" for number in range(1, 41)]
PROVEN = {"shown", "partly"}
ANSWERS = {
    "asvs": {"shown", "reason", "not applicable", "not shown"},
    "targets": {"shown", "partly", "not shown"},
}
NEEDS_NO_WORD = {"shown"}


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement or target: its answer, the tests that it names, and what is said beside them."""

    id: str
    answer: str
    tests: tuple[str, ...]
    why: str


def asvs() -> list[Row]:
    """The rows of docs/asvs.csv, in its order."""
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Row(id, answer, tuple(tests.split()), why)
            for id, _, answer, tests, why in list(csv.reader(lines))[1:]
        ]


def targets() -> list[Row]:
    """The rows of the table in docs/targets.md, in its order."""
    lines = (ROOT / "docs" / "targets.md").read_text(encoding="utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| T-")
    ]
    return [
        Row(id, answer, tuple(re.findall(r"`(tests/[^`]+)`", held)), why) for id, _, answer, held, why in rows
    ]


@cache
def _tests(file: Path) -> frozenset[str]:
    return (
        frozenset(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M))
        if file.is_file()
        else frozenset()
    )


def faults(kind: str, rows: list[Row]) -> Iterator[str]:
    """What is wrong with single rows: an answer that is none, a test that is not there, a proof or a reason that is missing."""
    for row in rows:
        if row.answer not in ANSWERS[kind]:
            yield f"{row.id}: {row.answer!r} is no answer"
        if bool(row.tests) != (row.answer in PROVEN):
            yield f"{row.id}: {row.answer}, and {len(row.tests)} tests"
        if not row.why and row.answer in ANSWERS["asvs"] - NEEDS_NO_WORD and kind == "asvs":
            yield f"{row.id}: {row.answer} without a word"
        for test in row.tests:
            file, _, name = test.partition("::")
            if name not in _tests(ROOT / file):
                yield f"{row.id}: there is no {test}"


def missing(rows: list[Row], chapters: Mapping[str, int] | None = None) -> Iterator[str]:
    """What is there twice or not at all: of the targets by their numbers, of the standard by chapter."""
    for id, times in Counter(row.id for row in rows).items():
        if times > 1:
            yield f"{id}: {times} rows"
    if chapters is None:
        yield from (f"{id}: no row" for id in TARGETS if id not in {row.id for row in rows})
        return
    there = Counter(row.id.partition(".")[0] for row in rows)
    for chapter in {**there, **chapters}:
        if there[chapter] != chapters.get(chapter, 0):
            yield f"{chapter}: {there[chapter]} rows instead of {chapters.get(chapter, 0)}"


def main() -> int:
    """Print the counts and the faults; 1 where there are any."""
    found = [
        *faults("asvs", asvs()),
        *missing(asvs(), CHAPTERS),
        *faults("targets", targets()),
        *missing(targets()),
    ]
    for name, rows in (("asvs", asvs()), ("targets", targets())):
        counted = Counter(row.answer for row in rows)
        print(
            f"{name}: {len(rows)} rows; "
            + ", ".join(f"{answer} {number}" for answer, number in counted.most_common())
        )
    print("\n".join(found) or "no fault")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
